"""A bag in which nothing needs to be thought about: it is answered at the door.

Nearly all are like this, and one command may be given thousands of them: what is imported, and what is made
for each bag, is a good part of its time.
"""

from __future__ import annotations

from typing import NamedTuple

from archtool.fixity.effort import Effort
from archtool.fixity.root_name import Root
from archtool.fixity.source import FileSource
from archtool.operations.alone import SizeLimit
from archtool.operations.quick import Quick, go_quickly
from archtool.progress import Progress

VALID, NOT_DESCRIBED, NOT_ASKED = "valid", "not-described", "not-asked"
VERDICT = {"bag": VALID, "content": NOT_DESCRIBED, "trust": NOT_ASKED}
"""The three answers, of each of them."""


class Ordinary(NamedTuple):
    """All that there is to say of a bag in which every file is what every manifest says.

    It passes between processes by the thousand, and is a tenth of the result that is made from it.
    """

    bagit_version: str
    algorithms: tuple[str, ...]
    payload_files: int
    payload_bytes: int
    tag_files: int
    checked_tag_files: int
    checked_tag_bytes: int

    @property
    def checked(self) -> tuple[int, int]:
        """How many files were held against a digest, and their bytes."""
        return self.payload_files + self.checked_tag_files, self.payload_bytes + self.checked_tag_bytes


def look_quickly(
    root: Root, source: FileSource, effort: Effort, progress: Progress, limit: SizeLimit | None
) -> Quick | None:
    """Go through the payload, if it can be gone through quickly.

    Raises:
        TooLargeError: the bag is larger than the limit, where there is one.
    """
    quick = go_quickly(source, effort, progress, limit)
    if quick is None and limit is not None:
        limit.check_unread(root)
    return quick


def answer(quick: Quick | None) -> Ordinary | None:
    """What to say of a bag if nobody asks who vouches for it; `None` where that takes the whole look."""
    if quick is None or not quick.is_ordinary:
        return None
    tags, proof = quick.tags, quick.proof
    assert tags is not None  # noqa: S101 - `is_ordinary` says so
    return Ordinary(
        tags.version,
        tuple([algorithm.value for _, algorithm in proof.manifests]),
        proof.files,
        proof.size_bytes,
        quick.tag_files,
        tags.files,
        tags.size_bytes,
    )
