"""Formats the report of a register for Prometheus, as gauges in the text format.

Source: prometheus.io/docs/instrumenting/exposition_formats; the textfile collector of node_exporter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from archtool.holdings.copy_state import CopyState
from archtool.holdings.reporting.model import HoldingsReport
from archtool.printable import show_steering
from archtool.report.text.page import one_line

_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
_Sample = tuple[Mapping[str, str], int]


def format_metrics(report: HoldingsReport) -> str:
    """Return all gauges; each has the label `archive` if the register states the name of its archive."""
    lines = []
    for name, help_text, samples in _gauges(report):
        lines += [f"# HELP archtool_{name} {help_text}", f"# TYPE archtool_{name} gauge"]
        lines += [f"archtool_{name}{_labels(report, more)} {value}" for more, value in samples]
    return "\n".join(lines) + "\n"


def _gauges(report: HoldingsReport) -> Iterator[tuple[str, str, list[_Sample]]]:
    counts = report.counts
    for name, help_text, number in (
        ("holdings", "Holdings in the register that are not withdrawn.", counts.holdings),
        ("copies", "Copies of these holdings.", counts.copies),
        ("bytes", "Size of the payload of all copies.", counts.size_bytes),
        (
            "copies_not_in_order",
            "Copies whose last check found a fault or could not be done.",
            counts.known_bad,
        ),
        (
            "copies_not_trusted",
            "Copies in order whose signers the last check did not accept.",
            report.not_accepted,
        ),
        ("copies_never_checked", "Copies that were never checked.", counts.never_checked),
        ("copies_overdue", "Copies that were not checked within the interval of the policy.", counts.overdue),
        (
            "check_interval_seconds",
            "Interval in which each copy must be checked.",
            report.check_every_days * 86400,
        ),
        (
            "report_timestamp_seconds",
            "When these numbers were read from the register.",
            _seconds(report.made_at),
        ),
    ):
        yield name, help_text, [({}, number)]
    yield "copies_by_state", "Copies by the result of their last check.", _states(report)
    if counts.oldest_check is not None:
        text = "Since when the copy that waits longest has not been checked."
        yield "oldest_check_timestamp_seconds", text, [({}, _seconds(counts.oldest_check))]
    yield from _last_audit(report)


def _states(report: HoldingsReport) -> list[_Sample]:
    found = {count.state: count.copies for count in report.states}
    return [({"state": state.value}, found.get(state, 0)) for state in CopyState]


def _last_audit(report: HoldingsReport) -> Iterator[tuple[str, str, list[_Sample]]]:
    run = report.run
    if run is None or run.ended_at is None:
        return
    for name, help_text, number in (
        ("timestamp_seconds", "When the last audit ended.", _seconds(run.ended_at)),
        (
            "success",
            "1 if the exit code of the last audit was 0: no fault found, and none known from before; else 0.",
            int(not run.is_wrong),
        ),
        ("checked", "Copies that the last audit checked.", run.checked or 0),
        ("left", "Copies that were due and that the last audit did not reach.", run.left or 0),
        ("unregistered", "Packages on the shelves that are not registered.", run.extra_count),
    ):
        yield f"last_audit_{name}", help_text, [({}, number)]


def _seconds(time: str) -> int:
    return int(datetime.fromisoformat(time).timestamp())


def _labels(report: HoldingsReport, more: Mapping[str, str]) -> str:
    named = {"archive": show_steering(one_line(report.archive))} if report.archive else {}
    pairs = {**named, **more}
    if not pairs:
        return ""
    return "{" + ",".join(f'{name}="{value.translate(_ESCAPES)}"' for name, value in pairs.items()) + "}"
