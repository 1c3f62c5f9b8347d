"""The place of a bag on our disk, for whoever goes through thousands of them.

With a `Path` for each, and with all that `pathlib` imports, 2,000 tiny bags took a twelfth longer.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path


class RootName(str):
    """A path on our disk, written as `Path` writes it; made by `parse`."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> RootName:
        """Take a path as somebody named it."""
        if os.sep == "/" and not _needs_thought(text):
            return cls(text)
        from pathlib import Path

        return cls(Path(text))

    @property
    def name(self) -> str:
        """Its last part; nothing where it has none, as with `Path`."""
        last = self.rpartition(os.sep)[2]
        return "" if last == "." else last


def _needs_thought(text: str) -> bool:
    # each of these is a tenth of what one expression for all would take
    if "//" in text or "/./" in text or text.startswith("./"):
        return True
    return text.endswith(("/", "/.")) or text in ("", ".")


Root: TypeAlias = "Path | RootName"
