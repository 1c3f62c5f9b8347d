"""Hash trees: every group finds its way to the one root, and nothing else does."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from archtool.timestamps.evidence.hash_tree import grow, root_of

DIGESTS = st.binary(min_size=1, max_size=4).map(lambda data: hashlib.sha256(data).digest())
GROUPS = st.lists(st.lists(DIGESTS, min_size=1, max_size=4), min_size=2, max_size=40)


@given(GROUPS)
def test_the_way_of_each_group_leads_to_the_root(groups: list[list[bytes]]) -> None:
    root, ways = grow(groups, "sha256")
    assert {root_of(way, "sha256") for way in ways} == {root}
    for group, way in zip(groups, ways, strict=True):
        first = set(way[0])
        assert set(group) <= first
        assert len(way[0]) == len(group) + (len(group) == 1)


@given(GROUPS, st.data())
def test_a_changed_digest_anywhere_leads_elsewhere(groups: list[list[bytes]], data: st.DataObject) -> None:
    root, ways = grow(groups, "sha256")
    way = [list(step) for step in data.draw(st.sampled_from(ways))]
    step = data.draw(st.sampled_from(way))
    place = data.draw(st.integers(0, len(step) - 1))
    step[place] = hashlib.sha256(b"changed" + step[place]).digest()
    assert root_of(tuple(map(tuple, way)), "sha256") != root


def test_one_group_of_several_is_its_own_root() -> None:
    group = [hashlib.sha256(data).digest() for data in (b"a", b"b", b"c")]
    root, ways = grow([group], "sha256")
    assert root == b"".join(sorted(group))
    assert ways == ((tuple(sorted(group)),),)


def test_a_thousand_packages_need_ten_steps() -> None:
    groups = [[hashlib.sha512(f"{n}-{f}".encode()).digest() for f in range(2)] for n in range(1000)]
    root, ways = grow(groups, "sha512")
    assert max(map(len, ways)) == 11
    assert all(root_of(way, "sha512") == root for way in ways)
