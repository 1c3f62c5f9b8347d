"""What is known of one file after it was read once."""

from __future__ import annotations

from dataclasses import dataclass

from archtool.files.hashing.digests import Algorithm, Digest


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file of a package as it was read: every digest from the same bytes."""

    path: str
    """From the package's root, with `/`: `data/letter.txt`, `bag-info.txt`."""
    size_bytes: int
    digests: tuple[Digest, ...]

    def digest(self, algorithm: Algorithm) -> Digest:
        """The digest by that algorithm; asking for one that was not taken is a mistake of ours."""
        return next(d for d in self.digests if d.algorithm is algorithm)
