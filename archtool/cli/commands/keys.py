"""`archtool keys`: makes keys, shows them, and prints lines for an allowed_signers file."""

from __future__ import annotations

import os
from pathlib import Path

import click

from archtool.cli.options.paths import ANY_PATH
from archtool.cli.signing.key_files import format_key, read_keys
from archtool.cli.signing.key_loading import prompt_new_passphrase, read_passphrase
from archtool.cli.signing.key_owners import NamedKey, principal_of
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.files.paths import shell_word, shown
from archtool.files.writing.key_pair import clear_half_pair, public_half_of, write_key_pair
from archtool.openssh.agent_messages import is_certificate
from archtool.openssh.keys.new_key import generate_key
from archtool.openssh.keys.public_key import PublicKey
from archtool.openssh.sshsig import NAMESPACE
from archtool.openssh.trust_files.signer_line import SignerLine
from archtool.operations.open_package.enclosing_bag import refuse_inside_package


@click.group("keys")
def command() -> None:
    """Make keys, show them, and print lines for an allowed_signers file.

    \b
    archtool keys new archivist-key --name archivist@example.org
    archtool keys trust archivist-key.pub >> allowed_signers

    Keys are OpenSSH keys: archtool reads keys from ssh-keygen, and ssh-keygen reads keys from archtool.
    """  # noqa: D301 - `\b` keeps the lines


@command.command("new")
@click.argument("path", type=ANY_PATH, metavar="KEY")
@click.option(
    "--name", required=True, metavar="NAME", help="Owner of the key, such as archivist@example.org."
)
@click.option("--no-passphrase", is_flag=True, help="Protect the key by its file permissions only.")
@click.option(
    "--passphrase-file",
    type=ANY_PATH,
    metavar="FILE",
    help="Read the passphrase from the first line of FILE.",
)
def new(path: Path, name: str, passphrase_file: Path | None, *, no_passphrase: bool) -> None:
    """Make an Ed25519 key: KEY, and its public half KEY.pub.

    \b
    archtool keys new archivist-key --name archivist@example.org

    Either both files are written, or none. After a run was killed, run the same command again: it
    removes what the first run left.
    """  # noqa: D301 - `\b` keeps the lines
    if not name.strip():
        raise UsageError("--name is empty", hint="name the owner: --name archivist@example.org")
    _refuse_existing(path)
    if no_passphrase and passphrase_file is not None:
        raise UsageError(
            "--no-passphrase and --passphrase-file contradict each other", hint="give one of them"
        )
    passphrase = None
    if not no_passphrase:
        passphrase = read_passphrase(passphrase_file) if passphrase_file else prompt_new_passphrase(path)
    key = generate_key(name, passphrase)
    try:
        write_key_pair(path, key.private_text, key.public_line)
    except FileExistsError as error:
        raise UsageError(
            f"another program has created {shown(str(path))} or its .pub file meanwhile; no key was written",
            hint="choose another name for the key",
        ) from error
    public = public_half_of(path)
    output.data(f"private key: {shown(str(path))} (keep it secret)\n")
    output.data(f"public key:  {shown(str(public))} ({key.fingerprint})\n")
    output.message(
        f"to print its line for an allowed_signers file, run: archtool keys trust {shell_word(str(public))}"
    )


def _refuse_existing(path: Path) -> None:
    """Refuse a name that exists or is none; first remove the half of a pair that a killed run left."""
    if not path.name:
        raise UsageError(f"not the name of a file: {shown(str(path))}", hint="give the key a name: my-key")
    refuse_inside_package(path.parent, f"the key {shown(str(path))}")
    clear_half_pair(path)
    for file in (path, public_half_of(path)):
        if os.path.lexists(file):
            raise UsageError(f"file exists: {shown(str(file))}", hint="choose another name for the key")


_agent_option = click.option("--agent", "with_agent", is_flag=True, help="All keys in the ssh-agent.")


@command.command("show")
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@_agent_option
def show(keys: tuple[str, ...], *, with_agent: bool) -> None:
    """Show the type, bits, fingerprint and name of keys.

    \b
    archtool keys show archivist-key.pub
    archtool keys show allowed_signers

    KEY is the file of a public key, or of a private key in OpenSSH's format (no passphrase is needed), an
    allowed_signers file, or the fingerprint of a key in the ssh-agent.
    """  # noqa: D301 - `\b` keeps the lines
    _require_keys(keys, with_agent=with_agent)
    found = read_keys(keys, with_agent=with_agent)
    output.lines(format_key(key) for key in found)
    if not found:
        output.message("there is no key in the ssh-agent")


@command.command("trust")
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@_agent_option
@click.option("--name", metavar="NAME", help="Owner of the key.")
def trust(keys: tuple[str, ...], name: str | None, *, with_agent: bool) -> None:
    """Print the lines of these keys for an allowed_signers file.

    \b
    archtool keys trust archivist-key.pub >> allowed_signers

    Put the lines into a file outside the packages, and give that file to verify --trust. KEY is the file of a
    public key, or of a private key in OpenSSH's format (no passphrase is needed), or the fingerprint of a key
    in the ssh-agent. --agent lists keys, not certificates.

    Without --name, a key is listed under its comment if you hold its private half, in the ssh-agent or in the
    file beside KEY. The comment of another person's key is shown for you to confirm; without a terminal,
    --name is required.
    """  # noqa: D301 - `\b` keeps the lines
    _require_keys(keys, with_agent=with_agent)
    found = _keys_to_trust(keys, with_agent=with_agent)
    if name is not None and len(found) > 1:
        raise UsageError(
            f"--name requires a single key: {len(found)} were given", hint="run the command for each key"
        )
    output.lines([_allowed_signers_line(key, name) for key in found])
    if not found:
        output.message("there is no key in the ssh-agent")


def _require_keys(keys: tuple[str, ...], *, with_agent: bool) -> None:
    if not keys and not with_agent:
        raise UsageError("no key was given", hint="give a key file, or --agent for the keys in the ssh-agent")


def _keys_to_trust(names: tuple[str, ...], *, with_agent: bool) -> list[NamedKey]:
    found = [NamedKey(_plain_key(key), name) for name in names for key in read_keys([name], with_agent=False)]
    in_agent = read_keys((), with_agent=with_agent)
    found += [
        NamedKey(key, None) for key in in_agent if isinstance(key, PublicKey) and not is_certificate(key)
    ]
    return list({named.key.blob: named for named in reversed(found)}.values())[::-1]


def _plain_key(key: PublicKey | SignerLine) -> PublicKey:
    if isinstance(key, SignerLine):
        raise UsageError(
            "an allowed_signers file already lists its keys as trusted",
            hint="use the file with verify --trust",
        )
    if is_certificate(key):
        raise UsageError(
            f"{key.key_type} is a certificate; only a plain key can be listed",
            hint="give the .pub file of the key that was certified",
        )
    return key


def _allowed_signers_line(named: NamedKey, name: str | None) -> str:
    principal = principal_of(named, name)
    kind, encoded = named.key.format_public_line().split()[:2]
    return f'{principal} namespaces="{NAMESPACE}" {kind} {encoded}'
