"""The guide on comparing texts: its commands run on the texts that it shows, and print what it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from command_line import archtool
from packages import REPOSITORY

GUIDE = (REPOSITORY / "docs" / "text-compare.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the two texts of the guide, and an old one."""
    for name, text in re.findall(r"^`(\w+\.txt)` is .*?\n\n```\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL):
        (tmp_path / name).write_text(text, encoding="utf-8")
    old = (tmp_path / "ocr.txt").read_text(encoding="utf-8")
    (tmp_path / "old.txt").write_bytes(old.encode("windows-1252"))
    return tmp_path


def test_the_guide_on_comparing_shows_what_is_printed(folder: Path) -> None:
    printed = []
    for line in "".join(text for kind, text in BLOCKS if kind == "sh").splitlines():
        program, *words = shlex.split(line, comments=True)
        assert program == "archtool"
        run = archtool(*words, cwd=folder)
        assert (run.code, run.err) == (1, "")
        printed.append(run.out)
    assert len(printed) == 6
    *_, example = (text for kind, text in BLOCKS if not kind)
    assert printed[0] == example
    assert "archtool text compare" in (folder / "page.html").read_text(encoding="utf-8")
