"""Formats everything that the register knows about one holding, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from archtool.holdings.copy_state import Absence, CopyState
from archtool.holdings.event import Event
from archtool.holdings.model import Copy, Holding, PlaceKind, attestation_number
from archtool.report.holdings.commands import repair_command
from archtool.report.holdings.event_lines import format_event
from archtool.report.holdings.words import (
    NOT_TRUSTED,
    STATE_WORDS,
    age,
    day,
    due_at,
    holding_state,
    is_not_accepted,
    is_overdue,
)
from archtool.report.numbers import counted, format_size
from archtool.report.text.page import Page, one_line, wrap

_KINDS = {"package": "package of archtool", "bag": "bag of another tool"}
_PLACES = {PlaceKind.FOLDER: "folder", PlaceKind.ARCHIVE: "archive", PlaceKind.MEDIUM: "on a medium"}
MAX_FORMATS = 12  # that are shown; --json has all


def format_holding(
    holding: Holding,
    copies: Sequence[Copy],
    events: Sequence[tuple[int, Event]],
    interval: timedelta,
    now: datetime,
    width: int,
) -> str:
    """Return the page of a holding: what it is, its copies, and its newest events."""
    page = Page(width)
    page.heading(holding.title or holding.name)
    page.field("name", holding.name)
    page.field("state", _state(holding, copies))
    page.field("kind", _KINDS.get(holding.kind, holding.kind))
    page.optional("payload", _payload(holding))
    page.optional("accession", holding.accession)
    page.optional("custodian", holding.custodian)
    page.field("registered", day(holding.registered_at))
    page.optional("head", holding.head)
    for name, digest in sorted(holding.manifests.items()):
        page.field(name, digest)
    page.optional("formats", _formats(holding))
    page.section(f"COPIES ({len(copies)})" if holding.withdrawn_at is None else "FORMER COPIES")
    page.lines += format_copies(copies, interval, now, page.width)
    page.lines += _behind(holding.name, copies)
    page.section("NEWEST EVENTS")
    for number, event in events:
        page.lines += format_event(number, event, page.width, with_holding=False)
    page.lines += ["", *wrap(f"All events: archtool holdings events {one_line(holding.name)}", page.width)]
    return page.text()


def _state(holding: Holding, copies: Sequence[Copy]) -> str:
    if holding.withdrawn_at is not None:
        return f"withdrawn on {day(holding.withdrawn_at)}"
    return holding_state(copies)


def _payload(holding: Holding) -> str | None:
    if holding.files is None or holding.size_bytes is None:
        return None
    return f"{counted(holding.files, 'file')}, {format_size(holding.size_bytes)}"


def _formats(holding: Holding) -> str | None:
    if not holding.formats:
        return None
    ordered = sorted(holding.formats.items(), key=lambda pair: (-pair[1], pair[0]))
    lines = [f"{count:,} × {label}" for label, count in ordered[:MAX_FORMATS]]
    rest = len(ordered) - MAX_FORMATS
    return "\n".join([*lines, *([f"and {rest:,} more formats"] if rest > 0 else [])])


def format_copies(copies: Sequence[Copy], interval: timedelta, now: datetime, width: int) -> list[str]:
    """Return the lines of all copies of a holding: place, state, and when each was checked."""
    if not copies:
        return ["  no copies"]
    newest = _newest([copy for copy in copies if copy.removed_at is None])
    return [line for copy in copies for line in _copy(copy, interval, now, width, newest)]


def _copy(copy: Copy, interval: timedelta, now: datetime, width: int, newest: str | None) -> list[str]:
    if copy.removed_at is not None:
        sentences = [f"removed on {day(copy.removed_at)}"]
    else:
        sentences = _state_of(copy, now)
        if copy.tried_at is not None and copy.tried_at not in (copy.checked_at, copy.quick_checked_at):
            sentences.append(f"last tried on {day(copy.tried_at)}, without a verdict")
        late = is_overdue(copy, interval, now)
        sentences.append(f"{'OVERDUE since' if late else 'due by'} {due_at(copy, interval)}")
        if copy.head is not None and copy.head != newest and not _is_cut_off(copy):
            sentences.append(f"its newest attestation is {copy.head.partition(' ')[0]}")
        if newest is not None and _lacks(copy, newest):
            sentences.append(f"lacks {newest.partition(' ')[0]}, which another copy has")
    sentences.append(f"registered on {day(copy.added_at)}")
    return [
        f"  {one_line(copy.place)}",
        *wrap(f"{_PLACES[copy.kind]}; {'; '.join(sentences)}", width, "    "),
    ]


def _newest(copies: Sequence[Copy]) -> str | None:
    """Return the newest attestation that is in a copy; not one that was cut off, or is gone with its copy."""
    there = [copy for copy in copies if not _is_cut_off(copy) and copy.absent is None]
    return max((copy.head for copy in there), key=attestation_number, default=None)


def _is_cut_off(copy: Copy) -> bool:
    return copy.state is CopyState.ATTESTATIONS_CUT_OFF


def _lacks(copy: Copy, newest: str) -> bool:
    """Whether a copy lacks an attestation; of one that was never checked, that is not known."""
    is_known = copy.head is not None or copy.checked_at is not None
    return is_known and attestation_number(copy.head) < attestation_number(newest)


def _behind(name: str, copies: Sequence[Copy]) -> list[str]:
    """Return the lines that say how missing attestations are brought to the copies that lack them."""
    newest = _newest(copies)
    if newest is None:
        return []
    lacking = [copy for copy in copies if _lacks(copy, newest) and copy.kind is not PlaceKind.MEDIUM]
    commands = [f"    {repair_command(name, copy.place)}" for copy in lacking if copy.removed_at is None]
    return ["  to bring the attestations there:", *commands] if commands else []


def _state_of(copy: Copy, now: datetime) -> list[str]:
    """Return state and checks of a copy; one that is `never checked` can have been, before it changed."""
    checked = _checked(copy, now)
    if copy.state is not CopyState.NEVER_CHECKED:
        words = NOT_TRUSTED if is_not_accepted(copy) else STATE_WORDS[copy.state]
        return [f"{words} since {day(copy.state_since)}", checked or "no check yet"]
    if not checked:
        return [STATE_WORDS[copy.state]]
    return [f"not checked since its change on {day(copy.state_since)}", f"before: {checked}"]


def _checked(copy: Copy, now: datetime) -> str:
    if copy.absent == Absence.PACKAGE and copy.tried_at is not None:
        return f"nothing was there on {day(copy.tried_at)}, {age(copy.tried_at, now)}"
    full = (
        f"last full check on {day(copy.checked_at)}, {age(copy.checked_at, now)}" if copy.checked_at else ""
    )
    quick = f"quick check on {day(copy.quick_checked_at)}" if copy.quick_checked_at else ""
    return "; ".join(part for part in (full, quick) if part)
