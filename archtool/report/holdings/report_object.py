"""Converts the report of a register to a JSON object; later versions add keys and never rename them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from archtool.holdings.reporting.model import Counts, Fault, Group, HoldingsReport, ListedCopy, Month, Run
from archtool.report.holdings import report_words as words

SCHEMA = "archtool/holdings-report/1"


def report_object(report: HoldingsReport) -> dict[str, Any]:
    """Return the object; `faults` and `overdue` have the first entries, and how many there are."""
    counts = report.counts
    return {
        "schema": SCHEMA,
        "subject": report.register,
        "archive": report.archive,
        "register_id": report.register_id,
        "made_at": report.made_at,
        "result": words.result_in_words(report),
        "head": report.head,
        "events": report.events,
        "check_every_days": report.check_every_days,
        "totals": totals_object(counts),
        "states": {
            count.state: {"copies": count.copies, "bytes": count.size_bytes, "new": count.new}
            for count in words.ordered_states(report)
        },
        "new_since": report.new_since,
        "faults": {
            "count": counts.known_bad,
            "new": report.new_faults,
            "left_out": counts.known_bad - len(report.faults),
            "list": [_fault_object(fault) for fault in report.faults],
        },
        "not_trusted": {
            "count": report.not_accepted,
            "left_out": report.not_accepted - len(report.named_not_accepted),
            "list": [{"holding": name, "place": place} for name, place in report.named_not_accepted],
        },
        "overdue": {
            "count": counts.overdue,
            "new": report.new_overdue,
            "by_month": dict(report.overdue_by_month),
            "left_out": counts.overdue - len(report.overdue),
            "next": report.next_due,
            "list": [
                {**_copy_object(item.copy), "overdue_since": item.overdue_since, "known": item.is_known}
                for item in report.overdue
            ],
        },
        "history": [{"at": point.at, **totals_object(point.counts)} for point in report.history],
        "months": [_month_object(month) for month in report.months],
        "formats": [_group_object(group, "format") for group in report.formats],
        "custody": [_group_object(group, "custodian") for group in report.custody],
        "copies_of_holdings": [
            {"copies": n, "holdings": holdings} for n, holdings in report.copies_of_holdings
        ],
        "shelves": [asdict(shelf) for shelf in report.shelves],
        "runs": [_run_object(run) for run in report.runs],
        "run": _run_object(report.run) if report.run is not None else None,
        "new_extra": list(report.new_extra),
        "signed_heads": [asdict(head) for head in report.signed_heads],
    }


def totals_object(counts: Counts) -> dict[str, Any]:
    """Return totals under the names that the events of audits have."""
    value = asdict(counts)
    value["bytes"] = value.pop("size_bytes")
    return value


def _fault_object(fault: Fault) -> dict[str, Any]:
    return {
        **_copy_object(fault.copy),
        "known": fault.is_known,
        "problems": [asdict(problem) for problem in fault.problems],
        "problem_count": fault.problem_count,
        "found_at": fault.found_at,
        "good_copies": list(fault.good_copies),
        "other_copies": fault.other_copies,
        "advice": words.advice(fault),
    }


def _copy_object(copy: ListedCopy) -> dict[str, Any]:
    value = asdict(copy)
    del value["key"]  # a rebuilt register can number differently
    value["bytes"] = value.pop("size_bytes")
    return value


def _month_object(month: Month) -> dict[str, Any]:
    value = asdict(month)
    value["bytes"] = value.pop("size_bytes")
    return value


def _group_object(group: Group, name: str) -> dict[str, Any]:
    return {name: group.name, "holdings": group.holdings, "files": group.files, "bytes": group.size_bytes}


def _run_object(run: Run) -> dict[str, Any]:
    value = {name: item for name, item in asdict(run).items() if name != "totals"}
    value["bytes"] = value.pop("size_bytes")
    return value | {"counts": dict(run.counts), "totals": totals_object(run.totals) if run.totals else None}
