"""What is claimed of a package: the options that say it, and the claim that they make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from archtool.attestations.statements.events import CUSTODY_TRANSFER
from archtool.errors import UsageError

if TYPE_CHECKING:
    from archtool.attestations.statements.claim import Claim

_CLAIM_OPTIONS = (
    click.option("--event", metavar="TYPE", help="What is claimed to have happened; see above."),
    click.option("--from", "giver", metavar="NAME", help="Of a custody-transfer: who gave the package up."),
    click.option("--to", "receiver", metavar="NAME", help="Of a custody-transfer: who took it over."),
    click.option("--note", metavar="TEXT", help="Whatever the signers want to add, for people."),
    click.option(
        "--detail", "details", multiple=True, metavar="KEY=VALUE",
        help="A fact of the event, by name; repeatable.",
    ),
    click.option(
        "--read-payload", is_flag=True,
        help="Read every payload file first and say so in the claim; fixity-check, validation and repair do.",
    ),
)  # fmt: skip
cover_added_option = click.option(
    "--cover-added", is_flag=True, help="Take in tag files that no signature stands for yet."
)


def claim_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `make_claim` understands."""
    for option in reversed(_CLAIM_OPTIONS):
        command = option(command)
    return command


def nobody_signs() -> UsageError:
    """A claim without a key is nobody's."""
    return UsageError(
        "nobody signs: --sign is missing", hint="give --sign KEY; make a key: archtool keys new"
    )


def make_claim(given: dict[str, Any]) -> Claim:
    """What `claim_options` said, as a claim.

    Raises:
        UsageError: it is none.
    """
    from archtool.attestations.statements.claim import GIVER, RECEIVER, Claim

    if given["event"] is None:
        raise UsageError("--event is missing: what happened?", hint="see: archtool attest --help")
    details = _details(given["details"], {GIVER: given["giver"], RECEIVER: given["receiver"]}, given["event"])
    return Claim.of(given["event"], given["note"], details)


def _details(texts: Sequence[str], transfer: dict[str, str | None], event: str) -> dict[str, str]:
    """The details by name; `--from` and `--to` are another way to give two of them.

    Raises:
        UsageError: not KEY=VALUE, one is given twice, or they are no part of the event.
    """
    details: dict[str, str] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"not a detail: {text[:80]!r}", hint="write it as --detail KEY=VALUE")
        _add(details, key.strip(), value)
    for key, name in transfer.items():
        if name is None:
            continue
        if event != CUSTODY_TRANSFER:
            raise UsageError(
                f"--{key} belongs to --event {CUSTODY_TRANSFER}", hint=f"give --detail {key}=NAME elsewhere"
            )
        _add(details, key, name)
    return details


def _add(details: dict[str, str], key: str, value: str) -> None:
    if key in details:
        raise UsageError(f"the detail {key!r} is given twice", hint="give it once")
    details[key] = value
