"""Reads public keys from files of several kinds and from the ssh-agent; decrypts no private key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from archtool.cli.options.common import local_zone
from archtool.cli.signing.agent import open_agent
from archtool.cli.signing.key_loading import PUBLIC_LINES, read_public_line
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.openssh.agent_key import find_by_fingerprint, readable_comment
from archtool.openssh.keys.key_parts import FINGERPRINT_PREFIX
from archtool.openssh.keys.private_key_file import LABEL, open_container, parse_container
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.keys.signing_key import load_signing_key
from archtool.openssh.trust_files.allowed_signers import AllowedSigners
from archtool.openssh.trust_files.signer_line import SignerLine
from archtool.operations.describe.inputs import read_text_input
from archtool.operations.limits import MAX_TRUST_FILE_BYTES
from archtool.operations.trust.signing_keys import comment_from_public_key

_CURVE_BITS = {"nistp256": 256, "nistp384": 384, "nistp521": 521}
_ED25519_BITS = 256


def read_keys(names: Sequence[str], *, with_agent: bool) -> list[PublicKey | SignerLine]:
    """Return the named keys, and with `with_agent` every key in the agent.

    For an allowed_signers file, return its lines.

    Raises:
        InputError: a file contains no key, or there is no agent.
        StorageError: the agent does not respond.
    """
    found: list[PublicKey | SignerLine] = []
    for name in names:
        if name.startswith(FINGERPRINT_PREFIX):
            found.append(find_by_fingerprint(open_agent(f"the key {shown(name)} must be").identities, name))
        else:
            found += _read(Path(name))
    if with_agent:
        found += open_agent("the keys for --agent are").identities.keys
    return found


def format_key(key: PublicKey | SignerLine) -> str:
    """Return type, size in bits (`-` if unknown), fingerprint and owner of a key, on one line."""
    if isinstance(key, SignerLine):
        return f"{_format(key.key)} {key.pattern} {_options(key)}".rstrip()
    return f"{_format(key)} {readable_comment(key)}".rstrip()


def _format(key: PublicKey) -> str:
    return f"{key.key_type} {_bits(key) or '-'} {key.fingerprint}"


def _bits(key: PublicKey) -> int:
    parts = key.parts
    if parts is None:
        return 0
    return parts.modulus.bit_length() or _CURVE_BITS.get(parts.curve, _ED25519_BITS)


def _options(line: SignerLine) -> str:
    options = (
        "cert-authority" if line.is_authority else "",
        f'namespaces="{line.namespaces}"' if line.namespaces is not None else "",
        f"valid-after={line.valid_after:%Y%m%d%H%M%SZ}" if line.valid_after is not None else "",
        f"valid-before={line.valid_before:%Y%m%d%H%M%SZ}" if line.valid_before is not None else "",
    )
    return ",".join(option for option in options if option)


def _read(path: Path) -> Sequence[PublicKey | SignerLine]:
    where = shown(str(path))
    data = read_text_input(path, MAX_TRUST_FILE_BYTES, "the key")
    start = data.lstrip()
    if start.startswith(f"-----BEGIN {LABEL}".encode("ascii")):
        return (_public_half(data, path, where),)
    if start.startswith(b"-----BEGIN") and b"PRIVATE KEY-----" in data:
        key = load_signing_key(data, where=where, ask_passphrase=None, comment=comment_from_public_key(path))
        return (key.public,)
    if start.startswith((*PUBLIC_LINES, b"----")):
        return (read_public_line(data, where),)
    return _signer_lines(data, where)


def _public_half(data: bytes, path: Path, where: str) -> PublicKey:
    """Read the public half of a private key in OpenSSH's format, without its passphrase.

    The comment inside an encrypted key cannot be read. The private part of a token's key handle has another
    format, which is not parsed.
    """
    container = parse_container(data, where)
    comment = comment_from_public_key(path)
    if not comment and not container.is_encrypted and not container.public.key_type.startswith("sk-"):
        comment = open_container(container, None, where).comment
    return PublicKey.from_blob(container.public.blob, comment=comment, where=where)


def _signer_lines(data: bytes, where: str) -> tuple[SignerLine, ...]:
    hint = "give a key file, with .pub or without, or an allowed_signers file"
    try:
        lines = AllowedSigners.parse(data.decode("utf-8"), where, local_zone=local_zone()).lines
    except UnicodeDecodeError:
        raise InputError(f"not a public key: {where}", hint=hint) from None
    except InputError as error:
        raise InputError(f"neither a key nor an allowed_signers file: {error.message}", hint=hint) from None
    if not lines:
        raise InputError(f"no key in {where}", hint=hint)
    return lines
