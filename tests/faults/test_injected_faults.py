"""A share of the injected faults: the whole is `python -m faults.injected`, in the folder `tests`."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest

from budgets import budget
from faults.injected.__main__ import try_all
from faults.injected.scenarios import SCENARIOS, Scenario

FAULTS = budget(2, 6)  # of each command: every one takes most of a second


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_whatever_call_fails_nothing_is_lost_and_nothing_false_is_said(scenario: Scenario) -> None:
    with tempfile.TemporaryDirectory(prefix="archtool-faults-") as folder:
        came, wrong = try_all(scenario, Path(folder, "work"), most=FAULTS)
    assert wrong == []
    assert sum(came.values()) == FAULTS
