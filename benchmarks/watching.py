"""Waits for the first line that names a damaged file, through a pipe or a pseudo-terminal."""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import signal
import subprocess
import time
from dataclasses import dataclass

from benchmarks.model import Contestant, Run
from benchmarks.timing import Ended, FailedRunError, Surroundings

_READ_BYTES = 64 * 1024
_KEPT_CHARS = 4096  # a finding, however it was wrapped and cut into reads


def finding_pattern(contestant: Contestant, path: str) -> re.Pattern[str]:
    """How this contestant names that file as damaged; blanks stand for any white space."""
    return re.compile(contestant.finding.replace("{path}", re.escape(path)).replace(" ", r"\s+"))


def watch(contestant: Contestant, path: str, around: Surroundings) -> Ended:
    """Run it to its end, and note when the file was first named.

    Memory is not measured here.

    Raises:
        FailedRunError: too slow, the file was never named, or the exit code says that all is well.
    """
    reading, writing = os.openpty() if contestant.on_terminal else os.pipe()
    started = time.monotonic()
    process = subprocess.Popen(
        contestant.argv,
        cwd=contestant.folder,
        env=around.environment,
        stdin=subprocess.DEVNULL,
        stdout=writing,
        stderr=writing,
        start_new_session=True,
    )
    os.close(writing)
    listener = _Listener(reading, finding_pattern(contestant, path), started, around.timeout_seconds)
    try:
        listener.listen()
    finally:
        if listener.timed_out:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        os.close(reading)
    seconds = time.monotonic() - started
    if listener.timed_out:
        raise FailedRunError(f"took longer than {around.timeout_seconds:g} s")
    if listener.first_seconds is None or process.returncode == 0:
        raise FailedRunError("did not name the damaged file")
    run = Run(seconds, used.ru_utime + used.ru_stime, 0, listener.first_seconds)
    return Ended(run, process.returncode, listener.tail)


@dataclass(slots=True)
class _Listener:
    """Reads until the other end is closed, or time is over."""

    handle: int
    pattern: re.Pattern[str]
    started: float
    timeout_seconds: float
    tail: str = ""
    first_seconds: float | None = None
    timed_out: bool = False

    def listen(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self.handle, selectors.EVENT_READ)
            while True:
                left = self.timeout_seconds - (time.monotonic() - self.started)
                if left <= 0 or not selector.select(left):
                    self.timed_out = True
                    return
                if not self._take():
                    return

    def _take(self) -> bool:
        try:
            data = os.read(self.handle, _READ_BYTES)
        except OSError:  # what a terminal says when nobody holds its other end any more
            return False
        self.tail = self.tail[-_KEPT_CHARS:] + data.decode("utf-8", "replace")
        if self.first_seconds is None and self.pattern.search(self.tail):
            self.first_seconds = time.monotonic() - self.started
        return bool(data)
