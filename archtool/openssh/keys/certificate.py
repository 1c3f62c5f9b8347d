"""Parses OpenSSH certificates, without verifying them.

A certificate contains a plain key, its principals, dates and conditions, and an authority's signature over
all of them. `certificate_check` checks the authority's signature, `signer_entry_check` whether the authority
is trusted. The rules of the parser:

1. Every field is read to its end: no bytes are missing, and none follow.
2. The certificate is for a user or for a host; any other kind is refused.
3. Principals and options are lists inside fields; no option appears twice.
4. The authority is a plain key: a certificate cannot sign certificates.

Certificates are parsed here because `cryptography` (`load_ssh_public_identity`, tried with version 50)
refuses many that OpenSSH accepts: every certificate of a FIDO key, every certificate signed by a FIDO key,
and unsorted options. For the others it returns neither the authority's key in wire form, which is needed for
comparison with revocation lists and `allowed_signers`, nor the signature and its algorithm, which separate a
weak signature from a broken one. It would save 27 lines of 176, and its import takes 35 ms.

Source: OpenSSH PROTOCOL.certkeys.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from archtool.errors import InputError
from archtool.openssh.keys.key_parts import POINT_BYTES, fingerprint_of, read_parts
from archtool.openssh.limits import MAX_CERTIFICATE_BYTES, MAX_OPTIONS, MAX_PRINCIPAL_BYTES, MAX_PRINCIPALS
from archtool.openssh.wire import WireReader, pack_string

SHOWN_NAMES, SHOWN_CHARACTERS = 4, 80  # limits for untrusted names in a message
USER, HOST = 1, 2
"""The kinds of certificates."""
FOREVER = 2**64 - 1  # the `valid before` of a certificate that does not expire
_SUFFIX = "-cert-v01@openssh.com"
PLAIN_TYPES = {
    f"ssh-ed25519{_SUFFIX}": "ssh-ed25519",
    f"ssh-rsa{_SUFFIX}": "ssh-rsa",
    **{f"ecdsa-sha2-{curve}{_SUFFIX}": f"ecdsa-sha2-{curve}" for curve in POINT_BYTES},
    f"sk-ssh-ed25519{_SUFFIX}": "sk-ssh-ed25519@openssh.com",
    f"sk-ecdsa-sha2-nistp256{_SUFFIX}": "sk-ecdsa-sha2-nistp256@openssh.com",
}
"""Type of a certificate → type of the key that it contains."""


@dataclass(frozen=True, slots=True)
class SshCertificate:
    """The content of a certificate; it is not to be relied on before the authority's signature is checked."""

    key_blob: bytes
    """The certified key, in the wire form of a plain key."""
    serial: int
    """The number that the authority assigned; 0 if it does not number its certificates."""
    kind: int
    """`USER` or `HOST`."""
    key_id: str
    """The authority's name for the certificate, for people."""
    principals: tuple[str, ...]
    """The names of the key's owner; no patterns."""
    valid_after: int
    valid_before: int
    """Seconds since 1970: valid from the first (included) to the last (excluded)."""
    critical_options: tuple[str, ...]
    """The names of the conditions that must be met for the certificate to be accepted."""
    authority_blob: bytes
    """The key that signed it, in wire form."""
    signed: bytes
    """The bytes that the authority's signature covers."""
    signature: bytes
    """The authority's signature, in wire form."""

    @property
    def authority(self) -> str:
        """The fingerprint of the key that signed it."""
        return fingerprint_of(self.authority_blob)

    @property
    def valid_from(self) -> datetime | None:
        """The first second of validity, in UTC; `None` if there is no beginning."""
        return _moment(self.valid_after) if self.valid_after else None

    @property
    def valid_until(self) -> datetime | None:
        """The first second after the end of validity, in UTC; `None` if there is no end."""
        return _moment(self.valid_before) if self.valid_before != FOREVER else None


def read_certificate(blob: bytes, where: str) -> SshCertificate:
    """Parse a certificate in wire form.

    Raises:
        InputError: too large, cut short, damaged, with bytes after its end, or signed by a certificate.
    """
    if len(blob) > MAX_CERTIFICATE_BYTES:
        raise InputError(
            f"{where} is too large for a certificate: {len(blob)} bytes (at most {MAX_CERTIFICATE_BYTES})"
        )
    reader = WireReader(blob, where)
    plain_type = PLAIN_TYPES[reader.text()]
    reader.string()  # the nonce makes the authority's signature unpredictable and carries no data
    key_blob = _read_key(plain_type, reader, where)
    serial, kind, key_id = reader.uint64(), reader.uint32(), _text(reader.string(), where)
    principals = tuple(_principals(reader.string(), where))
    valid_after, valid_before = reader.uint64(), reader.uint64()
    critical = tuple(_options(reader.string(), f"{where} (critical options)"))
    tuple(_options(reader.string(), f"{where} (extensions)"))  # they only permit, never restrict
    reader.string()  # reserved; OpenSSH ignores it too
    authority_blob = _read_authority(reader.string(), where)
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
    """Return the first names of a certificate, each shortened, for a message."""
    shown = [name if len(name) <= SHOWN_CHARACTERS else name[:SHOWN_CHARACTERS] + "…" for name in names]
    more = len(shown) - SHOWN_NAMES
    return ", ".join(shown[:SHOWN_NAMES]) + (f" and {more} more" if more > 0 else "")


def _read_key(plain_type: str, reader: WireReader, where: str) -> bytes:
    before = reader.rest
    read_parts(plain_type, reader, where)
    return pack_string(plain_type.encode("ascii")) + before[: len(before) - len(reader.rest)]


def _read_authority(blob: bytes, where: str) -> bytes:
    key_type = WireReader(blob, f"the authority's key in {where}").text()
    if key_type in PLAIN_TYPES or key_type.endswith(_SUFFIX):
        raise InputError(
            f"{where} is signed by another certificate ({key_type})",
            hint="only a plain key can be an authority: ask for a certificate signed by a plain key",
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
    reader, names = WireReader(data, where), set()
    while reader.rest_bytes:
        name, _ = reader.string(), reader.string()
        if name in names:
            raise InputError(f"{where} is damaged: the option {name[:60]!r} appears twice")
        names.add(name)
        if len(names) > MAX_OPTIONS:
            raise InputError(f"{where} has more than {MAX_OPTIONS} options")
        yield _text(name, where)


def _text(value: bytes, where: str) -> str:
    # surrogateescape, as for allowed_signers: bytes that are no UTF-8 must compare as in OpenSSH
    if b"\0" in value:
        raise InputError(f"{where} is damaged: a name contains a zero byte: {value[:60]!r}")
    return value.decode("utf-8", "surrogateescape")


def _moment(seconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.max.replace(microsecond=0, tzinfo=UTC)  # later than Python can represent
