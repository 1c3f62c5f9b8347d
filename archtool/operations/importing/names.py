"""Names the folders and files of an import after its inputs: unique, and possible on every system."""

from __future__ import annotations

import re
import unicodedata

from archtool.files.paths import why_not_portable
from archtool.free_names import FreeNames
from archtool.operations.importing.limits import MAX_NAME_CHARACTERS

_OTHERWISE = "page"
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")


def plain_name(text: str) -> str:
    """Return a text as a name: letters, digits, dots, hyphens; it is never empty."""
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    name = _NOT_IN_NAMES.sub("-", composed)[:MAX_NAME_CHARACTERS].strip("-._ ")
    if not name:
        return _OTHERWISE
    return name if why_not_portable(name) is None else f"{_OTHERWISE}-{name}"


class FolderNames:
    """The names of the folders of one import: all different, also where case is not distinguished."""

    def __init__(self) -> None:
        self._free = FreeNames(ignores_case=True)

    def take(self, text: str) -> str:
        """Return a name for a folder that no other has."""
        return self._free.take(
            plain_name(text.replace(".", "-"))
        )  # a package `letter.tar` would be an archive


def file_name(name: str) -> str:
    """Return the name of a file as it is if every system can store it, otherwise a plain one."""
    is_plain = name.isprintable() and not name.startswith((".", "-", "~")) and why_not_portable(name) is None
    if is_plain and len(name) <= MAX_NAME_CHARACTERS and not re.search(r"[\s\[\]*?{}#]", name):
        return name
    stem, dot, ending = name.rpartition(".")
    return f"{plain_name(stem)}.{plain_name(ending)}" if dot and stem else plain_name(name)
