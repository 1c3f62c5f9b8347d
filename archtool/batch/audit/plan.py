"""Says what an audit would read, without reading or writing anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from archtool.batch.audit.forecast import all_checked_at, last_rate
from archtool.batch.audit.limits import AuditLimits
from archtool.batch.audit.selection import Selected, Selection
from archtool.batch.audit.tally import count_unchecked
from archtool.holdings.audit_report import AuditPlan, Rate
from archtool.holdings.copy_state import KNOWN_BAD, UNCHECKED
from archtool.holdings.lookup.due import Amount, count_due, count_left_out
from archtool.holdings.lookup.totals import read_totals
from archtool.holdings.register import Register


def plan_audit(
    register: Register,
    selection: Selection,
    limits: AuditLimits,
    depth: str,
    labels: Sequence[str],
    now: datetime,
) -> AuditPlan:
    """Return what a run that begins now would check."""
    connection = register.connection
    selected = Selected(register, selection, selection.query(register, now, labels, lambda: now))
    amount, known_bad, never_checked = _count(selected)
    rate = last_rate(connection, depth, amount)
    reached, new = _reached(selected, amount, never_checked, limits, rate)
    totals = read_totals(connection, now)
    seconds = None if rate is None else round(rate.seconds_for(reached.copies, reached.size_bytes))
    unchecked = count_unchecked(connection)
    return AuditPlan(
        depth=depth,
        selection=selection.to_json(),
        due=amount.copies,
        copies=reached.copies,
        size_bytes=reached.size_bytes,
        known_bad=known_bad,
        never_checked=never_checked,
        unchecked=unchecked,
        left_out=count_left_out(connection, labels),
        rate=rate,
        seconds=seconds,
        totals=totals,
        all_checked_at=_all_checked_at(now, unchecked, totals.never_checked, new),
    )


def _all_checked_at(now: datetime, unchecked: int, never_checked: int, new: int) -> datetime | None:
    """Return from when on everything has been checked: now, if this run checks all that never was."""
    if unchecked and unchecked == new:
        return now
    return all_checked_at(now, unchecked - new, never_checked - new, new)


def _count(selected: Selected) -> tuple[Amount, int, int]:
    """Return the selected copies, and how many of them are known to be bad and never checked."""
    if selected.selection.is_whole:
        by_rank = [count_due(selected.register.connection, selected.query, [rank]) for rank in range(3)]
        whole = Amount(sum(one.copies for one in by_rank), sum(one.size_bytes for one in by_rank))
        return whole, by_rank[KNOWN_BAD].copies, by_rank[UNCHECKED].copies
    counts, size_bytes = [0, 0, 0], 0
    for copy in selected.copies():
        counts[copy.rank] += 1
        size_bytes += copy.size_bytes
    return Amount(sum(counts), size_bytes), counts[KNOWN_BAD], counts[UNCHECKED]


def _reached(
    selected: Selected, amount: Amount, never_checked: int, limits: AuditLimits, rate: Rate | None
) -> tuple[Amount, int]:
    """Return what a run reaches within its limits, and how many copies of it were never checked."""
    has_time_limit = limits.seconds is not None and rate is not None
    if limits.size_bytes is None and not has_time_limit:
        return amount, never_checked
    copies = size_bytes = new = 0
    for copy in selected.copies():
        size = size_bytes + copy.size_bytes
        if limits.size_bytes is not None and size > limits.size_bytes and copies:
            break
        if (
            rate is not None
            and limits.seconds is not None
            and rate.seconds_for(copies, size_bytes) >= limits.seconds
        ):
            break
        copies, size_bytes, new = copies + 1, size, new + (copy.rank == UNCHECKED)
    return Amount(copies, size_bytes), new
