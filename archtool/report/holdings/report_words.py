"""Says in words what a report of a register shows."""

from __future__ import annotations

from archtool.files.paths import shell_word
from archtool.holdings.copy_state import CopyState
from archtool.holdings.event_types import EventType
from archtool.holdings.reporting.model import Fault, HoldingsReport, ProblemFile, Run, StateCount
from archtool.report.holdings.commands import (
    move_command,
    registering_commands,
    repair_command,
    update_command,
)
from archtool.report.holdings.words import ACCEPTING, NOT_TRUSTED
from archtool.report.holdings.words import STATE_WORDS as STATES
from archtool.report.numbers import counted

_MEANINGS = {
    CopyState.CHANGED: "files differ from the registered manifests",
    CopyState.MISSING: "the copy, or files of it, are not at their place",
    CopyState.ATTESTATIONS_CUT_OFF: "its newest attestations, which the register remembers, are gone",
    CopyState.UNREADABLE: "it could not be read, so nothing is known about it",
    CopyState.MOVED: "it is not at its place; a package with the same manifests is elsewhere",
    CopyState.NEVER_CHECKED: "registered, and not read since",
    CopyState.OK: "the last full check found no fault",
}
_EVENTS = {
    EventType.INGESTION: "registered",
    EventType.REPLICATION: "further copy registered",
    EventType.COPY_REMOVED: "copy removed from the register",
    EventType.RELOCATION: "copy moved",
    EventType.SHELF_MOVED: "moved with its shelf",
    EventType.CUSTODY_TRANSFER: "custody transferred",
    EventType.WITHDRAWAL: "withdrawn",
    EventType.FIXITY_CHECK: "full check",
    EventType.VALIDATION: "quick check",
    EventType.REPAIR: "repair",
    EventType.MIGRATION: "new version of the content",
    EventType.ATTESTATION: "attestation added",
}
_STOPPED = {
    "time-limit": "stopped at its time limit",
    "bytes-limit": "stopped at its limit of bytes",
    "interrupted": "interrupted",
}
NOTHING_WRONG, NOTHING_NEW = "nothing wrong", "nothing new"
_COUNTED = {CopyState.ATTESTATIONS_CUT_OFF: "with attestations cut off"}
"""The words for a state behind a number of copies, where they differ."""
_BAD = tuple(state for state in STATES if state not in (CopyState.OK, CopyState.NEVER_CHECKED))


def state_words(state: str) -> str:
    """Return the state of a copy in words."""
    return STATES.get(CopyState(state), state) if state in set(CopyState) else state


def news_in_words(report: HoldingsReport) -> str:
    """Say how much of what is wrong is new: `1 new`, `nothing new`; empty if nothing is wrong."""
    extra = report.run.extra_count if report.run is not None else 0
    if not (report.counts.known_bad or report.counts.overdue or extra or report.not_accepted):
        return ""
    new = report.new_faults + report.new_overdue + len(report.new_extra)
    return f"{new:,} new" if new else NOTHING_NEW


def result_and_news(report: HoldingsReport) -> str:
    """Return the result in one line, and how much of it is new."""
    return "; ".join(filter(None, (result_in_words(report), news_in_words(report))))


def is_fault(state: str) -> bool:
    """Whether a copy in this state is not in order; one that was never checked is not known to be."""
    return state in _BAD


def state_meaning(state: str) -> str:
    """Say what a state means."""
    return _MEANINGS[CopyState(state)]


def event_words(event: str) -> str:
    """Return the type of an event in words; one that an archive has defined itself keeps its name."""
    return _EVENTS.get(EventType(event), event) if event in set(EventType) else event


def ordered_states(report: HoldingsReport) -> list[StateCount]:
    """Return the states that occur, the gravest first."""
    order = [state.value for state in STATES]
    return sorted(report.states, key=lambda count: order.index(count.state))


def shown_time(time: str | None) -> str:
    """Return a time for people, to the minute: `2026-11-30 09:00`."""
    return "" if time is None else time[:16].replace("T", " ")


def shown_day(time: str | None) -> str:
    """Return the day of a time."""
    return "" if time is None else time[:10]


def result_in_words(report: HoldingsReport) -> str:
    """Return the result in one line: `2 copies changed, 1 missing, 3 overdue`."""
    found = {count.state: count.copies for count in report.states}
    parts = [(found[state], _COUNTED.get(state, state_words(state))) for state in _BAD if found.get(state)]
    if report.not_accepted:
        parts.append((report.not_accepted, NOT_TRUSTED))
    if report.counts.overdue:
        parts.append((report.counts.overdue, "overdue"))
    texts = [
        f"{number:,} {words}" if n else f"{_copies(number)} {words}"
        for n, (number, words) in enumerate(parts)
    ]
    if report.run is not None and report.run.extra_count:
        texts.append(f"{counted(report.run.extra_count, 'package')} not registered")
    if texts:
        return ", ".join(texts)
    return NOTHING_WRONG if report.counts.copies else "no copies are registered"


def problem_words(problem: ProblemFile) -> str:
    """Return what was found at one file, in one line; nothing is said twice that the message says."""
    message = problem.message
    if problem.expected and problem.observed and "expected" not in message:
        message += f" (expected {_brief(problem.expected)}, found {_brief(problem.observed)})"
    return f"{problem.file}: {message}" if problem.file and problem.file not in message else message


def found_elsewhere(fault: Fault) -> str | None:
    """Return where a copy that has moved was found, unless a problem says it."""
    place = fault.found_at
    is_said = place is not None and any(place in problem.message for problem in fault.problems)
    return None if is_said else place


def _brief(value: str) -> str:
    name, colon, digits = value.rpartition(":")
    return f"{name}{colon}{digits[:8]}…{digits[-4:]}" if len(digits) > 24 else value


def advice(fault: Fault) -> str:
    """Say what to do first about a copy that is not in order, in a sentence."""
    text, command = advice_and_command(fault)
    return f"{text}: {command}" if command else text


def advice_and_command(fault: Fault) -> tuple[str, str]:
    """Say what to do first about a copy that is not in order, and the command for it, if there is one."""
    state, good = fault.copy.state, bool(fault.good_copies)
    repair = repair_command(fault.copy.holding)
    if state == CopyState.MOVED and fault.found_at:
        old = fault.copy.place if fault.other_copies else None
        command = move_command(fault.copy.holding, fault.found_at, old)
        return "if it was moved on purpose, register the new place", command
    if state == CopyState.UNREADABLE:
        return "check the disk, the connection and the permissions; the next audit tries it again first", ""
    if state == CopyState.MOVED or (state == CopyState.MISSING and _is_gone(fault)):
        text = "see whether its disk is mounted or the folder was moved"
        return (f"{text}; if it is lost, restore it", repair) if good else (f"{text}; {_no_other(fault)}", "")
    return _content_advice(fault, repair)


def _content_advice(fault: Fault, repair: str) -> tuple[str, str]:
    update, good = update_command(fault.copy.holding, fault.copy.place), bool(fault.good_copies)
    if fault.is_replaced:
        rest = f"see what another copy can restore with {repair}" if good else _no_other(fault)
        return f"was the new content meant? If not, {rest}; if so, record it", update
    if fault.lost is not None and not good:
        lost = fault.lost.partition(" ")[0]
        return f"no other copy has {lost}: look for it in backups; to give it up on the record", update
    if good:
        return "leave the copy as it is, and see what another copy can restore", repair
    return f"leave the copy as it is; {_no_other(fault)}", ""


def _is_gone(fault: Fault) -> bool:
    """Whether the whole copy is missing, not some of its files."""
    return all(problem.file is None for problem in fault.problems)


def _no_other(fault: Fault) -> str:
    if not fault.other_copies:
        return "no other copy is registered: look for one in backups"
    if fault.other_copies == 1:
        return "the other copy is not known to be in order: check it"
    return f"none of the {fault.other_copies} other copies is known to be in order: check them"


def accepting(report: HoldingsReport) -> str:
    """Say what to do about copies in order whose signers are not accepted."""
    place = shell_word(report.named_not_accepted[0][1]) if report.named_not_accepted else "PACKAGE"
    return f"nothing is wrong with the material; {ACCEPTING}; see archtool verify {place}"


def registering(report: HoldingsReport) -> list[str]:
    """Return the commands that register what the last audit found on the shelves."""
    if report.run is None:
        return []
    return registering_commands(report.run.extra, report.run.extra_count, report.extra_shelves)


def known_words(fault: Fault) -> str:
    """Say since when a fault is known, or that it is new."""
    since = shown_day(fault.copy.state_since)
    return f"known since {since}" if fault.is_known else f"new, since {since}"


def run_words(run: Run) -> str:
    """Return one audit in a sentence."""
    if run.ended_at is None:
        return f"began {shown_time(run.begun_at)} and has not ended"
    unread = run.counts.get(CopyState.UNREADABLE.value, 0)
    parts = [f"{_copies((run.checked or 0) - unread)} checked{_found(run, unread)}"]
    if unread:
        parts.append(f"{_copies(unread)} could not be checked")
    if run.known_bad:
        parts.append(f"{_copies(run.known_bad)} known to be bad from an earlier check")
    if run.known_unread:
        parts.append(f"{_copies(run.known_unread)} could not be checked at an earlier try")
    if run.stopped:
        parts.append(_STOPPED.get(run.stopped, run.stopped))
    if run.left:
        parts.append(f"{run.left:,} left for the next")
    return "; ".join(parts)


def _found(run: Run, unread: int) -> str:
    if run.faults > unread:
        return f", {_copies(run.faults - unread)} not in order"
    if unread:
        return ""
    if "failures" in run.wrong:
        return ", some not accepted"
    if run.wrong == ("not-trusted",):
        return ", no fault found; some copies are not trusted"
    if not run.checked:
        return ""
    return ", no further fault found" if run.is_wrong else ", no fault found"


def _copies(number: int) -> str:
    return f"{number:,} {'copy' if number == 1 else 'copies'}"


def copies_words(copies: int) -> str:
    """Return a number of copies of one holding."""
    return "no copy" if not copies else "one copy only" if copies == 1 else f"{copies} copies"


def future_words(copies: int) -> str:
    """Say that the last checks of some copies are dated in the future, and what to do."""
    which = (
        "1 copy has a last check that is" if copies == 1 else f"{copies:,} copies have last checks that are"
    )
    return (
        f"{which} dated later than now, so they count as overdue: the clock of a machine is wrong, or was;"
        " correct it, and the next audits check them again"
    )
