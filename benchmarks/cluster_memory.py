"""`python -m benchmarks.cluster_memory`: measures the memory of client and scheduler for few and many jobs.

A real scheduler and real workers are started on 127.0.0.1. The client runs the given numbers of jobs, one
number after another, as a batch does with `--cluster --check`: each job reads a description and its file and
checks everything; nothing is written. The resident memory of client and scheduler is read from `/proc` as the
outcomes come.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from archtool import __version__
from archtool.batch.cluster.cluster import Cluster
from archtool.batch.cluster.link import SchedulerAddress
from archtool.batch.job import Job
from archtool.batch.runner import Item
from archtool.batch.tasks.pack import PackTask

_AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
_SAMPLES = 200  # over the whole run
_START_SECONDS = 30.0
_DESCRIPTION = Path(__file__).parent.parent / "examples" / "letter" / "description.yaml"


@dataclass(frozen=True, slots=True)
class MemorySamples:
    """Resident bytes of one process during a run."""

    start: int
    """After a twentieth of the jobs, when everything is imported and set up."""
    middle: int
    end: int
    peak: int


@dataclass(frozen=True, slots=True)
class ClusterRun:
    """The measurements of one run."""

    jobs: int
    seconds: float
    client: MemorySamples
    scheduler: MemorySamples


def main() -> int:
    """Measure, and print one JSON object for each number of jobs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster_memory", description=__doc__)
    parser.add_argument(
        "--jobs", default="10000,100000", help="numbers of jobs, separated by commas [10000,100000]"
    )
    parser.add_argument("--workers", type=int, default=2, help="workers of one thread each [2]")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        print(json.dumps(asdict(measure(options.one, options.workers))), flush=True)
        return 0
    for jobs in options.jobs.split(
        ","
    ):  # each in a separate process, so that memory of one run does not count for the next
        command = [sys.executable, "-m", "benchmarks.cluster_memory", "--one", jobs]
        subprocess.run([*command, "--workers", str(options.workers)], check=True)
    return 0


def measure(jobs: int, workers: int) -> ClusterRun:
    """Start a cluster, run the jobs and end the cluster."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        file = folder / "scheduler.json"
        scheduler = _start(stack, "scheduler", "--port", "0", "--scheduler-file", str(file))
        until = time.monotonic() + _START_SECONDS
        while not file.exists() and time.monotonic() < until:
            time.sleep(0.05)
        for number in range(workers):
            location = ["--local-directory", str(folder / f"worker-{number}"), "--nthreads", "1"]
            _start(stack, "worker", "--scheduler-file", str(file), "--no-nanny", *location)
        address = json.loads(file.read_text(encoding="utf-8"))["address"]
        return _run_jobs(jobs, address, scheduler.pid, folder)


def _start(stack: ExitStack, *arguments: str) -> subprocess.Popen[bytes]:
    dask = Path(sys.executable).with_name("dask")
    process = subprocess.Popen(
        [str(dask), *arguments, "--host", "127.0.0.1", "--no-dashboard"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    stack.callback(process.wait)
    stack.callback(process.terminate)
    return process


def _run_jobs(jobs: int, address: str, scheduler: int, folder: Path) -> ClusterRun:
    source = folder / "letter"
    source.mkdir()
    (source / "letter.txt").write_text("To the sections.\n", encoding="utf-8")
    shutil.copyfile(_DESCRIPTION, source / "description.yaml")
    task = PackTask(folder / "none", _AT, _AT, _AT, __version__, check_only=True)
    cluster = Cluster(SchedulerAddress(address), None, (folder,), None, _say, wait_seconds=_START_SECONDS)
    done, started = 0, time.monotonic()
    client_bytes, scheduler_bytes = list[int](), list[int]()
    for outcomes in cluster.run(_items(jobs, source / "description.yaml"), task):
        for outcome in outcomes:
            if outcome.exit_code:
                raise SystemExit(f"{outcome.key} failed: {outcome.message}")
            done += 1
            if done % max(1, jobs // _SAMPLES) == 0:
                client_bytes.append(_resident_bytes("self"))
                scheduler_bytes.append(_resident_bytes(scheduler))
    seconds = time.monotonic() - started
    return ClusterRun(done, round(seconds, 1), _samples_of(client_bytes), _samples_of(scheduler_bytes))


def _items(jobs: int, description: Path) -> Iterator[Item]:
    return ((Job(f"letter-{number:07}", description), None) for number in range(jobs))


def _resident_bytes(process: int | str) -> int:
    """Return the resident memory of a process.

    Source: proc(5), `VmRSS` in `/proc/PID/status`.
    """
    for line in Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def _samples_of(sampled: list[int]) -> MemorySamples:
    return MemorySamples(sampled[len(sampled) // 20], sampled[len(sampled) // 2], sampled[-1], max(sampled))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
