"""Files of a tar whose bytes are not all in it: hard links to an earlier member, and sparse files.

Both can expand to many bytes, so both count towards the limit on expansion. Every tool reads a hard link as
the bytes of the earlier member of that name; a link to anything else remains a link, and is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from archtool.archives import finding_kinds
from archtool.archives.errors import ExpandsTooFarError
from archtool.archives.limits import MAX_SHARED_BYTES, MIN_JUDGED_BYTES
from archtool.archives.members import ArchiveFindings, Member, plain_name
from archtool.files.file_kinds import FileKind


class CopyAllowance:
    """Counts the bytes of files that are not in the archive, up to a limit."""

    def __init__(self, archive_bytes: int, max_expansion: int, *, is_sequential: bool) -> None:
        self._archive_bytes, self._max_expansion = archive_bytes, max_expansion
        self._left = max(MIN_JUDGED_BYTES, archive_bytes * max_expansion)
        self.is_sequential = is_sequential

    def count_sparse(self, members: Iterable[Member]) -> Iterator[Member]:
        """Pass on members, and count the bytes of sparse files.

        Raises:
            ExpandsTooFarError: the limit is exceeded.
        """
        for member in members:
            if member.pieces is not None:
                self._count(member.size_bytes)
            yield member

    def count_link(self, target: Member) -> None:
        """Count the bytes of a copy; for a large one a compressed tar is read from its beginning again.

        Raises:
            ExpandsTooFarError: the limit is exceeded.
        """
        is_read_again = self.is_sequential and target.size_bytes > MAX_SHARED_BYTES
        self._count(target.size_bytes + (target.offset if is_read_again else 0))

    def _count(self, size_bytes: int) -> None:
        self._left -= size_bytes
        if self._left < 0:
            raise ExpandsTooFarError(
                f"{self._archive_bytes:,} bytes expand to more than {self._max_expansion:,} times as many, "
                "through hard links to large files or sparse files"
            )


def resolve_links(
    files: dict[str, Member], prefix: str, allowance: CopyAllowance, findings: ArchiveFindings
) -> tuple[dict[str, Member], frozenset[int]]:
    """Replace each hard link by a copy of the earlier file that it names, if both are in the bag or outside.

    Return the members, in the order of the archive, and the offsets of the data that several of them share.

    Raises:
        ExpandsTooFarError: the copies are more bytes than the limit allows.
    """
    if all(member.points_to is None and member.pieces is None for member in files.values()):
        return files, frozenset()  # the usual case
    resolved: dict[str, Member] = {}
    shared: set[int] = set()
    links = sparse = 0
    for path, member in files.items():
        resolved[path] = member
        sparse += member.pieces is not None
        if member.kind is not FileKind.HARD_LINK or member.points_to is None:
            continue
        name = plain_name(member.points_to)
        target = resolved.get(name)
        if target is None or target.kind is not FileKind.FILE:
            continue
        if path.startswith(prefix) == name.startswith(prefix):
            allowance.count_link(target)
            resolved[path] = replace(target, name=member.name, points_to=member.points_to)
            shared.add(target.offset)
            links += 1
    if links:
        findings.add(finding_kinds.LINKED_FILES, f"{links:,} of its files, read as copies of earlier files")
    if sparse:
        findings.add(finding_kinds.SPARSE_FILES, f"{sparse:,} of its files, read with their zeros")
    return resolved, frozenset(shared)
