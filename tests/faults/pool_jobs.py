"""Runs jobs in a pool in a separate process, and prints their outcomes as JSON.

A pool forks, which only a process without other threads can do safely. Earlier tests may have left threads in
the process of pytest, and then a job that kills its process would kill pytest.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from archtool.batch.job import Ending, Job, Outcome
from archtool.batch.journal.state import KnownJob
from archtool.batch.pool import Pool
from archtool.batch.runner import Item
from archtool.files.workers.parallel import can_fork
from cluster_verbs import NamedTask


class NamedPoolTask(NamedTask):
    def __call__(self, job: Job, known: KnownJob | None) -> Outcome:
        del known
        if job.key.startswith("dies"):
            os.kill(os.getpid(), signal.SIGKILL)
        if job.key.startswith("exits"):
            os._exit(7)
        if job.key.startswith("hangs"):
            time.sleep(600)
        if job.key.startswith("has a bug"):
            raise ZeroDivisionError("division by zero")
        return Outcome(job.key, Ending.DONE, 0, "sha512:0")


def main() -> None:
    """Print the outcomes, the number of jobs taken at the first one, and whether child processes remain."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, required=True)
    parser.add_argument("--timeout", type=float)
    parser.add_argument("--stop", action="store_true", help="stop listening after the first outcomes")
    parser.add_argument("keys", nargs="+")
    options = parser.parse_args()
    assert can_fork()
    taken: list[str] = []

    def items() -> Iterator[Item]:
        for key in options.keys:
            taken.append(key)
            yield Job(key, Path(key)), None

    running = Pool(options.jobs, options.timeout).run(items(), NamedPoolTask())
    first = next(running)
    taken_at_first = len(taken)
    outcomes = [*first]
    if options.stop:
        running.close()
    else:
        outcomes += [outcome for portion in running for outcome in portion]
    try:
        os.waitpid(-1, os.WNOHANG)
        is_left = True
    except ChildProcessError:
        is_left = False
    brief = {outcome.key: [outcome.exit_code, outcome.message] for outcome in outcomes}
    print(json.dumps({"outcomes": brief, "first": len(first), "taken": taken_at_first, "left": is_left}))  # noqa: T201


if __name__ == "__main__":
    main()
