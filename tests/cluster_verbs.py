"""A task whose jobs do what their key says, which cluster workers can import, and a client for it."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

from archtool.batch.cluster.cluster import Cluster
from archtool.batch.cluster.link import SchedulerAddress
from archtool.batch.job import Ending, Job, Outcome
from archtool.batch.journal.state import KnownJob
from archtool.batch.runner import Item
from archtool.errors import ArchtoolError


@dataclass(frozen=True, slots=True)
class NamedTask:
    """Does what the key of a job says."""

    def prepare(self) -> None:
        return

    def records_begin(self, job: Job, known: KnownJob | None) -> bool:
        del job, known
        return False

    def remove_leftovers(self, key: str) -> None:
        del key

    def __call__(self, job: Job, known: KnownJob | None) -> Outcome:
        del known
        match job.key.partition(" ")[0]:
            case "kills-its-worker":
                os.kill(os.getppid(), signal.SIGKILL)
                time.sleep(600)
            case "dies":
                os.kill(os.getpid(), signal.SIGKILL)
            case "hangs":
                time.sleep(600)
            case "waits-for":
                while not Path(job.key.partition(" ")[2]).exists():
                    time.sleep(0.02)
            case "has-a-bug":
                raise ZeroDivisionError("division by zero")
        return Outcome(job.key, Ending.DONE, 0, "sha512:0", facts={"process": os.getpid()})


def items(keys: list[str], taken: list[str]) -> Iterator[Item]:
    """Yield the jobs; each key is added to `taken` when its job is taken."""
    for key in keys:
        taken.append(key)
        yield Job(key, Path(key)), None


def main(address: str, output: str, timeout: str, *keys: str) -> None:
    """Run the jobs with these keys; print a JSON line for each outcome, with the number of jobs taken by
    then.
    """
    taken: list[str] = []
    cluster = Cluster(
        SchedulerAddress(address), Path(output), (), None, lambda text: print(text, file=sys.stderr),  # noqa: T201
        timeout_seconds=float(timeout) or None,
    )  # fmt: skip
    try:
        for outcome in chain.from_iterable(cluster.run(items(list(keys), taken), NamedTask())):
            print(json.dumps({**asdict(outcome), "taken": len(taken)}), flush=True)  # noqa: T201
    except ArchtoolError as error:
        print(error.message, file=sys.stderr)  # noqa: T201
        sys.exit(error.exit_code)
