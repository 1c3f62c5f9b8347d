"""A sample of the injected faults; all of them: `python -m faults.injected`, in the folder `tests`."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from budgets import budget
from faults.injected.__main__ import try_all
from faults.injected.scenarios import SCENARIOS, Scenario

FAULTS = budget(2, 6)  # for each command: one fault takes most of a second


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_failing_system_call_loses_no_data_and_is_reported_truthfully(scenario: Scenario) -> None:
    with tempfile.TemporaryDirectory(prefix="archtool-faults-") as folder:
        counts, problems = try_all(scenario, Path(folder, "work"), most=FAULTS)
    assert problems == []
    assert sum(counts.values()) == FAULTS
