"""Makes a new key pair: Ed25519, in the files that OpenSSH reads.

`cryptography` makes the key; the file is written by `private_key_file`, which keeps the comment.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from archtool.errors import InputError
from archtool.openssh.keys.private_key_file import PrivatePart, format_container
from archtool.openssh.keys.public_key import PublicKey, check_comment
from archtool.openssh.wire import pack_string

MAX_PASSPHRASE_BYTES = 4096  # no person types more; a file given by mistake may hold more
_TYPE = b"ssh-ed25519"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key pair, ready to be written to two files; printing it does not show the private one."""

    private_text: bytes = field(repr=False)
    """The private key's file; nobody but its owner may read it (mode 0600)."""
    public_line: str
    """The `.pub` file."""
    fingerprint: str
    """`SHA256:…`, to be read out when keys are exchanged."""


def generate_key(comment: str, passphrase: bytes | None) -> NewKey:
    """Make an Ed25519 key pair; `None` leaves the private key without a passphrase.

    Ed25519 because it is short, deterministic (the same package gives the same signature) and in every
    OpenSSH since 6.5.

    Raises:
        InputError: the comment does not fit in one line, or the passphrase is empty or too long.

    Source: OpenSSH PROTOCOL.key; RFC 8709.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    check_comment(comment)
    if passphrase is not None and not 0 < len(passphrase) <= MAX_PASSPHRASE_BYTES:
        raise InputError(
            f"a passphrase of {len(passphrase)} bytes cannot be used (1 to {MAX_PASSPHRASE_BYTES})",
            hint="give a passphrase, or say that the key is to have none",
        )
    private = Ed25519PrivateKey.generate()
    seed, point = private.private_bytes_raw(), private.public_key().public_bytes_raw()
    blob = pack_string(_TYPE) + pack_string(point)
    part = PrivatePart(blob + pack_string(seed + point), comment)
    public = PublicKey(blob, comment)
    return NewKey(format_container(blob, part, passphrase), public.format_public_line(), public.fingerprint)
