"""Stops threads that read files: a thread cannot be ended from outside, so it asks at every block."""

from __future__ import annotations

from threading import Event

from archtool.files.source import InlineSink


class ReadStoppedError(Exception):
    """Raised in a reading thread whose result is not needed any more."""


class ReadStopper(Event, InlineSink):
    """An event that is also a sink: once it is set, the next block of each file ends the reading."""

    def update(self, data: memoryview, /) -> None:
        """Let the reader continue, or stop it.

        Raises:
            ReadStoppedError: the event is set.
        """
        del data
        if self.is_set():
            raise ReadStoppedError
