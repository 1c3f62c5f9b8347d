"""Divides the text of VERIFY.txt into headings, paragraphs and commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_NUMBERED = re.compile(r"\d+\. [A-Z][A-Z ,]+")
_FURTHER = "FURTHER READING"
_OPENING_BLOCKS = 2  # the title of the file, and the title of the package
# VERIFY.txt speaks of itself; the page is not in the package
_ON_THE_PAGE = (
    ("the folder that contains this file", "the folder of the package"),
    (
        "Each line below that begins with a dollar sign is a command: type it without the dollar sign.",
        "Each line in a shaded box below is a command; a line that ends in \\ continues on the next.",
    ),
    ("This file is signed itself and does not change when one is added, so these", "These"),
)


class Block(NamedTuple):
    """A part of the instructions."""

    kind: str
    """heading | text | commands"""
    text: str


def instruction_blocks(instructions: str) -> Iterator[Block]:
    """Yield the blocks of the instructions; commands are without the dollar sign."""
    for block in instructions.split("\n\n")[_OPENING_BLOCKS:]:
        lines = block.strip("\n").split("\n")
        if lines == [_FURTHER]:  # it describes the metadata of archtool's own packages
            return
        if len(lines) == 1 and _NUMBERED.fullmatch(lines[0]):
            yield Block("heading", _sentence(lines[0]))
        elif lines[0].startswith(("$ ", "  ")):
            yield Block("commands", "\n".join(line.removeprefix("$ ").removeprefix("  ") for line in lines))
        elif lines != [""]:
            yield Block("text", _for_the_page(" ".join(line.strip() for line in lines)))


def _for_the_page(text: str) -> str:
    for own_words, words in _ON_THE_PAGE:
        text = text.replace(own_words, words)
    return text


def _sentence(heading: str) -> str:
    number, _, words = heading.partition(" ")
    return f"{number} {words.capitalize()}"
