"""Key revocation lists: their content, and the refusal of lists that are not understood completely."""

from __future__ import annotations

import hashlib
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.errors import InputError
from archtool.openssh.trust_files import revocation_list as krl_module
from archtool.openssh.trust_files.revoked_keys import Revocation, RevokedItem, RevokedKeys
from archtool.openssh.wire import pack_mpint, pack_string
from unit.attestations.trust_builders import ARCHIVIST, CURATOR, fixed_key
from unit.openssh.certificate_builder import (
    about_authority,
    certified,
    krl,
    pack_sections,
    pack_strings,
    pack_uint64,
)

KEY = fixed_key(ARCHIVIST).public
OTHER = fixed_key(CURATOR).public
AUTHORITY = fixed_key("authority").public
CERTIFICATE = certified(serial=5).public
SERIAL_LIST, SERIAL_RANGE, SERIAL_BITMAP, KEY_ID, CERTIFICATE_EXTENSION = 0x20, 0x21, 0x22, 0x23, 0x39
SHA1 = hashlib.sha1(KEY.blob, usedforsecurity=False).digest()
SHA256 = hashlib.sha256(KEY.blob).digest()


def parse(data: bytes) -> RevokedKeys:
    return RevokedKeys.parse(data, "revoked.krl")


def of_any(kind: int, content: bytes) -> bytes:
    """Return a list with one section about certificates of any authority."""
    return krl(about_authority(b"", (kind, content)))


def about(*sections: tuple[int, bytes], authority: bytes = AUTHORITY.blob) -> RevokedKeys:
    return parse(krl(about_authority(authority, *sections)))


def signed_krl(data: bytes, name: str = "list-keeper") -> bytes:
    """Append a signature over everything before it, including the signing key."""
    data += b"\4" + pack_string(fixed_key(name).public.blob)
    return data + pack_string(fixed_key(name).sign_raw(data))


@pytest.mark.parametrize(
    "section",
    [(2, pack_strings([OTHER.blob, KEY.blob])), (3, pack_strings([SHA1])), (5, pack_strings([SHA256]))],
)
def test_a_key_is_revoked_by_itself_or_its_digests_together_with_its_certificates(
    section: tuple[int, bytes],
) -> None:
    revoked = parse(krl(section))
    for key in (KEY, CERTIFICATE):
        assert revoked.find(key) == Revocation(RevokedItem.KEY, "revoked.krl")
    assert revoked.find(fixed_key("third").public) is None


def test_a_revoked_authority_revokes_its_certificates() -> None:
    revoked = parse(krl((2, pack_strings([AUTHORITY.blob]))))
    assert revoked.find(CERTIFICATE) == Revocation(RevokedItem.AUTHORITY, "revoked.krl")
    assert revoked.find(KEY) is None


@pytest.mark.parametrize(
    ("section", "serials", "others"),
    [
        ((SERIAL_LIST, pack_uint64(5) + pack_uint64(2**64 - 1)), (5, 2**64 - 1), (4, 6)),
        ((SERIAL_RANGE, pack_uint64(5) + pack_uint64(7)), (5, 6, 7), (4, 8)),
        ((SERIAL_BITMAP, pack_uint64(5) + pack_mpint(0b1_0000_0101)), (5, 7, 13), (4, 6, 12, 14, 2**64 - 1)),
        ((SERIAL_BITMAP, pack_uint64(2**64 - 8) + pack_mpint(0b1000_0000)), (2**64 - 1,), (2**64 - 2, 7)),
        ((SERIAL_BITMAP, pack_uint64(5) + pack_string(b"")), (), (5,)),
    ],
)
def test_a_certificate_is_revoked_by_its_serial_number(
    section: tuple[int, bytes], serials: tuple[int, ...], others: tuple[int, ...]
) -> None:
    revoked = about(section)
    for serial in serials:
        revocation = revoked.find(certified(serial=serial).public)
        assert revocation == Revocation(RevokedItem.CERTIFICATE, f"revoked.krl, serial {serial}")
    for serial in others:
        assert revoked.find(certified(serial=serial).public) is None
    assert revoked.find(KEY) is None


def test_serials_and_key_ids_apply_to_the_named_authority_or_to_all() -> None:
    stranger = certified(authority="another").public
    serial = (SERIAL_LIST, pack_uint64(5))
    assert about(serial).find(stranger) is None
    assert about(serial, authority=b"").find(stranger) is not None
    named = about((KEY_ID, pack_strings([b"somebody", b"the archivist"])), authority=b"")
    assert named.find(stranger) == Revocation(RevokedItem.CERTIFICATE, "revoked.krl, key id 'the archivist'")


def test_an_empty_list_revokes_nothing_and_a_list_can_be_pickled() -> None:
    revoked = parse(krl(comment=b"nothing yet"))
    assert revoked.find(KEY) is None
    assert pickle.loads(pickle.dumps(about((SERIAL_LIST, pack_uint64(5))))).find(CERTIFICATE)  # noqa: S301


def test_extensions_that_are_not_critical_are_ignored() -> None:
    extension = pack_string(b"later@example.org") + b"\0" + pack_string(b"what it says")
    revoked = parse(
        krl(
            (255, extension),
            about_authority(b"", (CERTIFICATE_EXTENSION, extension), (SERIAL_LIST, pack_uint64(5))),
        )
    )
    assert revoked.find(CERTIFICATE) is not None


def test_a_signed_list_is_accepted_only_if_its_signature_verifies() -> None:
    data = signed_krl(signed_krl(krl((2, pack_strings([KEY.blob])))), "second keeper")
    assert parse(data).find(KEY) is not None
    with pytest.raises(InputError, match="has a bad signature"):
        parse(data.replace(b"SSHKRL\n\0\0\0\0\1\0\0\0\0\0\0\0\1", b"SSHKRL\n\0\0\0\0\1\0\0\0\0\0\0\0\2"))


CRITICAL = pack_string(b"only@example.org") + b"\1" + pack_string(b"")


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (krl(version=2), "of version 2; only 1 is known"),
        (krl(flags=4), "unknown flags .0x4"),
        (krl((6, b"")), "section of an unknown kind .6"),
        (krl((255, CRITICAL)), "unknown critical extension: b'only@example.org'"),
        (krl((255, CRITICAL + b"x")), "1 bytes after its end"),
        (of_any(CERTIFICATE_EXTENSION, CRITICAL), "unknown critical extension"),
        (of_any(0x24, b""), "revokes certificates in an unknown way .0x24"),
        (of_any(SERIAL_LIST, b"1234567"), "list of serial numbers is cut short"),
        (of_any(SERIAL_RANGE, b"1234567"), "cut short"),
        (of_any(SERIAL_RANGE, b"x" * 17), "1 bytes after its end"),
        (of_any(SERIAL_BITMAP, pack_uint64(1) + pack_string(b"\x80")), "not in its shortest form"),
        (of_any(SERIAL_BITMAP, pack_uint64(1) + pack_string(b"\1" * 2050)), "2050 bytes"),
        (of_any(SERIAL_BITMAP, pack_uint64(0) + pack_mpint(1)), "serial number 0"),
        (of_any(SERIAL_BITMAP, pack_uint64(2**64 - 1) + pack_mpint(2)), "exceeds the largest serial number"),
        (of_any(SERIAL_RANGE, pack_uint64(0) + pack_uint64(9)), "serial number 0"),
        (of_any(SERIAL_RANGE, pack_uint64(9) + pack_uint64(8)), "from 9 to 8"),
        (of_any(SERIAL_LIST, pack_uint64(5) + pack_uint64(0)), "serial number 0"),
        (of_any(KEY_ID, b"\0\0\0\7abc"), "cut short"),
        (krl(about_authority(b"no key")), "cut short"),
        (krl(about_authority(CERTIFICATE.blob)), "a certificate where a key is expected"),
        (krl((1, b"")), "cut short"),
        (krl((2, pack_strings([b"no key"]))), "cut short"),
        (krl((2, pack_strings([CERTIFICATE.blob]))), "a certificate where a key is expected"),
        (krl((3, pack_strings([SHA256]))), "a digest of 32 bytes, not 20"),
        (krl((5, pack_strings([SHA1]))), "a digest of 20 bytes, not 32"),
        (krl() + b"\2\xff\xff\xff\xff", "cut short"),
        (signed_krl(krl()) + pack_sections((2, b"")), "has sections after its signature"),
        (krl() + b"\4" + pack_string(KEY.blob), "cut short"),
        (krl() + b"\4" + pack_string(KEY.blob) + pack_string(b"x"), "has a bad signature"),
        (krl() + b"\4" + pack_string(CERTIFICATE.blob) + pack_string(b"x"), "where a key is expected"),
    ],
)
def test_a_list_that_is_not_understood_completely_is_refused_with_the_reason(
    data: bytes, complaint: str
) -> None:
    with pytest.raises(InputError, match=complaint) as caught:
        parse(data)
    assert caught.value.message.startswith(("revoked.krl", "a key in revoked.krl"))
    assert "cannot be relied on" in (caught.value.hint or "")


@pytest.mark.parametrize("inside", [False, True])
def test_a_list_with_too_many_sections_is_refused(inside: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(krl_module, "MAX_SECTIONS", 3)
    sections = [(KEY_ID, b"")] * 4 if inside else [(2, b"")] * 4
    with pytest.raises(InputError, match="more than 3 sections"):
        parse(krl(about_authority(b"", *sections)) if inside else krl(*sections))


def test_a_list_with_too_many_signatures_is_refused() -> None:
    data = krl()
    for _ in range(krl_module.MAX_SIGNATURES):
        data = signed_krl(data)
    assert parse(data).find(KEY) is None
    with pytest.raises(InputError, match="more than 8 signatures"):
        parse(signed_krl(data))


SECTIONS = (
    (2, pack_strings([OTHER.blob])),
    (3, pack_strings([SHA1])),
    (5, pack_strings([hashlib.sha256(OTHER.blob).digest()])),
    about_authority(
        AUTHORITY.blob, (SERIAL_LIST, pack_uint64(5)), (KEY_ID, pack_strings([b"the archivist"]))
    ),
)
UNSIGNED = krl(*SECTIONS)
WHOLE = signed_krl(UNSIGNED)


def test_any_flipped_bit_of_a_signed_list_is_found() -> None:
    for position in range(len(WHOLE)):
        data = bytearray(WHOLE)
        data[position] ^= 1
        with pytest.raises(InputError):
            parse(bytes(data))
    assert parse(WHOLE).find(CERTIFICATE) is not None


@given(st.integers(min_value=0, max_value=len(WHOLE) - 1), st.integers(min_value=1, max_value=255))
def test_any_changed_byte_of_a_signed_list_is_found(position: int, change: int) -> None:
    data = bytearray(WHOLE)
    data[position] ^= change
    with pytest.raises(InputError):
        parse(bytes(data))


@given(st.integers(min_value=0, max_value=len(UNSIGNED) - 1), st.integers(min_value=1, max_value=255))
def test_an_unsigned_list_with_a_changed_byte_is_parsed_or_refused_with_an_input_error(
    position: int, change: int
) -> None:
    """Both are possible: a list with another number is another valid list."""
    data = bytearray(UNSIGNED)
    data[position] ^= change
    try:
        found = parse(bytes(data))
    except InputError as error:
        assert "revoked.krl" in error.message  # noqa: PT017 - both outcomes are valid
    else:
        assert found.krl is not None
        assert found.find(CERTIFICATE) is None or found.find(CERTIFICATE).place.startswith("revoked.krl")


def test_a_truncated_list_is_refused_unless_it_is_cut_between_sections() -> None:
    ends = {len(krl(*SECTIONS[:count])) for count in range(len(SECTIONS) + 1)}
    for size_bytes in range(1, len(WHOLE)):
        if size_bytes in ends:
            assert parse(WHOLE[:size_bytes]).krl is not None
        else:
            with pytest.raises(InputError):
                parse(WHOLE[:size_bytes])


@given(st.binary(max_size=200))
def test_random_bytes_after_the_head_of_a_list_are_parsed_or_refused_with_a_hint(rest: bytes) -> None:
    try:
        found = parse(krl() + rest)
    except InputError as error:
        assert error.hint  # noqa: PT017 - both outcomes are valid
    else:
        assert found.krl is not None
