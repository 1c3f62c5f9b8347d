"""What a client wants of the workers of a cluster, and the two functions that they run for it.

`check_worker` says why a worker cannot take part, or keeps the configuration, so that it need not come with
every chunk: a scheduler remembers the last thousand messages to each worker. The client runs it on every
worker before any job is sent. A worker that joins later finds the configuration in the scheduler's
metadata, and checks itself before it does its first chunk.

A `WorkerPlugin` does not serve here. With distributed 2026.8, a worker whose plug-in raises in `setup` joins
all the same and is sent tasks (github.com/dask/distributed/issues/6906). A worker that cannot import the
plug-in cannot join the cluster any more, whoever else uses it. The plug-in of a client that was killed stays
with the scheduler for good; of the metadata some kilobytes stay, which nobody reads.
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
from archtool.batch.cluster.task_codec import decode_verb, fingerprints_of
from archtool.errors import ArchtoolError
from archtool.files.paths import shown
from archtool.files.writing.tree_operations import IS_POSIX
from archtool.installation import install_command_elsewhere

MAX_RUNS = 8  # at a time on one cluster, whose configurations a worker keeps
Problem = tuple[str, str]
"""What is wrong with a worker, and what to do about it."""


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """What a client wants of a worker, besides the jobs."""

    verb: bytes
    """Encoded by `encode_verb`."""
    marker: RunMarker | None
    """`None`: nothing is written anywhere."""
    reads: tuple[str, ...]
    """The folders and files that the jobs need."""
    fingerprints: tuple[str, ...]
    """Of the keys that the verb signs with, as the client has them."""
    timeout_seconds: float | None = None


class WorkerRefusedError(Exception):
    """A worker cannot take part in the run, or not any more."""

    def __init__(self, worker: str, why: str) -> None:
        super().__init__(worker, why)
        self.worker, self.why = worker, why

    def __str__(self) -> str:
        return f"{self.worker} {self.why}"


_configs: dict[str, WorkerConfig] = {}
"""Of the runs that this worker takes part in."""


def versions() -> tuple[str, str]:
    """What must be alike everywhere: archtool, and Python's first two numbers, for its tables of Unicode."""
    return archtool.__version__, ".".join(platform.python_version_tuple()[:2])


def encode_config(config: WorkerConfig) -> bytes:
    """Encode a configuration so that only workers of the same versions decode it."""
    return pickle.dumps((versions(), pickle.dumps(config)))


def decode_config(data: bytes) -> WorkerConfig:
    """Decode the inner part of a configuration, which comes from a client of our versions."""
    config = pickle.loads(data)  # noqa: S301 - see `decode_verb`
    assert isinstance(config, WorkerConfig)  # noqa: S101 - written by `encode_config`
    return config


def check_worker(run: str, data: bytes) -> Problem | None:
    """Check whether this worker can take part in a run; keys are loaded, nothing is written."""
    try:
        theirs, inner = pickle.loads(data)  # noqa: S301 - see `decode_verb`
        problem = _problem_of_versions(theirs)
        if problem is None:
            config = decode_config(inner)
            problem = _problem_of_place(config) or _problem_of_keys(config)
    except Exception as error:  # noqa: BLE001 - not every exception can be sent to the client as it is
        problem = (
            f"could not be looked at: {shown(f'{type(error).__name__}: {error}')}",
            "see what it wrote to its log",
        )
    if problem is None:
        for oldest in list(_configs)[: -MAX_RUNS + 1]:
            _configs.pop(oldest, None)
        _configs[run] = config
    return problem


def do_chunk(run: str, chunk: bytes) -> list[bytes]:
    """Do the jobs of a chunk, one after the other, each in a process that it may end when it crashes.

    Raises:
        WorkerRefusedError: this worker cannot take part, or the run has ended as far as it can see.
    """
    from distributed import get_client, get_worker

    here = get_worker().address
    if run not in _configs:  # this worker joined after the run began
        problem = check_worker(run, get_client().get_metadata([run]))
        if problem is not None:
            raise WorkerRefusedError(here, problem[0])
    config = _configs[run]
    outcomes = []
    try:
        for key, item in unpack(chunk):
            if config.marker is not None and not config.marker.is_there():
                raise RunEndedError
            with job_process_for(config.verb, config.marker) as process:
                outcomes.append(process.do(key, item, config.timeout_seconds))
    except RunEndedError as error:
        raise WorkerRefusedError(here, "does not see the output folder any more") from error
    return outcomes


def _problem_of_versions(wanted: tuple[str, str]) -> Problem | None:
    theirs, python = wanted
    ours, our_python = versions()
    if ours != theirs:
        return (
            f"has archtool {ours}, and this is archtool {theirs}",
            "install the same there, then start the worker again: "
            + install_command_elsewhere("cluster", theirs),
        )
    if our_python != python:
        return (
            f"runs on Python {our_python}, and this on Python {python}",
            "start the worker with the same one: what is a letter, and how long it is, differs between them",
        )
    return None


def _problem_of_place(config: WorkerConfig) -> Problem | None:
    if not IS_POSIX:
        return "runs on a system without POSIX processes", "use workers on Linux or macOS"
    if config.marker is not None and not config.marker.is_there():
        return (
            "does not see what was written into the output folder here",
            "name a folder with -o that lies at the same path on every machine",
        )
    unreadable = next((path for path in config.reads if not os.access(path, os.R_OK)), None)
    if unreadable is not None:
        return (
            f"cannot read {shown(unreadable)}",
            "let what is read lie at the same path on every machine, and be readable for its workers",
        )
    return None


def _problem_of_keys(config: WorkerConfig) -> Problem | None:
    try:
        found = fingerprints_of(decode_verb(config.verb).with_keys())
    except ArchtoolError as error:
        return (
            f"cannot sign: {error.message}",
            "keys are not sent: let their files, and that of the passphrase, be readable for the worker",
        )
    if found != config.fingerprints:
        wanted = ", ".join(config.fingerprints)
        return (
            f"would sign with {', '.join(found) or 'nothing'}, not with {wanted}",
            "let the files of the keys be the same there",
        )
    return None
