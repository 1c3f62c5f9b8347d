"""Says in words what the register knows: states, times, events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from archtool.holdings.copy_state import CopyState, SignerTrust
from archtool.holdings.event import parse_time
from archtool.holdings.model import Copy
from archtool.report.text.package_list import format_age

NEVER = "never"
STATE_WORDS = {
    CopyState.CHANGED: "changed",
    CopyState.MISSING: "missing",
    CopyState.ATTESTATIONS_CUT_OFF: "attestations cut off",
    CopyState.UNREADABLE: "unreadable",
    CopyState.MOVED: "moved",
    CopyState.NEVER_CHECKED: "never checked",
    CopyState.OK: "in order",
}
"""The words for each state, the worst first."""
NOT_TRUSTED = "in order, not trusted"
ACCEPTING = "add the signer to allowed_signers, attest it yourself, or audit without --trust"
"""How a copy in order is accepted whose signers are not."""
_ORDER = {state: position for position, state in enumerate(STATE_WORDS)}


def worst_state(copies: Sequence[Copy]) -> CopyState | None:
    """Return the worst state of some copies; `None` without copies."""
    return min((copy.state for copy in copies), key=_ORDER.__getitem__, default=None)


def holding_state(copies: Sequence[Copy]) -> str:
    """Return in words the state of a holding: that of its worst copy, and how many copies are in it."""
    worst = worst_state(copies)
    if worst is None:
        return "no copies"
    count = sum(copy.state is worst for copy in copies)
    words = STATE_WORDS[worst]
    if worst is CopyState.OK and (untrusted := sum(map(is_not_accepted, copies))):
        words, count = NOT_TRUSTED, untrusted
    return words if count == len(copies) else f"{words} ({count} of {len(copies)})"


def is_not_accepted(copy: Copy) -> bool:
    """Whether a copy is in order, and the last check did not accept its signers."""
    return copy.trust == SignerTrust.NOT_ACCEPTED


def oldest_check(copies: Sequence[Copy]) -> str | None:
    """Return the time of the oldest last check of some copies; `None` if one was never checked."""
    times = [copy.checked_at for copy in copies]
    return None if None in times or not times else min(time for time in times if time is not None)


def is_overdue(copy: Copy, interval: timedelta, now: datetime) -> bool:
    """Whether a copy has waited longer for its check than the policy allows.

    A check that is dated in the future, by a clock that was wrong, counts as none.
    """
    since = parse_time(copy.waiting_since)
    return since < now - interval or since > now


def age(time: str, now: datetime) -> str:
    """Return in words how long ago a time of the register was."""
    return format_age(parse_time(time), now)


def day(time: str) -> str:
    """Return the day of a time of the register."""
    return time[:10]


def minute(time: str) -> str:
    """Return day, hour and minute of a time of the register, in UTC."""
    return f"{time[:10]} {time[11:16]}"


def due_at(copy: Copy, interval: timedelta) -> str:
    """Return the day on which a copy must have been checked."""
    return (parse_time(copy.waiting_since).astimezone(UTC) + interval).strftime("%Y-%m-%d")
