"""Notices times of events that a wrong clock has made: later than now, or before the event before.

Both are warnings: the chain proves the order of the events, and the times are what the machine said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from archtool.findings import Finding
from archtool.holdings import finding_kinds as kinds
from archtool.holdings.event import Event, format_time

_TOLERANCE = timedelta(days=1)  # machines that share a register differ, and checks are recorded in groups


@dataclass(slots=True)
class TimeCheck:
    """The times of the events that were noted, in their order."""

    now: datetime
    _last: datetime | None = None
    _future: tuple[int, datetime] | None = None
    """Number and time of the first event in the future."""
    _futures: int = 0
    _back: tuple[int, datetime, datetime] | None = None
    """Number and time of the first event that goes back, and the time of the event before."""
    _backs: int = 0

    def note(self, number: int, event: Event) -> None:
        """Take note of the next event."""
        if event.at > self.now + _TOLERANCE:
            self._future = self._future or (number, event.at)
            self._futures += 1
        if self._last is not None and event.at < self._last - _TOLERANCE:
            self._back = self._back or (number, event.at, self._last)
            self._backs += 1
        self._last = event.at

    def findings(self) -> Iterator[Finding]:
        """Yield one finding for all events in the future, and one for all that go back."""
        if self._future is not None:
            number, at = self._future
            are = "is" if self._futures == 1 else "are"
            yield kinds.TIME_IN_FUTURE.at(
                f"{_events(self._futures)} {are} dated later than now: event {number:,}"
                f" on {format_time(at)}{_and_more(self._futures)}"
            )
        if self._back is not None:
            number, at, last = self._back
            yield kinds.TIME_GOES_BACK.at(
                f"event {number:,} is dated {format_time(at)}, and the event before it {format_time(last)}"
                f"{_and_more(self._backs)}"
            )


def _events(count: int) -> str:
    return f"{count:,} event{'' if count == 1 else 's'}"


def _and_more(count: int) -> str:
    return f", and {count - 1:,} more" if count > 1 else ""
