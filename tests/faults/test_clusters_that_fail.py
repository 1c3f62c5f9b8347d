"""Workers, schedulers and runs that die in the middle of a batch: each job ends well, or fails alone."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from archtool.batch.cluster.chunks import MAX_CHUNK_JOBS
from archtool.batch.cluster.worker_registry import CHUNKS_FOR_EACH
from archtool.batch.journal.journal import JOURNAL_NAME
from batches import batch, packages_in, write_letters
from budgets import budget
from clusters import (
    RunningCluster,
    archtool_tls,
    dask_tls,
    environment,
    importable,
    make_certificates,
    running_cluster,
)
from command_line import DATE, archtool_process, unmeasured
from packages import REPOSITORY, left_behind, write_key

NAMES = [f"letter-{number:03}" for number in range(60)]
CLIENT = "import sys; from cluster_verbs import main; main(*sys.argv[1:])"
HASTY_CLIENT = f"import archtool.batch.cluster.link as link; link.ANSWER_SECONDS = 5.0; {CLIENT}"

NOBODY = "start workers (dask worker ADDRESS), then run the same command again: it goes on from here"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    """Two workers that outlive every test here."""
    env = environment(PYTHONPATH=str(REPOSITORY / "tests"))
    with running_cluster(tmp_path_factory.mktemp("cluster"), env=env) as running:
        yield running


@pytest.fixture(scope="module")
def lone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    """One worker, which stays while others come and go."""
    with running_cluster(tmp_path_factory.mktemp("lone"), workers=1, env=importable()) as running:
        yield running


@contextmanager
def joined_by(
    cluster: RunningCluster, *options: str, env: Mapping[str, str] | None = None
) -> Iterator[RunningCluster]:
    """A cluster with one more worker for a while."""
    worker = cluster.add_worker(*options, env=env)
    try:
        yield cluster
    finally:
        cluster.end_worker(worker)


def start_named(
    address: str, output: Path, *keys: str, timeout: float = 0, client: str = CLIENT
) -> subprocess.Popen[str]:
    """Begin to have the jobs of these names done."""
    output.mkdir()
    return subprocess.Popen(
        [sys.executable, "-c", client, address, str(output), str(timeout), *keys],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment(PYTHONPATH=str(REPOSITORY / "tests")),
    )  # fmt: skip


def end_of(process: subprocess.Popen[str]) -> tuple[int, dict[str, dict[str, Any]], str]:
    """The exit code, what became of each job, and what was said."""
    try:
        out, said = process.communicate(timeout=300)
    except subprocess.TimeoutExpired:
        process.kill()  # or the tests after this one would have it among their children
        process.communicate()
        raise
    told = [json.loads(line) for line in out.splitlines()]
    return process.returncode, {one["key"]: one for one in told}, said


def do_named(
    address: str, output: Path, *keys: str, timeout: float = 0
) -> tuple[int, dict[str, dict[str, Any]]]:
    return end_of(start_named(address, output, *keys, timeout=timeout))[:2]


def test_a_job_that_crashes_or_hangs_on_a_cluster_fails_alone(
    cluster: RunningCluster, tmp_path: Path
) -> None:
    keys = ["a", "dies", "b", "has-a-bug", "hangs", "c", "hangs too", "d"]
    code, told = do_named(cluster.address, tmp_path / "out", *keys, timeout=4)
    assert (code, sorted(told)) == (0, sorted(keys))
    assert {key for key, one in told.items() if one["exit_code"] == 0} == {"a", "b", "c", "d"}
    assert told["dies"]["message"] == "its process ended before the job did: signal 9"
    assert told["has-a-bug"]["message"] == "a bug in archtool: ZeroDivisionError: division by zero"
    assert told["hangs"]["message"] == "it took more than 4 s and was ended (--job-timeout)"
    assert [worker.poll() for worker in cluster.workers] == [None, None]


def test_jobs_are_taken_only_as_there_is_room_for_them(cluster: RunningCluster, tmp_path: Path) -> None:
    keys = [f"job-{number}" for number in range(budget(300, 2_000))]
    _, told = do_named(cluster.address, tmp_path / "out", *keys)
    taken = [one["taken"] for one in told.values()]
    assert len(taken) == len(keys)
    assert taken[0] <= 8
    assert all(n - done <= (2 * CHUNKS_FOR_EACH + 1) * MAX_CHUNK_JOBS for done, n in enumerate(taken))


def test_a_job_that_kills_its_workers_fails_alone(tmp_path: Path) -> None:
    env = {**importable(), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
    keys = ["a", "kills-its-worker", *(f"job-{number}" for number in range(40))]
    with running_cluster(tmp_path / "cluster", env=env, has_nanny=True) as cluster:
        code, told = do_named(cluster.address, tmp_path / "out", *keys)
    assert (code, sorted(told)) == (0, sorted(keys))
    failed = {key: one for key, one in told.items() if one["exit_code"] != 0}
    assert list(failed) == ["kills-its-worker"]
    message = str(failed["kills-its-worker"]["message"])
    # as many as Dask allows one task, or as we allow one job whose tasks were each forgotten by Dask
    said = r"[24] workers died over it, while nothing else was done: tcp://127\.0\.0\.1:.*"
    assert re.fullmatch(said, message)


def start_batch(source: Path, output: Path, *options: str | Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "archtool", "batch", str(source), "-o", str(output), "--date", DATE]
    return subprocess.Popen(
        [*command, *map(str, options)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )


def read_lines(process: subprocess.Popen[bytes], lines: int) -> None:
    """Wait until so many jobs have ended."""
    assert process.stdout is not None
    for _ in range(lines):
        assert process.stdout.readline()


def test_a_lost_scheduler_ends_the_run_and_the_next_one_goes_on(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", *NAMES), tmp_path / "out"
    with running_cluster(tmp_path / "cluster") as cluster:
        with start_batch(source, output, "--cluster", cluster.address) as process:
            read_lines(process, 20)
            cluster.scheduler.kill()
            _, said = process.communicate(timeout=60)
        for worker in cluster.workers:
            worker.wait(timeout=60)  # they end when they have no scheduler
    assert process.returncode == 5
    assert said.decode().startswith(f"archtool: error: the scheduler {cluster.address} is lost")
    assert b"hint: run the same command again once it is there: it goes on from here" in said
    assert b"Traceback" not in said
    done_before = (output / JOURNAL_NAME).read_text().count('"ending":"done"')
    assert 20 <= done_before < len(NAMES)
    assert batch(source, output).code == 0
    assert batch(source, tmp_path / "undisturbed").code == 0
    assert packages_in(output) == packages_in(tmp_path / "undisturbed")
    assert left_behind(output) == []


def test_an_interrupted_run_leaves_the_workers_idle_and_is_gone_on_with(
    cluster: RunningCluster, tmp_path: Path
) -> None:
    source, output = write_letters(tmp_path / "letters", *NAMES), tmp_path / "out"
    with start_batch(source, output, "--cluster", cluster.scheduler_file) as process:
        read_lines(process, 20)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said.strip()) == (
        130,
        b"archtool: interrupted; no incomplete output was left",
    )
    assert left_behind(output) == []
    seen = archtool_process("batch", source, "-o", output, "--cluster", cluster.scheduler_file)
    assert (seen.code, len(seen.objects)) == (0, len(NAMES))
    assert batch(source, tmp_path / "undisturbed").code == 0
    assert packages_in(output) == packages_in(tmp_path / "undisturbed")


def test_a_run_that_was_killed_does_not_go_on_behind_the_back_of_the_next(
    cluster: RunningCluster, tmp_path: Path
) -> None:
    source, output = write_letters(tmp_path / "letters", *NAMES), tmp_path / "out"
    command = [sys.executable, "-m", "archtool", "batch", str(source), "-o", str(output), "--date", DATE]
    with subprocess.Popen(
        [*command, "--cluster", cluster.address], stdout=subprocess.PIPE, env=unmeasured()
    ) as process:
        read_lines(process, 20)
        process.kill()
    assert len(list(output.glob(".archtool-run-*"))) == 1
    seen = archtool_process("batch", source, "-o", output, "--cluster", cluster.address)
    assert (seen.code, len(seen.objects)) == (0, len(NAMES))
    assert left_behind(output) == []
    assert batch(source, tmp_path / "undisturbed").code == 0
    assert packages_in(output) == packages_in(tmp_path / "undisturbed")


def test_workers_that_never_come_are_waited_for_and_then_missed(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    with running_cluster(tmp_path / "cluster", workers=0) as cluster:
        seen = archtool_process(
            "batch", source, "-o", tmp_path / "out", "--cluster", cluster.address, "--wait", "1"
        )
    assert seen.code == 5
    assert seen.err.splitlines() == [
        "no worker has joined the scheduler yet; waiting at most 1 s",
        "archtool: error: no worker has joined within 1 s",
        f"archtool: hint: {NOBODY}",
    ]


def test_when_the_last_worker_is_lost_the_run_ends_and_is_gone_on_with(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", *NAMES), tmp_path / "out"
    with (
        running_cluster(tmp_path / "cluster", workers=1) as cluster,
        start_batch(source, output, "--cluster", cluster.address, "--wait", "2") as process,
    ):
        read_lines(process, 20)
        cluster.workers[0].kill()
        _, said = process.communicate(timeout=60)
    assert process.returncode == 5
    assert said.decode().startswith("no worker is left; waiting at most 2 s for another one\n")
    assert "archtool: error: no worker is left within 2 s" in said.decode()
    assert batch(source, output).code == 0
    assert len(list(output.glob("letter-*"))) == len(NAMES)


def of_another_version(folder: Path) -> Path:
    """A module that makes a worker report another version of archtool."""
    path = folder / "older.py"
    path.write_text("import archtool\n\narchtool.__version__ = '0.0.9'\n")
    return path


def test_a_worker_of_another_version_is_refused(lone: RunningCluster, tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    with joined_by(lone, "--preload", str(of_another_version(tmp_path))) as cluster:
        seen = archtool_process("batch", source, "-o", tmp_path / "out", "--cluster", cluster.address)
    assert (seen.code, seen.out) == (5, "")
    said = seen.said()
    assert "of 2 workers not all can take part; nothing was begun: tcp://127.0.0.1:" in said
    assert "has archtool 0.0.9, and this is archtool 0.1.0" in said
    assert "python -m pip install 'archtool-bagit[cluster]==0.1.0'" in said
    assert packages_in(tmp_path / "out") == {}


def without_clusters(folder: Path) -> dict[str, str]:
    """An environment in which an archtool is found that is too old to know clusters."""
    (folder / "archtool").mkdir()
    (folder / "archtool" / "__init__.py").write_text("__version__ = '0.0.1'\n")
    return {**unmeasured(), "PYTHONPATH": str(folder)}


def test_an_archtool_that_knows_no_clusters_is_refused_wherever_it_is(
    lone: RunningCluster, tmp_path: Path
) -> None:
    source, old = write_letters(tmp_path / "letters", "a"), without_clusters(tmp_path)
    command = ["batch", source, "-o", tmp_path / "out", "--cluster"]
    with joined_by(lone, env=old) as cluster:
        seen = archtool_process(*command, cluster.address)
        assert (seen.code, seen.out) == (5, "")
        assert "has no archtool that knows clusters: ModuleNotFoundError(" in seen.said()
    with running_cluster(tmp_path / "other", workers=0, env=old) as cluster:
        cluster.add_worker(env=unmeasured())
        seen = archtool_process(*command, cluster.address)
        assert (seen.code, seen.out) == (5, "")
        assert "the scheduler has no archtool that knows clusters" in seen.said()
        assert "python -m pip install 'archtool-bagit[cluster]==0.1.0'" in seen.said()


def test_a_scheduler_with_other_certificates_is_not_talked_to(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    ours, theirs = make_certificates(tmp_path / "ours"), make_certificates(tmp_path / "theirs")
    command = ["batch", source, "-o", tmp_path / "out", "--wait", "1", *archtool_tls(ours)]
    with running_cluster(tmp_path / "cluster", workers=0, tls=dask_tls(theirs)) as cluster:
        address = cluster.address
        seen = archtool_process(*command, "--cluster", address)
    assert (seen.code, seen.out) == (5, "")
    assert seen.err.startswith(f"archtool: error: no scheduler answers at {address}: ")


def test_a_worker_of_another_version_that_joins_later_gives_its_jobs_back(tmp_path: Path) -> None:
    go, keys = tmp_path / "go", [f"job-{number}" for number in range(200)]
    with running_cluster(tmp_path / "cluster", workers=1, env=importable()) as cluster:
        process = start_named(cluster.address, tmp_path / "out", f"waits-for {go}", *keys)
        while not list((tmp_path / "out").glob(".archtool-run-*")):
            os.sched_yield()
        cluster.add_worker("--preload", str(of_another_version(tmp_path)))
        go.touch()
        code, told, said = end_of(process)
    assert (code, len(told)) == (0, len(keys) + 1)
    assert [one["message"] for one in told.values() if one["exit_code"]] == []
    assert said.startswith("a worker is left out: tcp://127.0.0.1:")
    assert said.endswith(" has archtool 0.0.9, and this is archtool 0.1.0\n")


def test_a_worker_that_joins_later_does_jobs_too(lone: RunningCluster, tmp_path: Path) -> None:
    go, keys = tmp_path / "go", [f"job-{number}" for number in range(20)]
    process = start_named(lone.address, tmp_path / "out", f"waits-for {go}", *keys)
    while not list((tmp_path / "out").glob(".archtool-run-*")):
        os.sched_yield()
    with joined_by(lone):
        assert process.stdout is not None
        done = [json.loads(process.stdout.readline())["key"] for _ in keys]  # while the other worker waits
        go.touch()
        code, told, said = end_of(process)
    assert (sorted(done), list(told)) == (sorted(keys), [f"waits-for {go}"])
    assert (code, said) == (0, "")


def test_jobs_kept_from_a_worker_of_another_version_outlive_the_worker_they_were_meant_for(
    tmp_path: Path,
) -> None:
    go, keys = tmp_path / "go", [f"job-{number}" for number in range(20)]
    with running_cluster(tmp_path / "cluster", workers=1, env=importable()) as cluster:
        process = start_named(cluster.address, tmp_path / "out", f"waits-for {go}", *keys)
        while not list((tmp_path / "out").glob(".archtool-run-*")):
            os.sched_yield()
        cluster.add_worker("--preload", str(of_another_version(tmp_path)))
        assert process.stderr is not None
        assert process.stderr.readline().startswith("a worker is left out: tcp://127.0.0.1:")
        cluster.workers[0].kill()
        assert process.stderr.readline() == "no worker is left; waiting at most 10 s for another one\n"
        cluster.add_worker()
        go.touch()
        code, told, said = end_of(process)
    assert (code, said) == (0, "")
    assert {one["exit_code"] for one in told.values()} == {0}
    assert sorted(told) == sorted([*keys, f"waits-for {go}"])


def keep_from_reading(folder: Path, path: Path) -> Path:
    """A module that makes a worker find another file in the place of one."""
    module = folder / "blind.py"
    module.write_text(
        "import archtool.cli.signing.key_loading as secrets\n\n"
        "if not hasattr(secrets, 'kept'):\n"
        "    secrets.kept = secrets.read_trust_file\n\n\n"
        "def read(path, *more):\n"
        f"    if str(path) == {str(path)!r}:\n"
        "        path = path.with_name('none')\n"
        "    return secrets.kept(path, *more)\n\n\n"
        "secrets.read_trust_file = read\n"
    )
    return module


def test_a_worker_that_cannot_read_the_key_is_refused(lone: RunningCluster, tmp_path: Path) -> None:
    source, key = write_letters(tmp_path / "letters", "a"), write_key(tmp_path)
    command = ["batch", source, "-o", tmp_path / "out", "--sign", key]
    with joined_by(lone, "--preload", str(keep_from_reading(tmp_path, key)), env=importable()) as cluster:
        seen = archtool_process(*command, "--cluster", cluster.address)
    assert seen.code == 5
    assert "cannot sign: " in seen.said()
    assert (
        "keys are not sent: let their files, and that of the passphrase, be readable for the worker"
        in seen.said()
    )


def refusal_of(
    lone: RunningCluster, tmp_path: Path, *lines: str, options: tuple[str | Path, ...] = ()
) -> str:
    """What is said where one of two workers imports a module of these lines before it works.

    Dask imports such a module twice; what these lines do is done once.
    """
    source, odd = write_letters(tmp_path / "letters", "a"), tmp_path / "odd.py"
    guarded = ["import sys", "if not hasattr(sys, 'is_odd'):", "    sys.is_odd = True"]
    odd.write_text("\n".join((*guarded, *(f"    {line}" for line in lines), "")))
    with joined_by(lone, "--preload", str(odd), env=importable()) as cluster:
        seen = archtool_process(
            "batch", source, "-o", tmp_path / "out", "--cluster", cluster.address, *options
        )
    said = seen.said()
    assert (seen.code, seen.out) == (5, ""), said
    assert packages_in(tmp_path / "out") == {}
    assert "of 2 workers not all can take part; nothing was begun: tcp://127.0.0.1:" in said
    assert said.count("tcp://") == 1, "the other worker is as it must be"
    return said


def replaced(module: str, name: str, by: str) -> list[str]:
    """Lines that put a function in the place of another, which it knows as `kept`."""
    return [f"import {module} as module", f"kept = module.{name}", f"module.{name} = {by}"]


def test_a_worker_on_another_python_is_refused(lone: RunningCluster, tmp_path: Path) -> None:
    said = refusal_of(
        lone, tmp_path, *replaced("platform", "python_version_tuple", "lambda: ('3', '9', '1')")
    )
    ours = ".".join(map(str, sys.version_info[:2]))
    assert f"runs on Python 3.9, and this on Python {ours}" in said
    assert "start the worker with the same one" in said


def test_a_worker_without_processes_to_rely_on_is_refused(lone: RunningCluster, tmp_path: Path) -> None:
    odd = replaced("archtool.batch.cluster.worker_config", "IS_POSIX", "False")
    assert "runs on a system without POSIX processes" in refusal_of(lone, tmp_path, *odd)


def test_a_worker_that_sees_another_output_folder_is_refused(lone: RunningCluster, tmp_path: Path) -> None:
    there = f"str(path.parent) == {str(tmp_path / 'out')!r}"
    elsewhere = f"lambda path, **named: kept(path.with_name('none') if {there} else path, **named)"
    said = refusal_of(lone, tmp_path, *replaced("pathlib", "Path.read_text", elsewhere))
    assert "does not see what was written into the output folder here" in said
    assert "name a folder with -o that lies at the same path on every machine" in said


def test_a_worker_that_cannot_even_be_looked_at_is_refused(lone: RunningCluster, tmp_path: Path) -> None:
    said = refusal_of(
        lone,
        tmp_path,
        "class NeverSent(Exception):",
        "    def __reduce__(self):",
        "        raise TypeError('as it is, it cannot be sent')",
        "def fail(data):",
        "    raise NeverSent('odd')",
        *replaced("archtool.batch.cluster.worker_config", "decode_config", "fail"),
    )
    assert "could not be looked at: NeverSent: odd" in said


def test_a_worker_that_cannot_read_the_sources_is_refused(lone: RunningCluster, tmp_path: Path) -> None:
    source = tmp_path / "letters"
    blind = f"lambda path, mode: str(path) != {str(source)!r} and kept(path, mode)"
    assert f"cannot read {source}" in refusal_of(lone, tmp_path, *replaced("os", "access", blind))


def test_a_worker_that_would_sign_with_another_key_is_refused(lone: RunningCluster, tmp_path: Path) -> None:
    ours, theirs = write_key(tmp_path), write_key(tmp_path, "curator@example.org")
    other = f"module.Path({str(theirs)!r}) if str(path) == {str(ours)!r} else path"
    odd = replaced(
        "archtool.cli.signing.key_loading", "read_trust_file", f"lambda path, *more: kept({other}, *more)"
    )
    said = refusal_of(lone, tmp_path, *odd, options=("--sign", ours))
    assert re.search(r"would sign with SHA256:\S{43}, not with SHA256:\S{43}", said)
    assert "let the files of the keys be the same there" in said


def test_the_only_worker_is_not_called_one_of_several(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    with running_cluster(tmp_path / "cluster", workers=0) as cluster:
        cluster.add_worker("--preload", str(of_another_version(tmp_path)))
        seen = archtool_process("batch", source, "-o", tmp_path / "out", "--cluster", cluster.address)
    assert seen.code == 5
    assert "the only worker is not one that can take part; nothing was begun: tcp://" in seen.said()


def test_a_worker_that_hangs_is_waited_for_no_longer_than_an_answer_may_take(tmp_path: Path) -> None:
    with running_cluster(tmp_path / "cluster", env=importable()) as cluster:
        cluster.workers[0].send_signal(signal.SIGSTOP)
        try:
            process = start_named(cluster.address, tmp_path / "out", "a", client=HASTY_CLIENT)
            code, told, said = end_of(process)
        finally:
            cluster.workers[0].send_signal(signal.SIGCONT)
    assert (code, told, said) == (5, {}, "not all of 2 workers answer within 5 s\n")


def test_a_scheduler_that_hangs_is_lost(tmp_path: Path) -> None:
    go = tmp_path / "go"
    with running_cluster(tmp_path / "cluster", workers=1, env=importable()) as cluster:
        process = start_named(cluster.address, tmp_path / "out", "a", f"waits-for {go}", client=HASTY_CLIENT)
        assert process.stdout is not None
        while not list((tmp_path / "out").glob(".archtool-run-*")):
            os.sched_yield()
        address = cluster.address
        cluster.scheduler.send_signal(signal.SIGSTOP)
        try:
            code, _, said = end_of(process)
        finally:
            cluster.scheduler.send_signal(signal.SIGCONT)
    assert (code, said) == (5, f"the scheduler {address} is lost\n")


def test_no_scheduler_is_said_at_once(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    seen = archtool_process(
        "batch", source, "-o", tmp_path / "out", "--cluster", "tcp://127.0.0.1:9", "--wait", "1"
    )
    assert (seen.code, seen.out) == (5, "")
    assert seen.err.startswith("archtool: error: no scheduler answers at tcp://127.0.0.1:9: ")
    assert os.listdir(tmp_path / "out") == [JOURNAL_NAME]
