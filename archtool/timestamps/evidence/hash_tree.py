"""Builds hash trees, whose root digest covers many groups of digests, and computes roots of reduced trees.

A group has the digests of the files of one package, or a single digest. The digest of a group with several
members is the digest of their sorted concatenation. Groups are combined in pairs in the same way, up to the
root; a group without a partner moves up unchanged. The reduced tree of a group lists its members and, for
each step, the digest that it was combined with: enough to compute the root from the group alone. A group with
a single member has its first partner in the same list.

Source: RFC 4998 §4.2 (generation), §4.3 (verification).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HashTree = tuple[tuple[bytes, ...], ...]
"""A reduced hash tree: the group's own digests, then for each step the digests to combine with."""


def digest_of(name: str, data: bytes) -> bytes:
    """Return the digest of bytes; `name` is the algorithm."""
    return hashlib.new(name, data).digest()


def concatenate_sorted(digests: Iterable[bytes]) -> bytes:
    """Return the digests in ascending order, concatenated: the input of the next digest."""
    return b"".join(sorted(digests))


def root_input(tree: HashTree, digest_name: str) -> bytes:
    """Return the bytes whose digest is the root of a reduced tree; the timestamp covers these bytes."""
    current = concatenate_sorted(tree[0])
    for step in tree[1:]:
        current = concatenate_sorted((digest_of(digest_name, current), *step))
    return current


def build_hash_tree(
    groups: Sequence[Sequence[bytes]], digest_name: str
) -> tuple[bytes, tuple[HashTree, ...]]:
    """Return the bytes whose digest is the root over all groups, and the reduced tree of each group.

    There must be at least two digests: several groups, or one group with several members.
    """
    trees = [[sorted(group)] for group in groups]
    nodes = [
        _Node(group[0] if len(group) == 1 else digest_of(digest_name, concatenate_sorted(group)), (number,))
        for number, group in enumerate(groups)
    ]
    top = concatenate_sorted(groups[0])
    while len(nodes) > 1:
        parents = []
        for left, right in zip(nodes[::2], nodes[1::2], strict=False):
            for node, sibling in ((left, right), (right, left)):
                for number in node.groups:
                    _add_sibling(trees[number], sibling.digest)
            top = concatenate_sorted((left.digest, right.digest))
            parents.append(_Node(digest_of(digest_name, top), left.groups + right.groups))
        nodes = parents + (nodes[-1:] if len(nodes) % 2 else [])
    return top, tuple(tuple(map(tuple, tree)) for tree in trees)


@dataclass(frozen=True, slots=True)
class _Node:
    """One digest of the tree, and the groups below it."""

    digest: bytes
    groups: tuple[int, ...]


def _add_sibling(tree: list[list[bytes]], sibling: bytes) -> None:
    if len(tree) == 1 and len(tree[0]) == 1:
        tree[0] = sorted((*tree[0], sibling))
    else:
        tree.append([sibling])
