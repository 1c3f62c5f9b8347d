"""Runs jobs by a pool in a process of its own, and prints as JSON what became of them.

A pool forks, which only a process without other threads may do. Earlier tests may have left some in the
process of pytest, and then a job that kills its process would kill pytest.
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
from archtool.batch.journal.state import Known
from archtool.batch.pool import Pool
from archtool.batch.runner import Item
from archtool.files.workers.parallel import can_fork
from cluster_verbs import Named


class DoesWhatItIsCalled(Named):
    def __call__(self, job: Job, known: Known | None) -> Outcome:
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
    """Print the outcomes, how many jobs were taken when the first of them came, and whether all ended."""
    given = argparse.ArgumentParser()
    given.add_argument("--jobs", type=int, required=True)
    given.add_argument("--timeout", type=float)
    given.add_argument("--stop", action="store_true", help="stop listening after the first outcomes")
    given.add_argument("keys", nargs="+")
    options = given.parse_args()
    assert can_fork()
    taken: list[str] = []

    def items() -> Iterator[Item]:
        for key in options.keys:
            taken.append(key)
            yield Job(key, Path(key)), None

    running = Pool(options.jobs, options.timeout).run(items(), DoesWhatItIsCalled())
    first = next(running)
    taken_at_first = len(taken)
    outcomes = [*first]
    if options.stop:
        running.close()
    else:
        outcomes += [outcome for some in running for outcome in some]
    try:
        os.waitpid(-1, os.WNOHANG)
        left = True
    except ChildProcessError:
        left = False
    told = {outcome.key: [outcome.exit_code, outcome.message] for outcome in outcomes}
    print(json.dumps({"outcomes": told, "first": len(first), "taken": taken_at_first, "left": left}))  # noqa: T201


if __name__ == "__main__":
    main()
