"""Generates an Ed25519 key pair in OpenSSH's file formats.

`cryptography` generates the key; `private_key_file` formats the file, because it keeps the comment.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from archtool.errors import InputError
from archtool.openssh.keys.private_key_file import PrivatePart, format_container
from archtool.openssh.keys.public_key import PublicKey, check_comment
from archtool.openssh.limits import MAX_PASSPHRASE_BYTES
from archtool.openssh.wire import pack_string

_TYPE = b"ssh-ed25519"


@dataclass(frozen=True, slots=True)
class NewKey:
    """The contents of the two files of a key pair; its `repr` does not show the private key."""

    private_text: bytes = field(repr=False)
    """The private key's file; only its owner may read it (mode 0600)."""
    public_line: str
    """The `.pub` file."""
    fingerprint: str
    """`SHA256:…`, to be compared when keys are exchanged."""


def generate_key(comment: str, passphrase: bytes | None) -> NewKey:
    """Generate an Ed25519 key pair; with `passphrase=None` the private key is not encrypted.

    Ed25519 keys are short, deterministic (the same package has the same signature) and supported by every
    OpenSSH since 6.5.

    Raises:
        InputError: the comment contains control characters, or the passphrase is empty or too long.

    Source: OpenSSH PROTOCOL.key; RFC 8709.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # lazy: for new keys

    check_comment(comment)
    if passphrase is not None and not 0 < len(passphrase) <= MAX_PASSPHRASE_BYTES:
        raise InputError(
            f"a passphrase of {len(passphrase)} bytes cannot be used (1 to {MAX_PASSPHRASE_BYTES})",
            hint="give a passphrase, or choose a key without one",
        )
    private = Ed25519PrivateKey.generate()
    seed, point = private.private_bytes_raw(), private.public_key().public_bytes_raw()
    blob = pack_string(_TYPE) + pack_string(point)
    part = PrivatePart(blob + pack_string(seed + point), comment)
    public = PublicKey(blob, comment)
    return NewKey(format_container(blob, part, passphrase), public.format_public_line(), public.fingerprint)
