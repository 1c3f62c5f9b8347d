"""Paths inside a bag: which are safe to open, and which names cause problems on other systems."""

from __future__ import annotations

import operator
import re
import shlex
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
_MAX_WINDOWS_PATH_UNITS = 259  # of a whole path, unless Windows is configured for longer ones
_SHORTEST_ROOT = "C:\\p\\"  # every package lies at least in a folder of a drive
_WINDOWS_FORBIDDEN = re.compile(r'[<>:"\\|?*\x00-\x1f]')


NOT_PLAIN = "is not in its plain form (empty or `.` part)"


class UnsafePathError(ValueError):
    """A path that names nothing below the bag's root."""


class PayloadPath(str):
    """A path inside a bag, relative to its root, with `/`; made by `parse`, then safe to open.

    Bytes of a name that are not UTF-8 are surrogate escapes, as from `os.fsdecode`.
    """

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> PayloadPath:
        """Check a path from outside and return it.

        Raises:
            UnsafePathError: it is absolute, climbs out of the bag, or is not in its plain form.

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
    """Return why a path must not be opened below a root; `None` where it is safe."""
    parts = text.split("/")
    reasons = (
        (not text, "is empty"),
        (text.startswith("/"), "is absolute"),
        ("\0" in text, "contains a NUL character"),
        (".." in parts, "climbs out of its folder"),
        (parts[0].startswith("~"), "starts with `~`, which a shell would turn into a home folder"),
        ("" in parts or "." in parts, NOT_PLAIN),
    )
    return next((reason for applies, reason in reasons if applies), None)


class NameTrouble(Enum):
    """Conflicts between two names, or between a name and a system."""

    UNICODE_TWIN = "unicode-twin"
    CASE_TWIN = "case-twin"
    WINDOWS = "windows"
    TOO_LONG = "too-long"
    NOT_UTF8 = "not-utf8"


def normal_form(path: str) -> str:
    """Return the Unicode form in which names are compared (NFC; macOS returns decomposed names)."""
    return path if path.isascii() else unicodedata.normalize("NFC", path)


def find_twins(
    paths: Collection[str], folders: Collection[str] | None = None
) -> Iterator[tuple[NameTrouble, str, str]]:
    """Yield pairs of paths, or of folders on the way to them, that are one name on some file system.

    `folders` are all folders on the way to the paths, if the caller knows them.

    Source: RFC 8493 §6.1.1.3 (normalisation), §6.1.2 (case).
    """
    folders = folders_above(paths) if folders is None else folders
    if not _can_have_twins(paths, folders):
        return
    names = {*paths, *folders}
    # sorted by the form as well, so that of three names the two that differ only in their form are adjacent
    folded = sorted((_folded(name), normal_form(name), name) for name in names)
    for (key, form, path), (next_key, next_form, next_path) in pairwise(folded):
        if key == next_key:
            yield (NameTrouble.UNICODE_TWIN if form == next_form else NameTrouble.CASE_TWIN), path, next_path


def _folded(name: str) -> str:
    return name.lower() if name.isascii() else normal_form(normal_form(name).casefold())


def _can_have_twins(paths: Collection[str], folders: Collection[str]) -> bool:
    """Return whether two names can be one; compares hashes, which take less memory than a million names."""
    text = "\n".join(chain(paths, folders))
    if text.isascii() and text == text.lower():
        return False  # each name is its own folded form, and no name occurs twice
    fold = str.lower if text.isascii() else _folded
    ordered = sorted(array("q", map(hash, map(fold, chain(paths, folders)))))
    return any(map(operator.eq, ordered, islice(ordered, 1, None)))


def folders_above(paths: Iterable[str]) -> set[str]:
    """Return every folder on the way to one of these paths."""
    found: set[str] = set()
    folders = {path.rpartition("/")[0] for path in paths}
    while folders := folders - found - {""}:
        found |= folders
        folders = {folder.rpartition("/")[0] for folder in folders}
    return found


def why_not_portable(path: str) -> tuple[NameTrouble, str] | None:
    """Return why some system cannot store this path, and the kind of conflict; `None` where each one can.

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
    """Return why a name or the path is too long for some system.

    Source: POSIX NAME_MAX on Linux; Microsoft, "Maximum Path Length Limitation".
    """
    if len(path) <= _MAX_NAME_BYTES // 4:  # the usual case: short enough in every encoding
        return None
    for part in path.split("/"):
        size_bytes, units = len(part.encode()), _utf16_units(part)
        if units > _MAX_NAME_UNITS:
            return f"contains a name of {units} characters; common systems allow at most 255"
        if size_bytes > _MAX_NAME_BYTES:
            return f"contains a name of {size_bytes} bytes (UTF-8); Linux allows at most 255 bytes"
    units = _utf16_units(_SHORTEST_ROOT + path)
    if units > _MAX_WINDOWS_PATH_UNITS:
        return (
            f"is a path of {len(path)} characters; Windows opens at most {_MAX_WINDOWS_PATH_UNITS}, "
            "including the drive and the package's folder"
        )
    return None


def _utf16_units(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


def _why_windows_cannot(part: str) -> str | None:
    forbidden = _WINDOWS_FORBIDDEN.search(part)
    if forbidden is not None:
        return f"contains {forbidden[0]!r}, which Windows does not allow in names"
    if part[-1:] in (" ", "."):
        return "ends in a space or a full stop, which Windows drops"
    stem = part.partition(".")[0]
    if stem.rstrip(" ").casefold() in _WINDOWS_DEVICES:
        return f"is the name of a device on Windows ({stem})"
    return None


def shown(path: str) -> str:
    """Return a path for display: control characters, invalid bytes and direction marks as escapes.

    A file name must not control the terminal.
    """
    if path.isascii() and path.isprintable():
        return path
    return "".join(c if c.isprintable() or c == " " else _escaped(c) for c in path)


def shell_word(text: str) -> str:
    """Return a path or a name as one word of a command line, for a command that a person copies into a shell.

    Invisible characters are escaped, as in `shown`: such a path must be typed by hand.
    """
    return shlex.quote(shown(text))


def _escaped(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
