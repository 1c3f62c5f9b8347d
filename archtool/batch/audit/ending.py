"""Records the end of an audit, and makes its report."""

from __future__ import annotations

from archtool.batch.audit.forecast import all_checked_at
from archtool.batch.audit.known import read_known_bad, read_known_unread, read_not_accepted
from archtool.batch.audit.request import AuditRequest
from archtool.batch.audit.tally import AuditTally, RunFacts, count_unchecked
from archtool.holdings.audit_report import AuditReport, Extra, KnownBad
from archtool.holdings.event_types import EventType
from archtool.holdings.lookup.due import count_left_out, next_due_at
from archtool.holdings.lookup.totals import check_interval, overdue_since, read_totals


def end_run(request: AuditRequest, run: RunFacts, tally: AuditTally, extra: Extra) -> AuditReport:
    """Append the event that ends the run; returns the report."""
    connection, ended_at = request.register.connection, request.now()
    totals, unchecked = read_totals(connection, ended_at), count_unchecked(connection)
    interval = check_interval(connection)
    # a run that no limit stopped has reached all that is still registered
    left = max(0, run.due - run.earlier - tally.checked) if run.stopped is not None else 0
    failures, absent = tally.failures(connection), tally.absent_shelves()
    known_bad = read_known_bad(connection, totals, tally)
    known_unread = read_known_unread(connection, tally)
    known_not_accepted = read_not_accepted(connection, tally)
    behind = tally.behind_others(connection)
    detail = {
        "counts": {state.value: count for state, count in sorted(tally.counts.items())},
        "checked": run.earlier + tally.checked,
        "bytes": tally.size_bytes,
        "seconds": run.milliseconds // 1000,
        # of this part alone, for a run that was resumed: the rate of the next plan rests on it
        "part": {"checked": tally.checked, "bytes": tally.part_bytes, "milliseconds": run.milliseconds},
        "left": left,
        "extra": list(extra.places),
        "extra_count": extra.count,
        "not_accepted": tally.not_accepted,
        "unsigned": tally.unsigned,
        "withdrawn_count": extra.withdrawn_count,
        "stopped": run.stopped,
        "known_bad": known_bad.copies,
        "known_unread": known_unread.copies,
        "wrong": _wrong(request, tally, extra, known_bad, known_unread, known_not_accepted),
        "totals": totals.to_json(),
    }
    request.register.append(run.source.event(EventType.AUDIT_ENDED, ended_at, detail=detail))
    new = run.unchecked - unchecked
    return AuditReport(
        run=run.source.run or "",
        begun_at=run.begun_at,
        ended_at=ended_at,
        is_resumed=run.is_resumed,
        depth=request.depth,
        selection=run.selection,
        due=run.due,
        checked=tally.checked,
        counts=tally.counts,
        size_bytes=tally.part_bytes,
        milliseconds=run.milliseconds,
        left=left,
        stopped=run.stopped,
        left_out=count_left_out(connection, list(request.mounts)),
        failures=failures,
        failure_count=tally.failure_count,
        absent_shelves=absent,
        known_bad=known_bad,
        known_unread=known_unread,
        unread=tally.unread,
        untrusted=tally.untrusted,
        not_accepted=tally.not_accepted,
        known_not_accepted=known_not_accepted,
        unsigned=tally.unsigned,
        extra=extra,
        behind=behind,
        behind_count=tally.behind_count - len(tally.behind) + len(behind),
        apart=tally.apart,
        apart_count=tally.apart_count,
        totals=totals,
        unchecked=unchecked,
        next_due_at=next_due_at(connection, interval),
        overdue_since=overdue_since(totals.oldest_check, interval, ended_at),
        all_checked_at=all_checked_at(ended_at, unchecked, totals.never_checked, new),
    )


def _wrong(
    request: AuditRequest,
    tally: AuditTally,
    extra: Extra,
    known_bad: KnownBad,
    known_unread: KnownBad,
    known_not_accepted: KnownBad,
) -> list[str]:
    """Return why the exit code is not 0; empty if it is 0."""
    has_warnings = bool(extra.count or extra.unsearched)
    reasons = {
        "failures": tally.failure_count > 0,
        "absent-shelves": bool(tally.absent_shelves()),
        "known-bad": known_bad.copies > 0,
        "known-unread": known_unread.copies > 0,
        "not-trusted": tally.not_accepted > 0 or known_not_accepted.copies > 0,
        "shelves": request.rules.strict and has_warnings,
        "attested-apart": request.rules.strict and tally.apart_count > 0,
    }
    return [name for name, holds in reasons.items() if holds]
