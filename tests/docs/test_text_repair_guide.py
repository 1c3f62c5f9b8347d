"""The commands of the guide on repairing texts run, and print what the guide shows."""

from __future__ import annotations

import re
from pathlib import Path

from archtool.text.repairing.rule_sets import RULE_SETS
from docs.test_commands import BLOCK, DOCS, run_script
from docs.test_importing_guide import ANY_BLOCK
from text_repairs import DAMAGED, RIGHT

PAGE = (DOCS / "text-repair.md").read_text(encoding="utf-8")


def test_the_guide_on_repairing_runs_and_shows_what_is_printed(tmp_path: Path) -> None:
    printed = []
    for block in BLOCK.findall(PAGE):
        done = run_script(block, tmp_path)
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        printed.append(done.stdout)
    everything = "\n".join(printed)
    examples = [block for language, block in ANY_BLOCK.findall(PAGE) if not language]
    assert len(examples) == 4
    for example in examples:
        assert example in everything
    assert (tmp_path / "as-it-arrived.txt").read_text(encoding="utf-8") == DAMAGED
    assert (tmp_path / "boulangers-repaired.txt").read_text(encoding="utf-8") == RIGHT


def test_the_guide_describes_every_rule_set_in_order() -> None:
    assert re.findall(r"^\| `([a-z-]+/1)` \|", PAGE.partition("## How reliable")[0], re.MULTILINE) == [
        *RULE_SETS
    ]
