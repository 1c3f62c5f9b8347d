"""Constants of a mapping that are composed of texts of the row: `scans/{package}_*.jpg`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_PARTS = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")


@dataclass(frozen=True, slots=True)
class Template:
    """A text with names in braces."""

    parts: tuple[tuple[str, bool], ...]
    """The parts in order, each with whether it is a name."""

    @classmethod
    def parse(cls, text: str) -> Template:
        """Divide a text into its parts.

        Raises:
            ValueError: a brace is not closed, not opened, or has no name in it.
        """
        return cls(tuple(_parts(text)))

    @property
    def names(self) -> tuple[str, ...]:
        """The names in braces, in order."""
        return tuple(text for text, is_name in self.parts if is_name)

    def fill(self, text_of: Callable[[str], str]) -> str:
        """Return the text of one row; empty if one of the named texts is empty."""
        filled = [text_of(text) if is_name else text for text, is_name in self.parts]
        return "".join(filled) if all(filled) else ""


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    for match in _PARTS.finditer(text):
        found, name = match[0], match[1]
        if found in ("{{", "}}"):
            yield found[0], False
        elif name is not None and name.strip():
            yield name.strip(), True
        elif found.startswith(("{", "}")):
            raise ValueError(f"a brace without a name between `{{` and `}}`: {text[:60]!r}")
        else:
            yield found, False
