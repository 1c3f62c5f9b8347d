"""Formats the report of a register as text: one screen for a terminal, more of it for a mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archtool.holdings.reporting.model import Fault, HoldingsReport
from archtool.report.holdings import report_words as words
from archtool.report.numbers import counted, format_size
from archtool.report.text.page import Page, one_line, wrap

_INDENT = "  "
_MAX_SHELVES = 3  # that are named in a command; the others have packages of the same kind
_MORE = "the whole list: archtool holdings report --csv DIR"


@dataclass(frozen=True, slots=True)
class Room:
    """How many entries the lists have."""

    faults: int
    files: int
    """Of each fault."""
    overdue: int
    extra: int
    """Packages that are not registered."""


def format_screen(report: HoldingsReport, width: int) -> str:
    """Return the report on one screen: the result, what to do first, what is overdue, the last audit."""
    page = Page(width)
    page.heading(f"{report.archive or report.register}, {words.shown_time(report.made_at)} UTC")
    add_body(page, report, Room(faults=2, files=0, overdue=1, extra=1))
    return page.text()


def add_body(page: Page, report: HoldingsReport, room: Room) -> None:
    """Add the report to a page; lists have as many entries as there is room."""
    page.field("Result", words.result_and_news(report))
    page.field("Holdings", _holdings(report))
    if report.counts.copies:
        spread = (f"{words.copies_words(n)}: {holdings:,}" for n, holdings in report.copies_of_holdings)
        page.field("Copies", "; ".join(spread))
    page.field("Other copies", _rest(report))
    page.field("Last audit", _last_audit(report))
    if report.next_due is not None:
        note = f"none; the next copy on {words.shown_day(report.next_due)}, unless it is checked before"
        page.field("Overdue", note)
    if report.counts.in_future:
        page.field("Clock", words.future_words(report.counts.in_future))
    _add_faults(page, report, room)
    _add_overdue(page, report, room.overdue)
    _add_not_accepted(page, report, room.overdue)
    _add_extra(page, report, room.extra)


def _holdings(report: HoldingsReport) -> str:
    counts = report.counts
    copies = f"{counts.copies:,} {'copy' if counts.copies == 1 else 'copies'}"
    return f"{counted(counts.holdings, 'holding')}, {copies}, {format_size(counts.size_bytes)} of payload"


def _rest(report: HoldingsReport) -> str:
    """Return how many copies have no fault, and how many were never checked."""
    counts = (count for count in words.ordered_states(report) if not words.is_fault(count.state))
    return "; ".join(f"{words.state_words(count.state)}: {count.copies:,}" for count in counts) or "none"


def _last_audit(report: HoldingsReport) -> str:
    run = report.run
    if run is None:
        return "none has been recorded; begin with: archtool audit"
    return f"{words.shown_time(run.ended_at or run.begun_at)} UTC: {words.run_words(run)}"


def _add_faults(page: Page, report: HoldingsReport, room: Room) -> None:
    bad = report.counts.known_bad
    if not bad:
        return
    page.section(f"Not in order: {bad:,} ({report.new_faults:,} new)")
    for fault in report.faults[: room.faults]:
        page.lines += _fault_lines(fault, room.files, page.width)
    _add_rest(page, bad - min(room.faults, len(report.faults)))


def _fault_lines(fault: Fault, max_files: int, width: int) -> Iterator[str]:
    copy = fault.copy
    head = f"{one_line(copy.holding)}: {words.state_words(copy.state)} ({words.known_words(fault)}), at "
    yield from wrap(head + one_line(copy.place), width, _INDENT, 4)
    elsewhere = words.found_elsewhere(fault)
    if elsewhere and max_files:
        yield from wrap(f"found at {one_line(elsewhere)}", width, 2 * _INDENT, 6)
    for problem in fault.problems[:max_files]:
        yield from wrap(one_line(words.problem_words(problem)), width, 2 * _INDENT, 6)
    left = fault.problem_count - min(max_files, len(fault.problems))
    if left > 0 and max_files:
        yield f"{2 * _INDENT}and {left:,} more; archtool holdings events names them"
    text, command = words.advice_and_command(fault)
    yield from wrap(f"first: {one_line(text)}{':' if command else ''}", width, 2 * _INDENT, 6)
    if command:  # on a line of its own, so that it can be copied
        yield f"{3 * _INDENT}{command}"


def _add_overdue(page: Page, report: HoldingsReport, max_overdue: int) -> None:
    overdue = report.counts.overdue
    if not overdue:
        return
    new = f", {report.new_overdue:,} new" if report.new_overdue else ""
    page.section(f"Overdue: {overdue:,}{new} (not checked within {counted(report.check_every_days, 'day')})")
    for item in report.overdue[:max_overdue]:
        text = f"{one_line(item.copy.holding)}: since {words.shown_day(item.overdue_since)}"
        page.lines += wrap(f"{text}, at {one_line(item.copy.place)}", page.width, _INDENT, 4)
    _add_rest(page, overdue - min(max_overdue, len(report.overdue)))
    page.lines += wrap("first: archtool audit checks those first that wait longest", page.width, _INDENT, 4)


def _add_not_accepted(page: Page, report: HoldingsReport, most: int) -> None:
    if not report.not_accepted:
        return
    page.section(f"In order, not trusted: {report.not_accepted:,}")
    for name, place in report.named_not_accepted[:most]:
        page.lines += wrap(f"{one_line(name)}, {one_line(place)}", page.width, _INDENT, 4)
    _add_rest(page, report.not_accepted - min(most, len(report.named_not_accepted)))
    page.lines += wrap(f"first: {one_line(words.accepting(report))}", page.width, _INDENT, 4)


def _add_extra(page: Page, report: HoldingsReport, max_extra: int) -> None:
    run = report.run
    if run is None or not run.extra_count:
        return
    new = f", {len(report.new_extra):,} new" if report.new_extra else ""
    page.section(f"On the shelves and not registered: {run.extra_count:,}{new}")
    places = sorted(run.extra, key=lambda place: place not in report.new_extra)[:max_extra]
    for place in places:
        page.lines += wrap(one_line(place), page.width, _INDENT, 4)
    if places and run.extra_count > len(places):
        page.lines.append(f"{_INDENT}and {run.extra_count - len(places):,} more")
    page.lines.append(f"{_INDENT}first, to register them:")
    page.lines += [f"{2 * _INDENT}{command}" for command in words.registering(report)[:_MAX_SHELVES]]


def _add_rest(page: Page, left: int) -> None:
    if left > 0:
        page.lines += wrap(f"and {left:,} more; {_MORE}", page.width, _INDENT, 4)
