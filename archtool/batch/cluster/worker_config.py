"""The configuration of the workers of a cluster, and the two functions that they run for a client.

`check_worker` returns why a worker cannot take part. If it can, the worker keeps the configuration, which is
not sent with every chunk: a scheduler keeps the last thousand messages to each worker. The client runs it on
every worker before it sends a job. A worker that joins later finds the configuration in the scheduler's
metadata, and checks itself before its first chunk.

A `WorkerPlugin` is not suitable. With distributed 2026.8, a worker whose plug-in raises in `setup` joins all
the same and is sent tasks (github.com/dask/distributed/issues/6906). A worker that cannot import the plug-in
can no longer join the cluster, also for other users. The plug-in of a killed client stays with the scheduler
for good; of the metadata some kilobytes stay, which are never read.
"""

from __future__ import annotations

import os
import pickle
import platform
from dataclasses import dataclass

import archtool
from archtool.batch.cluster.chunks import unpack
from archtool.batch.cluster.job_process import RunEndedError, job_process_for
from archtool.batch.cluster.run_marker import RunMarker
from archtool.batch.cluster.task_codec import decode_task, fingerprints_of
from archtool.batch.limits import MAX_RUNS
from archtool.errors import ArchtoolError
from archtool.files.paths import shown
from archtool.files.writing.tree_operations import IS_POSIX
from archtool.installation import install_command_elsewhere

Problem = tuple[str, str]
"""What is wrong with a worker, and what to do about it."""


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """What a worker needs for a run, besides the jobs."""

    task: bytes
    """Encoded by `encode_task`."""
    marker: RunMarker | None
    """`None`: the run writes no files."""
    reads: tuple[str, ...]
    """The folders and files that the jobs need."""
    fingerprints: tuple[str, ...]
    """The fingerprints of the keys that the task signs with on the client."""
    timeout_seconds: float | None = None


class WorkerRefusedError(Exception):
    """A worker cannot take part in the run, or can no longer take part."""

    def __init__(self, worker: str, reason: str) -> None:
        super().__init__(worker, reason)
        self.worker, self.reason = worker, reason

    def __str__(self) -> str:
        return f"{self.worker} {self.reason}"


_configs: dict[str, WorkerConfig] = {}
"""The configurations of the runs that this worker takes part in, by the name of the run."""


def versions() -> tuple[str, str]:
    """Return the versions that must be equal everywhere: archtool, and Python's first two numbers.

    Python's version decides its tables of Unicode.
    """
    return archtool.__version__, ".".join(platform.python_version_tuple()[:2])


def encode_config(config: WorkerConfig) -> bytes:
    """Encode a configuration so that only workers of the same versions decode it."""
    return pickle.dumps((versions(), pickle.dumps(config)))


def decode_config(data: bytes) -> WorkerConfig:
    """Decode the inner part of a configuration, from a client of the same versions."""
    config = pickle.loads(data)  # noqa: S301 - see `decode_task`
    assert isinstance(config, WorkerConfig)  # noqa: S101 - written by `encode_config`
    return config


def check_worker(run: str, data: bytes) -> Problem | None:
    """Check whether this worker can take part in a run. Keys are loaded; nothing is written."""
    try:
        client_versions, inner = pickle.loads(data)  # noqa: S301 - see `decode_task`
        problem = _problem_of_versions(client_versions)
        if problem is None:
            config = decode_config(inner)
            problem = _problem_of_folders(config) or _problem_of_keys(config)
    except Exception as error:  # noqa: BLE001 - not every exception can be sent to the client as it is
        problem = (
            f"could not be checked: {shown(f'{type(error).__name__}: {error}')}",
            "check its log",
        )
    if problem is None:
        for oldest in list(_configs)[: -MAX_RUNS + 1]:
            _configs.pop(oldest, None)
        _configs[run] = config
    return problem


def run_chunk(run: str, chunk: bytes) -> list[bytes]:
    """Run the jobs of a chunk one after another, each in a process that can crash without harm to the worker.

    Raises:
        WorkerRefusedError: this worker cannot take part, or the run's marker is not visible any more.
    """
    from distributed import get_client, get_worker  # lazy: optional dependency, 400 ms

    address = get_worker().address
    if run not in _configs:  # this worker joined after the run began
        problem = check_worker(run, get_client().get_metadata([run]))
        if problem is not None:
            raise WorkerRefusedError(address, problem[0])
    config = _configs[run]
    outcomes = []
    try:
        for key, item in unpack(chunk):
            if config.marker is not None and not config.marker.exists():
                raise RunEndedError
            with job_process_for(config.task, config.marker) as process:
                outcomes.append(process.run_job(key, item, config.timeout_seconds))
    except RunEndedError as error:
        raise WorkerRefusedError(address, "no longer sees the output folder") from error
    return outcomes


def _problem_of_versions(client_versions: tuple[str, str]) -> Problem | None:
    required, required_python = client_versions
    installed, python = versions()
    if installed != required:
        return (
            f"has archtool {installed}, but the client has archtool {required}",
            "install the same version there, then start the worker again: "
            + install_command_elsewhere("cluster", required),
        )
    if python != required_python:
        return (
            f"runs on Python {python}, but the client runs on Python {required_python}",
            "start the worker with the same Python version: versions differ in their Unicode tables",
        )
    return None


def _problem_of_folders(config: WorkerConfig) -> Problem | None:
    if not IS_POSIX:
        return "runs on a system without POSIX processes", "use workers on Linux or macOS"
    if config.marker is not None and not config.marker.exists():
        return (
            "does not see the file that the client wrote into the output folder",
            "choose a folder with -o that has the same path on every machine",
        )
    unreadable = next((path for path in config.reads if not os.access(path, os.R_OK)), None)
    if unreadable is not None:
        return (
            f"cannot read {shown(unreadable)}",
            "put the sources at the same path on every machine, readable for the workers",
        )
    return None


def _problem_of_keys(config: WorkerConfig) -> Problem | None:
    try:
        found = fingerprints_of(decode_task(config.task).with_keys())
    except ArchtoolError as error:
        return (
            f"cannot sign: {error.message}",
            "keys are not sent: make their files and the passphrase file readable for the worker",
        )
    if found != config.fingerprints:
        expected = ", ".join(config.fingerprints)
        return (
            f"would sign with {', '.join(found) or 'no key'}, not with {expected}",
            "put the same key files there",
        )
    return None
