"""What a batch has to do: SOURCE as it was named on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archtool.batch.discovery import find_descriptions
from archtool.batch.packages import find_packages
from archtool.batch.plan import Plan


def find_description_plan(source: Path, output: Path, given: dict[str, Any]) -> Plan:
    """Find everything that can be packed.

    Raises:
        InputError: there is nothing, or it cannot be read.
        UsageError: the packages would lie among their sources.
    """
    return find_descriptions(source, output, given["pattern"])


def find_package_plan(source: Path, _output: Path, given: dict[str, Any]) -> Plan:
    """Find every package that is there.

    Raises:
        InputError: there is none, or it cannot be read.
    """
    return find_packages(source, given["pattern"])
