"""Decides what a package that was read is for the register, and appends its event.

1. A copy is registered at its place: nothing is done; other manifests than the registered ones are a finding.
2. It has no name of its own, and one holding has its manifests: it is a further copy of that, as in 4.
3. No holding has its name: it is a new holding. A note names another one with the same manifests.
4. A holding has its name and its manifests: it is a further copy, unless it is the same folder or file by
   another path. If the holding was withdrawn, it comes back, but only with a package that was named.
5. A holding has its name and other manifests: a finding that names both. Nothing is guessed.
"""

from __future__ import annotations

import os
import shlex
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from archtool.errors import StorageError
from archtool.files.paths import shell_word, shown
from archtool.findings import Finding
from archtool.holdings import finding_kinds
from archtool.holdings.chain import ChainWriter
from archtool.holdings.event_source import EventSource
from archtool.holdings.event_types import EventType
from archtool.holdings.model import Copy, Holding, PlaceKind
from archtool.holdings.queries import (
    copies_of,
    find_by_manifests,
    find_copy_at,
    get_holding,
    is_registered_place,
)
from archtool.operations.holdings.intake.offers import Offer
from archtool.operations.holdings.package_facts import PackageFacts


class RegistrationEnding(StrEnum):
    """What became of a package that was offered to the register."""

    REGISTERED = "registered"
    """It is a new holding."""
    REGISTERED_AGAIN = "registered-again"
    """The holding was withdrawn, and is kept again."""
    FURTHER_COPY = "further-copy"
    MOVED = "moved"
    """Its place was corrected."""
    KNOWN = "registered-already"
    REFUSED = "refused"
    """A finding says why."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What became of one package."""

    offer: Offer
    ending: RegistrationEnding
    name: str | None = None
    """The name of the holding."""
    problem: Finding | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """What an archivist states about packages that arrive together."""

    accession: str | None = None
    custodian: str | None = None
    received_from: str | None = None
    records_moves: bool = False
    """Whether a package whose registered copy is gone from its place counts as moved, not as a copy."""
    readmits: bool = False
    """Whether a holding that was withdrawn comes back with its package."""


class Registrar:
    """Registers packages within transactions of its caller."""

    def __init__(self, events: EventSource, arrival: Arrival, now: Callable[[], datetime]) -> None:
        self._events, self._arrival, self._now = events, arrival, now

    def register(self, chain: ChainWriter, offer: Offer) -> Registration:
        """Register one package, or return why not."""
        try:
            return self._register(chain, offer)
        except (ValueError, TypeError, StorageError) as error:  # raised before anything is written
            message = f"{shown(offer.place)} states what no event can keep: {error}"
            return _refused(offer, finding_kinds.PACKAGE_UNREADABLE.at(message))

    def _register(self, chain: ChainWriter, offer: Offer) -> Registration:
        if offer.facts is None or offer.name is None:
            return Registration(offer, RegistrationEnding.REFUSED, problem=offer.problem)
        if is_registered_place(chain.connection, offer.place):
            return _known(chain, offer, offer.facts)
        holding = find_same(chain.connection, offer)
        if holding is None:
            return self._ingest(chain, offer, offer.facts)
        offer = replace(offer, name=holding.name)
        assert offer.facts is not None  # noqa: S101 - seen above
        if holding.manifests != offer.facts.manifests:
            return _refused(offer, _name_taken(chain, offer, holding))
        if holding.withdrawn_at is None:
            return self._copy(chain, offer, holding, offer.facts)
        return self._readmit(chain, offer, holding, offer.facts)

    def _readmit(
        self, chain: ChainWriter, offer: Offer, holding: Holding, facts: PackageFacts
    ) -> Registration:
        if not self._arrival.readmits:
            return _refused(offer, _withdrawn(offer, holding))
        return self._ingest(chain, offer, facts, is_again=True)

    def _append(self, chain: ChainWriter, event: EventType, offer: Offer, detail: dict[str, Any]) -> None:
        chain.append(self._events.event(event, self._now(), offer.name, detail))

    def _ingest(
        self, chain: ChainWriter, offer: Offer, facts: PackageFacts, *, is_again: bool = False
    ) -> Registration:
        arrival = self._arrival
        detail = facts.detail() | {
            "place": offer.place,
            "place_kind": facts.place_kind.value,
            "tag_manifests": facts.tag_manifests,
            "accession": arrival.accession,
            "custodian": arrival.custodian,
            "from": arrival.received_from,
            "registered_again": True if is_again else None,
        }
        twins = find_by_manifests(chain.connection, facts.manifests) if facts.files else []
        self._append(chain, EventType.INGESTION, offer, detail)
        ending = RegistrationEnding.REGISTERED_AGAIN if is_again else RegistrationEnding.REGISTERED
        problem = _same_content(offer, twins) if twins else None
        return Registration(offer, ending, offer.name, problem)

    def _copy(self, chain: ChainWriter, offer: Offer, holding: Holding, facts: PackageFacts) -> Registration:
        copies = [copy for copy in copies_of(chain.connection, holding) if copy.kind is not PlaceKind.MEDIUM]
        same = next((copy for copy in copies if _is_same_file(copy.place, offer.place)), None)
        if same is not None:
            return Registration(offer, RegistrationEnding.KNOWN, offer.name, _same_package(offer, same))
        gone = next((copy for copy in copies if not os.path.lexists(copy.place)), None)
        kind = facts.place_kind.value
        if gone is not None and self._arrival.records_moves:
            detail = {"from": gone.place, "to": offer.place, "place_kind": kind}
            self._append(chain, EventType.RELOCATION, offer, detail)
            return Registration(offer, RegistrationEnding.MOVED, offer.name)
        further = {
            "place": offer.place, "place_kind": kind, "head": facts.head,
            "tag_manifests": facts.tag_manifests, "from": self._arrival.received_from,
        }  # fmt: skip
        self._append(chain, EventType.REPLICATION, offer, further)
        problem = _copy_gone(offer, gone) if gone is not None else None
        return Registration(offer, RegistrationEnding.FURTHER_COPY, offer.name, problem)


def find_same(connection: sqlite3.Connection, offer: Offer) -> Holding | None:
    """Return the holding that a package belongs to: that of its name, else of its manifests; `None` if none.

    Packages without a payload all have the same manifests, so these say nothing.
    """
    assert offer.name is not None  # noqa: S101 - the caller has seen it
    assert offer.facts is not None  # noqa: S101
    facts, holding = offer.facts, get_holding(connection, offer.name)
    if offer.is_named or not facts.files or (holding is not None and holding.manifests == facts.manifests):
        return holding
    kept = find_by_manifests(connection, facts.manifests)
    twins = kept or find_by_manifests(connection, facts.manifests, withdrawn=True)
    return twins[0] if len(twins) == 1 else holding


def _refused(offer: Offer, problem: Finding) -> Registration:
    return Registration(offer, RegistrationEnding.REFUSED, offer.name, problem)


def _is_same_file(first: str, second: str) -> bool:
    try:
        return os.path.samefile(first, second)  # noqa: PTH121 - two texts, no `Path` is needed
    except OSError:
        return False


def _known(chain: ChainWriter, offer: Offer, facts: PackageFacts) -> Registration:
    found = find_copy_at(chain.connection, offer.place)
    assert found is not None  # noqa: S101 - the caller has just seen it
    name = found[0].name
    problem = None
    if found[0].manifests != facts.manifests:
        problem = finding_kinds.CONTENT_REPLACED.at(
            f"{shown(offer.place)} is registered as {name}, and its manifests are not the registered ones:"
            f" {differing_manifests(found[0], facts)}",
            hint=f"if it was replaced on purpose: archtool holdings update {shell_word(name)} --copy"
            f" {shell_word(offer.place)} --reason TEXT; if not, restore it from another copy",
        )
    return Registration(offer, RegistrationEnding.KNOWN, name, problem)


def differing_manifests(holding: Holding, facts: PackageFacts) -> str:
    """Return in words which manifests of a package are not those of a holding."""
    names = sorted(holding.manifests.keys() | facts.manifests.keys())
    return ", ".join(
        f"{name} is {_difference(holding.manifests.get(name), facts.manifests.get(name))}"
        for name in names
        if holding.manifests.get(name) != facts.manifests.get(name)
    )


def _difference(registered: str | None, found: str | None) -> str:
    if found is None:
        return "missing"
    return "new" if registered is None else "different"


def _name_taken(chain: ChainWriter, offer: Offer, holding: Holding) -> Finding:
    copies = copies_of(chain.connection, holding, removed=True)
    since = f"withdrawn on {holding.withdrawn_at[:10]}" if holding.withdrawn_at else "registered"
    at = f" at {shown(copies[0].place)}" if copies else ""
    update = ""
    if not holding.withdrawn_at:
        command = f"archtool holdings update {shell_word(holding.name)} --reason TEXT"
        update = f"if it is a new version of it, put it in its place and run: {command}; "
    return finding_kinds.NAME_TAKEN.at(
        f"{shown(offer.place)} has the name {holding.name}, which is {since}{at} with other manifests",
        hint=f"{update}if it is another holding: archtool holdings add {shell_word(offer.place)} --name NAME",
    )


def _withdrawn(offer: Offer, holding: Holding) -> Finding:
    return finding_kinds.WITHDRAWN_PACKAGE.at(
        f"{shown(offer.place)}: {holding.name} was withdrawn on {(holding.withdrawn_at or '')[:10]};"
        " it was not registered again",
        hint="delete it if it is not wanted any more; to keep it again: archtool holdings add"
        f" {shell_word(offer.place)} --name {shell_word(holding.name)}",
    )


def _same_package(offer: Offer, same: Copy) -> Finding:
    return finding_kinds.SAME_PACKAGE.at(
        f"{shown(offer.place)} is the same as {shown(same.place)}, by another path: no copy was registered"
    )


def _same_content(offer: Offer, twins: Sequence[Holding]) -> Finding:
    twin, name, place = shown(twins[0].name), shown(offer.name or ""), shown(offer.place)
    return finding_kinds.SAME_CONTENT.at(
        f"{place} was registered as {name}, and {twin}{' and others have' if len(twins) > 1 else ' has'} the"
        " same manifests",
        hint=f"if it is a copy of {twin}: archtool holdings withdraw {shell_word(name)} --reason TEXT,"
        f" then archtool holdings add {shell_word(place)} --name {shell_word(twin)}",
    )


def _copy_gone(offer: Offer, gone: Copy) -> Finding:
    return finding_kinds.COPY_GONE.at(
        f"{shown(offer.place)} was registered as a further copy of {offer.name}, and nothing is at"
        f" {shown(gone.place)}",
        hint=f"if it was moved: archtool holdings copies {shlex.quote(offer.name or '')} --remove"
        f" {shell_word(gone.place)};"
        " if its disk is not connected, connect it",
    )
