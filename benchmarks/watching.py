"""Measures the time to the first line that names a damaged file, through a pipe or a pseudo-terminal."""

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
from benchmarks.timing import FailedRunError, FinishedRun, RunEnvironment

_READ_BYTES = 64 * 1024
_KEPT_CHARS = 4096  # enough for a finding that is wrapped and split over several reads


def finding_pattern(contestant: Contestant, path: str) -> re.Pattern[str]:
    """Return the pattern of a contestant's message about a damaged file; blanks match any white space."""
    return re.compile(contestant.finding.replace("{path}", re.escape(path)).replace(" ", r"\s+"))


def watch(contestant: Contestant, path: str, environment: RunEnvironment) -> FinishedRun:
    """Run a contestant to its end, and record when it first named the file. Memory is not measured.

    Raises:
        FailedRunError: it was too slow, never named the file, or ended with exit code 0.
    """
    reading, writing = os.openpty() if contestant.on_terminal else os.pipe()
    started = time.monotonic()
    process = subprocess.Popen(
        contestant.argv,
        cwd=contestant.folder,
        env=environment.variables,
        stdin=subprocess.DEVNULL,
        stdout=writing,
        stderr=writing,
        start_new_session=True,
    )
    os.close(writing)
    listener = _Listener(reading, finding_pattern(contestant, path), started, environment.timeout_seconds)
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
        raise FailedRunError(f"took longer than {environment.timeout_seconds:g} s")
    if listener.first_seconds is None or process.returncode == 0:
        raise FailedRunError("did not name the damaged file")
    run = Run(seconds, used.ru_utime + used.ru_stime, 0, listener.first_seconds)
    return FinishedRun(run, process.returncode, listener.tail)


@dataclass(slots=True)
class _Listener:
    """Reads until the other end is closed or the time limit is reached."""

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
                remaining = self.timeout_seconds - (time.monotonic() - self.started)
                if remaining <= 0 or not selector.select(remaining):
                    self.timed_out = True
                    return
                if not self._read():
                    return

    def _read(self) -> bool:
        try:
            data = os.read(self.handle, _READ_BYTES)
        except OSError:  # a terminal reports this when its other end is closed
            return False
        self.tail = self.tail[-_KEPT_CHARS:] + data.decode("utf-8", "replace")
        if self.first_seconds is None and self.pattern.search(self.tail):
            self.first_seconds = time.monotonic() - self.started
        return bool(data)
