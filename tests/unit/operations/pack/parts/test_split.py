"""A payload is divided in its own order into parts of a limited size; a file never is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.errors import UsageError
from archtool.operations.limits import MAX_PARTS
from archtool.operations.pack.parts.split import SplitSize

FILES = {"letter.txt": 10, "scans/1.tif": 60, "scans/2.tif": 40, "scans/3.tif": 100, "empty": 0, "last": 1}
_SIZES = st.lists(st.integers(0, 50), min_size=1, max_size=MAX_PARTS)


def test_parts_are_filled_in_the_order_of_the_payload() -> None:
    parts = SplitSize(max_bytes=100).divide(FILES)
    assert [list(part) for part in parts] == [
        ["letter.txt", "scans/1.tif"], ["scans/2.tif"], ["scans/3.tif", "empty"], ["last"]
    ]  # fmt: skip


def test_parts_have_at_most_the_number_of_files() -> None:
    assert [len(part) for part in SplitSize(max_files=4).divide(FILES)] == [4, 2]


@given(_SIZES, st.integers(50, 200))
def test_no_file_is_lost_or_moved_and_no_part_is_too_large(sizes: list[int], limit: int) -> None:
    payload = {f"{number:03}": size for number, size in enumerate(sizes)}
    parts = SplitSize(max_bytes=limit).divide(payload)
    assert [pair for part in parts for pair in part.items()] == list(payload.items())
    assert all(0 <= sum(part.values()) <= limit and part for part in parts)


@given(_SIZES, st.integers(1, 50))
def test_no_part_has_too_many_files(sizes: list[int], limit: int) -> None:
    payload = {f"{number:03}": size for number, size in enumerate(sizes)}
    parts = SplitSize(max_files=limit).divide(payload)
    assert [pair for part in parts for pair in part.items()] == list(payload.items())
    assert all(len(part) == limit for part in parts[:-1])


def test_files_that_are_larger_than_a_part_are_named_with_the_size_that_would_do() -> None:
    said = r"2 files larger than a part of 50 bytes: scans/1.tif \(60 bytes\)"
    with pytest.raises(UsageError, match=said) as refused:
        SplitSize(max_bytes=50).divide(FILES)
    assert "at least 100" in str(refused.value.hint)
    assert SplitSize(max_bytes=100).divide(FILES)


def test_more_parts_than_can_be_made_together_are_refused() -> None:
    payload = {f"{number}": 1 for number in range(MAX_PARTS + 1)}
    with pytest.raises(UsageError, match=f"{MAX_PARTS + 1} parts"):
        SplitSize(max_files=1).divide(payload)
    assert len(SplitSize(max_files=2).divide(payload)) == MAX_PARTS // 2 + 1


def test_an_empty_payload_is_one_part() -> None:
    assert SplitSize(max_files=1).divide({}) == [{}]
