"""Which bags one process goes through alone, while others go through others: small ones.

It is a guess from what a bag says of itself, and a matter of time only.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from archtool.bag.limits import MAX_INFO_BYTES
from archtool.bag.root_names import INFO_NAME
from archtool.fixity.small_files import read_file

if TYPE_CHECKING:
    from archtool.fixity.root_name import Root

Oxum = tuple[int, int]
"""Bytes and files of a payload."""
_OXUM = re.compile(rb"^payload-oxum:[ \t]*([0-9]{1,18})\.([0-9]{1,18})", re.IGNORECASE | re.MULTILINE)


class TooLargeError(Exception):
    """The bag is larger than was allowed: it was not looked at."""


class SizeLimit(NamedTuple):
    """How large a bag may be."""

    files: int
    size_bytes: int
    """Of the payload."""
    manifests_bytes: int
    """About as many files, where a bag does not say how many."""

    def check(self, oxum: Oxum | None, manifests_bytes: int) -> None:
        """Let small bags pass.

        Raises:
            TooLargeError: it is larger.
        """
        is_small = (
            manifests_bytes <= self.manifests_bytes
            if oxum is None
            else oxum[0] <= self.size_bytes and oxum[1] <= self.files
        )
        if not is_small:
            raise TooLargeError

    def check_unread(self, root: Root) -> None:
        """The same for a bag of which nothing was read yet; an archive is read by one process in any case.

        Raises:
            TooLargeError: it is larger.
        """
        try:
            said = said_oxum(read_file(f"{root}/{INFO_NAME}", MAX_INFO_BYTES))
            self.check(said, _manifests_bytes(root) if said is None else 0)
        except OSError:  # whoever verifies it says what is wrong with it
            return


def _manifests_bytes(root: Root) -> int:
    with os.scandir(root) as entries:
        listed = [entry for entry in entries if entry.name.startswith("manifest-")]
    return sum(entry.stat(follow_symlinks=False).st_size for entry in listed)


def said_oxum(info: bytes) -> Oxum | None:
    """The payload in the bag's own words: for guesses at the time, and nothing else."""
    said = _OXUM.search(info)
    return (int(said[1]), int(said[2])) if said else None
