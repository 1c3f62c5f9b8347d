"""Strict DER: one form of each value, and no reading past the end."""

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
def test_numbers_survive_a_round_trip(number: int) -> None:
    assert read_der(der_integer(number), "number").integer() == number


@given(st.lists(st.integers(0, 2**40), max_size=5), st.integers(0, 2), st.integers(0, 39))
def test_object_identifiers_survive_a_round_trip(arcs: list[int], first: int, second: int) -> None:
    dotted = ".".join(map(str, (first, second, *arcs)))
    assert read_der(der_oid(dotted), "oid").oid() == dotted


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65_536])
def test_lengths_are_written_in_the_fewest_bytes(size: int) -> None:
    assert read_der(der(OCTET_STRING, bytes(size)), "bytes").octets() == bytes(size)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_reads_the_encoded_values(tmp_path: Path) -> None:
    path = tmp_path / "value.der"
    path.write_bytes(
        der(SEQUENCE, der_integer(-129), der_oid("2.16.840.1.101.3.4.2.3"), der(OCTET_STRING, b"x" * 200))
    )
    command = ["openssl", "asn1parse", "-inform", "DER", "-in", str(path)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert ":-81" in done.stdout
    assert ":sha512" in done.stdout


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it has 0 values; expected one"),
        (b"\x05\x00\x05\x00", "it has 2 values; expected one"),
        (b"\x04", "no valid tag and length"),
        (b"\x1f\x01\x00", "no valid tag and length"),
        (b"\x30\x80\x00\x00", "a length of 0 bytes"),
        (b"\x04\x85\x00\x00\x00\x00\x01x", "a length of 5 bytes"),
        (b"\x04\x82\x01", "a length of 2 bytes"),
        (b"\x04\x81\x01x", "a length with needless bytes"),
        (b"\x04\x82\x00\x80" + bytes(128), "a length with needless bytes"),
        (b"\x04\x05abc", "2 bytes are missing"),
    ],
)
def test_a_value_in_another_than_the_canonical_form_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        read_der(data, "it")


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01", b"\xff\x80", b"\x01" * 65]
)  # fmt: skip
def test_a_number_with_needless_too_many_or_no_bytes_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="a number"):
        read_der(der(INTEGER, content), "it").integer()


@pytest.mark.parametrize("content", [b"", b"\x2a\x80", b"\x2a\x80\x01", b"\x2a" * 65])
def test_a_damaged_object_identifier_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="object identifier"):
        read_der(der(OID, content), "it").oid()


@pytest.mark.parametrize("text", [b"20261122120000", b"2026112212Z", b"20261322120000Z", b"20261122120000.Z"])
def test_a_malformed_time_is_refused(text: bytes) -> None:
    with pytest.raises(InputError, match="not a valid time"):
        read_der(der(GENERALIZED_TIME, text), "it").time()


@pytest.mark.parametrize("fraction", [b".25", b".250", b".250000000"])
def test_fractions_of_a_second_are_read(fraction: bytes) -> None:
    found = read_der(der(GENERALIZED_TIME, b"20261122120000" + fraction + b"Z"), "it").time()
    assert found == datetime(2026, 11, 22, 12, 0, 0, 250_000, tzinfo=UTC)


def test_unexpected_and_missing_values_are_refused_with_the_reason() -> None:
    number = read_der(der_integer(1), "it")
    with pytest.raises(InputError, match="expected tag 0x04, found 0x02"):
        number.octets()
    with pytest.raises(InputError, match="a primitive value where a constructed one is expected"):
        number.children()
    fields = read_der(der(SEQUENCE, der_integer(1)), "it").fields()
    with pytest.raises(InputError, match="an unexpected value"):
        fields.end()
    fields.read()
    fields.end()
    with pytest.raises(InputError, match="a value is missing"):
        fields.read()
