"""Keys and passphrases: asked for on the terminal or read from a file, never taken from the command line."""

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
from archtool.openssh.keys.key_parts import FINGERPRINT_PREFIX
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.keys.signing_key import load_signing_key
from archtool.openssh.sshsig import RawSigner
from archtool.openssh.trust_files.principal import why_no_principal
from archtool.operations.describe.inputs import read_text_input
from archtool.operations.trust.signing_keys import comment_beside
from archtool.operations.trust.trust_files import read_trust_file

if TYPE_CHECKING:
    from archtool.cli.signing.agent import SshAgent

_MAX_KEY_BYTES = 64 * 1024  # an RSA key of 16,384 bits takes a fifth of this
_MAX_PASSPHRASE_BYTES = 4096
_CERTIFICATE_SUFFIX = "-cert.pub"
PUBLIC_LINES = (b"ssh-", b"ecdsa-", b"sk-")  # what a public key's line begins with in OpenSSH


def load_signers(
    keys: Sequence[str], names: Sequence[str], passphrase_file: Path | None, *, files_only: bool = False
) -> tuple[Signer, ...]:
    """Load the keys to sign with; their names are given, or are the keys' comments.

    Each of `keys` is the file of a private key; or that of a public key, or a fingerprint, whose private
    half is in the ssh-agent; or a certificate, whose key lies beside it or is in the agent. With `files_only`
    no agent and nobody in front of the screen is asked.

    Raises:
        InputError: a key cannot be used.
        StorageError: the ssh-agent does not answer.
        UsageError: the names do not go with the keys.
    """
    if names and len(names) != len(keys):
        raise UsageError(
            f"{len(keys)} keys and {len(names)} names were given",
            hint="give --signer once for each --sign, in the same order, or not at all",
        )
    keyring = _Keyring(passphrase_file, files_only=files_only)
    loaded = [keyring.load(key) for key in keys]
    given = list(names) or [_principal_of(key, name) for key, name in zip(loaded, keys, strict=True)]
    for principal, key in zip(given, loaded, strict=True):
        _refuse_another(principal, key.public)
    return name_signers(zip(map(_checked, given), loaded, strict=True))


def _refuse_another(principal: str, public: PublicKey) -> None:
    """A certificate says whose key it is: another name would be believed by nobody."""
    if public.certificate is not None and principal not in public.certificate.principals:
        from archtool.openssh.keys.certificate import shown_names

        names = shown_names(public.certificate.principals) or "nobody"
        raise UsageError(
            f"the certificate of {public.fingerprint} is for {names}, not for {principal}",
            hint="say with --signer who of them signs",
        )


class _Keyring:
    """Where keys come from: files, and one agent that is asked once, when the first key needs it."""

    def __init__(self, passphrase_file: Path | None, *, files_only: bool) -> None:
        self._passphrase_file = passphrase_file
        self._files_only = files_only
        self._agent: SshAgent | None = None

    def load(self, name: str) -> RawSigner:
        if name.startswith(FINGERPRINT_PREFIX):
            return self._agent_for(f"the key {shown(name)} must be").key_called(name)
        path, where = Path(name), shown(name)
        data = read_trust_file(path, _MAX_KEY_BYTES, "the key", Purpose.SIGN)
        if data.lstrip().startswith(PUBLIC_LINES):
            public = read_public_line(data, where)
            if public.certificate is not None:
                from archtool.openssh.keys.certified_key import certify

                return certify(self._key_of(public, path), public, where, clock.now())
            wanted = f"{where} is a public key: its private half must be"
            return self._agent_for(wanted).key_of(public, where)
        is_told = self._passphrase_file is not None or not self._files_only
        asker = passphrase_asker(path, self._passphrase_file) if is_told else refusing_asker(where)
        return load_signing_key(data, where=where, ask_passphrase=asker, comment=comment_beside(path))

    def _key_of(self, certificate: PublicKey, path: Path) -> RawSigner:
        """The key of a certificate: from the file that it was made for, beside it, or from the agent."""
        beside = path.with_name(path.name.removesuffix(_CERTIFICATE_SUFFIX))
        if beside != path and beside.is_file():
            return self.load(str(beside))
        wanted = f"{shown(str(path))} is a certificate: the private half of its key must be"
        plain = replace(certificate.plain, comment=certificate.comment)
        return self._agent_for(wanted).key_of(plain, shown(str(path)))

    def _agent_for(self, wanted: str) -> SshAgent:
        if self._files_only:
            raise UsageError(
                f"{wanted} in an ssh-agent, which no other machine can ask",
                hint="name the file of a private key that lies at the same path on every machine"
                " (--passphrase-file opens it), or pack on this machine",
            )
        if self._agent is None:
            from archtool.cli.signing.agent import open_agent

            self._agent = open_agent(wanted)
        return self._agent


def refusing_asker(where: str) -> Callable[[], bytes]:
    """Return an asker that refuses, for work on machines where a passphrase cannot be asked for."""

    def refuse() -> bytes:
        raise UsageError(
            f"{where} has a passphrase, which no other machine can ask for",
            hint="name a file that holds it, on every machine, with --passphrase-file",
        )

    return refuse


def read_public_line(data: bytes, where: str) -> PublicKey:
    """Take a public key from the bytes of its file.

    Raises:
        InputError: it is none.
    """
    try:
        return PublicKey.parse_public_line(data.decode("utf-8").strip(), where)
    except UnicodeDecodeError:
        raise InputError(f"not a public key: {where}", hint="name the .pub file") from None


def _principal_of(key: RawSigner, name: str) -> str:
    if key.public.comment:
        return key.public.comment
    raise UsageError(
        f"the key {shown(name)} has no comment that says whose it is",
        hint="say it with --signer archivist@example.org",
    )


def _checked(principal: str) -> str:
    reason = why_no_principal(principal)
    if reason is not None:
        raise UsageError(
            f"{principal!r} cannot name a signer: {reason}",
            hint="give another name with --signer archivist@example.org",
        )
    return principal


def passphrase_asker(path: Path, passphrase_file: Path | None) -> Callable[[], bytes] | None:
    """How to get a passphrase; `None` where there is no file and nobody to ask."""
    if passphrase_file is not None:
        return lambda: read_passphrase(passphrase_file)
    if not output.can_ask():
        return None

    def ask() -> bytes:
        text: str = click.prompt(f"Passphrase of {shown(path.name)}", hide_input=True, err=True)
        return text.encode()

    return ask


def read_passphrase(path: Path) -> bytes:
    """The first line of a file that holds a passphrase.

    A byte-order mark before it is no part of it, and UTF-16 with a mark is read as the characters that were
    typed: the passphrase is the same as the one that is typed at the prompt.

    Raises:
        InputError: it cannot be read, or is empty.
    """
    data = read_text_input(path, _MAX_PASSPHRASE_BYTES, "the passphrase file", reads_utf16=True)
    line = data.split(b"\n")[0].rstrip(b"\r")
    if not line:
        raise InputError(f"the first line of {shown(str(path))} is empty", hint="write the passphrase there")
    return line


def ask_new_passphrase(path: Path) -> bytes:
    """Ask twice for the passphrase of a new key.

    Raises:
        UsageError: there is nobody to ask.
    """
    if not output.can_ask():
        raise UsageError(
            "a passphrase is needed and there is no terminal to ask on",
            hint="use --passphrase-file FILE, or --no-passphrase for a key that only its file protects",
        )
    text: str = click.prompt(
        f"Passphrase for {shown(path.name)}", hide_input=True, confirmation_prompt=True, err=True
    )
    return text.encode()
