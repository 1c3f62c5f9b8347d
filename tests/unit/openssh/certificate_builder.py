"""Builds certificates and revocation lists field by field, so that a test can make each field wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.sshsig import RawSigner
from archtool.openssh.wire import UINT64_BYTES, pack_string, pack_uint32
from unit.attestations.trust_builders import ARCHIVIST, fixed_key

SUFFIX = b"-cert-v01@openssh.com"


def pack_uint64(number: int) -> bytes:
    """Return a number as eight bytes, big-endian."""
    return number.to_bytes(UINT64_BYTES, "big")


def pack_strings(values: Iterable[bytes]) -> bytes:
    return b"".join(pack_string(value) for value in values)


def pack_options(options: dict[str, bytes]) -> bytes:
    return b"".join(pack_string(name.encode()) + pack_string(value) for name, value in options.items())


@dataclass(frozen=True)
class Draft:
    """The fields of a certificate to build; fields given as bytes are used unchanged."""

    key: PublicKey
    authority: RawSigner
    serial: int = 5
    kind: int = 1
    key_id: bytes = b"the archivist"
    principals: bytes = pack_strings([ARCHIVIST.encode()])
    valid_after: int = 0
    valid_before: int = 2**64 - 1
    critical: bytes = b""
    extensions: bytes = pack_options({"permit-pty": b""})
    reserved: bytes = b""
    after: bytes = b""

    def unsigned(self) -> bytes:
        name = self.key.key_type.encode().removesuffix(b"@openssh.com")
        parts = self.key.blob[4 + len(self.key.key_type) :]
        return b"".join(
            (
                pack_string(name + SUFFIX), pack_string(b"n" * 32), parts,
                pack_uint64(self.serial), pack_uint32(self.kind), pack_string(self.key_id),
                pack_string(self.principals), pack_uint64(self.valid_after), pack_uint64(self.valid_before),
                pack_string(self.critical), pack_string(self.extensions), pack_string(self.reserved),
                pack_string(self.authority.public.blob),
            )
        )  # fmt: skip

    def blob(self) -> bytes:
        signed = self.unsigned()
        return signed + pack_string(self.authority.sign_raw(signed)) + self.after

    def public(self) -> PublicKey:
        return PublicKey.from_blob(self.blob())


@dataclass(frozen=True)
class Certified:
    """A key that signs with its certificate."""

    key: RawSigner
    public: PublicKey

    def sign_raw(self, data: bytes) -> bytes:
        return self.key.sign_raw(data)


def draft(name: str = ARCHIVIST, authority: str = "authority", **changes: object) -> Draft:
    return replace(Draft(fixed_key(name).public, fixed_key(authority)), **changes)


def certified(name: str = ARCHIVIST, authority: str = "authority", **changes: object) -> Certified:
    """Return the fixed key of a name with a certificate by the fixed key of an authority."""
    return Certified(fixed_key(name), draft(name, authority, **changes).public())


def krl(*sections: tuple[int, bytes], version: int = 1, flags: int = 0, comment: bytes = b"") -> bytes:
    """Return a revocation list with the given sections (kind and content)."""
    head = b"SSHKRL\n\0" + pack_uint32(version) + pack_uint64(1) + pack_uint64(1_700_000_000)
    head += pack_uint64(flags) + pack_string(b"") + pack_string(comment)
    return head + pack_sections(*sections)


def pack_sections(*sections: tuple[int, bytes]) -> bytes:
    return b"".join(bytes([kind]) + pack_string(content) for kind, content in sections)


def about_authority(blob: bytes, *sections: tuple[int, bytes]) -> tuple[int, bytes]:
    """Return a section about certificates of one authority, or of every authority if the blob is empty."""
    return 1, pack_string(blob) + pack_string(b"") + pack_sections(*sections)
