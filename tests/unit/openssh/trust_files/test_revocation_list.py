"""Key revocation lists: what they revoke, and that one which is not understood is never taken for silence."""

from __future__ import annotations

import hashlib
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.errors import InputError
from archtool.openssh.trust_files import revocation_list as krl_module
from archtool.openssh.trust_files.revoked_keys import Revocation, Revoked, RevokedKeys
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
    """A list with one section on certificates, whoever their authority is."""
    return krl(about_authority(b"", (kind, content)))


def about(*sections: tuple[int, bytes], authority: bytes = AUTHORITY.blob) -> RevokedKeys:
    return parse(krl(about_authority(authority, *sections)))


def signed_krl(data: bytes, name: str = "list-keeper") -> bytes:
    """The list with a signature over all that is before it, the signing key included."""
    data += b"\4" + pack_string(fixed_key(name).public.blob)
    return data + pack_string(fixed_key(name).sign_raw(data))


@pytest.mark.parametrize(
    "section",
    [(2, pack_strings([OTHER.blob, KEY.blob])), (3, pack_strings([SHA1])), (5, pack_strings([SHA256]))],
)
def test_a_key_is_revoked_by_itself_and_by_its_digests_and_takes_its_certificates_along(
    section: tuple[int, bytes],
) -> None:
    revoked = parse(krl(section))
    for key in (KEY, CERTIFICATE):
        assert revoked.find(key) == Revocation(Revoked.KEY, "revoked.krl")
    assert revoked.find(fixed_key("third").public) is None


def test_an_authority_that_is_revoked_takes_its_certificates_along() -> None:
    revoked = parse(krl((2, pack_strings([AUTHORITY.blob]))))
    assert revoked.find(CERTIFICATE) == Revocation(Revoked.AUTHORITY, "revoked.krl")
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
        answer = revoked.find(certified(serial=serial).public)
        assert answer == Revocation(Revoked.CERTIFICATE, f"revoked.krl, serial {serial}")
    for serial in others:
        assert revoked.find(certified(serial=serial).public) is None
    assert revoked.find(KEY) is None


def test_serial_numbers_count_for_one_authority_and_key_ids_for_all_where_none_is_named() -> None:
    stranger = certified(authority="another").public
    serial = (SERIAL_LIST, pack_uint64(5))
    assert about(serial).find(stranger) is None
    assert about(serial, authority=b"").find(stranger) is not None
    named = about((KEY_ID, pack_strings([b"somebody", b"the archivist"])), authority=b"")
    assert named.find(stranger) == Revocation(Revoked.CERTIFICATE, "revoked.krl, key id 'the archivist'")


def test_an_empty_list_revokes_nothing_and_can_be_handed_to_another_process() -> None:
    revoked = parse(krl(comment=b"nothing yet"))
    assert revoked.find(KEY) is None
    assert pickle.loads(pickle.dumps(about((SERIAL_LIST, pack_uint64(5))))).find(CERTIFICATE)  # noqa: S301


def test_extensions_that_are_not_critical_are_passed_over() -> None:
    extension = pack_string(b"later@example.org") + b"\0" + pack_string(b"what it says")
    revoked = parse(
        krl(
            (255, extension),
            about_authority(b"", (CERTIFICATE_EXTENSION, extension), (SERIAL_LIST, pack_uint64(5))),
        )
    )
    assert revoked.find(CERTIFICATE) is not None


def test_a_signed_list_is_read_and_its_signature_must_hold() -> None:
    data = signed_krl(signed_krl(krl((2, pack_strings([KEY.blob])))), "second keeper")
    assert parse(data).find(KEY) is not None
    with pytest.raises(InputError, match="signature that does not hold"):
        parse(data.replace(b"SSHKRL\n\0\0\0\0\1\0\0\0\0\0\0\0\1", b"SSHKRL\n\0\0\0\0\1\0\0\0\0\0\0\0\2"))


CRITICAL = pack_string(b"only@example.org") + b"\1" + pack_string(b"")


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (krl(version=2), "of version 2; only 1 is known"),
        (krl(flags=4), "flags that are not known here .0x4"),
        (krl((6, b"")), "section of a kind that is not known here .6"),
        (krl((255, CRITICAL)), "demands what is not known here: b'only@example.org'"),
        (krl((255, CRITICAL + b"x")), "1 bytes after its end"),
        (of_any(CERTIFICATE_EXTENSION, CRITICAL), "demands what is not known here"),
        (of_any(0x24, b""), "revokes certificates in a way that is not known here .0x24"),
        (of_any(SERIAL_LIST, b"1234567"), "list of serial numbers is cut short"),
        (of_any(SERIAL_RANGE, b"1234567"), "cut short"),
        (of_any(SERIAL_RANGE, b"x" * 17), "1 bytes after its end"),
        (of_any(SERIAL_BITMAP, pack_uint64(1) + pack_string(b"\x80")), "one allowed form"),
        (of_any(SERIAL_BITMAP, pack_uint64(1) + pack_string(b"\1" * 2050)), "2050 bytes"),
        (of_any(SERIAL_BITMAP, pack_uint64(0) + pack_mpint(1)), "serial number 0"),
        (of_any(SERIAL_BITMAP, pack_uint64(2**64 - 1) + pack_mpint(2)), "beyond the last"),
        (of_any(SERIAL_RANGE, pack_uint64(0) + pack_uint64(9)), "serial number 0"),
        (of_any(SERIAL_RANGE, pack_uint64(9) + pack_uint64(8)), "from 9 to 8"),
        (of_any(SERIAL_LIST, pack_uint64(5) + pack_uint64(0)), "serial number 0"),
        (of_any(KEY_ID, b"\0\0\0\7abc"), "cut short"),
        (krl(about_authority(b"no key")), "cut short"),
        (krl(about_authority(CERTIFICATE.blob)), "a certificate stands in the place of a key"),
        (krl((1, b"")), "cut short"),
        (krl((2, pack_strings([b"no key"]))), "cut short"),
        (krl((2, pack_strings([CERTIFICATE.blob]))), "a certificate stands in the place of a key"),
        (krl((3, pack_strings([SHA256]))), "a digest of 32 bytes, not 20"),
        (krl((5, pack_strings([SHA1]))), "a digest of 20 bytes, not 32"),
        (krl() + b"\2\xff\xff\xff\xff", "cut short"),
        (signed_krl(krl()) + pack_sections((2, b"")), "goes on after its signature"),
        (krl() + b"\4" + pack_string(KEY.blob), "cut short"),
        (krl() + b"\4" + pack_string(KEY.blob) + pack_string(b"x"), "signature that does not hold"),
        (krl() + b"\4" + pack_string(CERTIFICATE.blob) + pack_string(b"x"), "in the place of a key"),
    ],
)
def test_a_list_that_is_not_understood_whole_is_refused_with_its_reason(data: bytes, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint) as caught:
        parse(data)
    assert caught.value.message.startswith(("revoked.krl", "a key in revoked.krl"))
    assert "cannot be relied on" in (caught.value.hint or "")


@pytest.mark.parametrize("inside", [False, True])
def test_a_list_of_endless_sections_is_not_read_to_its_end(
    inside: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(krl_module, "MAX_SECTIONS", 3)
    sections = [(KEY_ID, b"")] * 4 if inside else [(2, b"")] * 4
    with pytest.raises(InputError, match="more than 3 sections"):
        parse(krl(about_authority(b"", *sections)) if inside else krl(*sections))


def test_a_list_of_endless_signatures_is_not_checked_to_its_end() -> None:
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


def test_not_one_bit_of_a_signed_list_can_be_changed_unseen() -> None:
    for position in range(len(WHOLE)):
        data = bytearray(WHOLE)
        data[position] ^= 1
        with pytest.raises(InputError):
            parse(bytes(data))
    assert parse(WHOLE).find(CERTIFICATE) is not None


@given(st.integers(min_value=0, max_value=len(WHOLE) - 1), st.integers(min_value=1, max_value=255))
def test_no_byte_of_a_signed_list_can_be_changed_unseen(position: int, change: int) -> None:
    data = bytearray(WHOLE)
    data[position] ^= change
    with pytest.raises(InputError):
        parse(bytes(data))


@given(st.integers(min_value=0, max_value=len(UNSIGNED) - 1), st.integers(min_value=1, max_value=255))
def test_a_changed_byte_of_a_list_that_nobody_signed_gives_an_answer_or_a_clear_error(
    position: int, change: int
) -> None:
    """Which of the two, nobody can tell: another number is another list."""
    data = bytearray(UNSIGNED)
    data[position] ^= change
    try:
        found = parse(bytes(data))
    except InputError as error:
        assert "revoked.krl" in error.message  # noqa: PT017 - either answer is right
    else:
        assert found.krl is not None
        assert found.find(CERTIFICATE) is None or found.find(CERTIFICATE).place.startswith("revoked.krl")


def test_a_list_that_is_cut_is_refused_but_where_a_section_ends_and_nothing_shows_it() -> None:
    ends = {len(krl(*SECTIONS[:count])) for count in range(len(SECTIONS) + 1)}
    for size_bytes in range(1, len(WHOLE)):
        if size_bytes in ends:
            assert parse(WHOLE[:size_bytes]).krl is not None
        else:
            with pytest.raises(InputError):
                parse(WHOLE[:size_bytes])


@given(st.binary(max_size=200))
def test_no_bytes_after_the_head_of_a_list_give_anything_but_an_answer(rest: bytes) -> None:
    try:
        found = parse(krl() + rest)
    except InputError as error:
        assert error.hint  # noqa: PT017 - either answer is right
    else:
        assert found.krl is not None
