"""Makes and verifies SSH signatures of files, as `ssh-keygen -Y sign` and `ssh-keygen -Y verify` do.

1. A message is signed for one purpose, the *namespace*. archtool's is `archtool`; no other is accepted.
2. The key signs a short blob: magic, namespace, a reserved string, the name of a hash, the hash.
3. The file is armoured: one signature per file, with nothing before or after it.
4. The signature contains its public key. A *good* signature does not tell whose key it is.

Source: OpenSSH PROTOCOL.sshsig.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Protocol

from archtool.errors import InputError
from archtool.openssh.armour import format_armour, parse_armour
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.limits import MAX_SIGNATURE_FILE_BYTES
from archtool.openssh.raw_signature import SignatureStatus, Verification, verify_raw
from archtool.openssh.wire import WireReader, pack_string, pack_uint32

NAMESPACE = "archtool"
_LABEL = "SSH SIGNATURE"
_NAMESPACE = re.compile(r"[!-~]{1,1024}")
_MAGIC = b"SSHSIG"
_VERSION = 1
_HASHES = ("sha512", "sha256")  # the two that the format allows; archtool signs with the first


class RawSigner(Protocol):
    """A key that can sign: in memory, or in an ssh-agent and perhaps on a token."""

    @property
    def public(self) -> PublicKey:
        """The key that verifies the signatures."""

    def sign_raw(self, data: bytes) -> bytes:
        """Return the signature over `data` in SSH wire form."""


@dataclass(frozen=True, slots=True)
class SshSignature:
    """The content of one signature file; parsing verifies nothing."""

    public_key: PublicKey
    namespace: str
    """The purpose of the signature."""
    hash_name: str
    """`sha512` or `sha256`, the hash of the message."""
    signature: bytes
    """The signature itself, in SSH wire form."""

    @classmethod
    def parse(cls, data: bytes, where: str = "signature") -> SshSignature:
        """Parse the armoured text of a `.sig` file.

        Raises:
            InputError: too large, not exactly one armour, an unknown version of the format, or damaged.
        """
        if len(data) > MAX_SIGNATURE_FILE_BYTES:
            raise InputError(
                f"{where} is too large for a signature: {len(data)} bytes, at most {MAX_SIGNATURE_FILE_BYTES}"
            )
        return cls._from_blob(parse_armour(_LABEL, data, where), where)

    @classmethod
    def _from_blob(cls, blob: bytes, where: str) -> SshSignature:
        reader = WireReader(blob, where)
        if reader.read(len(_MAGIC)) != _MAGIC:
            raise InputError(f"{where} is not an SSH signature: it does not begin with SSHSIG")
        version = reader.uint32()
        if version != _VERSION:
            raise InputError(f"{where} is an SSH signature of version {version}; only {_VERSION} is known")
        key = PublicKey.from_blob(reader.string(), where=f"the public key in {where}")
        namespace = reader.text()
        reader.string()  # reserved: not signed, and ignored by OpenSSH too
        hash_name, signature = reader.text(), reader.string()
        reader.end()
        if hash_name not in _HASHES:
            raise InputError(f"{where} uses an unknown hash: {hash_name!r} (known: {', '.join(_HASHES)})")
        return cls(key, namespace, hash_name, signature)

    def verify(self, message: bytes, namespace: str = NAMESPACE) -> Verification:
        """Verify the signature over the message; this does not check whose key made it."""
        if self.namespace != namespace:
            return Verification(
                SignatureStatus.WRONG_NAMESPACE,
                f"the signature was made for namespace {self.namespace!r}, not {namespace!r}",
            )
        return verify_raw(self.public_key, self.signature, _signed_blob(message, namespace, self.hash_name))


def sign(message: bytes, key: RawSigner, namespace: str = NAMESPACE) -> str:
    """Sign a message and return the armoured text of `ssh-keygen -Y sign`, byte-identical for Ed25519.

    Raises:
        InputError: the namespace is empty or not printable ASCII.
    """
    if _NAMESPACE.fullmatch(namespace) is None:
        raise InputError(f"not a namespace: {namespace[:80]!r}", hint=f"archtool's own is {NAMESPACE}")
    signature = key.sign_raw(_signed_blob(message, namespace, _HASHES[0]))
    blob = (
        _MAGIC
        + pack_uint32(_VERSION)
        + b"".join(
            pack_string(part)
            for part in (key.public.blob, namespace.encode(), b"", _HASHES[0].encode(), signature)
        )
    )
    return format_armour(_LABEL, blob)


def _signed_blob(message: bytes, namespace: str, hash_name: str) -> bytes:
    digest = hashlib.new(hash_name, message).digest()
    return _MAGIC + b"".join(
        pack_string(part) for part in (namespace.encode(), b"", hash_name.encode(), digest)
    )
