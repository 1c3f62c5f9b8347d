"""The command of the guide on checking texts prints what the guide shows."""

from __future__ import annotations

import re
from pathlib import Path

from archtool.text.checking.finding_kinds import KINDS
from docs.test_commands import BLOCK, DOCS, run_script

ANY_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGE = (DOCS / "text-check.md").read_text(encoding="utf-8")


def test_the_guide_shows_what_the_check_prints(tmp_path: Path) -> None:
    (block,) = BLOCK.findall(PAGE)
    done = run_script(block, tmp_path)
    assert done.returncode == 0, done.stderr
    (example,) = [text for language, text in ANY_BLOCK.findall(PAGE) if not language]
    assert example.replace("\u00a0", " ") in done.stdout.replace("\u00a0", " ")


def test_the_guide_has_a_line_for_each_kind() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \|.*\| (\S.*) \|$", PAGE, re.MULTILINE)
    assert sorted(name for name, _ in rows) == sorted(KINDS)
    for name, remedy in rows:
        assert (KINDS[name].rule_set or "") == (
            remedy.strip("`") if remedy[0] == "`" and "/" in remedy else ""
        )
