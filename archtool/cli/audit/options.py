"""The options that select what an audit checks."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from archtool.batch.audit.known_holdings import known_holdings
from archtool.batch.audit.limits import AuditLimits
from archtool.batch.audit.selection import Selection, SelectionKind
from archtool.batch.journal.shards import Shard
from archtool.cli.audit.shares import Percentage, Share
from archtool.cli.options.byte_size import SIZE_HELP, ByteSize
from archtool.cli.options.paths import ANY_PATH
from archtool.cli.options.registers.mounts import mount_option
from archtool.cli.options.time_span import TimeSpan
from archtool.errors import InputError, UsageError
from archtool.files.paths import shown
from archtool.holdings.lookup.due import DueQuery, count_due
from archtool.holdings.lookup.totals import check_interval
from archtool.holdings.places import place_of
from archtool.holdings.register import Register

_MAX_SEED = 2**32  # exact in JSON


def selection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that select copies."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.option(
        "--older-than", type=TimeSpan(), metavar="SPAN",
        help="Check what was not checked for SPAN, such as 90d; default: the interval of the register.",
    ),
    click.option(
        "--margin", type=TimeSpan(), metavar="SPAN",
        help="Check it so much before its time, so that nothing is late on the next night; default: 36h.",
    ),
    click.option("--all", "is_all", is_flag=True, help="Check every copy."),
    click.option(
        "--subset", type=Share(), metavar="I/N",
        help="Check the most urgent share of all copies, such as 1/30.",
    ),
    click.option(
        "--sample", type=Percentage(), metavar="P%", help="Check a random share of all copies, such as 1%."
    ),
    click.option(
        "--seed", type=click.IntRange(0, _MAX_SEED), metavar="N",
        help="Take the same sample as an earlier run with this seed.",
    ),
    click.option(
        "--holding", "holdings", multiple=True, metavar="NAME",
        help="Check the copies of this holding, due or not; repeatable.",
    ),
    click.option("--shelf", type=ANY_PATH, metavar="DIR", help="Check only copies on this shelf."),
    click.option("--quick", is_flag=True, help="Check names and sizes only; recorded as a validation."),
    click.option(
        "--time-limit", type=TimeSpan(timedelta(seconds=1)), metavar="SPAN",
        help="Begin no copy after SPAN, such as 5h.",
    ),
    click.option(
        "--bytes-limit", type=ByteSize(), metavar="SIZE",
        help=f"Begin no copy after SIZE of payload, such as 500G; {SIZE_HELP}.",
    ),
    mount_option,
)  # fmt: skip


def make_selection(given: Mapping[str, Any], register: Register, shard: Shard | None) -> Selection:
    """Return the selection that the options describe.

    Raises:
        InputError: a holding is unknown.
        UsageError: options contradict each other.
    """
    kind = _kind_of(given)
    if kind is not SelectionKind.DUE and (given["older_than"] is not None or given["margin"] is not None):
        raise UsageError(
            f"--older-than and --margin select what is due; they contradict {_OPTION_OF[kind]}",
            hint=f"leave them out, or leave {_OPTION_OF[kind]} out",
        )
    _check_margin(given, register)
    if kind is SelectionKind.SUBSET and given["quick"]:
        raise UsageError(
            "--subset takes what waits longest for a full check, so it contradicts --quick",
            hint="give --quick with --all, or with --older-than",
        )
    if kind is SelectionKind.SAMPLE and shard is not None:
        raise UsageError("--sample and --shard contradict each other", hint="leave one of them out")
    if given["seed"] is not None and kind is not SelectionKind.SAMPLE:
        raise UsageError("--seed requires --sample", hint="give --sample 1%, or leave --seed out")
    return Selection(
        kind=kind,
        older_than=given["older_than"],
        margin=given["margin"],
        share=given["subset"] or given["sample"],
        seed=_seed(given) if kind is SelectionKind.SAMPLE else None,
        holdings=known_holdings(given["holdings"], register),
        shelf=_known_shelf(given["shelf"], register),
        shard=shard,
        is_quick=given["quick"],
    )


_OPTION_OF = {
    SelectionKind.ALL: "--all", SelectionKind.SUBSET: "--subset", SelectionKind.SAMPLE: "--sample",
    SelectionKind.HOLDINGS: "--holding",
}  # fmt: skip


def _kind_of(given: Mapping[str, Any]) -> SelectionKind:
    is_given = {
        SelectionKind.ALL: given["is_all"], SelectionKind.SUBSET: given["subset"] is not None,
        SelectionKind.SAMPLE: given["sample"] is not None, SelectionKind.HOLDINGS: bool(given["holdings"]),
    }  # fmt: skip
    chosen = [kind for kind, is_chosen in is_given.items() if is_chosen]
    if len(chosen) > 1:
        raise UsageError(
            f"{_OPTION_OF[chosen[0]]} and {_OPTION_OF[chosen[1]]} contradict each other",
            hint="give one of them",
        )
    return chosen[0] if chosen else SelectionKind.DUE


def _check_margin(given: Mapping[str, Any], register: Register) -> None:
    age = given["older_than"] or check_interval(register.connection)
    if given["margin"] is not None and given["margin"] >= age:
        raise UsageError(
            f"a margin of {_span(given['margin'])} leaves nothing of {_span(age)}: everything would be due",
            hint="give a shorter --margin, or --all",
        )


def _span(span: timedelta) -> str:
    return f"{span.days}d" if span.seconds == 0 else f"{span.total_seconds() / 3600:g}h"


def _seed(given: Mapping[str, Any]) -> int:
    return random.SystemRandom().randrange(_MAX_SEED) if given["seed"] is None else given["seed"]


def _known_shelf(folder: Path | None, register: Register) -> str | None:
    if folder is None:
        return None
    place = place_of(folder)
    if count_due(register.connection, DueQuery(shelf=place)).copies == 0:
        raise InputError(
            f"no copy of the register is below {shown(place)}",
            hint="check the path; list the copies with: archtool holdings list",
        )
    return place


def make_limits(given: Mapping[str, Any]) -> AuditLimits:
    """Return the limits that the options set."""
    span = given["time_limit"]
    return AuditLimits(None if span is None else span.total_seconds(), given["bytes_limit"])
