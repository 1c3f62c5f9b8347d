"""Verifies a register: its database, its chain, the state that follows from its events, and its heads.

1. SQLite can read all of the file, and its tables and triggers are those that archtool makes.
2. Every event has its digest and follows the one before (`holdings.checking.chain_check`).
3. The chain agrees with the heads that were kept elsewhere, and with those that are signed.
4. The events are in canonical form, and give exactly the tables that are in the file.

Several processes share a large register: one makes the tables again, one reads the database, the others each
check a span of the chain. Each reads one state of the register, so that others can write meanwhile.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from archtool.attestations.report import TrustVerdict
from archtool.attestations.signatures.signature_check import TrustRules
from archtool.files.paths import shown
from archtool.files.workers.concurrency import Concurrency
from archtool.files.workers.parallel import run_in_order
from archtool.findings import Finding, bounded, has_errors
from archtool.holdings import finding_kinds as kinds
from archtool.holdings.checking.chain_check import MAX_NUMBER, ChainCheck, Span, explain_links
from archtool.holdings.checking.database_check import check_database, check_schema
from archtool.holdings.checking.state_check import StateCheck
from archtool.holdings.checking.time_check import TimeCheck
from archtool.holdings.limits import MAX_FINDINGS
from archtool.holdings.queries import read_register_id
from archtool.holdings.register import DamagedRegisterError, open_register
from archtool.operations.holdings.check_heads import HeadsReport, check_heads
from archtool.operations.holdings.known_heads import KnownHead
from archtool.results import Result

SCHEMA = "archtool/register-verify/1"
CUT_OFF = "cut-off"
"""The verdict on a chain that is complete up to its last event, while a head names a later one."""
_DAMAGES = (
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_ERROR,
)  # the last: a table is missing
_SMALL_BYTES = 8 * 1024 * 1024  # of a register that is checked before a second process would be ready


class EventCounter(Protocol):
    """Counts the events that are done, for a person who waits."""

    def count(self, number: int, /) -> None:
        """Count further events."""


class _NoCounter:
    def count(self, number: int, /) -> None:
        del number


def _unwatched(events: int) -> AbstractContextManager[EventCounter]:
    del events
    return nullcontext(_NoCounter())


@dataclass(frozen=True, slots=True)
class VerifyRegisterRequest:
    """What is to be verified."""

    path: Path
    rules: TrustRules
    """Who may sign heads; without `allowed`, trust is not asked for."""
    known: Sequence[KnownHead] = ()
    """Heads that were kept elsewhere."""
    chain_only: bool = False
    """Leave out the database and the state: events, digests, links and heads only."""
    jobs: int = 1
    watch: Callable[[int], AbstractContextManager[EventCounter]] = _unwatched
    """Called with the number of events, in the process that reads them; what it returns counts them."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The outcome of one step."""

    findings: tuple[Finding, ...]
    facts: dict[str, Any] = field(default_factory=dict)
    heads: HeadsReport | None = None
    events: int = 0
    """How many events of the chain were read."""
    broken: dict[int, bytes] = field(default_factory=dict)
    """See `ChainCheck`."""


def verify_register(request: VerifyRegisterRequest) -> Result:
    """Verify a register; what is wrong with it is reported as findings.

    Raises:
        InputError: there is no such file, or it is not a register.
        StorageError: it cannot be read, or was written by a newer archtool.
    """
    try:
        with open_register(request.path, read_only=True) as register:
            # an error about the file as a whole is raised before a process is started
            spans = _spans(request, register.connection)
        steps: list[Callable[[], _Part]] = [partial(_check_span, request, spans, span) for span in spans]
        if not request.chain_only:  # first, because they take longest
            steps = [partial(_check_state, request), partial(_check_database, request), *steps]
        jobs = min(request.jobs, len(steps)) if len(spans) > 1 else 1
        parts = list(run_in_order(len(steps), lambda step: steps[step](), Concurrency(jobs, jobs)))
        parts.append(_explain_links(request, parts))
    except DamagedRegisterError as error:
        parts = [_Part((kinds.DATABASE_DAMAGED.at(error.message),))]
    return _result(request, parts)


def _spans(request: VerifyRegisterRequest, connection: sqlite3.Connection) -> Sequence[Span]:
    """Return the spans of the chain, one for each process."""
    if request.jobs == 1 or request.path.stat().st_size < _SMALL_BYTES:
        return (Span(),)
    try:
        (last,) = connection.execute("SELECT coalesce(max(number), 0) FROM event").fetchone()
    except sqlite3.DatabaseError:  # the check of the only span says what is damaged
        return (Span(),)
    ends = [last * number // request.jobs for number in range(1, request.jobs)]
    return [Span(first + 1, end) for first, end in pairwise((0, *ends, MAX_NUMBER))]


@contextmanager
def _opened(request: VerifyRegisterRequest) -> Iterator[sqlite3.Connection]:
    with open_register(request.path, read_only=True) as register, register.reading() as connection:
        connection.text_factory = lambda text: text.decode(
            "utf-8", "replace"
        )  # a damaged text is no error yet
        yield connection


def _check_span(request: VerifyRegisterRequest, spans: Sequence[Span], span: Span) -> _Part:
    """Check a span of the chain; with the last one the heads, which must not be newer than what was read."""
    heads: list[HeadsReport] = []
    facts: dict[str, Any] = {}

    def compare_heads() -> Iterator[Finding]:
        heads.append(check_heads(connection, request.known, request.rules))
        facts.update({"register": read_register_id(connection), **_times(connection)})
        yield from heads[0].findings

    # the first span stands for all: each has the same number of events
    watch = request.watch if request.chain_only and span == spans[0] else _unwatched
    with _opened(request) as connection, watch(_count_events(connection)) as counter:
        count = partial(_count_for_all, counter, len(spans))
        chain = ChainCheck(connection, span, not request.chain_only, count)
        findings = [*_read_on(chain.findings, request.path, chain)]
        if span == spans[-1]:
            findings += _read_on(compare_heads, request.path, chain)
            facts["head"] = str(chain.head)
    return _Part(tuple(findings), facts, heads[0] if heads else None, chain.events, chain.broken)


def _count_for_all(counter: EventCounter, spans: int, events: int) -> None:
    counter.count(events * spans)


def _check_database(request: VerifyRegisterRequest) -> _Part:
    with _opened(request) as connection:
        steps = (check_schema, check_database)
        findings = [
            finding for step in steps for finding in _read_on(partial(step, connection), request.path)
        ]
    return _Part(tuple(findings))


def _explain_links(request: VerifyRegisterRequest, parts: Sequence[_Part]) -> _Part:
    broken = {number: named for part in parts for number, named in part.broken.items()}
    if not broken:
        return _Part(())
    with _opened(request) as connection:
        return _Part(tuple(_read_on(partial(explain_links, connection, broken), request.path)))


def _read_on(
    step: Callable[[], Iterator[Finding]], path: Path, done: ChainCheck | StateCheck | None = None
) -> Iterator[Finding]:
    """Yield the findings of one step; damage of the database ends the step, and is a finding."""
    try:
        yield from bounded(step(), MAX_FINDINGS)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        yield _damaged(error, path, done)


def _damaged(
    error: sqlite3.DatabaseError | UnicodeDecodeError, path: Path, done: ChainCheck | StateCheck | None
) -> Finding:
    """Return the finding for a file that SQLite cannot read; other errors are raised again."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if code not in _DAMAGES:
        raise error
    where = f" further than event {done.number:,}" if done is not None else ""
    rest = "the rest was not checked"
    if isinstance(done, ChainCheck) and done.span.last < MAX_NUMBER:
        rest = f"the chain was not checked from there to event {done.span.last:,}"
    return kinds.DATABASE_DAMAGED.at(f"{shown(str(path))} cannot be read{where}: {error}; {rest}")


def _times(connection: sqlite3.Connection) -> dict[str, Any]:
    found = connection.execute("SELECT min(number), max(number) FROM event").fetchone()
    times = [_time_of(connection, number) for number in found]
    return {"first_at": times[0], "last_at": times[1]}


def _time_of(connection: sqlite3.Connection, number: int | None) -> str | None:
    row = connection.execute(
        "SELECT CASE WHEN json_valid(record) THEN record ->> '$.at' END FROM event WHERE number = ?",
        (number,),
    ).fetchone()
    return str(row[0]) if row is not None and row[0] is not None else None


def _count_events(connection: sqlite3.Connection) -> int:
    try:
        return int(connection.execute("SELECT coalesce(max(number), 0) FROM event").fetchone()[0])
    except sqlite3.DatabaseError:
        return 0  # the check itself says what is damaged


def _check_state(request: VerifyRegisterRequest) -> _Part:
    # the longer of the two steps is watched: two bars would overwrite each other
    with _opened(request) as connection, request.watch(_count_events(connection)) as counter:
        state = StateCheck(connection, times=TimeCheck(request.rules.at), count=counter.count)
        findings = tuple(_read_on(state.findings, request.path, state))
    return _Part(findings, {"rows": dict(state.rows), "events_unfit": state.unfit})


def _result(request: VerifyRegisterRequest, parts: Sequence[_Part]) -> Result:
    findings = dict.fromkeys(finding for part in parts for finding in part.findings)
    if has_errors(findings):  # what is wrong is more than what cannot be known
        findings = {finding: None for finding in findings if finding.code != kinds.NOT_PROVED.code}
    facts: dict[str, Any] = {"events": sum(part.events for part in parts)}
    for part in parts:
        facts |= part.facts
    heads = next((part.heads for part in parts if part.heads is not None), None)
    facts["heads"] = [known.where for known in heads.compared] if heads is not None else []
    facts["signatures"] = [signature.facts() for signature in heads.signatures] if heads is not None else []
    newest = heads.trusted_up_to if heads is not None else None
    facts["trusted_up_to"] = newest.number if newest is not None else None
    verdict = dict(_verdicts(request, tuple(findings), facts))
    verdict["trust"] = _trust(heads, verdict["chain"]).value
    return Result(SCHEMA, str(request.path), tuple(findings), verdict, facts)


_BY_PART = {
    "chain": (
        kinds.RECORD_ALTERED, kinds.LINK_BROKEN, kinds.EVENTS_SWAPPED, kinds.EVENT_MISSING, kinds.FIRST_EVENT,
        kinds.EVENT_INVALID, kinds.HEAD_DIFFERS,
    ),
    "end": (kinds.EVENTS_CUT_OFF,),
    "state": (kinds.STATE_DIFFERS, kinds.EVENT_CONTRADICTS),
    "database": (kinds.DATABASE_DAMAGED,),
    "schema": (kinds.SCHEMA_DIFFERS,),
}  # fmt: skip


def _verdicts(
    request: VerifyRegisterRequest, findings: Sequence[Finding], facts: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    codes = {finding.code for finding in findings}
    has = {part: any(kind.code in codes for kind in part_kinds) for part, part_kinds in _BY_PART.items()}
    if has["chain"]:
        yield "chain", "broken"
    elif has["end"]:  # what is there follows from its beginning, but it is not all
        yield "chain", CUT_OFF
    else:
        yield "chain", "not-checked" if has["database"] and "first_at" not in facts else "complete"
    if request.chain_only:
        yield "state", "not-asked"
        yield "database", "not-asked"
        return
    compared = bool(facts.get("rows"))
    yield "state", "differs" if has["state"] else "agrees" if compared else "not-compared"
    yield "database", "damaged" if has["database"] else "changed" if has["schema"] else "sound"


def _trust(heads: HeadsReport | None, chain: str) -> TrustVerdict:
    if heads is None:
        return TrustVerdict.UNREADABLE
    is_broken = chain in ("broken", CUT_OFF) and heads.verdict in (
        TrustVerdict.TRUSTED,
        TrustVerdict.UNTRUSTED,
    )
    return TrustVerdict.BROKEN if is_broken else heads.verdict
