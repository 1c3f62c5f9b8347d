"""A worker that cannot take part in a run says why, and what to do about it."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archtool import __version__
from archtool.batch.cluster import worker_config
from archtool.batch.cluster.run_marker import RunMarker
from archtool.batch.cluster.task_codec import KeylessTask, LoadedKeys
from archtool.batch.cluster.worker_config import WorkerConfig, check_worker, encode_config, versions
from archtool.batch.cluster.worker_registry import _problem_of
from archtool.batch.limits import MAX_RUNS
from archtool.errors import InputError

if TYPE_CHECKING:
    import pytest


@dataclass(frozen=True)
class Unsigned:
    """A task that signs with no key."""

    signers: tuple[Any, ...] = ()


@dataclass(frozen=True)
class MissingKeys:
    """Keys whose files are not on this machine."""

    def load(self) -> LoadedKeys:
        raise InputError("the key cannot be read: key")


def config(
    marker: RunMarker | None = None,
    reads: tuple[str, ...] = (),
    prints: tuple[str, ...] = (),
    keys: Any = None,
) -> WorkerConfig:
    return WorkerConfig(pickle.dumps(KeylessTask(Unsigned(), keys)), marker, reads, prints)


def problem_of(one: WorkerConfig) -> str:
    problem = check_worker("run", encode_config(one))
    assert problem is not None
    assert problem[1]
    return problem[0]


def test_a_worker_with_other_versions_is_told_which_are_needed() -> None:
    for needed, said in (
        (("0.0.1", versions()[1]), f"has archtool {__version__}, but the client has archtool 0.0.1"),
        ((__version__, "3.0"), f"runs on Python {versions()[1]}, but the client runs on Python 3.0"),
    ):
        problem = check_worker("run", pickle.dumps((needed, b"")))
        assert problem is not None
        assert problem[0] == said


def test_a_worker_that_does_not_see_the_folders_is_told_so(tmp_path: Path) -> None:
    assert "does not see the file" in problem_of(config(RunMarker(str(tmp_path / "none"), "a")))
    assert problem_of(config(reads=(str(tmp_path), str(tmp_path / "none")))) == f"cannot read {tmp_path}/none"


def test_a_worker_without_the_keys_is_told_so() -> None:
    assert problem_of(config(keys=MissingKeys())) == "cannot sign: the key cannot be read: key"
    assert problem_of(config(prints=("SHA256:a",))) == "would sign with no key, not with SHA256:a"


def test_a_configuration_that_cannot_be_read_is_a_problem_and_no_crash() -> None:
    problem = check_worker("run", b"no configuration")
    assert problem is not None
    assert "could not be checked: UnpicklingError" in problem[0]


def test_a_worker_remembers_a_limited_number_of_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_config, "_configs", {})
    for number in range(MAX_RUNS + 5):
        assert check_worker(f"run {number}", encode_config(config())) is None
    assert len(worker_config._configs) == MAX_RUNS
    assert f"run {MAX_RUNS + 4}" in worker_config._configs


def test_a_worker_that_is_gone_is_no_problem_and_one_that_fails_is() -> None:
    assert _problem_of(OSError("lost")) is None
    assert _problem_of(ValueError("no")) == ("cannot be checked: ValueError: no", "check its log")
