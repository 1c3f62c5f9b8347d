"""Runs an audit in numbered steps: what is due is checked by a runner, and each check is recorded."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import Any

from archtool.batch.audit.ending import end_run
from archtool.batch.audit.limits import MAX_SECOND_TRIES
from archtool.batch.audit.lock import locked_selection
from archtool.batch.audit.recorder import CheckedCopy, CheckRecorder
from archtool.batch.audit.request import AuditRequest
from archtool.batch.audit.resume import UnfinishedRun, find_unfinished
from archtool.batch.audit.selection import Selected, SelectionKind, resumed
from archtool.batch.audit.shelves.search import Unregistered, find_moved, identify, search_shelves
from archtool.batch.audit.tally import AuditTally, RunFacts, count_unchecked
from archtool.batch.audit.task import AuditTask
from archtool.batch.audit.units import Locations, divide, unit_size
from archtool.batch.job import Outcome
from archtool.batch.runner import Item
from archtool.holdings.audit_report import AuditReport, Extra
from archtool.holdings.copy_state import CopyState
from archtool.holdings.event_source import EventSource
from archtool.holdings.event_types import EventType
from archtool.holdings.finding_kinds import MOVED, NOT_FINISHED
from archtool.holdings.lookup.absence import find_absence
from archtool.holdings.lookup.due import DueCopy, read_copies
from archtool.holdings.places import shelf_of
from archtool.holdings.queries import read_shelves

_FLUSH_BEFORE_BYTES = 64 * 1024 * 1024  # a copy that takes longer than a group of checks may wait


def run_audit(request: AuditRequest) -> AuditReport:
    """Check the selected copies, and record each check.

    Raises:
        StorageError: the register cannot be written, or another audit with the same selection is running.
        KeyboardInterrupt: with what was recorded kept, and the end of the run recorded.
    """
    kind = {"depth": request.depth, "selection": request.selection.to_json() | {"seed": None}}
    with locked_selection(request.register.path, kind, request.say):
        return _run_locked(request)


def _run_locked(request: AuditRequest) -> AuditReport:
    # (1) resume a run that was stopped or killed, or begin a new one
    run = _begin(request)
    try:
        # (2) check each copy; those that are missing or unreadable are kept for a second try
        run.check_due()
        # (3) search the shelves for packages that are not registered
        unregistered = run.search()
        # (4) try a second time what was missing or unreadable; what is elsewhere was moved
        run.check_again(unregistered)
    except KeyboardInterrupt:
        run.recorder.flush()
        end_run(request, run.facts("interrupted"), run.tally, Extra(is_searched=False))
        raise
    # (5) record the end of the run
    extra = Extra(is_searched=False)
    if unregistered is not None:
        extra = unregistered.summarize(request.register.connection)
    return end_run(request, run.facts(run.stopped), run.tally, extra)


def _begin(request: AuditRequest) -> _Run:
    begun_at = request.now()
    detail: dict[str, Any] = {"depth": request.depth, "selection": request.selection.to_json()}
    unfinished = find_unfinished(request.register, detail, begun_at)
    resumed_run = _resume(request, unfinished) if unfinished is not None else None
    if resumed_run is not None:
        return resumed_run
    query = request.selection.query(request.register, begun_at, list(request.mounts), request.now)
    selected = Selected(request.register, request.selection, query)
    source, due = request.source_of(request.new_id()), selected.amount().copies
    event = source.event(EventType.AUDIT_BEGUN, begun_at, detail={**detail, "due": due})
    request.register.append(event)
    return _Run(request, selected, source, begun_at, due, None)


def _resume(request: AuditRequest, run: UnfinishedRun) -> _Run | None:
    """Return what is left of a run; `None` if nothing is: what it had to check was removed meanwhile."""
    selection = replace(request.selection, seed=run.seed)
    query = resumed(
        selection.query(request.register, run.begun_at, list(request.mounts), request.now), run.begun_at
    )
    selected = Selected(request.register, selection, query)
    left = selected.amount().copies - len(run.at_begin)
    if selection.share is not None:
        left = min(left, run.due - run.checked)  # of the other copies as large a share could be taken again
    if left <= 0:
        return None
    due = run.checked + left
    return _Run(request, selected, request.source_of(run.id), run.begun_at, due, run)


class _Run:
    """One run, or the part of one that a resumed run does. Implements `Meter` for its runner."""

    def __init__(
        self,
        request: AuditRequest,
        selected: Selected,
        source: EventSource,
        begun_at: datetime,
        due: int,
        unfinished: UnfinishedRun | None,
    ) -> None:
        self._request, self._selected, self._source = request, selected, source
        self._begun_at, self._due, self._unfinished = begun_at, due, unfinished
        self._earlier = unfinished.checked if unfinished is not None else 0
        self._started = time.monotonic()
        self._shelves = read_shelves(request.register.connection)
        self._locations = Locations(self._shelves, request.mounts)
        self._unchecked = count_unchecked(request.register.connection)
        self._under_way: dict[str, list[DueCopy]] = {}
        self._kept: list[DueCopy] = []
        self.recorder = CheckRecorder(request.register, source, request.rules.depth, request.now)
        self.tally = AuditTally(
            unfinished.counts if unfinished is not None else {},
            unfinished.size_bytes if unfinished is not None else 0,
        )
        self.stopped: str | None = None
        """Why the run ended before it had reached everything."""

    def add(self, size_bytes: int) -> None:
        """See `Meter`: bytes are counted when a copy is done."""

    def update(self, data: memoryview, /) -> None:
        """See `Meter`."""

    def tick(self) -> None:
        """Record what waits to be recorded, if it is time."""
        self.recorder.tick()

    def facts(self, stopped: str | None) -> RunFacts:
        """Return what the report says about the run itself."""
        return RunFacts(
            source=self._source,
            begun_at=self._begun_at,
            is_resumed=self._unfinished is not None,
            selection=self._selected.selection.to_json(),
            due=self._due,
            earlier=self._earlier,
            unchecked=self._unchecked,
            milliseconds=int((time.monotonic() - self._started) * 1000),
            stopped=stopped,
        )

    def check_due(self) -> None:
        """Check the copies that are due."""
        left = max(0, self._due - self._earlier)
        self._request.started(left)
        size = unit_size(left, self._request.jobs) if self._request.shares_jobs else 1
        if left:
            self._check(divide(self._next_copies(left), size), {}, keeps=True)

    def search(self) -> Unregistered | None:
        """Search the shelves that the selection covers; `None` if they are not searched.

        Where only some holdings are checked, they are searched only for copies that are missing.
        """
        selection = self._selected.selection
        is_first_shard = selection.shard is None or selection.shard.number == 1
        covers_shelves = selection.kind is not SelectionKind.HOLDINGS and is_first_shard
        if not self._request.searches or not (covers_shelves or self._kept):
            return None
        shelves = self._shelves if selection.shelf is None else [selection.shelf]
        unregistered = search_shelves(self._request.register.connection, shelves)
        candidates = identify(self._request.register.connection, unregistered)
        if covers_shelves and self.stopped is None:
            self._add_gone(candidates)
        return unregistered

    def _add_gone(self, candidates: list[DueCopy]) -> None:
        """Check copies that are not due tonight too, if they are gone and a package like them was found."""
        known = {copy.place for copy in self._kept}
        for copy in candidates:
            shelf = shelf_of(copy.place, self._shelves)
            absence = find_absence(self._locations.path_of(copy), shelf)
            is_new = copy.place not in known and copy.state is not CopyState.MOVED
            if is_new and absence is not None and absence.shelf is None:
                known.add(copy.place)
                self._kept.append(copy)
                self._due += 1

    def check_again(self, unregistered: Unregistered | None) -> None:
        """Check copies again that were missing or unreadable, or were repaired during the run.

        Each has a job of its own.
        """
        keys, self._kept = [copy.key for copy in self._kept], []
        kept = read_copies(self._request.register.connection, keys)  # as they are registered now
        gone = [copy for copy in kept if self._locations.is_gone(copy)]
        moved = find_moved(gone, unregistered) if unregistered is not None else {}
        if kept:
            self._check(divide(kept, 1), moved, keeps=False)

    def _next_copies(self, left: int) -> Iterator[DueCopy]:
        """Yield the copies to check, until all are taken or a limit is reached."""
        limits, taken, size_bytes = self._request.limits, 0, 0
        recorded = self._unfinished.at_begin if self._unfinished is not None else frozenset()
        for copy in self._selected.copies():
            if copy.place in recorded:
                continue
            size_bytes += copy.size_bytes
            if limits.seconds is not None and time.monotonic() - self._started >= limits.seconds:
                self.stopped = "time-limit"
                return
            # one copy is always read: a limit below its size must not keep it from ever being checked
            if limits.size_bytes is not None and size_bytes > limits.size_bytes and taken:
                self.stopped = "bytes-limit"
                return
            yield copy
            taken += 1
            if taken == left:
                return

    def _check(self, units: Iterator[list[DueCopy]], moved: Mapping[str, str], *, keeps: bool) -> None:
        """Check copies and record the results; with `keeps`, what must be tried again is kept instead."""
        # at the second try, a copy that kills its process must not take another along
        runner = self._request.make_runner(self, 2 if keeps and self._request.shares_jobs else 1)
        with closing(runner.run(self._items(units), AuditTask(self._request.rules))) as groups:
            for outcomes in groups:
                for outcome in outcomes:
                    self._take_all(outcome, moved, keeps=keeps)
                self.recorder.tick()
        self.recorder.flush()

    def _items(self, units: Iterator[list[DueCopy]]) -> Iterator[Item]:
        for unit in units:
            if unit[0].size_bytes >= _FLUSH_BEFORE_BYTES:
                self.recorder.flush()
            self.recorder.tick()
            self._under_way[unit[0].place] = unit
            yield self._locations.job_of(unit), None

    def _take_all(self, outcome: Outcome, moved: Mapping[str, str], *, keeps: bool) -> None:
        unit = self._under_way.pop(outcome.key)
        if outcome.facts is not None:
            checks = outcome.facts["checks"]
        else:
            checks = [{"detail": self._unfinished_detail(copy, outcome)} for copy in unit]
        for copy, check in zip(unit, checks, strict=True):
            self._take(copy, check, moved, keeps=keeps)

    def _take(
        self, copy: DueCopy, check: Mapping[str, Any], moved: Mapping[str, str], *, keeps: bool
    ) -> None:
        detail, shelf, is_in_order = check["detail"], check.get("shelf"), check.get("is_in_order", False)
        is_unsure = detail["state"] in (CopyState.MISSING, CopyState.UNREADABLE)
        is_kept = keeps and (is_unsure or self._is_outdated(copy, detail))
        if is_kept and len(self._kept) < MAX_SECOND_TRIES:
            self._kept.append(copy)
            return
        if check.get("is_absent") and copy.place in moved:
            detail, shelf = _moved_detail(detail, moved[copy.place]), None
        self.recorder.add(CheckedCopy(copy, detail, is_in_order))
        is_closed = check.get("is_closed", False)
        self.tally.add(copy, detail, is_in_order=is_in_order, shelf=shelf, is_closed=is_closed)
        self._request.ended(detail["bytes"], not is_in_order)

    def _is_outdated(self, copy: DueCopy, detail: Mapping[str, Any]) -> bool:
        """Whether others recorded another state, or other content, while the copy was being read."""
        known = read_copies(self._request.register.connection, [copy.key])
        return any(
            one.state != detail["state"]
            and (one.state, one.tried_at, one.manifests) != (copy.state, copy.tried_at, copy.manifests)
            for one in known
        )

    def _unfinished_detail(self, copy: DueCopy, outcome: Outcome) -> dict[str, Any]:
        """Return the detail for a copy whose check did not end: a process was killed, or took too long."""
        message = outcome.message or "the check did not end"
        return {
            "place": copy.place, "state": CopyState.UNREADABLE.value, "depth": self._request.depth,
            "files": 0, "bytes": 0, "milliseconds": int(outcome.seconds * 1000),
            "problems": [{"code": NOT_FINISHED.code, "message": message}], "problem_count": 1,
        }  # fmt: skip


def _moved_detail(detail: Mapping[str, Any], place: str) -> dict[str, Any]:
    message = (
        f"it is not at its place; a package with the same manifests is at {place}:"
        " if it was moved on purpose, record it"
    )
    return {
        **detail, "state": CopyState.MOVED.value, "found_at": place,
        "problems": [{"code": MOVED.code, "message": message}],
    }  # fmt: skip
