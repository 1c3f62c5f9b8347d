"""Formats events of the register in words: two or three lines for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archtool.holdings.copy_state import CopyState, SignerTrust
from archtool.holdings.event import Event, format_time
from archtool.holdings.event_types import EventType
from archtool.report.holdings.words import NOT_TRUSTED, STATE_WORDS, minute
from archtool.report.numbers import counted, format_size
from archtool.report.text.page import MIN_WIDTH, one_line, wrap

_INDENT = "  "
_MAX_FILES = 3  # of a repair; `holdings events --json` has more


def format_event(number: int, event: Event, width: int, *, with_holding: bool = True) -> list[str]:
    """Return the lines of one event: when, what and how it ended; then its detail; then who."""
    subject = f"  {one_line(event.holding)}" if with_holding and event.holding is not None else ""
    outcome = "" if event.outcome.value == "success" else f"  {event.outcome.value.upper()}"
    first = f"{minute(format_time(event.at))}  {event.event}{outcome}{subject}"
    by = f"event {number:,}, by {one_line(event.agent)}, {one_line(event.software)}"
    room = max(width, MIN_WIDTH)
    detail = describe_detail(event)
    return [
        *wrap(first, room, hanging=4),
        *(wrap(one_line(detail), room, _INDENT) if detail else []),
        *wrap(by, room, _INDENT),
    ]


def describe_detail(event: Event) -> str:
    """Return in words what the detail of an event says; empty if it says nothing."""
    detail = event.detail
    if event.event in (EventType.FIXITY_CHECK, EventType.VALIDATION):
        return _check(detail)
    if event.event in (EventType.INGESTION, EventType.MIGRATION):
        again = "registered again" if detail.get("registered_again") is True else ""
        return _joined(again, _size(detail), _at(detail), _arrival(detail), _reason(detail))
    if event.event in (EventType.RELOCATION, EventType.SHELF_MOVED, EventType.CUSTODY_TRANSFER):
        return _joined(_from_to(detail), _compared(detail), _text(detail, "note"), _reason(detail))
    if event.event in (EventType.REGISTER, EventType.POLICY):
        return _joined(*(f"{name}: {value}" for name, value in detail.items()))
    if event.event in (EventType.REPAIR, EventType.ATTESTATION):
        return _text(detail, "head") or _repair(detail)
    return _joined(_text(detail, "note"), _at(detail), _compared(detail), _places(detail), _reason(detail))


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _text(detail: Mapping[str, Any], name: str) -> str:
    value = detail.get(name)
    return value if isinstance(value, str) else ""


def _at(detail: Mapping[str, Any]) -> str:
    return f"at {place}" if (place := _text(detail, "place")) else ""


def _reason(detail: Mapping[str, Any]) -> str:
    return f"reason: {reason}" if (reason := _text(detail, "reason")) else ""


def _from_to(detail: Mapping[str, Any]) -> str:
    before = f"from {old} " if (old := _text(detail, "from")) else ""
    return f"{before}to {_text(detail, 'to')}"


def _compared(detail: Mapping[str, Any]) -> str:
    return "not compared" if detail.get("compared", True) in (False, 0) else ""


def _places(detail: Mapping[str, Any]) -> str:
    places = detail.get("places")
    return f"last at {', '.join(map(str, places))}" if isinstance(places, list) and places else ""


def _arrival(detail: Mapping[str, Any]) -> str:
    accession, giver, custodian = (_text(detail, name) for name in ("accession", "from", "custodian"))
    return _joined(
        f"accession {accession}" if accession else "",
        f"received from {giver}" if giver else "",
        f"custodian {custodian}" if custodian else "",
    )


def _size(detail: Mapping[str, Any]) -> str:
    files, size = detail.get("files"), detail.get("bytes")
    if not isinstance(files, int) or not isinstance(size, int):
        return ""
    return f"{counted(files, 'file')}, {format_size(size)}"


def _check(detail: Mapping[str, Any]) -> str:
    state = _text(detail, "state")
    words = STATE_WORDS[CopyState(state)] if state in set(CopyState) else state
    words = NOT_TRUSTED if detail.get("trust") == SignerTrust.NOT_ACCEPTED else words
    problems = detail.get("problems")
    first = problems[0] if isinstance(problems, list) and problems and isinstance(problems[0], dict) else {}
    count = detail.get("problem_count")
    more = f"{counted(count, 'problem')}" if isinstance(count, int) and count else ""
    told = _joined(_text(first, "file"), _text(first, "message"))
    return _joined(words, _at(detail), _size(detail), more, f"first: {told}" if told else "")


def _repair(detail: Mapping[str, Any]) -> str:
    count, sources, kept = detail.get("file_count"), detail.get("from"), _text(detail, "kept_in")
    source = f" from {', '.join(map(str, sources))}" if isinstance(sources, list) and sources else ""
    if detail.get("whole"):
        told = f"another package was replaced as a whole{source}"
    else:
        restored = f"{counted(count, 'file')} restored{source}" if isinstance(count, int) else ""
        told = _joined(restored, _files(detail, count))
    return _joined(told, _at(detail), f"what was replaced: {kept}" if kept else "")


def _files(detail: Mapping[str, Any], count: object) -> str:
    """Return the first files of a repair, each with what it had been."""
    files = detail.get("files")
    known = [file for file in files if isinstance(file, dict)] if isinstance(files, list) else []
    names = [f"{_text(file, 'file')} ({_text(file, 'state')})" for file in known[:_MAX_FILES]]
    more = (count if isinstance(count, int) else len(known)) - len(names)
    return f"{', '.join(names)}{f' and {more:,} more' if more > 0 else ''}" if names else ""
