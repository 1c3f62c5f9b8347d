"""Loads signing keys; a passphrase comes from a terminal prompt or a file, never from the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archtool.attestations.statements.writer import Signer, name_signers
from archtool.cli.options import clock
from archtool.cli.terminal import output
from archtool.errors import InputError, UsageError
from archtool.files.paths import shown
from archtool.openssh.file_recognition import Purpose
from archtool.openssh.keys.certificate import shown_names
from archtool.openssh.keys.certified_key import certify
from archtool.openssh.keys.key_parts import FINGERPRINT_PREFIX
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.keys.signing_key import load_signing_key
from archtool.openssh.sshsig import RawSigner
from archtool.openssh.trust_files.principal import why_no_principal
from archtool.operations.describe.inputs import read_text_input
from archtool.operations.trust.signing_keys import comment_from_public_key
from archtool.operations.trust.trust_files import read_trust_file

if TYPE_CHECKING:
    from archtool.cli.signing.agent import SshAgent

_MAX_KEY_BYTES = 64 * 1024  # an RSA key of 16,384 bits takes a fifth of this
_MAX_PASSPHRASE_BYTES = 4096
_CERTIFICATE_SUFFIX = "-cert.pub"
PUBLIC_LINES = (b"ssh-", b"ecdsa-", b"sk-")  # how the line of a public key begins in OpenSSH


def load_signers(
    keys: Sequence[str],
    names: Sequence[str],
    passphrase_file: Path | None,
    *,
    files_only: bool = False,
    can_prompt: bool = True,
) -> tuple[Signer, ...]:
    """Load the keys to sign with; the signers' names are `names`, or without any the keys' comments.

    Each of `keys` is one of: the file of a private key; the file of a public key, or a fingerprint, whose
    private half is in the ssh-agent; a certificate, whose key lies beside it or is in the agent. With
    `files_only` neither an agent nor a terminal prompt is used; without `can_prompt` no prompt.

    Raises:
        InputError: a key cannot be used.
        StorageError: the ssh-agent does not respond.
        UsageError: the names do not match the keys.
    """
    if names and len(names) != len(keys):
        raise UsageError(
            f"{len(keys)} keys and {len(names)} names were given",
            hint="give --signer once for each key, in the same order, or not at all",
        )
    keyring = _Keyring(passphrase_file, files_only=files_only, can_prompt=can_prompt)
    loaded = [keyring.load(key) for key in keys]
    given = list(names) or [_principal_of(key, name) for key, name in zip(loaded, keys, strict=True)]
    for principal, key in zip(given, loaded, strict=True):
        _check_certificate_name(principal, key.public)
    return name_signers(zip(map(_checked_principal, given), loaded, strict=True))


def _check_certificate_name(principal: str, public: PublicKey) -> None:
    """Check that a certificate lists the signer's name: verification rejects a signature under another."""
    if public.certificate is not None and principal not in public.certificate.principals:
        names = shown_names(public.certificate.principals)
        raise UsageError(
            f"the certificate of {public.fingerprint} is for {names or 'no name'}, not for {principal}",
            hint="give one of its names with --signer"
            if names
            else "sign with a certificate that lists the signer's name",
        )


class _Keyring:
    """Loads keys from files, and from one agent, which is opened when the first key needs it."""

    def __init__(self, passphrase_file: Path | None, *, files_only: bool, can_prompt: bool) -> None:
        self._passphrase_file = passphrase_file
        self._files_only = files_only
        self._can_prompt = can_prompt
        self._agent: SshAgent | None = None

    def load(self, name: str) -> RawSigner:
        if name.startswith(FINGERPRINT_PREFIX):
            return self._agent_for(f"the key {shown(name)} must be").key_with_fingerprint(name)
        path, where = Path(name), shown(name)
        data = read_trust_file(path, _MAX_KEY_BYTES, "the key", Purpose.SIGN)
        if data.lstrip().startswith(PUBLIC_LINES):
            public = read_public_line(data, where)
            if public.certificate is not None:
                return certify(self._key_of(public, path), public, where, clock.now())
            needed_for = f"{where} is a public key: its private half must be"
            return self._agent_for(needed_for).key_for(public, where)
        if self._files_only and self._passphrase_file is None:
            reader: Callable[[], bytes] | None = refusing_passphrase_reader(where, "--passphrase-file")
        elif not self._can_prompt and self._passphrase_file is None:
            reader = None
        else:
            reader = passphrase_reader(path, self._passphrase_file)
        return load_signing_key(
            data, where=where, ask_passphrase=reader, comment=comment_from_public_key(path)
        )

    def _key_of(self, certificate: PublicKey, path: Path) -> RawSigner:
        """Load the key of a certificate: from the private key's file beside it, or from the agent."""
        beside = path.with_name(path.name.removesuffix(_CERTIFICATE_SUFFIX))
        if beside != path and beside.is_file():
            return self.load(str(beside))
        needed_for = f"{shown(str(path))} is a certificate: the private half of its key must be"
        plain = replace(certificate.plain, comment=certificate.comment)
        return self._agent_for(needed_for).key_for(plain, shown(str(path)))

    def _agent_for(self, needed_for: str) -> SshAgent:
        if self._files_only:
            raise UsageError(
                f"{needed_for} in an ssh-agent, which other machines cannot reach",
                hint="name the file of a private key that has the same path on every machine"
                " (with --passphrase-file if it is encrypted), or run the batch without --cluster",
            )
        if self._agent is None:
            from archtool.cli.signing.agent import open_agent  # lazy: 10 ms (socket, selectors)

            self._agent = open_agent(needed_for)
        return self._agent


def refusing_passphrase_reader(where: str, option: str) -> Callable[[], bytes]:
    """Return a reader that raises a usage error, for machines where no prompt is possible.

    `option` is the option that names the passphrase file of this key.
    """

    def refuse() -> bytes:
        raise UsageError(
            f"{where} has a passphrase, which cannot be prompted for on other machines",
            hint=f"put the passphrase into a file on every machine, and name the file with {option}",
        )

    return refuse


def read_public_line(data: bytes, where: str) -> PublicKey:
    """Parse the content of a public key's file.

    Raises:
        InputError: it is not a public key.
    """
    try:
        return PublicKey.parse_public_line(data.decode("utf-8").strip(), where)
    except UnicodeDecodeError:
        raise InputError(f"not a public key: {where}", hint="give the .pub file") from None


def _principal_of(key: RawSigner, name: str) -> str:
    if key.public.comment:
        return key.public.comment
    raise UsageError(
        f"the key {shown(name)} has no comment that names its owner",
        hint="give the owner's name, such as --signer archivist@example.org",
    )


def _checked_principal(principal: str) -> str:
    reason = why_no_principal(principal)
    if reason is not None:
        raise UsageError(
            f"{principal!r} cannot name a signer: {reason}",
            hint="give another name, such as --signer archivist@example.org",
        )
    return principal


def passphrase_reader(path: Path, passphrase_file: Path | None) -> Callable[[], bytes] | None:
    """Return a function that reads the passphrase of a key; `None` without a file and without a terminal."""
    if passphrase_file is not None:
        return lambda: read_passphrase(passphrase_file)
    if not output.can_prompt():
        return None

    def prompt() -> bytes:
        text: str = click.prompt(f"Passphrase of {shown(path.name)}", hide_input=True, err=True)
        return text.encode()

    return prompt


def read_passphrase(path: Path) -> bytes:
    """Read a passphrase from the first line of a file.

    A byte-order mark is skipped, and UTF-16 with a mark is decoded: the passphrase is the same as if it were
    typed at the prompt.

    Raises:
        InputError: the file cannot be read, or its first line is empty.
    """
    data = read_text_input(path, _MAX_PASSPHRASE_BYTES, "the passphrase file", reads_utf16=True)
    line = data.split(b"\n")[0].rstrip(b"\r")
    if not line:
        raise InputError(
            f"the first line of {shown(str(path))} is empty", hint="write the passphrase on the first line"
        )
    return line


def prompt_new_passphrase(path: Path) -> bytes:
    """Prompt twice for the passphrase of a new key.

    Raises:
        UsageError: there is no terminal to prompt on.
    """
    if not output.can_prompt():
        raise UsageError(
            "a passphrase is needed and there is no terminal to prompt on",
            hint="use --passphrase-file FILE, or --no-passphrase for a key that only its file permissions "
            "protect",
        )
    text: str = click.prompt(
        f"Passphrase for {shown(path.name)}", hide_input=True, confirmation_prompt=True, err=True
    )
    return text.encode()
