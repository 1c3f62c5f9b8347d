"""`archtool keys`: make a key, show it, print the line that trusts it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from archtool.cli.signing.key_files import format_key, keys_of
from archtool.cli.signing.key_loading import ask_new_passphrase, read_passphrase
from archtool.cli.signing.key_owners import NamedKey, principal_of
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.files.writing.key_pair import clear_half_pair, public_half_of, write_key_pair
from archtool.openssh.agent_messages import is_certificate
from archtool.openssh.keys.new_key import generate_key
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.sshsig import NAMESPACE
from archtool.openssh.trust_files.signer_line import SignerLine

_PATH = click.Path(path_type=Path)


@click.group("keys")
def command() -> None:
    """Make a key, show it, print a line that trusts it.

    Keys are OpenSSH keys: what ssh-keygen makes can be used here, and the other way round.
    """


@command.command("new")
@click.argument("path", type=_PATH, metavar="KEY")
@click.option(
    "--name", required=True, metavar="NAME", help="Whose key it is, for instance archivist@example.org."
)
@click.option("--no-passphrase", is_flag=True, help="Protect the key by its file's permissions only.")
@click.option(
    "--passphrase-file", type=_PATH, metavar="FILE", help="Take the passphrase from FILE's first line."
)
def new(path: Path, name: str, passphrase_file: Path | None, *, no_passphrase: bool) -> None:
    """Make an Ed25519 key: KEY, and its public half KEY.pub.

    Both files are there at the end, or neither. Of a run that was killed, the same command clears away what
    was left.
    """
    _refuse_existing(path)
    if no_passphrase and passphrase_file is not None:
        raise UsageError(
            "--no-passphrase and --passphrase-file contradict each other", hint="give one of them"
        )
    passphrase = None
    if not no_passphrase:
        passphrase = read_passphrase(passphrase_file) if passphrase_file else ask_new_passphrase(path)
    key = generate_key(name, passphrase)
    try:
        write_key_pair(path, key.private_text, key.public_line)
    except FileExistsError as error:
        raise UsageError(
            f"a file of this name appeared meanwhile: {shown(str(path))}, or its .pub; no key was written",
            hint="choose another name for the key",
        ) from error
    public = public_half_of(path)
    output.data(f"private key: {shown(str(path))} (keep it secret)\n")
    output.data(f"public key:  {shown(str(public))} ({key.fingerprint})\n")
    output.message(f"print the line that trusts it with: archtool keys trust {shown(str(public))}")


def _refuse_existing(path: Path) -> None:
    """Refuse a name that is taken, after what a killed run left of a pair was cleared away."""
    clear_half_pair(path)
    for file in (path, public_half_of(path)):
        if os.path.lexists(file):
            raise UsageError(
                f"there is a file already: {shown(str(file))}", hint="choose another name for the key"
            )


_agent_option = click.option("--agent", "with_agent", is_flag=True, help="All keys that the ssh-agent holds.")


@command.command("show")
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@_agent_option
def show(keys: tuple[str, ...], *, with_agent: bool) -> None:
    """Show type, bits, fingerprint and name of keys.

    KEY is a public key's file, a private one's in OpenSSH's format (no passphrase is needed), a list of
    allowed signers, or the fingerprint of a key in the ssh-agent.
    """
    _need_some(keys, with_agent=with_agent)
    found = keys_of(keys, with_agent=with_agent)
    output.lines(format_key(key) for key in found)
    if not found:
        output.message("the ssh-agent holds no key")


@command.command("trust")
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@_agent_option
@click.option("--name", metavar="NAME", help="Whom the key belongs to.")
def trust(keys: tuple[str, ...], name: str | None, *, with_agent: bool) -> None:
    """Print lines for an allowed_signers file that trust these keys.

    Put them into a file that you keep outside the packages, and give that file to verify --trust. KEY is a
    public key's file, a private one's in OpenSSH's format (no passphrase is needed), or the fingerprint of
    a key in the ssh-agent. --agent leaves certificates out: the keys under them are trusted.

    Without --name a key is listed under its comment if you hold its private half, in the ssh-agent or in the
    file beside KEY. The comment of another person's key is shown for you to confirm; where there is no
    terminal to ask on, --name is required.
    """
    _need_some(keys, with_agent=with_agent)
    found = _trustable(keys, with_agent=with_agent)
    if name is not None and len(found) > 1:
        raise UsageError(f"--name is about one key, and there are {len(found)}", hint="name one key alone")
    output.lines([_trusting_line(key, name) for key in found])
    if not found:
        output.message("the ssh-agent holds no key")


def _need_some(keys: tuple[str, ...], *, with_agent: bool) -> None:
    if not keys and not with_agent:
        raise UsageError("no key is named", hint="name the file of one, or give --agent for the ssh-agent's")


def _trustable(names: tuple[str, ...], *, with_agent: bool) -> list[NamedKey]:
    found = [NamedKey(_plain(key), name) for name in names for key in keys_of([name], with_agent=False)]
    held = keys_of((), with_agent=with_agent)
    found += [NamedKey(key, None) for key in held if isinstance(key, PublicKey) and not is_certificate(key)]
    return list({named.key.blob: named for named in reversed(found)}.values())[::-1]


def _plain(key: PublicKey | SignerLine) -> PublicKey:
    if isinstance(key, SignerLine):
        raise UsageError(
            "a list of allowed signers trusts its keys already", hint="give it to verify --trust as it is"
        )
    if is_certificate(key):
        raise UsageError(
            f"{key.key_type} is a certificate: what is trusted is a key",
            hint="name the .pub file that it was made for",
        )
    return key


def _trusting_line(named: NamedKey, name: str | None) -> str:
    principal = principal_of(named, name)
    kind, encoded = named.key.format_public_line().split()[:2]
    return f'{principal} namespaces="{NAMESPACE}" {kind} {encoded}'
