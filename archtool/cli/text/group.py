"""`archtool text`: the characters of transcriptions."""

from __future__ import annotations

import click

from archtool.cli.lazy_group import LazyGroup

_COMMANDS = {
    "check": ("archtool.cli.text.check", "Report what is wrong with the characters of texts."),
    "compare": ("archtool.cli.text.compare", "Compare two transcriptions word by word, side by side."),
    "repair": ("archtool.cli.text.repair", "Write a repaired copy of a text, with a record of every change."),
}
_OTHER_WORDS = {"lint": "check", "test": "check", "validate": "check", "inspect": "check", "diff": "compare"}


@click.group("text", cls=LazyGroup, modules=_COMMANDS, other_words=_OTHER_WORDS)
def command() -> None:
    """Check, repair and compare transcriptions.

    \b
    archtool text check letter.txt
    archtool text repair letter.txt -o letter.repaired.txt --apply
    archtool text compare retyped.txt letter.repaired.txt

    A text file is read, and never changed.
    """  # noqa: D301 - `\b` keeps the lines
