"""What a batch has to do: SOURCE as it was named on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archtool.batch.discovery import find_descriptions
from archtool.batch.plan import Plan


def find_plan(source: Path, output: Path, given: dict[str, Any]) -> Plan:
    """Find all jobs.

    Raises:
        InputError: there is nothing to be done, or it cannot be read.
        UsageError: the packages would lie among their sources.
    """
    return find_descriptions(source, output, given["pattern"])
