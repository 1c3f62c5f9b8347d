"""The works on a large register: what is asked of it, its proof, and the page about it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from benchmarks.field import WorkContext
from benchmarks.holdings.content import name_of
from benchmarks.holdings.registers import FEW_HOLDINGS, register_size
from benchmarks.model import Bar, Contestant, Metric, Role, Work

_MB = 1_000_000
_ROUNDS = 9


def due(context: WorkContext) -> Work:
    """What is due, and for how long it will keep the disks busy."""
    return _question(
        context, "holdings-due", "what is due for a check", ("audit", "--plan"), "would be checked"
    )


def first_page(context: WorkContext) -> Work:
    """The first page of the list."""
    command = ("holdings", "list", "--limit", "50")
    return _question(context, "holdings-list", "the first 50 holdings", command, "Letter of")


def show(context: WorkContext) -> Work:
    """One holding, with its copies and its last events."""
    name = name_of(0)
    return _question(context, "holdings-show", "one holding", ("holdings", "show", name), name)


def _question(context: WorkContext, key: str, what: str, command: tuple[str, ...], wanted: str) -> Work:
    """Return the work of one command that asks a register, compared with itself on a tiny register."""
    large, few = context.register("large"), context.register("few")
    own = _query(command, large, wanted, f"archtool {' '.join(command)}")
    start = _query(command, few, wanted, f"{own.name}, {FEW_HOLDINGS} holdings")
    return Work(
        key,
        f"{what}, in a register of {register_size(large).holdings:,} holdings",
        (own, start),
        (Bar("at most 0.1 s more than with ten holdings", own.name, (start.name,), 0.1, is_difference=True),),
        rounds_at_least=_ROUNDS,
    )


def _query(command: tuple[str, ...], register: Path, wanted: str, name: str, entries: int = 1) -> Contestant:
    argv = ("archtool", *command, "--register", register.name)
    return Contestant(name, argv, register.parent, Role.QUERIES, "archtool", wanted, entries=entries)


def verify_chain(context: WorkContext) -> Work:
    """The proof of the whole chain of events."""
    large, tenth = context.register("large"), context.register("tenth")
    command = ("holdings", "verify", "--chain-only")
    own, fewer = (
        _query(command, register, f"{events:,} events", name, events)
        for register, name in ((large, f"archtool {' '.join(command)}"), (tenth, "a tenth of the events"))
        for events in [register_size(register).events]
    )
    whole = _query(command[:2], large, f"{own.entries:,} events", "archtool holdings verify", own.entries)
    return Work(
        "holdings-verify",
        f"verify the chain of {own.entries:,} events",
        (own, fewer, replace(whole, most_runs=1)),
        (
            Bar("at least 300,000 events a second", own.name, (), 1 / 300_000, Metric.SECONDS_PER_ENTRY),
            Bar("memory: at most 1.2 × that of a tenth", own.name, (fewer.name,), 1.2, Metric.PEAK_BYTES),
        ),
        notes=("without --chain-only all tables are made again from the events and compared; measured once",),
    )


def report(context: WorkContext) -> Work:
    """The page about a large register."""
    large = context.register("large")
    command = ("holdings", "report", "--html", "report.html")
    own = _query(command, large, "", f"archtool {' '.join(command)}")
    return Work(
        "holdings-report",
        f"report on {register_size(large).holdings:,} holdings as a page",
        (own,),
        (
            Bar("at most 30 seconds", own.name, (), 30.0),
            Bar("no process larger than 500 MB", own.name, (), 500 * _MB, Metric.PEAK_BYTES),
        ),
        before_each=lambda: large.with_name("report.html").unlink(missing_ok=True),
    )
