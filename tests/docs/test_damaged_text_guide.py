"""The commands of the guide on damaged texts run, are at most five, and print what the guide shows."""

from __future__ import annotations

import re
from pathlib import Path

from command_line import archtool
from docs.test_commands import BLOCK, DOCS, run_script
from packages import needs_ssh_keygen

PAGE = (DOCS / "damaged-text.md").read_text(encoding="utf-8")
ANY_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECTION = re.compile(r"^## (\d)\. .*\n((?:(?!^## ).*\n)*)", re.MULTILINE)


def test_the_way_from_the_damaged_text_to_the_signed_package_has_five_commands() -> None:
    sections = dict(SECTION.findall(PAGE))
    assert [*sections] == ["1", "2", "3", "4", "5"]
    for section in sections.values():
        commands = re.findall(r"^archtool ", "\n".join(BLOCK.findall(section)), re.MULTILINE)
        shown_after = re.findall(r"^archtool (?:show|provenance) ", section, re.MULTILINE)
        assert len(commands) - len(shown_after) == 1


@needs_ssh_keygen
def test_the_guide_runs_and_shows_what_is_printed_and_written(tmp_path: Path) -> None:
    printed = []
    for block in BLOCK.findall(PAGE):
        done = run_script(block, tmp_path)
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        printed.append(done.stdout)
        if "archtool new" in block:  # the draft as it was before it was filled in
            printed.append((tmp_path / "seance" / "description.yaml").read_text(encoding="utf-8"))
    everything = "\n".join(printed)
    examples = [block for language, block in ANY_BLOCK.findall(PAGE) if language in ("", "yaml")]
    assert len(examples) == 4
    for example in examples:
        assert example in everything
    copy = (tmp_path / "seance" / "compte-rendu.txt").read_text(encoding="utf-8")
    assert "Il a été décidé que la propriété des\nprés reste aux fermiers déjà établis." in copy
    assert copy.splitlines()[12] == "Annexe no 1"
    codes = archtool("verify", "--replay", "--json", tmp_path / "seance-1928").codes
    assert [code for code in codes if "text" in code] == []
