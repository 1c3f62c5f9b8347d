"""Paths inside a bag: what is safe to open, and which names will make trouble elsewhere."""

from __future__ import annotations

import operator
import re
import unicodedata
from array import array
from collections.abc import Collection, Iterable, Iterator
from enum import Enum
from itertools import chain, islice, pairwise

_WINDOWS_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{i}" for i in range(1, 10)), *(f"lpt{i}" for i in range(1, 10))]
)
_MAX_NAME_BYTES = 255  # of one name on Linux, in the encoding of the disk
_MAX_NAME_UNITS = 255  # of one name on Windows and macOS, in UTF-16
_MAX_WINDOWS_PATH_UNITS = 259  # of a whole path, unless Windows was told to allow longer ones
_SHORTEST_ROOT = "C:\\p\\"  # a package lies below a drive and in a folder of its own, at the least
_WINDOWS_FORBIDDEN = re.compile(r'[<>:"\\|?*\x00-\x1f]')


NOT_PLAIN = "is not in its plain form (empty or `.` part)"


class UnsafePathError(ValueError):
    """A path that does not name something below the bag's root."""


class PayloadPath(str):
    """A path inside a bag, from its root, with `/`; made by `parse`, safe to open from there on.

    Bytes of a name that are not UTF-8 are kept as surrogate escapes, as `os.fsdecode` gives them.
    """

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> PayloadPath:
        """Take a path that somebody else wrote.

        Raises:
            UnsafePathError: it is absolute, climbs, or is not in its plain form.

        Source: RFC 8493 §5.1 (nothing outside the bag may be touched).
        """
        reason = why_unsafe(text)
        if reason is not None:
            raise UnsafePathError(f"{text!r} {reason}")
        return cls(text)

    @property
    def is_payload(self) -> bool:
        """Whether it names something below `data/`."""
        return self.startswith("data/")


def why_unsafe(text: str) -> str | None:
    """Why a path must not be opened below a root; `None` where it may be."""
    parts = text.split("/")
    reasons = (
        (not text, "is empty"),
        (text.startswith("/"), "is absolute"),
        ("\0" in text, "holds a NUL character"),
        (".." in parts, "climbs out of its folder"),
        (parts[0].startswith("~"), "starts with `~`, which a shell would turn into a home folder"),
        ("" in parts or "." in parts, NOT_PLAIN),
    )
    return next((reason for applies, reason in reasons if applies), None)


class NameTrouble(Enum):
    """How two names, or a name and a system, get into each other's way."""

    UNICODE_TWIN = "unicode-twin"
    CASE_TWIN = "case-twin"
    WINDOWS = "windows"
    TOO_LONG = "too-long"
    NOT_UTF8 = "not-utf8"


def normal_form(path: str) -> str:
    """The one form in which names are compared (NFC; macOS hands us decomposed names)."""
    return path if path.isascii() else unicodedata.normalize("NFC", path)


def find_twins(
    paths: Collection[str], folders: Collection[str] | None = None
) -> Iterator[tuple[NameTrouble, str, str]]:
    """Pairs of paths, or of folders on the way to them, that some file system would take for one.

    `folders` are all folders on the way to the paths, where they are known.

    Source: RFC 8493 §6.1.1.3 (normalisation), §6.1.2 (case).
    """
    folders = folders_above(paths) if folders is None else folders
    if not _may_hold_twins(paths, folders):
        return
    names = {*paths, *folders}
    # sorted by the form too, so that of three names the two that differ by their form only meet
    folded = sorted((_folded(name), normal_form(name), name) for name in names)
    for (key, form, path), (next_key, next_form, next_path) in pairwise(folded):
        if key == next_key:
            yield (NameTrouble.UNICODE_TWIN if form == next_form else NameTrouble.CASE_TWIN), path, next_path


def _folded(name: str) -> str:
    return name.lower() if name.isascii() else normal_form(normal_form(name).casefold())


def _may_hold_twins(paths: Collection[str], folders: Collection[str]) -> bool:
    """Whether two names may be one; the hashes of a million names take less memory than the names."""
    text = "\n".join(chain(paths, folders))
    if text.isascii() and text == text.lower():
        return False  # each name is its own folded form, and no name is there twice
    fold = str.lower if text.isascii() else _folded
    ordered = sorted(array("q", map(hash, map(fold, chain(paths, folders)))))
    return any(map(operator.eq, ordered, islice(ordered, 1, None)))


def folders_above(paths: Iterable[str]) -> set[str]:
    """Every folder on the way to one of these paths."""
    found: set[str] = set()
    folders = {path.rpartition("/")[0] for path in paths}
    while folders := folders - found - {""}:
        found |= folders
        folders = {folder.rpartition("/")[0] for folder in folders}
    return found


def why_not_portable(path: str) -> tuple[NameTrouble, str] | None:
    """Why some system cannot hold this name; `None` where every system can.

    Source: RFC 8493 §6.1.2 (Windows names).
    """
    if not path.isascii() and any("\ud800" <= c <= "\udfff" for c in path):
        return NameTrouble.NOT_UTF8, "is not UTF-8"
    for part in path.split("/"):
        reason = _why_windows_cannot(part)
        if reason is not None:
            return NameTrouble.WINDOWS, reason
    reason = _why_too_long(path)
    return None if reason is None else (NameTrouble.TOO_LONG, reason)


def _why_too_long(path: str) -> str | None:
    """Why some system cannot hold a name or a path because of its length.

    Source: POSIX NAME_MAX as Linux has it; Microsoft, "Maximum Path Length Limitation".
    """
    if len(path) <= _MAX_NAME_BYTES // 4:  # nearly always: short enough in every encoding
        return None
    for part in path.split("/"):
        size_bytes, units = len(part.encode()), _utf16_units(part)
        if units > _MAX_NAME_UNITS:
            return f"has a name of {units} characters in it; no common system holds more than 255"
        if size_bytes > _MAX_NAME_BYTES:
            return f"has a name of {size_bytes} bytes (UTF-8) in it; Linux holds names of at most 255 bytes"
    units = _utf16_units(_SHORTEST_ROOT + path)
    if units > _MAX_WINDOWS_PATH_UNITS:
        return (
            f"is a path of {len(path)} characters; with the drive and the package's folder before it Windows "
            f"opens at most {_MAX_WINDOWS_PATH_UNITS}"
        )
    return None


def _utf16_units(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


def _why_windows_cannot(part: str) -> str | None:
    forbidden = _WINDOWS_FORBIDDEN.search(part)
    if forbidden is not None:
        return f"holds {forbidden[0]!r}, which Windows does not allow in names"
    if part[-1:] in (" ", "."):
        return "ends in a space or a full stop, which Windows drops"
    stem = part.partition(".")[0]
    if stem.rstrip(" ").casefold() in _WINDOWS_DEVICES:
        return f"is the name of a device on Windows ({stem})"
    return None


def shown(path: str) -> str:
    """The path for a person's eyes: control characters, odd bytes and direction marks made visible.

    A terminal must not be steered by a file name.
    """
    if path.isascii() and path.isprintable():
        return path
    return "".join(c if c.isprintable() or c == " " else _visible(c) for c in path)


def _visible(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
