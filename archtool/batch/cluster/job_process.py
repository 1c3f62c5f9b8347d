"""A process that does jobs for a worker of a cluster, one at a time: the program at the other end of a pipe.

A worker of a cluster is a program of many threads, which nobody may fork or interrupt; a job in it that
crashed would take the worker along. So jobs are done here. The first thing that comes through the pipe is the
order, then the jobs; for each an outcome goes back. When the worker is gone, or the run, so is this process.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from types import FrameType

from archtool.batch.cluster.run_marker import Beacon
from archtool.batch.cluster.task_codec import read_order
from archtool.batch.job import Job, Outcome
from archtool.batch.journal.state import Known
from archtool.batch.runner import Work, do
from archtool.errors import ArchtoolError, StorageError

MAX_TRIES = 3  # another worker may have the same job in hand, each in the way of the other for an instant
_LOOK_SECONDS = 1.0
_MAX_IDLE_LOOKS = 60  # twice as long as a worker would still give it a job: never just as one comes


def main(descriptor: int) -> None:
    """Do jobs until nobody wants any."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker is told of it, and ends us
    signal.signal(signal.SIGTERM, _stop)
    pipe = Connection(descriptor)
    try:
        data, beacon = pickle.loads(pipe.recv_bytes())  # noqa: S301 - from the worker that began us
        _serve(pipe, beacon, _work_of(data))
    except (EOFError, OSError, KeyboardInterrupt):
        return


def _serve(pipe: Connection, beacon: Beacon | None, work: Work) -> None:
    items: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(pipe, items), daemon=True).start()
    looks = 0
    while looks < _MAX_IDLE_LOOKS and (beacon is None or beacon.is_seen()):
        try:
            item = items.get(timeout=_LOOK_SECONDS)
        except Empty:
            looks += 1
            continue
        looks = 0
        pipe.send_bytes(pickle.dumps(do(work, pickle.loads(item))))  # noqa: S301 - see above


def _listen(pipe: Connection, items: SimpleQueue[bytes]) -> None:
    """Take in jobs; when the worker is gone, end this process over whatever it has in hand."""
    try:
        while True:
            items.put(pipe.recv_bytes())
    except (EOFError, OSError):
        os.kill(os.getpid(), signal.SIGTERM)


def _stop(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # what is staged is cleared away once
    raise KeyboardInterrupt


def _work_of(order: bytes) -> Work:
    """The verb, with keys; where they cannot be loaded, that is what becomes of each job."""
    try:
        verb = read_order(order).make()
    except ArchtoolError as error:
        problem = error

        def fail(_job: Job, _known: Known | None) -> Outcome:
            raise problem

        return fail

    def insist(job: Job, known: Known | None) -> Outcome:
        for _ in range(MAX_TRIES - 1):
            try:
                outcome = verb(job, known)
            except StorageError:
                continue
            if outcome.exit_code != StorageError.exit_code:
                return outcome
        return verb(job, known)

    return insist
