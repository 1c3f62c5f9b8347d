"""Writes words of a mapping as YAML."""

from __future__ import annotations

import re

from archtool.description.document.writer import quoted

_PLAIN = re.compile(r"[^\W\d_](?:[\w()'’.° -]*[\w()'’.°])?")
_MAX_KEY_CHARACTERS = 200  # a longer key in YAML is written after a question mark


def yaml_word(text: str) -> str:
    """Return a text as a key or a value, in quotes if YAML would read it in another way without."""
    return text if _PLAIN.fullmatch(text) is not None else quoted(text)


def yaml_key(text: str) -> str:
    """Return a text as a key with its colon."""
    word = yaml_word(text)
    return f"{word}:" if len(word) <= _MAX_KEY_CHARACTERS else f"? {word}\n  :"
