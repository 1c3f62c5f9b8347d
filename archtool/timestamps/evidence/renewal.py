"""Makes and renews evidence records: the bytes that a new timestamp must cover, and the resulting records.

One timestamp serves many records: each is a leaf of one hash tree.

Source: RFC 4998 §4.2 (a new record), §5.2 (renewal of the timestamp, and of the hash tree).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from archtool.timestamps.evidence.hash_tree import HashTree, build_hash_tree, digest_of
from archtool.timestamps.evidence.record import (
    EvidenceRecord,
    archive_timestamp,
    format_chains,
)


class Renewal(Enum):
    """The ways to make or renew a record."""

    NEW = "new"
    """A first record over files."""
    TIMESTAMP = "timestamp-renewal"
    """A timestamp over the last one, before its certificates expire. No file is read."""
    HASH_TREE = "hash-tree-renewal"
    """A timestamp over the files with another digest and over all earlier chains, before a digest is weak."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """The part of a hash tree for one new or renewed record."""

    renewal: Renewal
    digest_name: str
    members: tuple[bytes, ...]
    """The record's digests in the hash tree."""
    previous: EvidenceRecord | None
    """The record to renew; `None` for a first record."""

    def record(self, tree: HashTree, answer: bytes, where: str) -> EvidenceRecord:
        """Return the new record, from the timestamp of the tree's root."""
        timestamp = archive_timestamp(self.digest_name, tree, answer, where)
        chains = self.previous.chains if self.previous is not None else ()
        if self.renewal is Renewal.TIMESTAMP:
            return EvidenceRecord((*chains[:-1], (*chains[-1], timestamp)))
        return EvidenceRecord((*chains, (timestamp,)))


def new_leaf(digest_name: str, files: Mapping[str, bytes]) -> Leaf:
    """Return the leaf for a first record over files, given as path → digest."""
    return Leaf(Renewal.NEW, digest_name, tuple(files.values()), None)


def timestamp_leaf(record: EvidenceRecord) -> Leaf:
    """Return the leaf for a new timestamp over all timestamps of a record's last chain, with the same digest.

    RFC 4998 requires only the last one and allows others in addition; Bouncy Castle requires all.
    """
    chain = record.chains[-1]
    name = chain[0].digest_name
    members = tuple(digest_of(name, one.token.raw) for one in chain)
    return Leaf(Renewal.TIMESTAMP, name, members, record)


def hash_tree_leaf(record: EvidenceRecord, digest_name: str, files: Mapping[str, bytes]) -> Leaf:
    """Return the leaf for a new chain with another digest, over files (path → digest) and all old chains."""
    old_chains = digest_of(digest_name, format_chains(record.chains))
    members = tuple(digest_of(digest_name, digest + old_chains) for digest in files.values())
    return Leaf(Renewal.HASH_TREE, digest_name, members, record)


def combine_leaves(leaves: Sequence[Leaf]) -> tuple[bytes, tuple[HashTree, ...]]:
    """Return the bytes that one timestamp for all leaves must cover, and the reduced tree of each leaf.

    The leaves have one digest algorithm. Records that renew the same timestamp share a leaf.
    """
    members = list(dict.fromkeys(leaf.members for leaf in leaves))
    first = leaves[0]
    if len(members) == 1 and len(members[0]) == 1 and first.previous is not None:
        return first.previous.chains[-1][-1].token.raw, ((),) * len(leaves)
    root_bytes, trees = build_hash_tree(members, first.digest_name)
    by_members = dict(zip(members, trees, strict=True))
    return root_bytes, tuple(by_members[leaf.members] for leaf in leaves)
