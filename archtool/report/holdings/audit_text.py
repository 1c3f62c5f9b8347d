"""Formats the result of an audit: one line if nothing is wrong, else what to do first, then the faults."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from archtool.files.paths import shown
from archtool.holdings.audit_report import AbsentShelf, AuditPlan, AuditReport, FailedCopy
from archtool.holdings.copy_state import CopyState
from archtool.report.numbers import counted, format_size
from archtool.report.text.batch import Line, Style
from archtool.report.text.page import one_line, wrap

MAX_PROBLEMS = 5  # files of one copy; the register has more of them
MAX_COPIES = 100  # in the text; --json has more of them
_INDENT = "    "
_STOPPED = {
    "time-limit": "the time limit was reached",
    "bytes-limit": "the limit of bytes was reached",
    "interrupted": "interrupted",
}
_ALL_OF_THEM = "--json names up to 1,000, the register has all of them"
_WORDS = {CopyState.ATTESTATIONS_CUT_OFF: "attestations cut off", CopyState.OK: "not accepted"}
_REPAIRABLE = (CopyState.CHANGED, CopyState.MISSING, CopyState.ATTESTATIONS_CUT_OFF)


def format_audit(report: AuditReport, width: int) -> Iterator[Line]:
    """Yield the lines of a report."""
    if report.failure_count or report.absent_shelves:
        yield from _headline(report, width)
        yield from _steps(report, width)
        for shelf in report.absent_shelves:
            yield Line("")
            yield from _lines(_shelf_text(shelf), width, style=Style.BAD)
        for failure in report.failures[:MAX_COPIES]:
            yield from _failure(failure, width)
        if report.failure_count > MAX_COPIES:
            yield Line("")
            yield from _lines(f"and {_copies(report.failure_count - MAX_COPIES)} more; {_ALL_OF_THEM}", width)
        yield Line("")
    if report.known_bad.copies:
        yield from _lines(_known_bad_text(report), width, style=Style.BAD)
    yield from _extra(report, width)
    yield Line(_summary(report))


def _headline(report: AuditReport, width: int) -> Iterator[Line]:
    absent = sum(shelf.copies for shelf in report.absent_shelves)
    text = f"{absent:,} of {_copies(report.checked)} could not be checked"
    if report.failure_count:
        are = "is" if report.failure_count == 1 else "are"
        text = f"{report.failure_count:,} of {_copies(report.checked)} {are} not in order"
    yield from _lines(text, width, style=Style.BAD)


def _steps(report: AuditReport, width: int) -> Iterator[Line]:
    """Yield what to do, the most urgent first: one example of each step, and how many more follow below."""
    steps = [[_shelf_advice(shelf)] for shelf in report.absent_shelves]
    by_kind: dict[tuple[CopyState, bool, bool], list[Advice]] = {}
    for failure in report.failures:
        key = failure.state, failure.good_copy is None, failure.other_copy is None
        by_kind.setdefault(key, []).append(advice_for(failure))
    steps += [list(dict.fromkeys(advice)) for advice in by_kind.values()]
    for number, advice in enumerate(steps):
        yield from _advice(advice[0], width, "first: " if number == 0 else "then:  ")
        if len(advice) > 1:
            yield Line(f"       and so on, for {len(advice) - 1:,} more below")


class Advice(NamedTuple):
    """What to do: a sentence, a command, or both."""

    text: str = ""
    command: str = ""


def advice_for(failure: FailedCopy) -> Advice:
    """Return what to do about a copy."""
    name = shlex.quote(shown(failure.holding))
    if failure.found_at is not None:
        return Advice(command=f"archtool holdings move {name} {shlex.quote(shown(failure.found_at))}")
    if failure.state in _REPAIRABLE and failure.good_copy is not None:
        return Advice(command=f"archtool repair {name}")
    if failure.state in _REPAIRABLE and failure.other_copy is not None:
        text = f"check the other copy, {shown(failure.other_copy)}: nothing is known about it"
        return Advice(text, f"archtool audit --holding {name}")
    if failure.state in _REPAIRABLE:
        return Advice(f"find another copy of {name}: the register knows none that is in order")
    if failure.state is CopyState.UNREADABLE:
        text = f"check the disk and the permissions of {shown(failure.place)}, then run:"
        return Advice(text, f"archtool audit --holding {name}")
    return Advice(command=f"archtool verify {shlex.quote(shown(failure.place))}")


def _shelf_advice(shelf: AbsentShelf) -> Advice:
    place = shown(shelf.shelf)
    return Advice(
        f"connect or mount {place}, then run:", f"archtool audit --all --shelf {shlex.quote(place)}"
    )


def _advice(advice: Advice, width: int, lead: str) -> Iterator[Line]:
    """Yield the lines of an advice; a command is on one line, so that it can be copied."""
    if advice.text:
        yield from _lines(advice.text, width, lead)
    if advice.command:
        yield Line((" " * len(lead) if advice.text else lead) + advice.command)


def _shelf_text(shelf: AbsentShelf) -> str:
    return f"{one_line(shelf.reason)}: nothing is known about {_copies(shelf.copies)}"


def _failure(failure: FailedCopy, width: int) -> Iterator[Line]:
    yield Line("")
    word = _WORDS.get(failure.state, failure.state.value)
    yield from _lines(
        f"{word}: {one_line(failure.holding)}, {one_line(failure.place)}", width, style=Style.BAD
    )
    for problem in failure.problems[:MAX_PROBLEMS]:
        yield from _lines(one_line(problem["message"]), width, _INDENT)
    left = failure.problem_count - min(len(failure.problems), MAX_PROBLEMS)
    if left > 0:
        yield from _lines(f"and {counted(left, 'more problem')}", width, _INDENT)
    if failure.good_copy is not None:
        yield from _lines(f"a copy in order: {one_line(failure.good_copy)}", width, _INDENT)
    yield from _advice(advice_for(failure), width, f"{_INDENT}to do: ")


def _known_bad_text(report: AuditReport) -> str:
    known = report.known_bad
    names = ", ".join(
        [*map(one_line, known.holdings), *(["…"] if known.copies > len(known.holdings) else [])]
    )
    return f"known to be bad from an earlier check: {_copies(known.copies)} ({names})"


def _extra(report: AuditReport, width: int) -> Iterator[Line]:
    extra = report.extra
    if extra.count:
        what = "1 package is" if extra.count == 1 else f"{extra.count:,} packages are"
        places = ", ".join([*map(one_line, extra.places[:3]), *(["…"] if extra.count > 3 else [])])
        yield from _lines(f"{what} on the shelves, but not in the register: {places}", width)
        yield Line("to register what is on a shelf: archtool holdings adopt DIR")
    for text in extra.unsearched[:3]:
        yield from _lines(f"not searched: {one_line(text)}", width)


def _summary(report: AuditReport) -> str:
    """Return the line that a quiet night prints."""
    return "; ".join([*_what_was_checked(report), *_what_comes(report)])


def _what_was_checked(report: AuditReport) -> Iterator[str]:
    if not report.due:
        yield "nothing is due"
        return
    states = "in order" if report.is_quiet else "checked"
    how = "" if report.depth == "full" else " by names and sizes"
    size, seconds = format_size(report.size_bytes), format_seconds(report.milliseconds / 1000)
    yield f"{_copies(report.checked)} {states}{how}, {size}, {seconds}"
    if report.left:
        reason = _STOPPED.get(report.stopped or "", "not reached")
        yield f"{report.left:,} left: {reason}"
    if report.left_out:
        yield f"{report.left_out:,} on media left out"


def _what_comes(report: AuditReport) -> Iterator[str]:
    if report.next_due_at is not None:
        yield f"next due {_day(report.next_due_at)}"
    yield from _all_checked(report.unchecked, report.totals.oldest_check, report.all_checked_at)


def _all_checked(never: int, oldest: str | None, at: datetime | None) -> Iterator[str]:
    if never == 0 and oldest is not None:
        yield f"all checked since {oldest[:10]}"
    elif at is not None and never:
        yield f"all checked by {_day(at)}"
    elif never:
        yield f"{never:,} never checked"


def format_plan(plan: AuditPlan, width: int) -> Iterator[Line]:
    """Yield the lines of a plan."""
    how = "" if plan.depth == "full" else " by names and sizes"
    text = f"{_copies(plan.copies)} would be checked{how}, {format_size(plan.size_bytes)}"
    if not plan.due:
        text = "nothing is due"
    if plan.due > plan.copies:
        text += f"; {plan.due - plan.copies:,} would be left within the limits"
    yield from _lines(text, width)
    parts = [(plan.known_bad, "known to be bad"), (plan.never_checked, "never checked")]
    parts.append((plan.due - plan.known_bad - plan.never_checked, "in order by their last check"))
    yield from _lines(", ".join(f"{count:,} {what}" for count, what in parts if count), width)
    if plan.rate is None or plan.seconds is None:
        yield Line("how long it would take is not known before the first audit")
    elif plan.copies:
        rate, speed = plan.rate, format_size(round(plan.rate.bytes_per_second))
        yield from _lines(
            f"about {format_seconds(plan.seconds)}, at the rate of the audit of {_day(rate.run_at)}"
            f" ({rate.copies_per_second:,.1f} copies and {speed} a second)",
            width,
        )
    if plan.left_out:
        yield from _lines(f"{_copies(plan.left_out)} on media would be left out (--mount LABEL=DIR)", width)
    totals = plan.totals
    if plan.unchecked == 0 and totals.oldest_check is not None:
        yield from _lines(f"every copy has been checked once since {totals.oldest_check[:10]}", width)
    elif plan.all_checked_at is not None:
        yield from _lines(
            f"if this runs every night, every copy has been checked once from {_day(plan.all_checked_at)} on",
            width,
        )


def format_seconds(seconds: float) -> str:
    """Format a duration: `3 s`, `4 min`, `2.5 h`."""
    if seconds < 100:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{max(seconds, 0.1):.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def _copies(count: int) -> str:
    return f"{count:,} {'copy' if count == 1 else 'copies'}"


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def _lines(text: str, width: int, lead: str = "", style: Style = Style.PLAIN) -> Iterator[Line]:
    for line in wrap(text, width, lead):
        yield Line(line, style)
