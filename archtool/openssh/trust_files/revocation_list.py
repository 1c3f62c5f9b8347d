"""Parses OpenSSH key revocation lists (KRL), as `ssh-keygen -k` writes them.

A list that is not understood completely is refused, because it could not show that a key is *not* revoked. So
a section of an unknown kind, a flag, a critical extension and a bad signature are errors; extensions that are
not critical are ignored. The list comes from a trusted source outside the package, so its signatures are only
checked for correctness, not for their signers.

A list contains plain keys, digests of keys, and certificates of one or of all authorities, by serial number
or by key id.

Source: OpenSSH PROTOCOL.krl.
"""

from __future__ import annotations

import hashlib
import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from archtool.errors import InputError
from archtool.openssh.keys.certificate import PLAIN_TYPES, SshCertificate, shown_names
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.limits import MAX_SECTIONS, MAX_SIGNATURES
from archtool.openssh.raw_signature import verify_raw
from archtool.openssh.wire import UINT64_BYTES, WireReader

MAGIC = b"SSHKRL\n\0"
_VERSION = 1
_CERTIFICATES, _KEYS, _SHA1, _SIGNATURE, _SHA256, _EXTENSION = 1, 2, 3, 4, 5, 255
_SERIALS, _RANGE, _BITMAP, _KEY_IDS, _CERTIFICATE_EXTENSION = 0x20, 0x21, 0x22, 0x23, 0x39
_DIGEST_BYTES = {_SHA1: 20, _SHA256: 32}
_MAX_SERIAL = 2 ** (8 * UINT64_BYTES) - 1
_ZERO_SERIAL = "{where} is damaged: it revokes the serial number 0, which means that there is none"
_HINT = "get the list from its source again; a list that is only partly understood cannot be relied on"


@dataclass(frozen=True, slots=True)
class _CertificateSection:
    """Revoked certificates of one authority."""

    authority_blob: bytes
    """The authority's key in wire form; empty for any authority."""
    serials: array[int] = field(default_factory=lambda: array("Q"))
    ranges: list[tuple[int, int]] = field(default_factory=list)
    """The first and the last serial number of each range, both included."""
    bitmaps: list[tuple[int, int]] = field(default_factory=list)
    """For each bitmap the serial number of its lowest bit, and the bits."""
    key_ids: set[str] = field(default_factory=set)

    def why_revoked(self, certificate: SshCertificate) -> str | None:
        """Return why the section revokes a certificate; `None` if it does not."""
        if self.authority_blob not in (b"", certificate.authority_blob):
            return None
        if certificate.key_id in self.key_ids:
            return f"key id {shown_names([certificate.key_id])!r}"
        serial = certificate.serial
        is_named = (
            serial in self.serials
            or any(first <= serial <= last for first, last in self.ranges)
            or any(serial >= lowest and bits >> (serial - lowest) & 1 for lowest, bits in self.bitmaps)
        )
        return f"serial {serial}" if is_named else None


@dataclass(frozen=True, slots=True)
class KeyRevocationList:
    """The keys and certificates that one list revokes."""

    keys: set[bytes] = field(default_factory=set)
    """Plain keys in wire form."""
    sha1: set[bytes] = field(default_factory=set)
    sha256: set[bytes] = field(default_factory=set)
    """Digests of plain keys in wire form."""
    certificates: list[_CertificateSection] = field(default_factory=list)

    @classmethod
    def parse(cls, data: bytes, where: str) -> KeyRevocationList:
        """Parse a list that begins with `MAGIC`.

        Raises:
            InputError: the list is cut short, damaged, or not understood completely.
        """
        found = cls()
        try:
            reader = WireReader(data, where)
            _read_header(reader, where)
            for number, (kind, content) in enumerate(_sections(reader, data, where), start=1):
                found._add(kind, WireReader(content, f"{where} (section {number})"), where)
        except InputError as error:
            raise InputError(error.message, hint=_HINT) from None
        return found

    def has_key(self, blob: bytes) -> bool:
        """Whether a plain key, in wire form, is revoked."""
        return (
            blob in self.keys
            or hashlib.sha256(blob).digest() in self.sha256
            or hashlib.sha1(blob, usedforsecurity=False).digest() in self.sha1
        )

    def why_revoked(self, certificate: SshCertificate) -> str | None:
        """Return why a certificate is revoked, or `None`; its key and its authority's key are not checked."""
        reasons = (section.why_revoked(certificate) for section in self.certificates)
        return next((reason for reason in reasons if reason is not None), None)

    def _add(self, kind: int, content: WireReader, where: str) -> None:
        if kind == _CERTIFICATES:
            self.certificates.append(_read_certificates(content, where))
        elif kind == _KEYS:
            self.keys.update(_plain_key(blob, where) for blob in _strings(content))
        elif kind in _DIGEST_BYTES:
            digests = self.sha1 if kind == _SHA1 else self.sha256
            digests.update(_digest(value, kind, where) for value in _strings(content))
        elif kind == _EXTENSION:
            _skip_extension(content, where)
        else:
            raise InputError(f"{where} has a section of an unknown kind ({kind})")


def _read_header(reader: WireReader, where: str) -> None:
    reader.read(len(MAGIC))
    version = reader.uint32()
    if version != _VERSION:
        raise InputError(f"{where} is a key revocation list of version {version}; only {_VERSION} is known")
    reader.uint64()  # the version number of the list's content
    reader.uint64()  # the time of its making
    flags = reader.uint64()
    if flags:
        raise InputError(f"{where} has unknown flags ({flags:#x})")
    reader.string()  # reserved, to be ignored
    reader.string()  # a comment


def _sections(reader: WireReader, data: bytes, where: str) -> Iterator[tuple[int, bytes]]:
    """Yield the kind and the content of each section; signatures are verified and not yielded."""
    count = signatures = 0
    while reader.rest_bytes:
        count += 1
        kind, content = reader.byte(), reader.string()
        if count > MAX_SECTIONS:
            raise InputError(f"{where} has more than {MAX_SECTIONS:,} sections")
        if kind == _SIGNATURE:
            signatures += 1
            if signatures > MAX_SIGNATURES:
                raise InputError(f"{where} has more than {MAX_SIGNATURES} signatures")
            _check_signature(content, reader, data, where)
        elif signatures:
            raise InputError(f"{where} has sections after its signature")
        else:
            yield kind, content


def _check_signature(key_blob: bytes, reader: WireReader, data: bytes, where: str) -> None:
    signed = data[: len(data) - reader.rest_bytes]
    key = _of_plain_type(PublicKey.from_blob(key_blob, where=f"the key of a signature in {where}"), where)
    verification = verify_raw(key, reader.string(), signed)
    if not verification.is_good:
        raise InputError(f"{where} has a bad signature ({key.fingerprint}): {verification.reason}")


def _read_certificates(reader: WireReader, where: str) -> _CertificateSection:
    authority = reader.string()
    reader.string()  # reserved, to be ignored
    found = _CertificateSection(_plain_key(authority, where) if authority else b"")
    count = 0
    while reader.rest_bytes:
        count += 1
        if count > MAX_SECTIONS:
            raise InputError(f"{where} has more than {MAX_SECTIONS:,} sections about one authority")
        kind, content = reader.byte(), reader.string()
        _add_certificates(found, kind, WireReader(content, where), where)
    return found


def _add_certificates(found: _CertificateSection, kind: int, content: WireReader, where: str) -> None:
    if kind == _SERIALS:
        found.serials.extend(_serials(content.rest, where))
    elif kind == _RANGE:
        found.ranges.append(_range(content.uint64(), content.uint64(), where))
        content.end()
    elif kind == _BITMAP:
        found.bitmaps.append(_bitmap(content.uint64(), content.mpint(), where))
        content.end()
    elif kind == _KEY_IDS:
        found.key_ids.update(value.decode("utf-8", "surrogateescape") for value in _strings(content))
    elif kind == _CERTIFICATE_EXTENSION:
        _skip_extension(content, where)
    else:
        raise InputError(f"{where} revokes certificates in an unknown way ({kind:#x})")


def _serials(data: bytes, where: str) -> tuple[int, ...]:
    if len(data) % UINT64_BYTES:
        raise InputError(f"{where} is damaged: a list of serial numbers is cut short")
    serials = struct.unpack(f">{len(data) // UINT64_BYTES}Q", data)
    if 0 in serials:
        raise InputError(_ZERO_SERIAL.format(where=where))
    return serials


def _range(first: int, last: int, where: str) -> tuple[int, int]:
    if not first:
        raise InputError(_ZERO_SERIAL.format(where=where))
    if last < first:
        raise InputError(f"{where} is damaged: a range of serial numbers from {first} to {last}")
    return first, last


def _bitmap(lowest: int, bits: int, where: str) -> tuple[int, int]:
    if not lowest and bits & 1:
        raise InputError(_ZERO_SERIAL.format(where=where))
    if lowest + bits.bit_length() - 1 > _MAX_SERIAL:
        raise InputError(f"{where} is damaged: a bitmap exceeds the largest serial number")
    return lowest, bits


def _digest(value: bytes, kind: int, where: str) -> bytes:
    if len(value) != _DIGEST_BYTES[kind]:
        raise InputError(f"{where} is damaged: a digest of {len(value)} bytes, not {_DIGEST_BYTES[kind]}")
    return value


def _plain_key(blob: bytes, where: str) -> bytes:
    return _of_plain_type(PublicKey.from_blob(blob, where=f"a key in {where}"), where).blob


def _of_plain_type(key: PublicKey, where: str) -> PublicKey:
    if key.key_type in PLAIN_TYPES:
        raise InputError(f"{where} is damaged: it contains a certificate where a key is expected")
    return key


def _skip_extension(reader: WireReader, where: str) -> None:
    name, is_critical = reader.string(), reader.byte()
    reader.string()
    reader.end()
    if is_critical:
        raise InputError(f"{where} has an unknown critical extension: {name[:60]!r}")


def _strings(reader: WireReader) -> Iterator[bytes]:
    while reader.rest_bytes:
        yield reader.string()
