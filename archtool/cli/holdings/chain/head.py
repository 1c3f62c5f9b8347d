"""`archtool holdings head`: prints the head of the chain of events, signs it, and exports it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archtool.cli.options import clock, common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.registers.register import open_to_read, open_to_write
from archtool.cli.options.registers.register import wait_option as register_wait_option
from archtool.cli.options.registers.register_path import register_option
from archtool.cli.options.timestamping import make_timestamp_client, timestamp_options
from archtool.cli.terminal import output
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.operations.holdings.sign_head import SignedHead, export_head, read_signed_head, sign_head
from archtool.report.text.page import one_line


@click.command("head")
@register_option
@common.sign_option
@click.option(
    "--signer", "names", multiple=True, metavar="NAME", help="Name of the signer; default: the key's comment."
)
@common.passphrase_file_option
@timestamp_options("--timestamp", "--timestamp-command")
@common.tsa_roots_option
@click.option(
    "-o", "--output", "target", type=ANY_PATH, metavar="FILE|DIR",
    help="Write the head to FILE, or into the folder DIR, with its signatures beside it.",
)  # fmt: skip
@register_wait_option
@common.json_option
def command(
    keys: tuple[str, ...], names: tuple[str, ...], passphrase_file: Path | None, target: Path | None,
    *, as_json: bool, **given: Any,
) -> None:  # fmt: skip
    """Print the head of the register: its last event, whose digest vouches for all events before it.

    \b
    archtool holdings head
    archtool holdings head --sign archivist-key

    Keep heads where nobody who can change the register can change them: on another machine, in a letter,
    in a notebook. `archtool holdings verify --expect-head` then detects that events were cut off, or that
    the whole register was rewritten. A signed head (--sign) shows this too, and who signed it; anybody can
    check it with `ssh-keygen -Y verify -n archtool`.
    """  # noqa: D301 - `\b` keeps the lines
    client = make_timestamp_client(given, common.load_authorities(given["tsa_roots"]))
    if client is not None and not keys:
        raise UsageError("--timestamp requires --sign", hint="give --sign KEY; the signature is timestamped")
    if names and not keys:
        raise UsageError("--signer requires --sign", hint="give --sign KEY")
    if keys:
        from archtool.cli.signing.key_loading import load_signers  # lazy: 20 ms, only --sign needs it

        signers = load_signers(keys, names, passphrase_file)
        with open_to_write(given) as register:
            head = sign_head(register, signers, clock.now(), client)
    else:
        with open_to_read(given) as register:
            head = read_signed_head(register, clock.now())
    paths = export_head(head, target) if target is not None else ()
    _print(head, paths, as_json=as_json)


def _print(head: SignedHead, paths: tuple[Path, ...], *, as_json: bool) -> None:
    statement = head.statement
    if as_json:
        output.json_line(
            {
                "schema": "archtool/register-head/1", "register": statement.register,
                "head": str(statement.head), "at": statement.at,
                "signatures": [{"signer": s.signer, "key": s.key} for s in head.signatures],
                "files": [str(path) for path in paths],
            }
        )  # fmt: skip
        return
    output.data(statement.format())
    for signature in head.signatures:
        output.message(f"signed by {one_line(signature.signer)} ({signature.key})")
    for path in paths:
        output.message(f"written: {shown(str(path))}")
