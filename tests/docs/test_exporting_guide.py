"""The guide about exports: its commands run, and its table is the table of the forms."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from archtool.operations.export.forms import FORMS
from command_line import archtool
from exported import pack_appeal, pack_letters
from packages import REPOSITORY

GUIDE = (REPOSITORY / "docs" / "exporting.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def expanded(line: str, folder: Path) -> list[str]:
    """Return the words of a command as a shell passes them on."""
    words: list[str] = []
    for word in shlex.split(line, comments=True)[1:]:
        found = sorted(str(path.relative_to(folder)) for path in folder.glob(word)) if "*" in word else []
        words += found or [word]
    return words


def test_every_command_of_the_guide_runs(tmp_path: Path) -> None:
    pack_appeal(tmp_path)
    pack_letters(tmp_path / "made")[0].parent.rename(tmp_path / "letters")
    (tmp_path / "sources.bib").write_text("an older file")
    lines = [line for block in BLOCK.findall(GUIDE) for line in block.splitlines()]
    runs = [archtool(*expanded(line, tmp_path), cwd=tmp_path) for line in lines]
    assert [run.code for run in runs] == [0] * 7, [run.err for run in runs]
    assert (tmp_path / "components.xml").read_text().count('<c level="item">') == 12
    assert len([*(tmp_path / "tei").iterdir()]) == 12
    assert len(runs[5].objects) == 12


def test_the_table_of_the_guide_is_the_table_of_the_forms() -> None:
    rows = [
        f"| `{form.name}` | {form.title} | {'one file' if form.joins else 'a file of each'} | {form.loses} |"
        for form in FORMS.values()
    ]
    assert "\n".join(rows) in GUIDE
