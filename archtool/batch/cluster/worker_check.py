"""Whether a worker of a cluster can do what is wanted: asked there, judged here.

A worker that can keeps the errand, so that it need not come with every chunk: a scheduler remembers the last
thousand messages to each worker.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from archtool.batch.cluster.task_codec import fingerprints_of, read_order
from archtool.batch.cluster.worker_config import Errand, Versions, read_errand, versions
from archtool.errors import ArchtoolError
from archtool.files.paths import shown
from archtool.files.writing.tree_operations import IS_POSIX
from archtool.installation import install_command_elsewhere


@dataclass(frozen=True, slots=True)
class Look:
    """What a worker is like. Plain values only."""

    host: str
    versions: Versions
    is_posix: bool = True
    sees_output: bool = True
    unreadable: str | None = None
    """The first of the folders and files that it cannot read."""
    fingerprints: tuple[str, ...] = ()
    key_problem: str | None = None
    failure: str | None = None
    """What went wrong while it was looked at."""


MAX_ERRANDS = 8  # runs at a time on one cluster; one more, and the oldest must be told again
_errands: dict[str, Errand] = {}


def look(data: bytes) -> Look:
    """Look whether this worker can do what is wanted, and remember it; keys are loaded, nothing is written.

    `data` is an errand, in bytes that are not read before the versions are known to be alike.
    """
    try:
        return _look(data)
    except Exception as error:  # noqa: BLE001 - not every exception can be sent to the client as it is
        return Look(socket.gethostname(), versions(), failure=f"{type(error).__name__}: {error}")


def _look(data: bytes) -> Look:
    host = socket.gethostname()
    errand = read_errand(data)
    if errand is None:
        return Look(host, versions())
    fingerprints, problem = _look_at_keys(errand.order)
    seen = Look(
        host, versions(),
        is_posix=IS_POSIX,
        sees_output=errand.beacon is None or errand.beacon.is_seen(),
        unreadable=next((path for path in errand.reads if not os.access(path, os.R_OK)), None),
        fingerprints=fingerprints,
        key_problem=problem,
    )  # fmt: skip
    if problem_of(seen, errand.fingerprints) is None:
        for oldest in list(_errands)[: -MAX_ERRANDS + 1]:
            _errands.pop(oldest, None)
        _errands[name_of(data)] = errand
    return seen


def name_of(data: bytes) -> str:
    """What an errand is called once a worker has it."""
    return sha256(data).hexdigest()


def errand_called(name: str) -> Errand | None:
    """An errand that this worker was found fit for."""
    return _errands.get(name)


def _look_at_keys(order: bytes) -> tuple[tuple[str, ...], str | None]:
    try:
        return fingerprints_of(read_order(order).make()), None
    except ArchtoolError as error:
        return (), error.message


def problem_of(seen: Look, fingerprints: Sequence[str]) -> tuple[str, str] | None:
    """Why a worker cannot do what a client of these versions wants, and what to do about it."""
    return _problem_of_versions(seen) or _problem_of_place(seen) or _problem_of_keys(seen, fingerprints)


def _problem_of_versions(seen: Look) -> tuple[str, str] | None:
    ours = versions()
    if seen.versions.archtool != ours.archtool:
        wanted = install_command_elsewhere("cluster", ours.archtool)
        return (
            f"has archtool {seen.versions.archtool}, and this is archtool {ours.archtool}",
            f"install the same there, then start the worker again: {wanted}",
        )
    if seen.versions.python != ours.python:
        return (
            f"runs on Python {seen.versions.python}, and this on Python {ours.python}",
            "start the worker with the same one: what is a letter, and how long it is, differs between them",
        )
    return None


def _problem_of_place(seen: Look) -> tuple[str, str] | None:
    if seen.failure is not None:
        return (f"could not be looked at: {shown(seen.failure)}", "see what it wrote to its log")
    if not seen.is_posix:
        return ("runs on a system without POSIX processes", "use workers on Linux or macOS")
    if not seen.sees_output:
        return (
            "does not see what was written into the output folder here",
            "name a folder with -o that lies at the same path on every machine",
        )
    if seen.unreadable is not None:
        return (
            f"cannot read {shown(seen.unreadable)}",
            "let what is read lie at the same path on every machine, and be readable for its workers",
        )
    return None


def _problem_of_keys(seen: Look, fingerprints: Sequence[str]) -> tuple[str, str] | None:
    if seen.key_problem is not None:
        return (
            f"cannot sign: {seen.key_problem}",
            "keys are not sent: let their files, and that of the passphrase, be readable for the worker",
        )
    if tuple(fingerprints) != seen.fingerprints:
        theirs, ours = ", ".join(seen.fingerprints) or "nothing", ", ".join(fingerprints)
        return (
            f"would sign with {theirs}, not with {ours}",
            "let the files of the keys be the same there",
        )
    return None
