"""Making and renewing evidence records: what a new timestamp must be over, and the record that comes of it.

One timestamp serves many records: each is a leaf of one hash tree.

Source: RFC 4998 §4.2 (a new record), §5.2 (renewal of the timestamp, and of the hash tree).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from archtool.timestamps.evidence.hash_tree import HashTree, digest_of, grow
from archtool.timestamps.evidence.record import (
    EvidenceRecord,
    archive_timestamp,
    format_chains,
)


class Renewal(Enum):
    """How a record comes about."""

    NEW = "new"
    """A record over files that none was made over yet."""
    TIMESTAMP = "timestamp-renewal"
    """A timestamp over the last one: before its certificates end. No file is read."""
    HASH_TREE = "hash-tree-renewal"
    """The files, by another digest, and all that was before: before a digest becomes too weak."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """What one record wants a timestamp of."""

    renewal: Renewal
    digest_name: str
    members: tuple[bytes, ...]
    """The digests that stand for it in the hash tree."""
    before: EvidenceRecord | None
    """The record that is renewed."""

    def record(self, tree: HashTree, answer: bytes, where: str) -> EvidenceRecord:
        """The record, with the timestamp that was got for the tree."""
        stamped = archive_timestamp(self.digest_name, tree, answer, where)
        before = self.before.chains if self.before is not None else ()
        if self.renewal is Renewal.TIMESTAMP:
            return EvidenceRecord((*before[:-1], (*before[-1], stamped)))
        return EvidenceRecord((*before, (stamped,)))


def new_leaf(digest_name: str, files: Mapping[str, bytes]) -> Leaf:
    """A first record over files: path → digest."""
    return Leaf(Renewal.NEW, digest_name, tuple(files.values()), None)


def timestamp_leaf(record: EvidenceRecord) -> Leaf:
    """A new timestamp over those of a record's last chain, by the same digest.

    RFC 4998 asks for the last one only, and lets others stand beside it; Bouncy Castle asks for all.
    """
    chain = record.chains[-1]
    name = chain[0].digest_name
    members = tuple(digest_of(name, one.token.raw) for one in chain)
    return Leaf(Renewal.TIMESTAMP, name, members, record)


def hash_tree_leaf(record: EvidenceRecord, digest_name: str, files: Mapping[str, bytes]) -> Leaf:
    """A new chain over the files of a record by another digest (path → digest), and over all before it."""
    before = digest_of(digest_name, format_chains(record.chains))
    members = tuple(digest_of(digest_name, digest + before) for digest in files.values())
    return Leaf(Renewal.HASH_TREE, digest_name, members, record)


def plant(leaves: Sequence[Leaf]) -> tuple[bytes, tuple[HashTree, ...]]:
    """The bytes that one timestamp for all leaves must be of, and the way of each leaf to it.

    The leaves are of one digest. Records that renew the same timestamp share a leaf.
    """
    members = list(dict.fromkeys(leaf.members for leaf in leaves))
    first = leaves[0]
    if len(members) == 1 and len(members[0]) == 1 and first.before is not None:
        return first.before.chains[-1][-1].token.raw, ((),) * len(leaves)
    root_input, ways = grow(members, first.digest_name)
    by_members = dict(zip(members, ways, strict=True))
    return root_input, tuple(by_members[leaf.members] for leaf in leaves)
