"""Hash trees: one digest at the root that many groups of digests stand behind, each with its own way to it.

A group is the files of one package, or one thing alone. The digest of several is that of their digests, in
ascending order, one after the other. Two by two, groups are joined in the same way, up to the root; one that
has no partner goes up as it is. The way of a group is what it was joined with, step by step: enough to come
to the root from the group alone. What stands alone has its first partner beside it in its first list.

Source: RFC 4998 §4.2 (generation), §4.3 (verification).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HashTree = tuple[tuple[bytes, ...], ...]
"""A reduced hash tree: the group's own digests, then for each step what it is joined with."""


def digest_of(name: str, data: bytes) -> bytes:
    """The digest of some bytes."""
    return hashlib.new(name, data).digest()


def joined(digests: Iterable[bytes]) -> bytes:
    """Digests in ascending order, one after the other: what the next digest is taken of."""
    return b"".join(sorted(digests))


def root_of(tree: HashTree, digest_name: str) -> bytes:
    """The bytes whose digest is the root: what a timestamp of the whole tree is made of."""
    current = joined(tree[0])
    for step in tree[1:]:
        current = joined((digest_of(digest_name, current), *step))
    return current


def grow(groups: Sequence[Sequence[bytes]], digest_name: str) -> tuple[bytes, tuple[HashTree, ...]]:
    """The bytes whose digest is the root of all groups, and the way of each group to it.

    There must be something to join: two groups, or one of several digests.
    """
    ways = [[sorted(group)] for group in groups]
    nodes = [
        _Node(group[0] if len(group) == 1 else digest_of(digest_name, joined(group)), (number,))
        for number, group in enumerate(groups)
    ]
    top = joined(groups[0])
    while len(nodes) > 1:
        above = []
        for left, right in zip(nodes[::2], nodes[1::2], strict=False):
            for here, there in ((left, right), (right, left)):
                for number in here.groups:
                    _join(ways[number], there.digest)
            top = joined((left.digest, right.digest))
            above.append(_Node(digest_of(digest_name, top), left.groups + right.groups))
        nodes = above + (nodes[-1:] if len(nodes) % 2 else [])
    return top, tuple(tuple(map(tuple, way)) for way in ways)


@dataclass(frozen=True, slots=True)
class _Node:
    """One digest of the tree, and the groups below it."""

    digest: bytes
    groups: tuple[int, ...]


def _join(way: list[list[bytes]], partner: bytes) -> None:
    if len(way) == 1 and len(way[0]) == 1:
        way[0] = sorted((*way[0], partner))
    else:
        way.append([partner])
