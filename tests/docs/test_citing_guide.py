"""The guide about citations: its commands run, and print what it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from archtool.exports.citations.csl_styles.styles import CSL_STYLES
from command_line import archtool
from packages import EXAMPLES, REPOSITORY, pack

GUIDE = (REPOSITORY / "docs" / "citing.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
COMMANDS = [line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines()]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What each command of the guide prints, on one line."""
    folder = tmp_path_factory.mktemp("guide")
    for example, name in (("rakovsky-1932", "rakovsky-1932-appel"), ("letter", "letter-package")):
        assert pack(EXAMPLES / example / "description.yaml", folder / name).code == 0
    return [run_line(line, folder) for line in COMMANDS]


def run_line(line: str, folder: Path) -> str:
    program, *words = shlex.split(line, comments=True)
    assert program == "archtool"
    run = archtool(*words, cwd=folder)
    assert (run.code, run.err) == (0, "")
    return " ".join(run.out.split())


def test_each_command_prints_something_else(printed: list[str]) -> None:
    assert len(set(printed)) == len(COMMANDS) - 1  # no title of the document of 1932 is in Cyrillic


def test_the_guide_shows_what_the_commands_print(printed: list[str]) -> None:
    shown = [" ".join(text.split()) for kind, text in BLOCKS if not kind]
    assert len(shown) == 2
    assert [example for example in shown if example not in printed] == []


def test_the_guide_names_every_style() -> None:
    assert [style for style in CSL_STYLES if f"`{style}`" not in GUIDE] == []


def test_the_guide_names_the_keys_that_the_commands_print(printed: list[str]) -> None:
    assert "`rakovsky1932tous`" in GUIDE
    assert any("@incollection{rakovsky1932tous," in text for text in printed)
