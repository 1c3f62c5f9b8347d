"""Formats and parses the signed checksum list `sha512sums.txt`, which `sha512sum -c` can check.

<128 hexadecimal digits><two spaces><path in the package><LF>
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from archtool.attestations.limits import MAX_LIST_BYTES
from archtool.errors import InputError
from archtool.files.hashing.digests import Algorithm, Digest

_LINE = re.compile(r"([0-9a-fA-F]{128})  ([^\r\n\\%\0]+)")
_UNWRITABLE = re.compile(r"[\r\n\\%\0\ud800-\udfff]")


class ListEntry(NamedTuple):
    """One line of a checksum list."""

    path: str
    """A path in the package."""
    digest: Digest
    line: int
    """Counted from 1."""


def format_checksum_list(digests: Mapping[str, Digest]) -> bytes:
    """Return the text of the list, sorted by path in the order of UTF-8 bytes.

    Raises:
        InputError: a digest is not SHA-512, or a path has characters that `sha512sum -c` and BagIt
            manifests write differently (CR, LF, backslash, `%`).
    """
    for path, digest in digests.items():
        if digest.algorithm is not Algorithm.SHA512:
            raise InputError(
                f"a signed checksum list contains only SHA-512, not {digest.algorithm.value}: {path}"
            )
        if not path or _UNWRITABLE.search(path):
            raise InputError(
                f"a tag file's name cannot be written in a checksum list: {path!r}",
                hint="rename it without CR, LF, backslash and %",
            )
    # the order of code points is the order of UTF-8 bytes
    return "".join([f"{digests[path].hex}  {path}\n" for path in sorted(digests)]).encode("utf-8")


def parse_checksum_list(data: bytes, where: str) -> tuple[ListEntry, ...]:
    """Parse a list; its lines can have any order, but each path appears once.

    Raises:
        InputError: the list is too large, empty or not UTF-8, a line has another form, or a path is
            named twice.
    """
    if len(data) > MAX_LIST_BYTES:
        raise InputError(f"{where} is too large: {len(data)} bytes (at most {MAX_LIST_BYTES})")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{where} is not text in UTF-8 (byte {error.start})") from None
    if not text.endswith("\n"):
        raise InputError(f"{where} is cut short: its last line does not end in LF")
    entries: dict[str, ListEntry] = {}
    for number, line in enumerate(text[:-1].split("\n"), start=1):
        entry = _parse_line(line, number, where)
        if entry.path in entries:
            raise InputError(f"{where}:{number}: {entry.path} is named twice")
        entries[entry.path] = entry
    return tuple(entries.values())


def _parse_line(line: str, number: int, where: str) -> ListEntry:
    if line.endswith("\r"):
        raise InputError(
            f"{where}:{number}: the line ends in CR LF; the list was converted after it was signed",
            hint="restore the list from a copy that was not converted",
        )
    found = _LINE.fullmatch(line)
    if found is None:
        raise InputError(f"{where}:{number}: not a digest, two spaces and a path: {line[:160]!r}")
    return ListEntry(found[2], Digest(Algorithm.SHA512, found[1].lower()), number)
