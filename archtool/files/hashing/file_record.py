"""The record of a file that was read once: path, size and digests."""

from __future__ import annotations

from dataclasses import dataclass

from archtool.files.hashing.digests import Algorithm, Digest


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file of a package as it was read: all digests are of the same bytes."""

    path: str
    """From the package's root, with `/`: `data/letter.txt`, `bag-info.txt`."""
    size_bytes: int
    digests: tuple[Digest, ...]
    modified_at_ns: int | None = None
    """The modification time that the file had in its source, if it is to be recorded."""

    def digest(self, algorithm: Algorithm) -> Digest:
        """Return the digest by an algorithm; one that was not computed is a programming error."""
        return next(d for d in self.digests if d.algorithm is algorithm)
