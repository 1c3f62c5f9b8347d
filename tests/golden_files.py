"""Golden files: checked outputs of the program, and parts of the docs that come from the code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def assert_golden(path: Path, text: str, request: pytest.FixtureRequest) -> None:
    """Compare a text with a file; `--update-golden` writes the file again, to be checked in the diff."""
    if request.config.getoption("--update-golden"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.read_text(encoding="utf-8") == text, f"{path.name} is out of date: run pytest --update-golden"
