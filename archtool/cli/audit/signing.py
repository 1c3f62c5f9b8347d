"""The options that sign and write the head of the register at the end of an audit."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archtool.cli.options import common
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.timestamping import make_timestamp_client, timestamp_options
from archtool.errors import UsageError
from archtool.files.paths import shown
from archtool.holdings.register import Register
from archtool.report.text.page import one_line

if TYPE_CHECKING:
    from archtool.attestations.statements.writer import Signer
    from archtool.operations.holdings.sign_head import SignedHead
    from archtool.operations.trust.timestamp_client import TimestampClient


def signing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `load_head_output` reads."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.option(
        "--sign", "keys", multiple=True, metavar="KEY",
        help=f"Sign the head of the register at the end, {common.KEY_HELP}; repeatable.",
    ),
    click.option(
        "--signer", "names", multiple=True, metavar="NAME",
        help="Name of the signer; default: the key's comment.",
    ),
    click.option(
        "--head-file", "head_target", type=ANY_PATH, metavar="FILE|DIR",
        help="Write the head of the register at the end, with its signatures, to FILE or into folder DIR.",
    ),
    common.passphrase_file_option,
    timestamp_options("--timestamp", "--timestamp-command"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WrittenHead:
    """The head of the register at the end of a run, as it was signed and written."""

    head: SignedHead
    files: tuple[Path, ...]

    def lines(self) -> list[str]:
        """Return it as lines: the head with its signers, and where it was written."""
        signers = ", ".join(f"{one_line(one.signer)} ({one.key})" for one in self.head.signatures)
        event = f"event {self.head.statement.head}"
        line = f"signed head of the register: {event}, by {signers}" if signers else f"head: {event}"
        return [line, *(f"written: {shown(str(path))}" for path in self.files)]

    def facts(self) -> dict[str, Any]:
        """Return it for JSON, with the keys of `holdings head --json`."""
        statement = self.head.statement
        return {
            "register": statement.register,
            "head": str(statement.head),
            "at": statement.at,
            "signatures": [{"signer": one.signer, "key": one.key} for one in self.head.signatures],
            "files": [str(path) for path in self.files],
        }


@dataclass(frozen=True, slots=True)
class HeadOutput:
    """How the head of the register is signed, and where it is written."""

    signers: tuple[Signer, ...]
    timestamp_client: TimestampClient | None
    target: Path | None

    def write(self, register: Register, at: datetime) -> WrittenHead | None:
        """Sign and write the head, which vouches for all events of the run; `None` if neither is wanted."""
        if not self.signers and self.target is None:
            return None
        # lazy: 200 ms, only --sign and --head-file need it
        from archtool.operations.holdings.sign_head import export_head, read_signed_head, sign_head

        if self.signers:
            head = sign_head(register, self.signers, at, self.timestamp_client)
        else:
            head = read_signed_head(register, at)
        return WrittenHead(head, export_head(head, self.target) if self.target is not None else ())


def load_head_output(given: dict[str, Any], *, can_prompt: bool = True) -> HeadOutput:
    """Load the keys and check where the head is written, before anything is read.

    Raises:
        InputError: a key cannot be used.
        UsageError: an option requires --sign, or the head cannot be written.
    """
    target: Path | None = given["head_target"]
    if target is not None:
        _check_target(target)
    if not given["keys"]:
        for name, option in (
            ("names", "--signer"), ("timestamp_url", "--timestamp"),
            ("timestamp_command", "--timestamp-command"),
        ):  # fmt: skip
            if given[name]:
                raise UsageError(f"{option} requires --sign", hint="give --sign KEY, or leave it out")
        return HeadOutput((), None, target)
    # lazy: 25 ms, only --sign needs it
    from archtool.cli.signing.key_loading import load_signers

    client = make_timestamp_client(given, common.load_authorities(given["tsa_roots"]))
    signers = load_signers(given["keys"], given["names"], given["passphrase_file"], can_prompt=can_prompt)
    return HeadOutput(signers, client, target)


def _check_target(target: Path) -> None:
    """Refuse a file that exists: an earlier head is evidence, and is never replaced.

    A name without an ending is that of a folder: on a disk that is not mounted, no file takes its place.
    """
    if target.is_dir():
        return
    if not target.suffix and not os.path.lexists(target):
        raise UsageError(
            f"there is no folder {shown(str(target))} for the head",
            hint="mount its disk, or create it; the name of a file needs an ending, such as head.txt",
        )
    if os.path.lexists(target):
        raise UsageError(
            f"{shown(str(target))} exists already: an earlier head is never replaced",
            hint="name a folder, which gets a file for each head, or another file",
        )
    if not target.parent.is_dir():
        raise UsageError(
            f"there is no folder {shown(str(target.parent))} for the head", hint="create the folder first"
        )
