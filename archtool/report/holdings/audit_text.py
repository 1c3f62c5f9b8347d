"""Formats the result of an audit: one line if nothing is wrong, else what to do first, then the faults."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from archtool.files.paths import shell_word
from archtool.holdings.audit_report import (
    AbsentShelf,
    AuditPlan,
    AuditReport,
    Extra,
    FailedCopy,
    KnownBad,
)
from archtool.holdings.copy_state import CopyState
from archtool.report.holdings.audit_advice import Advice, advice_for, shelf_advice
from archtool.report.holdings.commands import (
    move_command,
    name_argument,
    registering_commands,
    repair_command,
)
from archtool.report.holdings.report_words import future_words
from archtool.report.holdings.words import ACCEPTING
from archtool.report.numbers import counted, format_size
from archtool.report.text.batch import Line, Style
from archtool.report.text.page import one_line, wrap

MAX_PROBLEMS = 5  # files of one copy; the register has more of them
MAX_COPIES = 100  # in the text; --json has more of them
_INDENT = "    "
_NAMED = 3  # packages or holdings in one line
_STOPPED = {
    "time-limit": "the time limit was reached",
    "bytes-limit": "the limit of bytes was reached",
    "interrupted": "interrupted",
}
_ALL_OF_THEM = "--json names up to 1,000, the register has all of them"
_WORDS = {
    CopyState.ATTESTATIONS_CUT_OFF: "attestations cut off",
    CopyState.OK: "in order, with warnings that count",
}


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
    yield from _untrusted(report, width)
    for text, known, state in (
        ("known to be bad from an earlier check", report.known_bad, None),
        ("could not be checked at an earlier try", report.known_unread, "unreadable"),
        ("in order, not trusted by an earlier check", report.known_not_accepted, None),
    ):
        yield from _known(text, known, state, width)
    yield from _extra(report, width)
    yield from _behind(report, width)
    if report.totals.in_future:
        yield from _lines(future_words(report.totals.in_future), width, style=Style.BAD)
    yield from _apart(report, width)
    if report.unsigned:
        text = f"note: {_copies(report.unsigned)} in order, without any signature"
        yield from _lines(f"{text}: nothing says who made them", width)
    yield Line(_summary(report))


def _known_moves(extra: Extra, width: int) -> Iterator[Line]:
    for move in extra.moves[:_NAMED]:
        text = f"{one_line(move.holding)} is known to be gone from its place, and is at {move.found_at}"
        yield from _lines(f"{one_line(text)}; to record that:", width)
        old = None if move.is_only_copy else move.place
        yield Line(f"{_INDENT}{move_command(move.holding, move.found_at, old)}")
    if len(extra.moves) > _NAMED:
        yield Line(f"and {len(extra.moves) - _NAMED:,} more that are elsewhere; --json names them")


def _behind(report: AuditReport, width: int) -> Iterator[Line]:
    for copy in report.behind[:3]:
        text = f"note: {copy.holding}: {copy.place} lacks {copy.lacks}, which another copy has"
        yield from _lines(f"{one_line(text)}; to bring it there:", width)
        yield Line(f"{_INDENT}{repair_command(copy.holding, copy.place)}")
    if report.behind_count > 3:
        yield Line(f"and {report.behind_count - 3:,} more that lack an attestation; --json names them")


def _apart(report: AuditReport, width: int) -> Iterator[Line]:
    for copy in report.apart[:3]:
        text = (
            f"warning: {copy.holding}: {copy.place} was attested apart from another copy: its {copy.own}"
            f" and the {copy.other} there contradict each other"
        )
        yield from _lines(f"{one_line(text)}; compare them, and keep the right copy:", width)
        yield Line(f"{_INDENT}archtool holdings show {name_argument(copy.holding)}")
    if report.apart_count > 3:
        yield Line(f"and {report.apart_count - 3:,} more that were attested apart; --json names them")


def _headline(report: AuditReport, width: int) -> Iterator[Line]:
    bad = report.failure_count - (report.unread - sum(shelf.copies for shelf in report.absent_shelves))
    checked, texts = report.checked - report.unread, []
    if bad:
        texts.append(f"{bad:,} of {_copies(checked)} {'is' if bad == 1 else 'are'} not in order")
    if report.unread:
        of_all = "" if bad else f" of {_copies(report.checked)}"
        texts.append(f"{report.unread:,}{of_all} could not be checked")
    yield from _lines("; ".join(texts), width, style=Style.BAD)


def _steps(report: AuditReport, width: int) -> Iterator[Line]:
    """Yield what to do, the most urgent first: one example of each step, and how many more follow below."""
    steps = [[shelf_advice(shelf)] for shelf in report.absent_shelves]
    by_kind: dict[tuple[CopyState, bool, bool, bool], list[Advice]] = {}
    for failure in report.failures:
        key = failure.state, failure.is_replaced, failure.good_copy is None, failure.other_copy is None
        by_kind.setdefault(key, []).append(advice_for(failure))
    steps += [list(dict.fromkeys(advice)) for advice in by_kind.values()]
    for number, advice in enumerate(steps):
        yield from _advice(advice[0], width, "first: " if number == 0 else "then:  ")
        if len(advice) > 1:
            yield Line(f"       and so on, for {len(advice) - 1:,} more below")


def _advice(advice: Advice, width: int, lead: str) -> Iterator[Line]:
    """Yield the lines of an advice; a command is on one line, so that it can be copied."""
    if advice.text:
        yield from _lines(advice.text, width, lead)
    for command in advice.command.splitlines():
        yield Line((" " * len(lead) if advice.text else lead) + command)


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


def _known(text: str, known: KnownBad, state: str | None, width: int) -> Iterator[Line]:
    """Yield what was found before this run: which command checks it now, and which one lists it."""
    if not known.copies:
        return
    names = ", ".join(
        [*map(one_line, known.holdings), *(["…"] if known.copies > len(known.holdings) else [])]
    )
    yield from _lines(f"{text}: {_copies(known.copies)} ({names})", width, style=Style.BAD)
    if known.holdings:
        named = " ".join(f"--holding {shell_word(name)}" for name in known.holdings)
        some = "" if known.copies == len(known.holdings) else " those that are named"
        yield Line(f"{_INDENT}to check{some} now: archtool audit {named}")
    which = f"list --state {state}" if state is not None else "report --csv DIR"
    yield Line(f"{_INDENT}to list all: archtool holdings {which}")


def _untrusted(report: AuditReport, width: int) -> Iterator[Line]:
    if not report.not_accepted:
        return
    are = "is" if report.not_accepted == 1 else "are"
    text = f"{_copies(report.not_accepted)} {are} in order, not trusted: nothing is wrong with the material"
    yield from _lines(text, width, style=Style.BAD)
    for copy in report.untrusted[:MAX_COPIES]:
        yield from _lines(f"{one_line(copy.holding)}, {one_line(copy.place)}", width, _INDENT)
        for problem in copy.problems[:MAX_PROBLEMS]:
            yield from _lines(one_line(problem["message"]), width, _INDENT * 2)
    if report.not_accepted > MAX_COPIES:
        yield from _lines(
            f"and {_copies(report.not_accepted - MAX_COPIES)} more; {_ALL_OF_THEM}", width, _INDENT
        )
    place = shell_word(report.untrusted[0].place)
    yield from _lines(f"{ACCEPTING}, for instance:", width, f"{_INDENT}to have them accepted: ")
    yield Line(f"{_INDENT * 2}archtool attest {place} --event validation --sign KEY")
    yield Line("")


def _extra(report: AuditReport, width: int) -> Iterator[Line]:
    extra = report.extra
    if extra.count:
        what = "1 package is" if extra.count == 1 else f"{extra.count:,} packages are"
        places = ", ".join([*map(one_line, extra.places[:_NAMED]), *(["…"] if extra.count > _NAMED else [])])
        yield from _lines(f"{what} on the shelves, but not in the register: {places}", width)
        yield Line("to register what is there:")
        for command in registering_commands(extra.places, extra.count, extra.shelves):
            yield Line(f"{_INDENT}{command}")
    if extra.withdrawn_count:
        what = "1 package is" if extra.withdrawn_count == 1 else f"{extra.withdrawn_count:,} packages are"
        rest = ["…"] if extra.withdrawn_count > _NAMED else []
        places = ", ".join([*map(one_line, extra.withdrawn[:_NAMED]), *rest])
        text = f"{what} still on the shelves and withdrawn from the register: {places}; delete or move away"
        yield from _lines(f"note: {text} what is not wanted there", width)
    yield from _known_moves(extra, width)
    for text in extra.unsearched[:_NAMED]:
        yield from _lines(f"not searched: {one_line(text)}", width)


def _summary(report: AuditReport) -> str:
    """Return the line that a quiet night prints."""
    return "; ".join([*_what_was_checked(report), *_what_comes(report)])


def _what_was_checked(report: AuditReport) -> Iterator[str]:
    if not report.due:
        yield _nothing_due(report.totals.copies)
        yield from _left_out(report)
        return
    states = "in order" if report.is_quiet else "checked"
    how = "" if report.depth == "full" else " by names and sizes"
    size, seconds = format_size(report.size_bytes), format_seconds(report.milliseconds / 1000)
    yield f"{_copies(report.checked - report.unread)} {states}{how}, {size}, {seconds}"
    if report.unread:
        yield f"{report.unread:,} could not be checked"
    if report.left:
        reason = _STOPPED.get(report.stopped or "", "not reached")
        yield f"{report.left:,} left: {reason}"
    yield from _left_out(report)


def _left_out(report: AuditReport) -> Iterator[str]:
    if report.left_out:
        yield f"{report.left_out:,} on media left out"


def _what_comes(report: AuditReport) -> Iterator[str]:
    if report.totals.overdue:
        since = f" since {_day(report.overdue_since)}" if report.overdue_since is not None else ""
        yield f"{report.totals.overdue:,} overdue{since}"
        return
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


def _nothing_due(registered: int) -> str:
    if registered:
        return "nothing is due"
    return "no copies are registered; register packages with: archtool holdings adopt DIR"


def format_plan(plan: AuditPlan, width: int) -> Iterator[Line]:
    """Yield the lines of a plan."""
    how = "" if plan.depth == "full" else " by names and sizes"
    text = f"{_copies(plan.copies)} would be checked{how}, {format_size(plan.size_bytes)} of payload"
    if not plan.due:
        text = _nothing_due(plan.totals.copies)
    if plan.due > plan.copies:
        text += f"; {plan.due - plan.copies:,} would be left within the limits"
    yield from _lines(text, width)
    parts = [(plan.known_bad, "known to be bad"), (plan.never_checked, "never checked")]
    parts.append((plan.due - plan.known_bad - plan.never_checked, "in order by their last check"))
    yield from _lines(", ".join(f"{count:,} {what}" for count, what in parts if count), width)
    if plan.rate is None or plan.seconds is None:
        if plan.copies:
            reason = "there is no audit yet that is large enough to tell"
            yield from _lines(f"how long it would take is not known yet: {reason}", width)
    elif plan.copies:
        rate, speed = plan.rate, format_size(round(plan.rate.bytes_per_second))
        runs = "the audit" if rate.runs == 1 else f"the last {rate.runs} audits, the newest"
        yield from _lines(
            f"about {format_seconds(plan.seconds)}, at the rate of {runs} of {_day(rate.run_at)}"
            f" ({rate.copies_per_second:,.1f} copies and {speed} a second)",
            width,
        )
    if plan.left_out:
        yield from _lines(f"{_copies(plan.left_out)} on media would be left out (--mount LABEL=DIR)", width)
    totals = plan.totals
    if plan.unchecked == 0 and totals.oldest_check is not None:
        yield from _lines(f"every copy has been checked once since {totals.oldest_check[:10]}", width)
    elif plan.all_checked_at is not None:
        if plan.never_checked == plan.unchecked and plan.copies == plan.due:
            text = "after this audit, every copy has been checked at least once"
        else:
            day = _day(plan.all_checked_at)
            text = f"if this runs every night, every copy has been checked at least once by {day}"
        yield from _lines(text, width)


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
