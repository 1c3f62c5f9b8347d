"""Verifies a register: its database, its chain, the state that follows from its events, and its heads.

1. SQLite can read all of the file, and its tables and triggers are those that archtool makes.
2. Every event has its digest and follows the one before (`holdings.checking.chain_check`).
3. The chain agrees with the heads that were kept elsewhere, and with those that are signed.
4. The events are in canonical form, and give exactly the tables that are in the file.

Steps 1 to 3 and step 4 run in two processes. Each reads one state of the register, so that others can write
meanwhile.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archtool.attestations.report import TrustVerdict
from archtool.attestations.signatures.signature_check import TrustRules
from archtool.files.paths import shown
from archtool.files.workers.concurrency import Concurrency
from archtool.files.workers.parallel import run_in_order
from archtool.findings import Finding, bounded, has_errors
from archtool.holdings import finding_kinds as kinds
from archtool.holdings.checking.chain_check import ChainCheck
from archtool.holdings.checking.database_check import check_database, check_schema
from archtool.holdings.checking.state_check import StateCheck
from archtool.holdings.limits import MAX_FINDINGS
from archtool.holdings.queries import read_register_id
from archtool.holdings.register import DamagedRegisterError, open_register
from archtool.operations.holdings.check_heads import HeadsReport, check_heads
from archtool.operations.holdings.known_heads import KnownHead
from archtool.results import Result

SCHEMA = "archtool/register-verify/1"
_DAMAGES = (
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_ERROR,
)  # the last: a table is missing
_SMALL_BYTES = 8 * 1024 * 1024  # of a register that is checked before a second process would be ready


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


@dataclass(frozen=True, slots=True)
class _Part:
    """The outcome of one process."""

    findings: tuple[Finding, ...]
    facts: dict[str, Any]
    heads: HeadsReport | None = None


def verify_register(request: VerifyRegisterRequest) -> Result:
    """Verify a register; what is wrong with it is reported as findings.

    Raises:
        InputError: there is no such file, or it is not a register.
        StorageError: it cannot be read, or was written by a newer archtool.
    """
    steps: list[Callable[[VerifyRegisterRequest], _Part]] = [_check_chain]
    if not request.chain_only:
        steps.append(_check_state)
    try:
        with open_register(request.path, read_only=True):
            pass  # an error about the file as a whole is raised before a process is started
        jobs = min(request.jobs, len(steps))
        jobs = 1 if request.path.stat().st_size < _SMALL_BYTES else jobs
        parts = list(run_in_order(len(steps), lambda step: steps[step](request), Concurrency(jobs, jobs)))
    except DamagedRegisterError as error:
        parts = [_Part((kinds.DATABASE_DAMAGED.at(error.message),), {})]
    return _result(request, parts)


@contextmanager
def _opened(request: VerifyRegisterRequest) -> Iterator[sqlite3.Connection]:
    with open_register(request.path, read_only=True) as register, register.reading() as connection:
        connection.text_factory = lambda text: text.decode(
            "utf-8", "replace"
        )  # a damaged text is no error yet
        yield connection


def _check_chain(request: VerifyRegisterRequest) -> _Part:
    findings: list[Finding] = []
    heads: list[HeadsReport] = []
    facts: dict[str, Any] = {}

    def compare_heads() -> Iterator[Finding]:
        heads.append(check_heads(connection, request.known, request.rules))
        facts.update({"register": read_register_id(connection), **_times(connection)})
        yield from heads[0].findings

    with _opened(request) as connection:
        chain = ChainCheck(connection)
        steps = [chain.findings, compare_heads]
        if not request.chain_only:
            steps += [lambda: check_schema(connection), lambda: check_database(connection)]
        for step in steps:
            findings += _read_on(step, request.path, chain)
    facts |= {"events": chain.events, "head": str(chain.head)}
    return _Part(tuple(findings), facts, heads[0] if heads else None)


def _read_on(
    step: Callable[[], Iterator[Finding]], path: Path, done: ChainCheck | StateCheck
) -> Iterator[Finding]:
    """Yield the findings of one step; damage of the database ends the step, and is a finding."""
    try:
        yield from bounded(step(), MAX_FINDINGS)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        yield _damaged(error, path, done.events)


def _damaged(error: sqlite3.DatabaseError | UnicodeDecodeError, path: Path, number: int) -> Finding:
    """Return the finding for a file that SQLite cannot read; other errors are raised again."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if code not in _DAMAGES:
        raise error
    return kinds.DATABASE_DAMAGED.at(
        f"{shown(str(path))} cannot be read further than event {number:,}: {error}; the rest was not checked"
    )


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


def _check_state(request: VerifyRegisterRequest) -> _Part:
    with _opened(request) as connection:
        state = StateCheck(connection)
        findings = tuple(_read_on(state.findings, request.path, state))
    return _Part(findings, {"rows": dict(state.rows), "events_unfit": state.unfit})


def _result(request: VerifyRegisterRequest, parts: Sequence[_Part]) -> Result:
    findings = dict.fromkeys(finding for part in parts for finding in part.findings)
    if has_errors(findings):  # what is wrong is more than what cannot be known
        findings = {finding: None for finding in findings if finding.code != kinds.NOT_PROVED.code}
    facts: dict[str, Any] = {}
    for part in parts:
        facts |= part.facts
    heads = parts[0].heads
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
        kinds.EVENT_INVALID, kinds.EVENTS_CUT_OFF, kinds.HEAD_DIFFERS,
    ),
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
    is_broken = chain == "broken" and heads.verdict in (TrustVerdict.TRUSTED, TrustVerdict.UNTRUSTED)
    return TrustVerdict.BROKEN if is_broken else heads.verdict
