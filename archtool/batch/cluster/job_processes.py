"""The processes that do the jobs of a cluster's worker: begun here, kept for the next chunk, ended here."""

from __future__ import annotations

import math
import pickle
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection

from archtool.batch.cluster.run_marker import Beacon
from archtool.batch.job import crash
from archtool.exit_codes import ExitCode

_LOOK_SECONDS = 0.2  # for whether anybody still wants it
MAX_IDLE_SECONDS = 30.0  # it ends by itself some time after that
_GRACE_SECONDS = 10.0  # for one that is ended with a job in hand: it clears away what it staged
_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[2:]; "
    "from archtool.batch.cluster.job_process import main; main(int(sys.argv[1]))"
)
_idle: defaultdict[bytes, list[Hand]] = defaultdict(list)
_idle_lock = threading.Lock()


class AbandonedError(Exception):
    """Nobody wants these jobs any more."""


class Hand:
    """One process, and the pipe to it."""

    def __init__(self, order: bytes, beacon: Beacon | None) -> None:
        self._beacon = beacon
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM, str(theirs.fileno()), *sys.path],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        self._pipe = Connection(ours.detach())
        self.idle_since = time.monotonic()
        # whoever ends by itself between two chunks is waited for all the same
        threading.Thread(target=self._process.wait, daemon=True).start()
        with suppress(OSError):
            self._pipe.send_bytes(pickle.dumps((order, beacon)))

    def is_there(self) -> bool:
        """Whether it can be given a job."""
        return self._process.poll() is None

    def do(self, key: str, item: bytes, timeout_seconds: float | None) -> bytes:
        """Have one job done; gives the outcome as bytes. A hand that fails at it is gone.

        Raises:
            AbandonedError: the beacon is gone.
        """
        try:
            self._pipe.send_bytes(item)
            if self._is_ready(timeout_seconds):
                return self._pipe.recv_bytes()
            self.end()
            what = f"it took more than {timeout_seconds:g} s and was ended (--job-timeout)"
        except (EOFError, OSError) as error:
            what = f"its process ended before the job did: {self.end()}"
            if not self._is_wanted():
                raise AbandonedError from error
        except BaseException:
            self.end()
            raise
        return pickle.dumps(crash(key, what, ExitCode.SURROUNDINGS))

    def _is_ready(self, timeout_seconds: float | None) -> bool:
        """Wait for the outcome; whether it came in time."""
        until = math.inf if timeout_seconds is None else time.monotonic() + timeout_seconds
        while not self._pipe.poll(max(0.0, min(_LOOK_SECONDS, until - time.monotonic()))):
            if not self._is_wanted():
                raise AbandonedError
            if time.monotonic() >= until:
                return False
        return True

    def _is_wanted(self) -> bool:
        return self._beacon is None or self._beacon.is_seen()

    def end(self) -> str:
        """End the process and say how it went."""
        self._pipe.close()
        self._process.terminate()
        try:
            code = self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        return f"signal {-code}" if code < 0 else f"exit code {code}"


@contextmanager
def hand_for(order: bytes, beacon: Beacon | None) -> Iterator[Hand]:
    """A process for this order: one that is idle, or a new one; it is kept for the next job."""
    key = pickle.dumps((order, beacon))
    hand = _take_idle(key) or Hand(order, beacon)
    yield hand
    if hand.is_there():
        hand.idle_since = time.monotonic()
        with _idle_lock:
            _idle[key].append(hand)


def _take_idle(wanted: bytes) -> Hand | None:
    """One that waits. Those that waited too long, for other runs too, are forgotten: they end alone."""
    oldest = time.monotonic() - MAX_IDLE_SECONDS
    with _idle_lock:
        for key, hands in list(_idle.items()):
            fresh = [hand for hand in hands if hand.idle_since > oldest and hand.is_there()]
            if fresh:
                _idle[key] = fresh
            else:
                del _idle[key]
        return _idle[wanted].pop() if wanted in _idle else None
