"""Writes the heads of new attestations into the register, where they cannot be cut off."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from archtool.archives.limits import Limits
from archtool.attestations.chain_head import ChainHead
from archtool.errors import ArchtoolError, InputError
from archtool.files.paths import shell_word, shown
from archtool.files.read_once import ReadOnceSource
from archtool.findings import Finding, in_reading_order
from archtool.holdings.chain import ChainWriter
from archtool.holdings.event_source import EventSource
from archtool.holdings.event_types import EventType
from archtool.holdings.finding_kinds import ATTESTATIONS_CUT_OFF, HEAD_NOT_RECORDED
from archtool.holdings.register import DEFAULT_WAIT_SECONDS, Register, open_register
from archtool.operations.holdings.registered_heads import (
    RegisteredCopy,
    contains,
    find_registered,
    head_of,
    is_same,
    look_up,
)
from archtool.operations.open_package.opened_bag import read_opened_bag
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.package_paths import find_sidecar
from archtool.operations.open_package.sidecar import read_sidecar
from archtool.operations.trust.trust_check import check_trust
from archtool.operations.trust.trust_request import TrustRequest
from archtool.results import Result

_WAIT_AFTER_FAILURE_SECONDS = 1.0  # a batch must not wait half a minute for each of its packages


@dataclass(frozen=True, slots=True)
class NewHead:
    """An attestation that was appended to a package."""

    root: Path
    head: ChainHead
    claim: str
    """The type of its event, such as `countersignature`."""
    signers: tuple[tuple[str, str], ...]
    """Name and key fingerprint of each signer."""
    checked: ChainHead | None = None
    """An attestation that was found in the package before this one was appended."""
    sidecar: Path | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the register has after an attempt to record a head."""

    register: str
    """The path of the register."""
    holding: str | None = None
    """`None`: the package is not registered, so nothing was written."""
    head: ChainHead | None = None
    """The head that the register has now; `None`: nothing was written."""
    finding: Finding | None = None
    """Why the head was not written, if it should have been."""

    def facts(self) -> dict[str, Any]:
        """Return what the register has now, for JSON."""
        head = str(self.head) if self.head is not None else None
        return {"file": self.register, "holding": self.holding, "head": head}

    def add_to(self, result: Result) -> Result:
        """Return the result of attesting the package with what was recorded."""
        added = (self.finding,) if self.finding is not None else ()
        findings = in_reading_order((*result.findings, *added))
        return replace(result, findings=findings, facts={**result.facts, "register": self.facts()})


class HeadRecorder:
    """Records heads in one register."""

    def __init__(
        self,
        path: Path,
        software: str,
        now: Callable[[], datetime],
        wait_seconds: float = DEFAULT_WAIT_SECONDS,
        limits: Limits | None = None,
        agent: str | None = None,
    ) -> None:
        """`agent` is who is responsible for the events; `None`: the signers of each attestation."""
        self.path = path
        self._software = software
        self._agent = agent
        self.now = now
        self._wait_seconds = wait_seconds
        self._limits = limits
        self._kept: Register | None = None

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """Keep the register open, for many heads: to close it costs as much as to write one.

        Worker processes that are forked meanwhile never use the connection, and end without closing it. The
        process must not open the register again: closing it then would drop the locks of this connection.
        Source: SQLite, https://www.sqlite.org/howtocorrupt.html §2.2 and §2.6.
        """
        with contextlib.suppress(ArchtoolError):  # reported for each head that cannot be recorded
            self._kept = open_register(self.path, wait_seconds=self._wait_seconds)
        try:
            yield
        finally:
            self._close()

    def _close(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    @contextmanager
    def _opened(self) -> Iterator[Register]:
        if self._kept is not None:
            yield self._kept
            return
        with open_register(self.path, wait_seconds=self._wait_seconds) as register:
            yield register

    def find(self, root: Path) -> RegisteredCopy:
        """Return what the register knows about the package at a path; no error is raised."""
        try:
            with self._opened() as register:
                return look_up(register, root)
        except ArchtoolError as error:
            return RegisteredCopy(str(self.path), problem=error.message)

    def check(self) -> None:
        """Check that the register can be written, before anything is attested.

        Raises:
            InputError: there is no register.
            StorageError: it cannot be written, or another run writes for too long.
        """
        with open_register(self.path, wait_seconds=self._wait_seconds) as register, register.writing():
            pass

    def record(self, heads: Sequence[NewHead]) -> list[Recorded]:
        """Record heads in one transaction; returns what became of each. No error is raised.

        A head is recorded only if the attestation that the register remembers is in the package.
        """
        if not heads:
            return []
        try:
            with self._opened() as register, register.writing() as chain:
                return [self._record(register, chain, new) for new in heads]
        except ArchtoolError as error:
            self._close()
            self._wait_seconds = min(self._wait_seconds, _WAIT_AFTER_FAILURE_SECONDS)
            name = str(self.path)
            return [Recorded(name, finding=_not_recorded(new, error)) for new in heads]

    def _record(self, register: Register, chain: ChainWriter, new: NewHead) -> Recorded:
        try:
            judged, place = self._judge(register, new)
        except InputError as error:  # one package that cannot be read does not stop the others
            return Recorded(str(self.path), finding=_not_recorded(new, error))
        if place is not None and judged.head is not None:
            detail: dict[str, Any] = {
                "place": place, "head": str(judged.head), "attestation": new.head.attestation,
                "claim": new.claim, "signers": [f"{name} {key}" for name, key in new.signers],
            }  # fmt: skip
            agent = self._agent or ", ".join(name for name, _ in new.signers)
            source = EventSource(agent, self._software)
            chain.append(source.event(EventType.ATTESTATION, self.now(), judged.holding, detail))
        return judged

    def _judge(self, register: Register, new: NewHead) -> tuple[Recorded, str | None]:
        """Return what the register shall have, and the place of the copy if an event must be appended."""
        name, found = str(self.path), find_registered(register, new.root)
        if found is None:
            return Recorded(name), None
        holding, copy = found
        registered, head, place = head_of(copy), new.head, copy.place
        if registered is not None and is_same(registered, head):
            return Recorded(name, holding.name, head), None
        if registered is not None and (new.checked is None or not is_same(registered, new.checked)):
            # another run recorded a head meanwhile, or another one was expected: see what is there now
            on_shelf = read_chain(new.root, new.sidecar, self.now(), self._limits)
            if not contains(on_shelf, registered):
                return Recorded(name, holding.name, finding=_cut_off(new, holding.name, registered)), None
            head = next(h for h in reversed(on_shelf) if is_same(h, registered) or is_same(h, new.head))
        return Recorded(name, holding.name, head), place


def read_chain(
    root: Path, sidecar: Path | None, at: datetime, limits: Limits | None = None
) -> tuple[ChainHead, ...]:
    """Return the attestations of a package and its sidecar, in order; their signatures are not judged here.

    Raises:
        InputError: there is no package.
    """
    with open_bag(root, limits) as opened:
        source = ReadOnceSource(opened)
        layout = read_opened_bag(root, source).layout
        files = {path: layout.files[path] for path in layout.tag_files}
        beside = find_sidecar(root, sidecar)
        attested = read_sidecar(beside) if beside is not None else None
        report = check_trust(source, files, TrustRequest(), at, attested)
    return tuple(item.head for item in report.attestations if item.head is not None)


def new_head_of(facts: Mapping[str, Any], root: Path, checked: ChainHead | None) -> NewHead:
    """Return the attestation that a run of `attest` appended, from the facts of its result."""
    signers = tuple((signer["principal"], signer["key"]) for signer in facts["signers"])
    sidecar = Path(facts["sidecar"]) if facts["sidecar"] is not None else None
    return NewHead(root, ChainHead.parse(facts["head"]), facts["event"], signers, checked, sidecar)


def _not_recorded(new: NewHead, error: ArchtoolError) -> Finding:
    name = shown(str(new.root))
    return HEAD_NOT_RECORDED.at(
        f"{new.head.attestation} is in place, but the register was not updated: {error.message}",
        str(new.root),
        hint=f"make the register writable, then run: archtool holdings record-head {shell_word(name)}",
    )


def _cut_off(new: NewHead, holding: str, registered: ChainHead) -> Finding:
    return ATTESTATIONS_CUT_OFF.at(
        f"{registered.attestation}, which the register remembers for {holding}, is not in the bag: the"
        f" register was left as it is, and {new.head.attestation} was not recorded",
        str(new.root),
        hint="get the missing attestation from another copy; for the places, run: archtool holdings show"
        f" {shell_word(holding)}",
    )
