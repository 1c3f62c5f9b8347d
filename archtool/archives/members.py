"""The members of an archive, as its headers tell of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from archtool.archives.limits import MAX_FINDINGS_OF_ONE_KIND, MAX_SPARSE_PIECES
from archtool.files.file_kinds import FileKind
from archtool.findings import Finding, Kind


@dataclass(frozen=True, slots=True)
class Member:
    """One entry. Sizes and offsets are in bytes."""

    name: str
    """As it is written, without a `/` at its end."""
    kind: FileKind
    size_bytes: int
    offset: int
    """Where its data begin: in the tar as it is when unpacked, or in the zip."""
    modified_at_ns: int
    packed_bytes: int = 0
    """Of a zip: what the data take in the archive."""
    method: int = 0
    """Of a zip: 0 stored, 8 deflated."""
    crc32: int | None = None
    """Of a zip: the archive's own checksum."""
    pieces: tuple[tuple[int, int], ...] | None = None
    """Of a sparse file in a tar: offset in the file and length of each piece that is stored."""
    points_to: str | None = None
    """Of a hard link in a tar: the name of the member whose bytes it has."""
    is_label: bool = False
    """Whether it is the volume label of a tar, and no file."""


class ArchiveFindings:
    """The findings of one archive, bounded: the rest of a kind is counted."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self._seen: Counter[str] = Counter()
        self._pieces = 0
        self.second_archive: str | None = None
        """What other archive follows behind the end mark of a tar, and where."""

    def see(self, kind: Kind, message: str, file: str | None = None) -> None:
        """Take one more."""
        self._seen[kind.code] += 1
        if self._seen[kind.code] <= MAX_FINDINGS_OF_ONE_KIND:
            self._findings.append(kind.at(message, file))
        elif self._seen[kind.code] == MAX_FINDINGS_OF_ONE_KIND + 1:
            self._findings.append(kind.at("and more of this kind", file))

    def may_hold(self, pieces: int) -> bool:
        """Whether so many more pieces of sparse files may be kept in memory; they are counted if so."""
        if self._pieces + pieces > MAX_SPARSE_PIECES:
            return False
        self._pieces += pieces
        return True

    def gathered(self) -> tuple[Finding, ...]:
        """All that was kept."""
        return tuple(self._findings)


def plain_name(name: str) -> str:
    """Without the `./` that `tar` writes before what it was given as `.`."""
    while name.startswith("./"):
        name = name[2:].lstrip("/")
    return "" if name == "." else name
