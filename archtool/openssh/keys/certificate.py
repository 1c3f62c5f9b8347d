"""Certificates of OpenSSH: what an authority says of a key, read and not yet believed.

A certificate wraps a plain key: whose names it is for, from when until when, under which conditions, and
the signature of the authority over all of that. This file takes it apart. `certificate_check` checks the
authority's signature, `signer_entry_check` whether the authority is trusted.

1. Every field is read to its end: nothing may follow, and nothing may be cut short.
2. It is a certificate for a user or for a host; another kind is damage.
3. Principals and options are lists inside of fields; of options, no name comes twice.
4. The authority is a plain key: a certificate cannot make certificates.

Certificates are read here because `cryptography` (`load_ssh_public_identity`, tried with version 50) refuses
many that OpenSSH accepts: every certificate of a FIDO key, every certificate that a FIDO key has signed, and
options that are not sorted. Of the others it gives neither the authority's key in wire form, which revocation
lists and `allowed_signers` are compared with, nor the signature and its algorithm, which tell a weak one from
a broken one. It would save 27 lines of 176, and its import takes 35 ms.

Source: OpenSSH PROTOCOL.certkeys.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from archtool.errors import InputError
from archtool.openssh.keys.key_parts import POINT_BYTES, fingerprint_of, read_parts
from archtool.openssh.wire import WireReader, pack_string

MAX_CERTIFICATE_BYTES = 64 * 1024  # a few hundred; OpenSSH itself stops at the size of a packet
MAX_PRINCIPALS = 256  # OpenSSH's own bound
MAX_PRINCIPAL_BYTES = 1024  # as in a statement; also keeps matching patterns quick
MAX_OPTIONS = 256  # critical ones, and extensions: OpenSSH knows ten altogether
SHOWN_NAMES, SHOWN_CHARACTERS = 4, 80  # of what a stranger may have written at will, in a message
USER, HOST = 1, 2
"""What a certificate is for."""
FOREVER = 2**64 - 1  # the `valid before` of a certificate without an end
_SUFFIX = "-cert-v01@openssh.com"
PLAIN_TYPES = {
    f"ssh-ed25519{_SUFFIX}": "ssh-ed25519",
    f"ssh-rsa{_SUFFIX}": "ssh-rsa",
    **{f"ecdsa-sha2-{curve}{_SUFFIX}": f"ecdsa-sha2-{curve}" for curve in POINT_BYTES},
    f"sk-ssh-ed25519{_SUFFIX}": "sk-ssh-ed25519@openssh.com",
    f"sk-ecdsa-sha2-nistp256{_SUFFIX}": "sk-ecdsa-sha2-nistp256@openssh.com",
}
"""Type of a certificate → type of the key in it."""


@dataclass(frozen=True, slots=True)
class SshCertificate:
    """What the certificate says; nothing of it is true before the authority's signature was checked."""

    key_blob: bytes
    """The key that it is about, in the wire form of a plain key."""
    serial: int
    """A number that the authority gave; 0 where it does not number its certificates."""
    kind: int
    """`USER` or `HOST`."""
    key_id: str
    """How the authority calls it, for people."""
    principals: tuple[str, ...]
    """Whose key it is: names, no patterns."""
    valid_after: int
    valid_before: int
    """Seconds since 1970; the first belongs to the time in which it is valid, the last does not."""
    critical_options: tuple[str, ...]
    """Names of the conditions under which alone it may be believed."""
    authority_blob: bytes
    """The key that signed it, in wire form."""
    signed: bytes
    """Everything that the authority's signature is over."""
    signature: bytes
    """The authority's signature, in wire form."""

    @property
    def authority(self) -> str:
        """The fingerprint of the key that signed it."""
        return fingerprint_of(self.authority_blob)

    @property
    def valid_from(self) -> datetime | None:
        """The first second in which it is valid, in UTC; `None` for any time in the past."""
        return _moment(self.valid_after) if self.valid_after else None

    @property
    def valid_until(self) -> datetime | None:
        """The second in which it is not valid any more, in UTC; `None` where there is no end."""
        return _moment(self.valid_before) if self.valid_before != FOREVER else None


def read_certificate(blob: bytes, where: str) -> SshCertificate:
    """Take a certificate in its wire form apart.

    Raises:
        InputError: too large, cut short, damaged, with bytes after its end, or signed by a certificate.
    """
    if len(blob) > MAX_CERTIFICATE_BYTES:
        raise InputError(
            f"{where} is too large for a certificate: {len(blob)} bytes (at most {MAX_CERTIFICATE_BYTES})"
        )
    reader = WireReader(blob, where)
    plain_type = PLAIN_TYPES[reader.text()]
    reader.string()  # the nonce keeps the authority's signature from being foreseen, and says nothing
    key_blob = _take_key(plain_type, reader, where)
    serial, kind, key_id = reader.uint64(), reader.uint32(), _text(reader.string(), where)
    principals = tuple(_principals(reader.string(), where))
    valid_after, valid_before = reader.uint64(), reader.uint64()
    critical = tuple(_options(reader.string(), f"{where} (critical options)"))
    tuple(_options(reader.string(), f"{where} (extensions)"))  # they allow, and never restrict
    reader.string()  # reserved; OpenSSH does not look at it either
    authority_blob = _take_authority(reader.string(), where)
    signed = blob[: len(blob) - len(reader.rest)]
    signature = reader.string()
    reader.end()
    if kind not in (USER, HOST):
        raise InputError(f"{where} is damaged: a certificate is for a user (1) or a host (2), not {kind}")
    return SshCertificate(
        key_blob, serial, kind, key_id, principals, valid_after, valid_before, critical, authority_blob,
        signed, signature,
    )  # fmt: skip


def shown_names(names: Sequence[str]) -> str:
    """Some of the names in a certificate, each not too long, for a message."""
    shown = [name if len(name) <= SHOWN_CHARACTERS else name[:SHOWN_CHARACTERS] + "…" for name in names]
    more = len(shown) - SHOWN_NAMES
    return ", ".join(shown[:SHOWN_NAMES]) + (f" and {more} more" if more > 0 else "")


def _take_key(plain_type: str, reader: WireReader, where: str) -> bytes:
    before = reader.rest
    read_parts(plain_type, reader, where)
    return pack_string(plain_type.encode("ascii")) + before[: len(before) - len(reader.rest)]


def _take_authority(blob: bytes, where: str) -> bytes:
    key_type = WireReader(blob, f"the authority's key in {where}").text()
    if key_type in PLAIN_TYPES or key_type.endswith(_SUFFIX):
        raise InputError(
            f"{where} is signed by another certificate ({key_type})",
            hint="only a plain key can be an authority: ask for a certificate that such a key has signed",
        )
    return blob


def _principals(data: bytes, where: str) -> Iterator[str]:
    reader, count = WireReader(data, f"{where} (principals)"), 0
    while reader.rest_bytes:
        count += 1
        if count > MAX_PRINCIPALS:
            raise InputError(f"{where} has more than {MAX_PRINCIPALS} principals")
        name = reader.string()
        if len(name) > MAX_PRINCIPAL_BYTES:
            raise InputError(f"{where} has a principal of {len(name)} bytes (at most {MAX_PRINCIPAL_BYTES})")
        yield _text(name, where)


def _options(data: bytes, where: str) -> Iterator[str]:
    reader, seen = WireReader(data, where), set()
    while reader.rest_bytes:
        name, _ = reader.string(), reader.string()
        if name in seen:
            raise InputError(f"{where} is damaged: {name[:60]!r} is there twice")
        seen.add(name)
        if len(seen) > MAX_OPTIONS:
            raise InputError(f"{where} has more than {MAX_OPTIONS} options")
        yield _text(name, where)


def _text(value: bytes, where: str) -> str:
    # as allowed_signers is read: bytes that are no UTF-8 must still compare as OpenSSH compares them
    if b"\0" in value:
        raise InputError(f"{where} is damaged: a name holds a zero byte: {value[:60]!r}")
    return value.decode("utf-8", "surrogateescape")


def _moment(seconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.max.replace(microsecond=0, tzinfo=UTC)  # later than any calendar here goes
