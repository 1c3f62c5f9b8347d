"""Hash trees: each reduced tree leads to the root, and no changed tree does."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from archtool.timestamps.evidence.hash_tree import build_hash_tree, root_input

DIGESTS = st.binary(min_size=1, max_size=4).map(lambda data: hashlib.sha256(data).digest())
GROUPS = st.lists(st.lists(DIGESTS, min_size=1, max_size=4), min_size=2, max_size=40)


@given(GROUPS)
def test_the_reduced_tree_of_each_group_leads_to_the_root(groups: list[list[bytes]]) -> None:
    root, trees = build_hash_tree(groups, "sha256")
    assert {root_input(tree, "sha256") for tree in trees} == {root}
    for group, tree in zip(groups, trees, strict=True):
        first = set(tree[0])
        assert set(group) <= first
        assert len(tree[0]) == len(group) + (len(group) == 1)


@given(GROUPS, st.data())
def test_a_changed_digest_leads_to_another_root(groups: list[list[bytes]], data: st.DataObject) -> None:
    root, trees = build_hash_tree(groups, "sha256")
    tree = [list(step) for step in data.draw(st.sampled_from(trees))]
    step = data.draw(st.sampled_from(tree))
    index = data.draw(st.integers(0, len(step) - 1))
    step[index] = hashlib.sha256(b"changed" + step[index]).digest()
    assert root_input(tuple(map(tuple, tree)), "sha256") != root


def test_a_single_group_of_several_digests_is_its_own_root() -> None:
    group = [hashlib.sha256(data).digest() for data in (b"a", b"b", b"c")]
    root, trees = build_hash_tree([group], "sha256")
    assert root == b"".join(sorted(group))
    assert trees == ((tuple(sorted(group)),),)


def test_a_thousand_packages_need_ten_steps() -> None:
    groups = [[hashlib.sha512(f"{n}-{f}".encode()).digest() for f in range(2)] for n in range(1000)]
    root, trees = build_hash_tree(groups, "sha512")
    assert max(map(len, trees)) == 11
    assert all(root_input(tree, "sha512") == root for tree in trees)
