"""Processes that do the jobs of a cluster's worker, one job at a time, and are kept for the next chunk.

A worker is a program of many threads, which must not be forked or interrupted; a job that crashed in it
would end the worker too, and Dask cannot stop a running task. So each job is done in a process of its own,
begun as a new program: a nanny begins its workers as daemons, which `multiprocessing` gives no children. The
first message through its pipe is the encoded verb, then come the jobs; for each an outcome goes back. The
process ends by itself when the worker is gone, or the run.
"""

from __future__ import annotations

import math
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from types import FrameType

from archtool.batch.cluster.run_marker import RunMarker
from archtool.batch.cluster.task_codec import decode_verb
from archtool.batch.job import Job, Outcome, crash
from archtool.batch.journal.state import Known
from archtool.batch.runner import Work, do
from archtool.errors import ArchtoolError, StorageError
from archtool.exit_codes import ExitCode

MAX_TRIES = 3  # another worker may do the same job, each in the way of the other for an instant
MAX_IDLE_SECONDS = 30.0  # how long a worker still gives jobs to an idle process
_EXIT_SECONDS = 2 * MAX_IDLE_SECONDS  # an idle process ends itself later than that: never just as a job comes
_WANTED_SECONDS = 0.2  # between two looks whether the run still wants the job
_LOOK_SECONDS = 1.0
_GRACE_SECONDS = 10.0  # for a process that is ended with a job in hand: it removes what it staged
_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[2:];"
    " from archtool.batch.cluster.job_process import main; main(int(sys.argv[1]))"
)
_idle: defaultdict[bytes, list[JobProcess]] = defaultdict(list)
_idle_lock = threading.Lock()


class RunEndedError(Exception):
    """The run that these jobs belong to has ended."""


class JobProcess:
    """The worker's side of one process, and the pipe to it."""

    def __init__(self, verb: bytes, marker: RunMarker | None) -> None:
        self._marker = marker
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
        # one that ends by itself between two chunks must not stay a zombie
        threading.Thread(target=self._process.wait, daemon=True).start()
        with suppress(OSError):
            self._pipe.send_bytes(pickle.dumps((verb, marker)))

    def is_alive(self) -> bool:
        """Whether it can be given a job."""
        return self._process.poll() is None

    def do(self, key: str, item: bytes, timeout_seconds: float | None) -> bytes:
        """Have one job done; returns the outcome as bytes. A process that fails at it is gone.

        Raises:
            RunEndedError: the run's marker disappeared.
        """
        try:
            self._pipe.send_bytes(item)
            if self._is_ready(timeout_seconds):
                return self._pipe.recv_bytes()
            self.end()
            what = f"it took more than {timeout_seconds:g} s and was ended (--job-timeout)"
        except (EOFError, OSError) as error:
            what = f"its process ended before the job did: {self.end()}"
            if self._has_run_ended():
                raise RunEndedError from error
        except BaseException:
            self.end()
            raise
        return pickle.dumps(crash(key, what, ExitCode.SURROUNDINGS))

    def _is_ready(self, timeout_seconds: float | None) -> bool:
        """Wait for the outcome; whether it came in time."""
        until = math.inf if timeout_seconds is None else time.monotonic() + timeout_seconds
        while not self._pipe.poll(max(0.0, min(_WANTED_SECONDS, until - time.monotonic()))):
            if self._has_run_ended():
                raise RunEndedError
            if time.monotonic() >= until:
                return False
        return True

    def _has_run_ended(self) -> bool:
        return self._marker is not None and not self._marker.is_there()

    def end(self) -> str:
        """End the process and say how it ended."""
        self._pipe.close()
        self._process.terminate()
        try:
            code = self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        return f"signal {-code}" if code < 0 else f"exit code {code}"


@contextmanager
def job_process_for(verb: bytes, marker: RunMarker | None) -> Iterator[JobProcess]:
    """A process for this verb and run: an idle one, or a new one. It is kept for the next job."""
    key = pickle.dumps((verb, marker))
    process = _take_idle(key) or JobProcess(verb, marker)
    yield process
    if process.is_alive():
        process.idle_since = time.monotonic()
        with _idle_lock:
            _idle[key].append(process)


def _take_idle(wanted: bytes) -> JobProcess | None:
    """An idle process. Those that were idle too long, also of other runs, are dropped: they end."""
    oldest = time.monotonic() - MAX_IDLE_SECONDS
    with _idle_lock:
        for key, processes in list(_idle.items()):
            fresh = [one for one in processes if one.idle_since > oldest and one.is_alive()]
            if fresh:
                _idle[key] = fresh
            else:
                del _idle[key]
        return _idle[wanted].pop() if wanted in _idle else None


def main(descriptor: int) -> None:
    """Do jobs until none is wanted any more: the program of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker receives it too, and ends us
    signal.signal(signal.SIGTERM, _stop)
    pipe = Connection(descriptor)
    try:
        verb, marker = pickle.loads(pipe.recv_bytes())  # noqa: S301 - from the worker that began us
        _serve(pipe, marker, _work_of(verb))
    except (EOFError, OSError, KeyboardInterrupt):
        return


def _serve(pipe: Connection, marker: RunMarker | None, work: Work) -> None:
    items: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, items), daemon=True).start()
    until = time.monotonic() + _EXIT_SECONDS
    while time.monotonic() < until and (marker is None or marker.is_there()):
        try:
            item = items.get(timeout=_LOOK_SECONDS)
        except Empty:
            continue
        pipe.send_bytes(pickle.dumps(do(work, pickle.loads(item))))  # noqa: S301 - see above
        until = time.monotonic() + _EXIT_SECONDS


def _listen(pipe: Connection, items: SimpleQueue[bytes]) -> None:
    """Receive jobs; when the worker is gone, end this process, also in the middle of a job."""
    try:
        while True:
            items.put(pipe.recv_bytes())
    except (EOFError, OSError):
        os.kill(os.getpid(), signal.SIGTERM)


def _stop(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # what is staged is removed once
    raise KeyboardInterrupt


def _work_of(verb: bytes) -> Work:
    """The verb with its keys; where they cannot be loaded, each job fails with the reason."""
    try:
        work = decode_verb(verb).with_keys()
    except ArchtoolError as error:
        problem = error

        def fail(_job: Job, _known: Known | None) -> Outcome:
            raise problem

        return fail

    def insist(job: Job, known: Known | None) -> Outcome:
        for _ in range(MAX_TRIES - 1):
            with suppress(StorageError):
                outcome = work(job, known)
                if outcome.exit_code != StorageError.exit_code:
                    return outcome
        return work(job, known)

    return insist
