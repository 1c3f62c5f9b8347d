"""The commands of the guide on importing run, and print and write what the guide shows."""

from __future__ import annotations

import re
from pathlib import Path

from docs.test_commands import BLOCK, DOCS, run_script

ANY_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECONDS = re.compile(r"[0-9.]+ s$", re.MULTILINE)


def test_the_guide_on_importing_runs_and_shows_what_is_printed_and_written(tmp_path: Path) -> None:
    page = (DOCS / "importing.md").read_text(encoding="utf-8")
    printed = []
    for number, block in enumerate(BLOCK.findall(page)):
        done = run_script(block, tmp_path)
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        printed.append(done.stdout)
        if number == 0:  # the draft as it was before its values were confirmed
            printed.append((tmp_path / "bakers" / "description.yaml").read_text(encoding="utf-8"))
    everything = SECONDS.sub("… s", "\n".join(printed))
    examples = [block for language, block in ANY_BLOCK.findall(page) if not language]
    assert len(examples) == 5
    for example in examples:
        assert SECONDS.sub("… s", example) in everything
