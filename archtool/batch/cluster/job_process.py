"""Processes that run the jobs of a cluster's worker, one job at a time, and are kept for the next chunk.

A worker is a program with many threads, which must not be forked or interrupted; a job that crashed in it
would end the worker also, and Dask cannot stop a running task. So each job runs in a separate process,
started as a new program: a nanny starts its workers as daemons, which `multiprocessing` allows no children.
The first message through its pipe is the encoded task, then come the jobs; for each an outcome is sent back.
The process ends by itself when the worker or the run has ended.
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
from archtool.batch.cluster.task_codec import decode_task
from archtool.batch.job import Job, Outcome, crash_outcome
from archtool.batch.journal.state import KnownJob
from archtool.batch.limits import MAX_IDLE_SECONDS, MAX_TRIES
from archtool.batch.runner import JobFunction, run_job
from archtool.errors import ArchtoolError, StorageError
from archtool.exit_codes import ExitCode

_EXIT_SECONDS = (
    2 * MAX_IDLE_SECONDS
)  # an idle process ends itself later than that, so never when a job arrives
_MARKER_POLL_SECONDS = 0.2  # between two checks whether the run is active
_POLL_SECONDS = 1.0
_GRACE_SECONDS = 10.0  # for a process that is ended during a job: it removes what it staged
_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[2:];"
    " from archtool.batch.cluster.job_process import main; main(int(sys.argv[1]))"
)
_idle: defaultdict[bytes, list[JobProcess]] = defaultdict(list)
_idle_lock = threading.Lock()


class RunEndedError(Exception):
    """The run that the jobs belong to has ended."""


class JobProcess:
    """The worker's side of one process, with the pipe to it."""

    def __init__(self, task: bytes, marker: RunMarker | None) -> None:
        self._marker = marker
        worker_end, process_end = socket.socketpair()
        with process_end:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM, str(process_end.fileno()), *sys.path],
                pass_fds=[process_end.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        self._pipe = Connection(worker_end.detach())
        self.idle_since = time.monotonic()
        # a process that ends by itself between two chunks must not become a zombie
        threading.Thread(target=self._process.wait, daemon=True).start()
        with suppress(OSError):
            self._pipe.send_bytes(pickle.dumps((task, marker)))

    def is_alive(self) -> bool:
        """Whether the process can take a job."""
        return self._process.poll() is None

    def run_job(self, key: str, item: bytes, timeout_seconds: float | None) -> bytes:
        """Run one job in the process; returns the outcome as bytes. If the process fails, it is ended.

        Raises:
            RunEndedError: the run's marker disappeared.
        """
        try:
            self._pipe.send_bytes(item)
            if self._is_ready(timeout_seconds):
                return self._pipe.recv_bytes()
            self.end()
            message = f"it took more than {timeout_seconds:g} s and was ended (--job-timeout)"
        except (EOFError, OSError) as error:
            message = f"its process ended before the job did: {self.end()}"
            if self._has_run_ended():
                raise RunEndedError from error
        except BaseException:
            self.end()
            raise
        return pickle.dumps(crash_outcome(key, message, ExitCode.SURROUNDINGS))

    def _is_ready(self, timeout_seconds: float | None) -> bool:
        """Wait for the outcome; returns whether it came in time."""
        until = math.inf if timeout_seconds is None else time.monotonic() + timeout_seconds
        while not self._pipe.poll(max(0.0, min(_MARKER_POLL_SECONDS, until - time.monotonic()))):
            if self._has_run_ended():
                raise RunEndedError
            if time.monotonic() >= until:
                return False
        return True

    def _has_run_ended(self) -> bool:
        return self._marker is not None and not self._marker.exists()

    def end(self) -> str:
        """End the process and return how it ended."""
        self._pipe.close()
        self._process.terminate()
        try:
            code = self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        return f"signal {-code}" if code < 0 else f"exit code {code}"


@contextmanager
def job_process_for(task: bytes, marker: RunMarker | None) -> Iterator[JobProcess]:
    """Yield an idle or new process for this task and run; it is kept for the next job."""
    key = pickle.dumps((task, marker))
    process = _pop_idle(key) or JobProcess(task, marker)
    yield process
    if process.is_alive():
        process.idle_since = time.monotonic()
        with _idle_lock:
            _idle[key].append(process)


def _pop_idle(wanted: bytes) -> JobProcess | None:
    """Return an idle process, if any. Processes of any run that were idle too long are dropped."""
    oldest = time.monotonic() - MAX_IDLE_SECONDS
    with _idle_lock:
        for key, processes in list(_idle.items()):
            fresh = [process for process in processes if process.idle_since > oldest and process.is_alive()]
            if fresh:
                _idle[key] = fresh
            else:
                del _idle[key]
        return _idle[wanted].pop() if wanted in _idle else None


def main(descriptor: int) -> None:
    """Run jobs until the worker or the run has ended: the program of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker receives it also, and ends this process
    signal.signal(signal.SIGTERM, _stop)
    pipe = Connection(descriptor)
    try:
        task, marker = pickle.loads(pipe.recv_bytes())  # noqa: S301 - from the worker that began this process
        _serve(pipe, marker, _load_job_function(task))
    except (EOFError, OSError, KeyboardInterrupt):
        return


def _serve(pipe: Connection, marker: RunMarker | None, function: JobFunction) -> None:
    items: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, items), daemon=True).start()
    until = time.monotonic() + _EXIT_SECONDS
    while time.monotonic() < until and (marker is None or marker.exists()):
        try:
            item = items.get(timeout=_POLL_SECONDS)
        except Empty:
            continue
        pipe.send_bytes(pickle.dumps(run_job(function, pickle.loads(item))))  # noqa: S301 - see `main`
        until = time.monotonic() + _EXIT_SECONDS


def _listen(pipe: Connection, items: SimpleQueue[bytes]) -> None:
    """Receive jobs. When the worker is gone, end this process, also in the middle of a job."""
    try:
        while True:
            items.put(pipe.recv_bytes())
    except (EOFError, OSError):
        os.kill(os.getpid(), signal.SIGTERM)


def _stop(_number: int, _frame: FrameType | None) -> None:
    signal.signal(
        signal.SIGTERM, signal.SIG_IGN
    )  # a second signal must not interrupt the removal of staged files
    raise KeyboardInterrupt


def _load_job_function(task: bytes) -> JobFunction:
    """Return the task with its keys loaded; if they cannot be loaded, each job fails with the reason."""
    try:
        function = decode_task(task).with_keys()
    except ArchtoolError as error:
        load_error = error

        def fail(_job: Job, _known: KnownJob | None) -> Outcome:
            raise load_error

        return fail

    def retry_storage_errors(job: Job, known: KnownJob | None) -> Outcome:
        for _ in range(MAX_TRIES - 1):
            with suppress(StorageError):
                outcome = function(job, known)
                if outcome.exit_code != StorageError.exit_code:
                    return outcome
        return function(job, known)

    return retry_storage_errors
