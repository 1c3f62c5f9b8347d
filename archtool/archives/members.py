"""The members of an archive as its headers describe them, and the findings about them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from archtool.archives.limits import MAX_FINDINGS_OF_ONE_KIND, MAX_SPARSE_PIECES
from archtool.files.file_kinds import FileKind
from archtool.findings import Finding, Kind


@dataclass(frozen=True, slots=True)
class Member:
    """One member. Sizes and offsets are in bytes."""

    name: str
    """The name as written, without a `/` at its end."""
    kind: FileKind
    size_bytes: int
    offset: int
    """Where its data begin: in the decompressed tar, or in the zip."""
    modified_at_ns: int
    packed_bytes: int = 0
    """In a zip: the size of the data in the archive."""
    method: int = 0
    """In a zip: 0 stored, 8 deflated."""
    crc32: int | None = None
    """In a zip: the archive's checksum of the member."""
    pieces: tuple[tuple[int, int], ...] | None = None
    """Of a sparse file in a tar: offset in the file and length of each stored piece."""
    points_to: str | None = None
    """Of a hard link in a tar: the name of the member whose bytes it has."""
    is_label: bool = False
    """Whether it is the volume label of a tar, and no file."""


class ArchiveFindings:
    """The findings about one archive, with a limit for each kind."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self._counts: Counter[str] = Counter()
        self._pieces = 0
        self.second_archive: str | None = None
        """A description of a second archive after the end mark of a tar, with its place."""

    def add(self, kind: Kind, message: str, file: str | None = None) -> None:
        """Add a finding, unless the limit for its kind is reached."""
        self._counts[kind.code] += 1
        if self._counts[kind.code] <= MAX_FINDINGS_OF_ONE_KIND:
            self._findings.append(kind.at(message, file))
        elif self._counts[kind.code] == MAX_FINDINGS_OF_ONE_KIND + 1:
            self._findings.append(kind.at("and more of this kind", file))

    def reserve_pieces(self, pieces: int) -> bool:
        """Count further pieces of sparse files; return False where the limit for their memory is reached."""
        if self._pieces + pieces > MAX_SPARSE_PIECES:
            return False
        self._pieces += pieces
        return True

    def as_tuple(self) -> tuple[Finding, ...]:
        """Return the findings."""
        return tuple(self._findings)


def plain_name(name: str) -> str:
    """Return a name without the `./` that `tar` writes when it packs the folder `.`."""
    while name.startswith("./"):
        name = name[2:].lstrip("/")
    return "" if name == "." else name
