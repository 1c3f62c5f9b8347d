"""The result of an audit, and the plan of one, as JSON objects: later versions add keys and rename none."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from archtool.exit_codes import ExitCode
from archtool.holdings.audit_report import AuditPlan, AuditReport, FailedCopy, KnownBad

AUDIT_SCHEMA = "archtool/audit/1"
PLAN_SCHEMA = "archtool/audit-plan/1"


def exit_code_of_audit(report: AuditReport, *, strict: bool) -> ExitCode:
    """Return the exit code of a run; with `strict` what is on the shelves and not registered counts too."""
    is_wrong = not report.is_quiet or (strict and report.has_warnings)
    if is_wrong:
        return ExitCode.PROBLEMS_FOUND
    return ExitCode.DONE if report.is_trusted else ExitCode.NOT_TRUSTED


def audit_object(report: AuditReport, exit_code: int) -> dict[str, Any]:
    """Return the JSON object of a run."""
    return {
        "schema": AUDIT_SCHEMA,
        "exit_code": exit_code,
        "run": report.run,
        "begun_at": _time(report.begun_at),
        "ended_at": _time(report.ended_at),
        "is_resumed": report.is_resumed,
        "depth": report.depth,
        "selection": dict(report.selection),
        "due": report.due,
        "checked": report.checked,
        "counts": {state.value: count for state, count in sorted(report.counts.items())},
        "bytes": report.size_bytes,
        "milliseconds": report.milliseconds,
        "left": report.left,
        "stopped": report.stopped,
        "left_out": report.left_out,
        "absent_shelves": [
            {"shelf": one.shelf, "reason": one.reason, "copies": one.copies} for one in report.absent_shelves
        ],
        "failures": [_failure(one) for one in report.failures],
        "failure_count": report.failure_count,
        "known_bad": _known(report.known_bad),
        "known_unread": _known(report.known_unread),
        "unread": report.unread,
        "untrusted": [_failure(one) for one in report.untrusted],
        "not_accepted": report.not_accepted,
        "known_not_accepted": _known(report.known_not_accepted),
        "unsigned": report.unsigned,
        "extra": list(report.extra.places),
        "extra_count": report.extra.count,
        "withdrawn": list(report.extra.withdrawn),
        "withdrawn_count": report.extra.withdrawn_count,
        "unsearched": list(report.extra.unsearched),
        "is_searched": report.extra.is_searched,
        "known_moves": [
            {"holding": move.holding, "place": move.place, "found_at": move.found_at}
            for move in report.extra.moves
        ],
        "behind": [
            {"holding": copy.holding, "place": copy.place, "lacks": copy.lacks} for copy in report.behind
        ],
        "behind_count": report.behind_count,
        "apart": [
            {"holding": copy.holding, "place": copy.place, "own": copy.own, "other": copy.other}
            for copy in report.apart
        ],
        "apart_count": report.apart_count,
        "totals": report.totals.to_json(),
        "unchecked": report.unchecked,
        "next_due_at": _time(report.next_due_at),
        "overdue_since": _time(report.overdue_since),
        "all_checked_at": _time(report.all_checked_at),
    }


def _known(known: KnownBad) -> dict[str, Any]:
    return {"copies": known.copies, "holdings": list(known.holdings)}


def _failure(failure: FailedCopy) -> dict[str, Any]:
    return {
        "holding": failure.holding,
        "place": failure.place,
        "state": failure.state.value,
        "problems": [dict(problem) for problem in failure.problems],
        "problem_count": failure.problem_count,
        "found_at": failure.found_at,
        "lost": failure.lost,
        "is_replaced": failure.is_replaced,
        "good_copy": failure.good_copy,
        "other_copy": failure.other_copy,
    }


def plan_object(plan: AuditPlan) -> dict[str, Any]:
    """Return the JSON object of a plan."""
    rate = plan.rate
    return {
        "schema": PLAN_SCHEMA,
        "depth": plan.depth,
        "selection": dict(plan.selection),
        "due": plan.due,
        "copies": plan.copies,
        "bytes": plan.size_bytes,
        "known_bad": plan.known_bad,
        "never_checked": plan.never_checked,
        "unchecked": plan.unchecked,
        "left_out": plan.left_out,
        "seconds": plan.seconds,
        "rate": None
        if rate is None
        else {
            "run_at": _time(rate.run_at),
            "copies_per_second": round(rate.copies_per_second, 3),
            "bytes_per_second": round(rate.bytes_per_second),
            "runs": rate.runs,
        },
        "totals": plan.totals.to_json(),
        "all_checked_at": _time(plan.all_checked_at),
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
