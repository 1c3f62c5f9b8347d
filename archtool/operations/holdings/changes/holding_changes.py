"""Changes what the register says about a holding: custody, content, withdrawal, notes; and its policy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from archtool.archives.limits import Limits
from archtool.errors import InputError
from archtool.files.paths import shell_word, shown
from archtool.holdings.event import EventOutcome
from archtool.holdings.event_types import EventType
from archtool.holdings.model import Copy, Holding
from archtool.holdings.queries import copies_of
from archtool.holdings.register import Register
from archtool.operations.holdings.changes.recording import Recorded, Recorder
from archtool.operations.holdings.changes.replaced_copy import find_replaced_copy
from archtool.operations.holdings.find import find_kept
from archtool.operations.holdings.package_facts import PackageFacts, registered_detail

_TRANSACTION = 1024  # events: another writer waits a fraction of a second


def withdraw(
    register: Register, names: Sequence[str], reason: str, recorder: Recorder
) -> Iterator[tuple[Recorded, list[Copy]]]:
    """Record that the archive gives holdings up, all of them or none; yield each with its former copies.

    Nothing on a disk is deleted.

    Raises:
        InputError: one of them is unknown, or was withdrawn already.
    """
    with register.writing() as chain:
        done = []
        for name in names:
            holding = find_kept(chain.connection, name)
            copies = copies_of(chain.connection, holding)
            detail = {"reason": reason, "places": [copy.place for copy in copies]}
            done.append((recorder.append(chain, EventType.WITHDRAWAL, holding.name, detail), copies))
    yield from done


def transfer_custody(
    register: Register,
    names: Iterable[str],
    to: str,
    recorder: Recorder,
    *,
    giver: str | None,
    note: str | None,
) -> Iterator[Recorded]:
    """Record that another custodian answers for holdings; one transaction for some hundred of them.

    `giver` must be the registered custodian where there is one; by default that custodian is recorded.

    Raises:
        InputError: a holding is unknown or withdrawn, or another custodian is registered.
    """
    rest = iter(names)
    while some := list(islice(rest, _TRANSACTION)):
        with register.writing() as chain:
            done = []
            for name in some:
                holding = find_kept(chain.connection, name)
                _require_custodian(holding, giver, to)
                detail = {"from": giver or holding.custodian, "to": to, "note": note}
                done.append(recorder.append(chain, EventType.CUSTODY_TRANSFER, holding.name, detail))
        yield from done


def _require_custodian(holding: Holding, giver: str | None, to: str) -> None:
    name, registered = shown(holding.name), holding.custodian
    if registered == to:
        raise InputError(
            f"{shown(to)} is the custodian of {name} already",
            hint=f"see: archtool holdings show {shell_word(name)}",
        )
    if giver is not None and registered is not None and giver != registered:
        raise InputError(
            f"the custodian of {name} is {shown(registered)}, not {shown(giver)}",
            hint="leave out --from, or give the registered name",
        )


def names_of_others(connection: sqlite3.Connection, custodian: str) -> Iterator[str]:
    """Yield the names of holdings with another custodian, sorted; the register can change meanwhile."""
    last = ""
    while True:
        rows = connection.execute(
            "SELECT name FROM holding WHERE withdrawn_at IS NULL AND custodian IS NOT ? AND name > ?"
            " ORDER BY name LIMIT ?",
            (custodian, last, _TRANSACTION),
        ).fetchall()
        if not rows:
            return
        yield from (name for (name,) in rows)
        last = rows[-1][0]


@dataclass(frozen=True, slots=True)
class Update:
    """A holding whose content was registered again."""

    recorded: Recorded | None
    """`None` if the package records what is registered."""
    holding: Holding
    """As it was registered before."""
    place: str
    """The place of the copy that was read."""
    facts: PackageFacts
    others: list[Copy]
    """Its other copies: they still have to be replaced."""
    given_up: str | None = None
    """The newest attestation that was expected in it, and is not there any more."""


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """Which holding was replaced by a new version, and why."""

    name: str
    reason: str
    place: str | None = None
    """Which copy has the new content; `None`: the only one, or the one whose manifests are new."""
    readable: Path | None = None
    """Where that copy can be read, if its place is on a medium."""
    limits: Limits | None = None


def update(register: Register, request: UpdateRequest, recorder: Recorder) -> Update:
    """Read a copy whose content was replaced on purpose, and register what it records now.

    Raises:
        UsageError: the holding has several copies, and nothing shows which of them was replaced.
        InputError: the holding is unknown, or the copy cannot be read.
    """
    holding = find_kept(register.connection, request.name)
    copy, facts = find_replaced_copy(
        register.connection, holding, request.place, request.readable, request.limits
    )
    with register.writing() as chain:
        holding = find_kept(chain.connection, holding.name)
        others = [other for other in copies_of(chain.connection, holding) if other.place != copy.place]
        given_up = _given_up(holding, copy, facts)
        is_same = registered_detail(holding) == facts.detail() and not facts.differs_from(holding, copy)
        if is_same and given_up is None:
            return Update(None, holding, copy.place, facts, others)
        before: dict[str, Any] = {
            "manifests": dict(holding.manifests), "tag_manifests": copy.tag_manifests, "head": holding.head,
        }  # fmt: skip
        if given_up is not None:
            before["given_up"] = given_up
        detail = facts.detail() | {
            "tag_manifests": facts.tag_manifests, "place": copy.place, "reason": request.reason,
            "before": before,
        }  # fmt: skip
        recorded = recorder.append(chain, EventType.MIGRATION, holding.name, detail)
    return Update(recorded, holding, copy.place, facts, others, given_up)


def _given_up(holding: Holding, copy: Copy, facts: PackageFacts) -> str | None:
    """Return the newest attestation that the register expects and the copy has no longer."""
    known = max(filter(None, (copy.head, holding.head)), default=None)  # heads begin with their number
    return known if known is not None and known > (facts.head or "") else None


def set_policy(register: Register, settings: dict[str, Any], recorder: Recorder) -> Recorded:
    """Record new settings of the register, by their names in the events."""
    with register.writing() as chain:
        return recorder.append(chain, EventType.POLICY, None, settings)


def add_note(
    register: Register, name: str | None, event: str, text: str, outcome: EventOutcome, recorder: Recorder
) -> Recorded:
    """Append an event of the archive's own, about a holding or the whole register.

    Raises:
        InputError: the holding is unknown, or was withdrawn.
    """
    with register.writing() as chain:
        holding = find_kept(chain.connection, name).name if name is not None else None
        return recorder.append(chain, event, holding, {"note": text}, outcome)
