from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.text.encoding_check import EncodingSink

ENCODINGS = [
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-32",
    "cp1251",
    "iso-8859-1",
    "shift_jis",
    "gb18030",
    "utf-7",
]
LETTERS = {"cp1251": "Письмо\n№ 5", "iso-8859-1": "Tchécoslovaquie\n", "shift_jis": "手紙\n"}


def fault_of(data: bytes, encoding: str | None, size: int) -> str | None:
    """Return the fault of a file that is read in blocks of the given size."""
    sink = EncodingSink(encoding)
    for start in range(0, len(data), size):
        sink.update(memoryview(data[start : start + size]))
    return sink.finish()


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_characters_split_over_blocks_are_accepted(encoding: str, size: int) -> None:
    text = LETTERS.get(encoding, "Ωmega, ĊĠ, 手紙\n\U0001f4dc") * 3
    assert fault_of(text.encode(encoding), encoding, size) is None


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_the_first_bad_byte_is_named_with_its_line(size: int) -> None:
    data = "première\nligne\nd’une ".encode() + b"\xe9 et \xff"
    expected = "byte 25 (line 3) is not utf-8: found 0xe9 (invalid continuation byte)"
    assert fault_of(data, None, size) == expected


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_lines_are_counted_in_characters_not_in_bytes(size: int) -> None:
    # the letter Ċ is the bytes 01 0A in UTF-16, which is not a line end
    data = "ĊĊ\nĊ".encode("utf-16-be") + b"\xd8\x00\x00\x41"
    fault = fault_of(data, "utf-16-be", size)
    assert fault is not None
    assert fault.startswith("byte 9 (line 2) is not utf-16-be: found 0xd8")


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_a_file_that_ends_inside_a_character_is_a_fault(size: int) -> None:
    expected = "byte 4 (line 2) is not utf-8: found 0xe6 (unexpected end of data)"
    assert fault_of(b"ab\n\xe6\x89", "utf-8", size) == expected


def test_a_byte_that_is_not_in_the_code_page_is_found() -> None:
    assert "byte 2 (line 1) is not cp1251: found 0x98" in str(fault_of(b"a\x98", "cp1251", 1))


def test_a_codec_without_a_position_causes_a_fault_and_no_traceback() -> None:
    assert "not idna: " in str(fault_of(b"xn--a..", "idna", 100))  # from Python 3.13 on with the position


@given(st.binary(max_size=40), st.sampled_from(["utf-8", "utf-16-be", "shift_jis"]), st.integers(1, 7))
def test_a_fault_is_found_exactly_where_decoding_the_complete_file_fails(
    data: bytes, encoding: str, size: int
) -> None:
    try:
        data.decode(encoding)
        expected = None
    except UnicodeDecodeError as error:
        expected = f"byte {error.start + 1} "
    fault = fault_of(data, encoding, size)
    assert (fault is None) is (expected is None)
    if fault is not None and expected is not None:
        assert fault.startswith(expected)
