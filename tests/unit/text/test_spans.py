from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.text.line_spans import SpanSink

TEXT = b"one\ntwo\r\nthree\nfour"


def cut(data: bytes, marks: list[int]) -> list[bytes]:
    """Return the data in pieces, like blocks from a disk."""
    ends = sorted({mark % (len(data) + 1) for mark in marks} | {0, len(data)})
    return [data[a:b] for a, b in pairwise(ends)]


def shown(blocks: list[bytes], from_line: int, to_line: int | None) -> SpanSink:
    sink = SpanSink(from_line, to_line, Algorithm.SHA256)
    for block in blocks:
        sink.update(memoryview(block))
    return sink


def lines_of(data: bytes) -> list[bytes]:
    """Split the data at LF: the naive reference implementation."""
    lines = [line + b"\n" for line in data.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


@given(
    st.lists(st.sampled_from([b"a", b"bc", b"\n", b"\r", b"\r\n", b"\n\n"]), max_size=30).map(b"".join),
    st.lists(st.integers(0, 60), max_size=6),
    st.integers(1, 12),
    st.none() | st.integers(1, 12),
)
def test_a_span_does_not_depend_on_the_blocks_of_the_file(
    data: bytes, marks: list[int], from_line: int, to_line: int | None
) -> None:
    lines = lines_of(data)
    sink = shown(cut(data, marks), from_line, to_line)
    last = len(lines) if to_line is None else to_line
    span = sink.span()
    assert sink.lines_in_file == len(lines)
    if from_line > len(lines) or last > len(lines) or last < from_line:
        assert span is None
    else:
        assert span is not None
        wanted = b"".join(lines[from_line - 1 : last])
        assert (span.from_line, span.to_line, span.lines_in_file) == (from_line, last, len(lines))
        assert span.digest == digest_bytes(Algorithm.SHA256, wanted)
        assert data[span.offset_bytes : span.offset_bytes + span.size_bytes] == wanted


@pytest.mark.parametrize(("from_line", "to_line"), [(1, None), (2, 2), (4, 4), (4, None)])
def test_existing_lines_are_found(from_line: int, to_line: int | None) -> None:
    assert shown([TEXT], from_line, to_line).span() is not None


@pytest.mark.parametrize(("from_line", "to_line"), [(5, None), (4, 5), (3, 2), (10**9, 10**9)])
def test_missing_lines_are_not_a_span(from_line: int, to_line: int | None) -> None:
    assert shown([TEXT], from_line, to_line).span() is None


def test_an_empty_block_changes_nothing() -> None:
    sink = shown([b"one\n", b""], 1, None)
    assert sink.lines_in_file == 1


def test_an_empty_file_has_no_lines() -> None:
    sink = shown([], 1, None)
    assert (sink.lines_in_file, sink.span()) == (0, None)
