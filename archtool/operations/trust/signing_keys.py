"""Loads private keys from files, for Python programs; only the command line uses ssh-agent and prompts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from archtool.attestations.statements.writer import Signer, name_signers
from archtool.errors import InputError, UsageError
from archtool.files.paths import shown
from archtool.openssh.file_recognition import Purpose
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.keys.signing_key import SigningKey, load_signing_key
from archtool.openssh.limits import MAX_KEY_FILE_BYTES
from archtool.openssh.trust_files.principal import why_no_principal
from archtool.operations.describe.inputs import read_text_input
from archtool.operations.trust.trust_files import read_trust_file


def load_signers(keys: Sequence[Path], names: Sequence[str], passphrase: str | None) -> tuple[Signer, ...]:
    """Load private keys to sign with; `names` are the signers' names, in the order of the keys.

    Without `names` the keys' comments name the signers. The passphrase decrypts each encrypted key.

    Raises:
        InputError: a key cannot be used.
        UsageError: the number of names differs from that of the keys, a key has neither name nor comment, or
            a name is not allowed in a list of allowed signers.
    """
    if names and len(names) != len(keys):
        raise UsageError(
            f"{len(keys)} keys and {len(names)} names were given",
            hint="give one name for each key, in the same order, or none",
        )
    loaded = [_load(path, passphrase) for path in keys]
    principals = list(names) or [key.public.comment for key in loaded]
    for principal, path in zip(principals, keys, strict=True):
        reason = why_no_principal(principal) if principal else "the key has no comment"
        if reason is not None:
            raise UsageError(
                f"{principal!r} cannot name the signer with the key {shown(str(path))}: {reason}",
                hint="give the signer's name, such as archivist@example.org",
            )
    return name_signers(zip(principals, loaded, strict=True))


def _load(path: Path, passphrase: str | None) -> SigningKey:
    data = read_trust_file(path, MAX_KEY_FILE_BYTES, "the key", Purpose.SIGN)
    ask_passphrase = (lambda: passphrase.encode("utf-8")) if passphrase is not None else None
    where = shown(str(path))
    return load_signing_key(
        data, where=where, ask_passphrase=ask_passphrase, comment=comment_from_public_key(path)
    )


def comment_from_public_key(path: Path) -> str:
    """Return the comment in the `.pub` file of a private key, or ""; an encrypted key hides its own."""
    public = path.with_name(path.name + ".pub")
    if not public.is_file():
        return ""
    try:
        text = read_text_input(public, MAX_KEY_FILE_BYTES, "the public key").decode("utf-8")
        return PublicKey.parse_public_line(text.strip(), str(public)).comment
    except (InputError, UnicodeDecodeError):
        return ""
