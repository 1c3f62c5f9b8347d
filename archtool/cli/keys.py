"""`archtool keys`: make a key, show it, print the line that trusts it."""

from __future__ import annotations

from pathlib import Path

import click

from archtool.cli import screen
from archtool.cli.secrets import ask_new_passphrase, read_passphrase, write_private
from archtool.errors import InputError, StorageError, UsageError
from archtool.fixity.paths import shown
from archtool.operations.inputs import read_input
from archtool.trust.keys import PublicKey, generate_key
from archtool.trust.sshsig import NAMESPACE

_PATH = click.Path(path_type=Path)
_MAX_KEY_BYTES = 64 * 1024


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
    """Make an Ed25519 key: KEY, and its public half KEY.pub."""
    public = path.with_name(path.name + ".pub")
    for file in (path, public):
        if file.exists():
            raise UsageError(
                f"there is a file already: {shown(str(file))}", hint="choose another name for the key"
            )
    if no_passphrase and passphrase_file is not None:
        raise UsageError(
            "--no-passphrase and --passphrase-file contradict each other", hint="give one of them"
        )
    passphrase = None
    if not no_passphrase:
        passphrase = read_passphrase(passphrase_file) if passphrase_file else ask_new_passphrase(path)
    key = generate_key(name, passphrase)
    try:
        write_private(path, key.private_text)
        public.write_text(key.public_line.rstrip("\n") + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise StorageError(f"cannot write {shown(str(path))}: {error.strerror}") from error
    screen.data(f"private key: {shown(str(path))} (keep it secret)\n")
    screen.data(f"public key:  {shown(str(public))} ({key.fingerprint})\n")
    screen.message(f"print the line that trusts it with: archtool keys trust {shown(str(public))}")


@command.command("show")
@click.argument("path", type=_PATH, metavar="KEY.pub")
def show(path: Path) -> None:
    """Show the type, the fingerprint and the name of a public key."""
    key = _read_public(path)
    screen.data(f"{key.key_type} {key.fingerprint} {key.comment}".rstrip() + "\n")


@command.command("trust")
@click.argument("path", type=_PATH, metavar="KEY.pub")
@click.option("--name", metavar="NAME", help="Whom the key belongs to; default: its comment.")
def trust(path: Path, name: str | None) -> None:
    """Print a line for an allowed_signers file that trusts this key.

    Put it into a file that you keep outside the packages, and give that file to verify --trust.
    """
    key = _read_public(path)
    principal = name or key.comment
    if not principal or principal.split() != [principal]:
        raise UsageError(
            f"the key does not say in one word whose it is: {principal!r}",
            hint="say it with --name archivist@example.org",
        )
    blob = key.format_public_line().split()
    screen.data(f'{principal} namespaces="{NAMESPACE}" {blob[0]} {blob[1]}\n')


def _read_public(path: Path) -> PublicKey:
    data = read_input(path, _MAX_KEY_BYTES, "the public key")
    try:
        return PublicKey.parse_public_line(data.decode("utf-8").strip(), shown(str(path)))
    except UnicodeDecodeError:
        raise InputError(f"not a public key: {shown(str(path))}", hint="name the .pub file") from None
