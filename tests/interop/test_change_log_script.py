"""The script in the specification of change logs repeats and undoes a repair without archtool."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import archtool
from packages import REPOSITORY
from text_repairs import DAMAGED, write_damaged

PAGE = (REPOSITORY / "schemas" / "text-changes.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-be", "windows-1252"])
def test_the_script_repeats_and_undoes_a_repair(tmp_path: Path, encoding: str) -> None:
    (script,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    (tmp_path / "changes.py").write_text(script, encoding="utf-8")
    more = "" if encoding == "windows-1252" else "\tPort-Lorne\u00a0: \\mai ﬁn  e\u0301te\u0301\n"
    text = DAMAGED + more
    source = write_damaged(tmp_path, text, encoding)
    options = ("-o", "copy.txt", "--apply", "--encoding", encoding)
    assert archtool("text", "repair", source.name, *options, cwd=tmp_path).code == 0
    for words in (("boulangers.txt", "copy-again"), ("copy.txt", "original-again", "undo")):
        command = [sys.executable, "-I", "changes.py", "copy.txt.changes.tsv", *words]
        subprocess.run(command, cwd=tmp_path, check=True)
    assert (tmp_path / "copy-again").read_bytes() == (tmp_path / "copy.txt").read_bytes()
    assert (tmp_path / "original-again").read_bytes() == source.read_bytes()
