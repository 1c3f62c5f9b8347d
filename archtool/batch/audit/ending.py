"""Records the end of an audit, and makes its report."""

from __future__ import annotations

from archtool.batch.audit.forecast import all_checked_at
from archtool.batch.audit.request import AuditRequest
from archtool.batch.audit.tally import AuditTally, RunFacts, count_unchecked, read_known_bad
from archtool.holdings.audit_report import AuditReport, Extra
from archtool.holdings.event_types import EventType
from archtool.holdings.lookup.due import count_left_out, next_due_at
from archtool.holdings.lookup.totals import check_interval, read_totals


def end_run(request: AuditRequest, run: RunFacts, tally: AuditTally, extra: Extra) -> AuditReport:
    """Append the event that ends the run; returns the report."""
    connection, ended_at = request.register.connection, request.now()
    totals, unchecked = read_totals(connection, ended_at), count_unchecked(connection)
    left = max(0, run.due - run.earlier - tally.checked)
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
        "stopped": run.stopped,
        "totals": totals.to_json(),
    }
    request.register.append(run.source.event(EventType.AUDIT_ENDED, ended_at, detail=detail))
    new = run.unchecked - unchecked
    failures, absent = tally.failures(connection), tally.absent_shelves()
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
        known_bad=read_known_bad(connection, totals.known_bad, tally.bad, failures, absent),
        extra=extra,
        totals=totals,
        unchecked=unchecked,
        next_due_at=next_due_at(connection, check_interval(connection)),
        all_checked_at=all_checked_at(ended_at, unchecked, totals.never_checked, new),
    )
