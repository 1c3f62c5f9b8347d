"""Workers, schedulers and runs that die during a batch: each job succeeds or fails without harm to others."""

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

from archtool.batch.cluster.worker_registry import CHUNKS_FOR_EACH
from archtool.batch.journal.journal import JOURNAL_NAME
from archtool.batch.limits import MAX_CHUNK_JOBS
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
from packages import left_behind, write_key

NAMES = [f"letter-{number:03}" for number in range(60)]
CLIENT = "import sys; from cluster_verbs import main; main(*sys.argv[1:])"
IMPATIENT_CLIENT = f"import archtool.batch.cluster.link as link; link.ANSWER_SECONDS = 5.0; {CLIENT}"

NO_WORKER_HINT = "start workers (dask worker ADDRESS), then run the same command again to resume"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    """A cluster with two workers that survive every test here."""
    env = environment(PYTHONPATH=importable()["PYTHONPATH"])
    with running_cluster(tmp_path_factory.mktemp("cluster"), env=env) as running:
        yield running


@pytest.fixture(scope="module")
def lone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    """A cluster with one worker, which stays while others join and leave."""
    with running_cluster(tmp_path_factory.mktemp("lone"), workers=1, env=importable()) as running:
        yield running


@contextmanager
def joined_by(
    cluster: RunningCluster, *options: str, env: Mapping[str, str] | None = None
) -> Iterator[RunningCluster]:
    """Add one more worker to a cluster for a while."""
    worker = cluster.add_worker(*options, env=env)
    try:
        yield cluster
    finally:
        cluster.end_worker(worker)


def start_jobs(
    address: str, output: Path, *keys: str, timeout: float = 0, client: str = CLIENT
) -> subprocess.Popen[str]:
    """Start a client that runs the jobs with these keys."""
    output.mkdir()
    return subprocess.Popen(
        [sys.executable, "-c", client, address, str(output), str(timeout), *keys],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment(PYTHONPATH=importable()["PYTHONPATH"]),
    )  # fmt: skip


def end_of(process: subprocess.Popen[str]) -> tuple[int, dict[str, dict[str, Any]], str]:
    """Return the exit code, the outcome of each job, and the messages."""
    try:
        out, output = process.communicate(timeout=300)
    except subprocess.TimeoutExpired:
        process.kill()  # otherwise it would be a child process in later tests
        process.communicate()
        raise
    outcomes = [json.loads(line) for line in out.splitlines()]
    return process.returncode, {outcome["key"]: outcome for outcome in outcomes}, output


def run_jobs(
    address: str, output: Path, *keys: str, timeout: float = 0
) -> tuple[int, dict[str, dict[str, Any]]]:
    return end_of(start_jobs(address, output, *keys, timeout=timeout))[:2]


def test_a_job_that_crashes_or_hangs_on_a_cluster_fails_alone(
    cluster: RunningCluster, tmp_path: Path
) -> None:
    keys = ["a", "dies", "b", "has-a-bug", "hangs", "c", "hangs too", "d"]
    code, outcomes = run_jobs(cluster.address, tmp_path / "out", *keys, timeout=4)
    assert (code, sorted(outcomes)) == (0, sorted(keys))
    assert {key for key, outcome in outcomes.items() if outcome["exit_code"] == 0} == {"a", "b", "c", "d"}
    assert outcomes["dies"]["message"] == "its process ended before the job did: signal 9"
    assert outcomes["has-a-bug"]["message"] == "a bug in archtool: ZeroDivisionError: division by zero"
    assert outcomes["hangs"]["message"] == "it took more than 4 s and was ended (--job-timeout)"
    assert [worker.poll() for worker in cluster.workers] == [None, None]


def test_jobs_are_taken_only_when_the_window_has_room(cluster: RunningCluster, tmp_path: Path) -> None:
    keys = [f"job-{number}" for number in range(budget(300, 2_000))]
    _, outcomes = run_jobs(cluster.address, tmp_path / "out", *keys)
    taken = [outcome["taken"] for outcome in outcomes.values()]
    assert len(taken) == len(keys)
    assert taken[0] <= 8
    assert all(n - done <= (2 * CHUNKS_FOR_EACH + 1) * MAX_CHUNK_JOBS for done, n in enumerate(taken))


def test_a_job_that_kills_its_workers_fails_alone(tmp_path: Path) -> None:
    env = {**importable(), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
    keys = ["a", "kills-its-worker", *(f"job-{number}" for number in range(40))]
    with running_cluster(tmp_path / "cluster", env=env, has_nanny=True) as cluster:
        code, outcomes = run_jobs(cluster.address, tmp_path / "out", *keys)
    assert (code, sorted(outcomes)) == (0, sorted(keys))
    failed = {key: outcome for key, outcome in outcomes.items() if outcome["exit_code"] != 0}
    assert list(failed) == ["kills-its-worker"]
    message = str(failed["kills-its-worker"]["message"])
    # Dask's limit for one task, or archtool's limit for a job whose tasks Dask forgot
    output = r"[24] workers died while they ran only this job: tcp://127\.0\.0\.1:.*"
    assert re.fullmatch(output, message)


def start_batch(source: Path, output: Path, *options: str | Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "archtool", "batch", str(source), "-o", str(output), "--date", DATE]
    return subprocess.Popen(
        [*command, *map(str, options)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )


def read_lines(process: subprocess.Popen[bytes], lines: int) -> None:
    """Wait until the given number of jobs have ended."""
    assert process.stdout is not None
    for _ in range(lines):
        assert process.stdout.readline()


def test_a_lost_scheduler_ends_the_run_and_the_next_run_resumes(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", *NAMES), tmp_path / "out"
    with running_cluster(tmp_path / "cluster") as cluster:
        with start_batch(source, output, "--cluster", cluster.address) as process:
            read_lines(process, 20)
            cluster.scheduler.kill()
            _, messages = process.communicate(timeout=60)
        for worker in cluster.workers:
            worker.wait(timeout=60)  # workers end without a scheduler
    assert process.returncode == 5
    assert messages.decode().startswith(f"archtool: error: the scheduler {cluster.address} is lost")
    assert b"hint: when the scheduler runs again, run the same command again to resume the batch" in messages
    assert b"Traceback" not in messages
    done_before = (output / JOURNAL_NAME).read_text().count('"ending":"done"')
    assert 20 <= done_before < len(NAMES)
    assert batch(source, output).code == 0
    assert batch(source, tmp_path / "undisturbed").code == 0
    assert packages_in(output) == packages_in(tmp_path / "undisturbed")
    assert left_behind(output) == []


def test_an_interrupted_run_leaves_the_workers_idle_and_can_be_resumed(
    cluster: RunningCluster, tmp_path: Path
) -> None:
    source, output = write_letters(tmp_path / "letters", *NAMES), tmp_path / "out"
    with start_batch(source, output, "--cluster", cluster.scheduler_file) as process:
        read_lines(process, 20)
        process.send_signal(signal.SIGINT)
        _, messages = process.communicate(timeout=60)
    assert (process.returncode, messages.strip().splitlines()[0]) == (
        130,
        b"archtool: interrupted; no incomplete output was left",
    )
    assert messages.endswith(b" reported; to do the others, run the same command again\n")
    assert left_behind(output) == []
    result = archtool_process("batch", source, "-o", output, "--cluster", cluster.scheduler_file)
    assert (result.code, len(result.objects)) == (0, len(NAMES))
    assert batch(source, tmp_path / "undisturbed").code == 0
    assert packages_in(output) == packages_in(tmp_path / "undisturbed")


def test_workers_of_a_killed_run_stop_when_the_next_run_starts(
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
    result = archtool_process("batch", source, "-o", output, "--cluster", cluster.address)
    assert (result.code, len(result.objects)) == (0, len(NAMES))
    assert left_behind(output) == []
    assert batch(source, tmp_path / "undisturbed").code == 0
    assert packages_in(output) == packages_in(tmp_path / "undisturbed")


def test_a_run_without_workers_ends_after_the_waiting_time(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    with running_cluster(tmp_path / "cluster", workers=0) as cluster:
        result = archtool_process(
            "batch", source, "-o", tmp_path / "out", "--cluster", cluster.address, "--wait", "1"
        )
    assert result.code == 5
    assert result.err.splitlines() == [
        "no worker has joined the scheduler yet; waiting at most 1 s",
        "archtool: error: no worker has joined within 1 s",
        f"archtool: hint: {NO_WORKER_HINT}",
    ]


def test_a_run_that_lost_its_last_worker_ends_and_can_be_resumed(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", *NAMES), tmp_path / "out"
    with (
        running_cluster(tmp_path / "cluster", workers=1) as cluster,
        start_batch(source, output, "--cluster", cluster.address, "--wait", "2") as process,
    ):
        read_lines(process, 20)
        cluster.workers[0].kill()
        _, messages = process.communicate(timeout=60)
    assert process.returncode == 5
    assert messages.decode().startswith("no worker is left; waiting at most 2 s for another worker\n")
    assert "archtool: error: no usable worker is left within 2 s" in messages.decode()
    assert batch(source, output).code == 0
    assert len(list(output.glob("letter-*"))) == len(NAMES)


def preload_other_version(folder: Path) -> Path:
    """Write a module that makes a worker report another version of archtool."""
    path = folder / "older.py"
    path.write_text("import archtool\n\narchtool.__version__ = '0.0.9'\n")
    return path


def test_a_worker_of_another_version_is_refused(lone: RunningCluster, tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    with joined_by(lone, "--preload", str(preload_other_version(tmp_path))) as cluster:
        result = archtool_process("batch", source, "-o", tmp_path / "out", "--cluster", cluster.address)
    assert (result.code, result.out) == (5, "")
    output = result.said()
    assert "not all of 2 workers can take part; no job was begun: tcp://127.0.0.1:" in output
    assert "has archtool 0.0.9, but the client has archtool 0.1.0" in output
    assert "python -m pip install 'archtool-bagit[cluster]==0.1.0'" in output
    assert packages_in(tmp_path / "out") == {}


def without_clusters(folder: Path) -> dict[str, str]:
    """Return an environment with an archtool that is too old for clusters."""
    (folder / "archtool").mkdir()
    (folder / "archtool" / "__init__.py").write_text("__version__ = '0.0.1'\n")
    return {**unmeasured(), "PYTHONPATH": str(folder)}


def test_an_archtool_without_cluster_support_is_refused_on_workers_and_schedulers(
    lone: RunningCluster, tmp_path: Path
) -> None:
    source, old = write_letters(tmp_path / "letters", "a"), without_clusters(tmp_path)
    command = ["batch", source, "-o", tmp_path / "out", "--cluster"]
    with joined_by(lone, env=old) as cluster:
        result = archtool_process(*command, cluster.address)
        assert (result.code, result.out) == (5, "")
        assert "has no archtool with cluster support: ModuleNotFoundError(" in result.said()
    with running_cluster(tmp_path / "other", workers=0, env=old) as cluster:
        cluster.add_worker(env=unmeasured())
        result = archtool_process(*command, cluster.address)
        assert (result.code, result.out) == (5, "")
        assert "the scheduler has no archtool with cluster support" in result.said()
        assert "python -m pip install 'archtool-bagit[cluster]==0.1.0'" in result.said()


def test_a_scheduler_with_other_certificates_is_refused(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    own, other = make_certificates(tmp_path / "own"), make_certificates(tmp_path / "other")
    command = ["batch", source, "-o", tmp_path / "out", "--wait", "1", *archtool_tls(own)]
    with running_cluster(tmp_path / "cluster", workers=0, tls=dask_tls(other)) as cluster:
        address = cluster.address
        result = archtool_process(*command, "--cluster", address)
    assert (result.code, result.out) == (5, "")
    assert result.err.startswith(f"archtool: error: no scheduler answers at {address}: ")


def test_a_worker_of_another_version_that_joins_later_is_excluded(tmp_path: Path) -> None:
    go, keys = tmp_path / "go", [f"job-{number}" for number in range(200)]
    with running_cluster(tmp_path / "cluster", workers=1, env=importable()) as cluster:
        process = start_jobs(cluster.address, tmp_path / "out", f"waits-for {go}", *keys)
        while not list((tmp_path / "out").glob(".archtool-run-*")):
            os.sched_yield()
        cluster.add_worker("--preload", str(preload_other_version(tmp_path)))
        go.touch()
        code, outcomes, output = end_of(process)
    assert (code, len(outcomes)) == (0, len(keys) + 1)
    assert [outcome["message"] for outcome in outcomes.values() if outcome["exit_code"]] == []
    assert output.startswith("a worker is excluded: tcp://127.0.0.1:")
    assert output.endswith(" has archtool 0.0.9, but the client has archtool 0.1.0\n")


def test_a_worker_that_joins_later_runs_jobs(lone: RunningCluster, tmp_path: Path) -> None:
    go, keys = tmp_path / "go", [f"job-{number}" for number in range(20)]
    process = start_jobs(lone.address, tmp_path / "out", f"waits-for {go}", *keys)
    while not list((tmp_path / "out").glob(".archtool-run-*")):
        os.sched_yield()
    with joined_by(lone):
        assert process.stdout is not None
        done = [json.loads(process.stdout.readline())["key"] for _ in keys]  # while the other worker waits
        go.touch()
        code, outcomes, output = end_of(process)
    assert (sorted(done), list(outcomes)) == (sorted(keys), [f"waits-for {go}"])
    assert (code, output) == (0, "")


def test_jobs_restricted_to_a_lost_worker_are_run_by_a_new_worker(
    tmp_path: Path,
) -> None:
    go, keys = tmp_path / "go", [f"job-{number}" for number in range(20)]
    with running_cluster(tmp_path / "cluster", workers=1, env=importable()) as cluster:
        process = start_jobs(cluster.address, tmp_path / "out", f"waits-for {go}", *keys)
        while not list((tmp_path / "out").glob(".archtool-run-*")):
            os.sched_yield()
        cluster.add_worker("--preload", str(preload_other_version(tmp_path)))
        assert process.stderr is not None
        assert process.stderr.readline().startswith("a worker is excluded: tcp://127.0.0.1:")
        cluster.workers[0].kill()
        assert process.stderr.readline() == "no worker is left; waiting at most 10 s for another worker\n"
        cluster.add_worker()
        go.touch()
        code, outcomes, output = end_of(process)
    assert (code, output) == (0, "")
    assert {outcome["exit_code"] for outcome in outcomes.values()} == {0}
    assert sorted(outcomes) == sorted([*keys, f"waits-for {go}"])


def preload_unreadable(folder: Path, path: Path) -> Path:
    """Write a module that makes one file missing for a worker."""
    module = folder / "blind.py"
    module.write_text(
        "import archtool.cli.signing.key_loading as secrets\n\n"
        "if not hasattr(secrets, 'original'):\n"
        "    secrets.original = secrets.read_trust_file\n\n\n"
        "def read(path, *more):\n"
        f"    if str(path) == {str(path)!r}:\n"
        "        path = path.with_name('none')\n"
        "    return secrets.original(path, *more)\n\n\n"
        "secrets.read_trust_file = read\n"
    )
    return module


def test_a_worker_that_cannot_read_the_key_is_refused(lone: RunningCluster, tmp_path: Path) -> None:
    source, key = write_letters(tmp_path / "letters", "a"), write_key(tmp_path)
    command = ["batch", source, "-o", tmp_path / "out", "--sign", key]
    with joined_by(lone, "--preload", str(preload_unreadable(tmp_path, key)), env=importable()) as cluster:
        result = archtool_process(*command, "--cluster", cluster.address)
    assert result.code == 5
    assert "cannot sign: " in result.said()
    assert (
        "keys are not sent: make their files and the passphrase file readable for the worker" in result.said()
    )


def refusal_of(
    lone: RunningCluster, tmp_path: Path, *lines: str, options: tuple[str | Path, ...] = ()
) -> str:
    """Return the messages of a run in which one of two workers imports a module of these lines first.

    Dask imports such a module twice; the lines are run once.
    """
    source, preload = write_letters(tmp_path / "letters", "a"), tmp_path / "preload.py"
    guarded = ["import sys", "if not hasattr(sys, 'is_odd'):", "    sys.is_odd = True"]
    preload.write_text("\n".join((*guarded, *(f"    {line}" for line in lines), "")))
    with joined_by(lone, "--preload", str(preload), env=importable()) as cluster:
        result = archtool_process(
            "batch", source, "-o", tmp_path / "out", "--cluster", cluster.address, *options
        )
    output = result.said()
    assert (result.code, result.out) == (5, ""), output
    assert packages_in(tmp_path / "out") == {}
    assert "not all of 2 workers can take part; no job was begun: tcp://127.0.0.1:" in output
    assert output.count("tcp://") == 1, "the other worker has no problem"
    return output


def replaced(module: str, name: str, by: str) -> list[str]:
    """Return lines that replace a function, which is available as `original`."""
    return [f"import {module} as module", f"original = module.{name}", f"module.{name} = {by}"]


def test_a_worker_on_another_python_is_refused(lone: RunningCluster, tmp_path: Path) -> None:
    output = refusal_of(
        lone, tmp_path, *replaced("platform", "python_version_tuple", "lambda: ('3', '9', '1')")
    )
    own = ".".join(map(str, sys.version_info[:2]))
    assert f"runs on Python 3.9, but the client runs on Python {own}" in output
    assert "start the worker with the same Python version" in output


def test_a_worker_without_posix_processes_is_refused(lone: RunningCluster, tmp_path: Path) -> None:
    preload = replaced("archtool.batch.cluster.worker_config", "IS_POSIX", "False")
    assert "runs on a system without POSIX processes" in refusal_of(lone, tmp_path, *preload)


def test_a_worker_that_sees_another_output_folder_is_refused(lone: RunningCluster, tmp_path: Path) -> None:
    is_marker = f"str(path.parent) == {str(tmp_path / 'out')!r}"
    elsewhere = f"lambda path, **named: original(path.with_name('none') if {is_marker} else path, **named)"
    output = refusal_of(lone, tmp_path, *replaced("pathlib", "Path.read_text", elsewhere))
    assert "does not see the file that the client wrote into the output folder" in output
    assert "choose a folder with -o that has the same path on every machine" in output


def test_a_worker_whose_check_fails_is_refused(lone: RunningCluster, tmp_path: Path) -> None:
    output = refusal_of(
        lone,
        tmp_path,
        "class NeverSent(Exception):",
        "    def __reduce__(self):",
        "        raise TypeError('as it is, it cannot be sent')",
        "def fail(data):",
        "    raise NeverSent('odd')",
        *replaced("archtool.batch.cluster.worker_config", "decode_config", "fail"),
    )
    assert "could not be checked: NeverSent: odd" in output


def test_a_worker_that_cannot_read_the_sources_is_refused(lone: RunningCluster, tmp_path: Path) -> None:
    source = tmp_path / "letters"
    blind = f"lambda path, mode: str(path) != {str(source)!r} and original(path, mode)"
    assert f"cannot read {source}" in refusal_of(lone, tmp_path, *replaced("os", "access", blind))


def test_a_worker_that_would_sign_with_another_key_is_refused(lone: RunningCluster, tmp_path: Path) -> None:
    own, other = write_key(tmp_path), write_key(tmp_path, "curator@example.org")
    path = f"module.Path({str(other)!r}) if str(path) == {str(own)!r} else path"
    preload = replaced(
        "archtool.cli.signing.key_loading", "read_trust_file", f"lambda path, *more: original({path}, *more)"
    )
    output = refusal_of(lone, tmp_path, *preload, options=("--sign", own))
    assert re.search(r"would sign with SHA256:\S{43}, not with SHA256:\S{43}", output)
    assert "put the same key files there" in output


def test_a_single_refused_worker_is_reported_as_the_only_one(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    with running_cluster(tmp_path / "cluster", workers=0) as cluster:
        cluster.add_worker("--preload", str(preload_other_version(tmp_path)))
        result = archtool_process("batch", source, "-o", tmp_path / "out", "--cluster", cluster.address)
    assert result.code == 5
    assert "the only worker cannot take part; no job was begun: tcp://" in result.said()


def test_a_worker_that_hangs_ends_the_run_after_the_time_limit_for_answers(tmp_path: Path) -> None:
    with running_cluster(tmp_path / "cluster", env=importable()) as cluster:
        cluster.workers[0].send_signal(signal.SIGSTOP)
        try:
            process = start_jobs(cluster.address, tmp_path / "out", "a", client=IMPATIENT_CLIENT)
            code, outcomes, output = end_of(process)
        finally:
            cluster.workers[0].send_signal(signal.SIGCONT)
    assert (code, outcomes, output) == (5, {}, "not all of 2 workers answer within 5 s\n")


def test_a_scheduler_that_hangs_is_lost(tmp_path: Path) -> None:
    go = tmp_path / "go"
    with running_cluster(tmp_path / "cluster", workers=1, env=importable()) as cluster:
        process = start_jobs(
            cluster.address, tmp_path / "out", "a", f"waits-for {go}", client=IMPATIENT_CLIENT
        )
        assert process.stdout is not None
        while not list((tmp_path / "out").glob(".archtool-run-*")):
            os.sched_yield()
        address = cluster.address
        cluster.scheduler.send_signal(signal.SIGSTOP)
        try:
            code, _, output = end_of(process)
        finally:
            cluster.scheduler.send_signal(signal.SIGCONT)
    assert (code, output) == (5, f"the scheduler {address} is lost\n")


def test_an_address_without_a_scheduler_is_reported(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    result = archtool_process(
        "batch", source, "-o", tmp_path / "out", "--cluster", "tcp://127.0.0.1:9", "--wait", "1"
    )
    assert (result.code, result.out) == (5, "")
    assert result.err.startswith("archtool: error: no scheduler answers at tcp://127.0.0.1:9: ")
    assert os.listdir(tmp_path / "out") == [JOURNAL_NAME]
