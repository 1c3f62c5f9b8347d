"""DER, read strictly: one way to write each value, and never past the end."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.errors import InputError
from archtool.timestamps.der import (
    GENERALIZED_TIME,
    INTEGER,
    OCTET_STRING,
    OID,
    SEQUENCE,
    der,
    der_integer,
    der_oid,
    read_der,
)


@given(st.integers(-(2**500), 2**500))
def test_numbers_come_back_as_they_were_written(number: int) -> None:
    assert read_der(der_integer(number), "number").integer() == number


@given(st.lists(st.integers(0, 2**40), max_size=5), st.integers(0, 2), st.integers(0, 39))
def test_object_identifiers_come_back_as_they_were_written(arcs: list[int], first: int, second: int) -> None:
    dotted = ".".join(map(str, (first, second, *arcs)))
    assert read_der(der_oid(dotted), "oid").oid() == dotted


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65_536])
def test_every_length_is_written_in_as_few_bytes_as_it_needs(size: int) -> None:
    assert read_der(der(OCTET_STRING, bytes(size)), "bytes").octets() == bytes(size)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_reads_what_is_written_here(tmp_path: Path) -> None:
    path = tmp_path / "value.der"
    path.write_bytes(
        der(SEQUENCE, der_integer(-129), der_oid("2.16.840.1.101.3.4.2.3"), der(OCTET_STRING, b"x" * 200))
    )
    command = ["openssl", "asn1parse", "-inform", "DER", "-in", str(path)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert ":-81" in done.stdout
    assert ":sha512" in done.stdout


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "0 values where one is expected"),
        (b"\x05\x00\x05\x00", "2 values where one is expected"),
        (b"\x04", "no tag and length"),
        (b"\x1f\x01\x00", "no tag and length"),
        (b"\x30\x80\x00\x00", "a length of 0 bytes"),
        (b"\x04\x85\x00\x00\x00\x00\x01x", "a length of 5 bytes"),
        (b"\x04\x82\x01", "a length of 2 bytes"),
        (b"\x04\x81\x01x", "a length with bytes that it does not need"),
        (b"\x04\x82\x00\x80" + bytes(128), "a length with bytes that it does not need"),
        (b"\x04\x05abc", "2 bytes are missing"),
    ],
)
def test_a_second_way_to_write_a_value_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        read_der(data, "it")


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01", b"\xff\x80", b"\x01" * 65]
)  # fmt: skip
def test_a_number_with_too_many_or_no_bytes_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="a number"):
        read_der(der(INTEGER, content), "it").integer()


@pytest.mark.parametrize("content", [b"", b"\x2a\x80", b"\x2a\x80\x01", b"\x2a" * 65])
def test_a_damaged_object_identifier_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="object identifier"):
        read_der(der(OID, content), "it").oid()


@pytest.mark.parametrize("text", [b"20261122120000", b"2026112212Z", b"20261322120000Z", b"20261122120000.Z"])
def test_what_is_no_time_in_utc_is_refused(text: bytes) -> None:
    with pytest.raises(InputError, match="not a time"):
        read_der(der(GENERALIZED_TIME, text), "it").time()


@pytest.mark.parametrize("fraction", [b".25", b".250", b".250000000"])
def test_fractions_of_a_second_are_read(fraction: bytes) -> None:
    found = read_der(der(GENERALIZED_TIME, b"20261122120000" + fraction + b"Z"), "it").time()
    assert found == datetime(2026, 11, 22, 12, 0, 0, 250_000, tzinfo=UTC)


def test_values_of_another_kind_are_refused_in_words() -> None:
    number = read_der(der_integer(1), "it")
    with pytest.raises(InputError, match="tag 0x02 where 0x04 is expected"):
        number.octets()
    with pytest.raises(InputError, match="a single value where several are expected"):
        number.children()
    fields = read_der(der(SEQUENCE, der_integer(1)), "it").fields()
    with pytest.raises(InputError, match="a value that nobody expects"):
        fields.end()
    fields.take()
    fields.end()
    with pytest.raises(InputError, match="a value is missing"):
        fields.take()
