from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.errors import InputError
from archtool.openssh.armour import format_armour, parse_armour
from archtool.openssh.limits import MAX_MPINT_BYTES
from archtool.openssh.wire import WireReader, pack_mpint, pack_string, pack_uint32


@given(st.integers(min_value=0, max_value=2**4096))
def test_every_number_survives_a_round_trip(number: int) -> None:
    reader = WireReader(pack_mpint(number), "number")
    assert reader.mpint() == number
    reader.end()


@pytest.mark.parametrize(
    "body", [b"\0", b"\0\x01", b"\x80", b"\xff\xff", b"\0" * 2 + b"\xff", b"\x01" * (MAX_MPINT_BYTES + 1)]
)
def test_a_number_that_is_negative_or_not_in_its_shortest_form_is_refused(body: bytes) -> None:
    with pytest.raises(InputError):
        WireReader(pack_string(body), "number").mpint()


@pytest.mark.parametrize("data", [b"", b"\0\0\0", b"\0\0\0\x05abcd", b"\xff\xff\xff\xffabc"])
def test_a_truncated_string_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="the key is cut short"):
        WireReader(data, "the key").string()


@pytest.mark.parametrize("name", [b"a b", b"a\nb", "é".encode(), b"x" * 1025])
def test_a_name_that_is_long_or_not_printable_is_refused(name: bytes) -> None:
    with pytest.raises(InputError, match="not a name at byte"):
        WireReader(pack_string(name), "the key").text()


def test_bytes_after_the_end_are_refused() -> None:
    reader = WireReader(pack_uint32(7) + b"xy", "the key")
    assert reader.uint32() == 7
    with pytest.raises(InputError, match="2 bytes after its end"):
        reader.end()


@given(st.binary(max_size=300), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\n", "\n \n"]))
def test_an_armoured_text_can_be_parsed_with_any_line_end(blob: bytes, newline: str, after: str) -> None:
    text = (format_armour("THING", blob) + after).replace("\n", newline)
    assert parse_armour("THING", text.encode(), "thing") == blob


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("-----BEGIN X-----\nAAAA\n-----END X-----\n" * 2, "contains two armoured texts"),
        ("-----BEGIN X-----\nAAAA\n-----END X-----\nhello\n", "text after its END line"),
        ("hello\n-----BEGIN X-----\nAAAA\n-----END X-----\n", "does not begin with"),
        ("\n-----BEGIN X-----\nAAAA\n-----END X-----\n", "does not begin with"),
        ("-----BEGIN X-----\nAAAA\n", "cut short"),
        ("-----BEGIN X-----\nAAAA\n-----END X----- \n", "cut short"),
        ("-----BEGIN X-----\nAA\n-----END X-----\n", "not base64"),
        ("-----BEGIN X-----\nAA AA\n-----END X-----\n", "not base64"),
        ("-----BEGIN X-----\nAB==\n-----END X-----\n", "not canonical base64"),
        ("-----BEGIN X-----\nAA==AA==\n-----END X-----\n", "base64"),
        ("-----BEGIN X-----\né\n-----END X-----\n", "outside ASCII"),
    ],
)
def test_an_armoured_text_that_could_be_read_in_two_ways_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        parse_armour("X", text.encode(), "the signature")
