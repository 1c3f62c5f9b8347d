"""The options that describe a claim about a package, and the `Claim` that they make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from archtool.attestations.statements.claim import GIVER, RECEIVER, Claim
from archtool.attestations.statements.events import CUSTODY_TRANSFER
from archtool.errors import UsageError

_CLAIM_OPTIONS = (
    click.option(
        "--event", metavar="TYPE",
        help="Type of the claimed event: custody-transfer, countersignature, fixity-check, validation, "
        "repair or x-….",
    ),
    click.option("--from", "giver", metavar="NAME", help="For a custody-transfer: who gave the package."),
    click.option("--to", "receiver", metavar="NAME", help="For a custody-transfer: who received it."),
    click.option("--note", metavar="TEXT", help="A note from the signers to readers."),
    click.option(
        "--detail", "details", multiple=True, metavar="KEY=VALUE",
        help="A named fact about the event; repeatable.",
    ),
    click.option(
        "--read-payload", is_flag=True,
        help="Read every payload file first, and state this in the claim; fixity-check, validation and "
        "repair always do.",
    ),
)  # fmt: skip
cover_added_option = click.option(
    "--cover-added", is_flag=True, help="Include tag files that no signature covers yet."
)


def claim_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `make_claim` reads."""
    for option in reversed(_CLAIM_OPTIONS):
        command = option(command)
    return command


def missing_key_error() -> UsageError:
    """Return the error for a claim that no key signs."""
    return UsageError("--sign is missing", hint="give --sign KEY; to make a key, run: archtool keys new")


def make_claim(given: dict[str, Any]) -> Claim:
    """Return the claim that the options describe.

    Raises:
        UsageError: the options do not describe a claim.
    """
    if given["event"] is None:
        raise UsageError("--event is missing", hint="for the types of events, see: archtool attest --help")
    details = _details(given["details"], {GIVER: given["giver"], RECEIVER: given["receiver"]}, given["event"])
    return Claim.of(given["event"], given["note"], details)


def _details(texts: Sequence[str], transfer: dict[str, str | None], event: str) -> dict[str, str]:
    """Return the details by name; `--from` and `--to` are short forms of two of them.

    Raises:
        UsageError: a detail is not KEY=VALUE or is given twice, or the event has no such detail.
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
                f"--{key} requires --event {CUSTODY_TRANSFER}",
                hint=f"for another event, give --detail {key}=NAME",
            )
        _add(details, key, name)
    return details


def _add(details: dict[str, str], key: str, value: str) -> None:
    if key in details:
        raise UsageError(f"the detail {key!r} is given twice", hint="give it once")
    details[key] = value
