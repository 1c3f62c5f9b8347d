"""The options that sign the head of the register at the end of an audit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from archtool.cli.options import common
from archtool.cli.options.timestamping import make_timestamp_client, timestamp_options
from archtool.errors import UsageError
from archtool.holdings.register import Register

if TYPE_CHECKING:
    from archtool.attestations.statements.writer import Signer
    from archtool.operations.trust.timestamp_client import TimestampClient


def signing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `load_signing` reads."""
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
    common.passphrase_file_option,
    timestamp_options("--timestamp", "--timestamp-command"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HeadSigning:
    """How the head of the register is signed."""

    signers: tuple[Signer, ...]
    timestamp_client: TimestampClient | None

    def sign(self, register: Register, at: datetime) -> None:
        """Sign the head of the chain, which vouches for all events of the run."""
        # lazy: 200 ms, only --sign needs it
        from archtool.operations.holdings.sign_head import sign_head

        sign_head(register, self.signers, at, self.timestamp_client)


def load_signing(given: dict[str, Any]) -> HeadSigning | None:
    """Load the keys, before anything is read; `None` without --sign.

    Raises:
        InputError: a key cannot be used.
        UsageError: an option requires --sign.
    """
    if not given["keys"]:
        for name, option in (
            ("names", "--signer"), ("timestamp_url", "--timestamp"),
            ("timestamp_command", "--timestamp-command"),
        ):  # fmt: skip
            if given[name]:
                raise UsageError(f"{option} requires --sign", hint="give --sign KEY, or leave it out")
        return None
    from archtool.cli.signing.key_loading import load_signers  # lazy: 25 ms, only --sign needs it

    client = make_timestamp_client(given, common.load_authorities(given["tsa_roots"]))
    return HeadSigning(load_signers(given["keys"], given["names"], given["passphrase_file"]), client)
