"""The processes that run jobs for cluster workers: concurrent jobs, ended runs, lost workers and keys."""

from __future__ import annotations

import hashlib
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Barrier, Thread

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from archtool import __version__
from archtool.attestations.statements.claim import Claim
from archtool.batch.cluster.job_process import JobProcess, RunEndedError, job_process_for
from archtool.batch.cluster.run_marker import RunMarker, written_marker
from archtool.batch.cluster.task_codec import decode_task, encode_task, fingerprints_of
from archtool.batch.job import Ending, Job, Outcome
from archtool.batch.journal.state import KnownJob
from archtool.batch.tasks.attest import AttestTask
from archtool.batch.tasks.pack import PackTask
from archtool.cli.batch.cluster import KeyFiles
from archtool.cli.options import clock
from archtool.cli.signing.cms import CmsFiles
from archtool.download.fetch_policy import FetchPolicy
from archtool.errors import InputError, StorageError
from archtool.operations.trust.timestamp_client import TimestampClient, TimestampServer
from batches import write_letters
from cluster_verbs import NamedTask
from command_line import DATE, archtool, unmeasured
from packages import ARCHIVIST, REPOSITORY, left_behind, pack, tree_bytes, write_key
from timestamping import Wish, certify

BEGUN = KnownJob(None, None, is_begun=True)
AT = datetime.fromisoformat(DATE)
ROUNDS = 25


@contextmanager
def job_processes(count: int, task: bytes, marker: RunMarker | None = None) -> Iterator[list[JobProcess]]:
    """Start the given number of processes, as several workers would."""
    processes = [JobProcess(task, marker) for _ in range(count)]
    try:
        yield processes
    finally:
        for process in processes:
            process.end()


def run_job(
    process: JobProcess, job: Job, known: KnownJob | None = BEGUN, timeout: float | None = None
) -> Outcome:
    outcome: Outcome = pickle.loads(process.run_job(job.key, pickle.dumps((job, known)), timeout))  # noqa: S301 - from this test's process
    return outcome


def key_files(folder: Path) -> KeyFiles:
    return KeyFiles((str(write_key(folder)),), (ARCHIVIST,), None)


def pack_task(folder: Path) -> tuple[PackTask, KeyFiles]:
    keys = key_files(folder)
    output = folder / "out"
    output.mkdir()
    return PackTask(output, AT, AT, AT, __version__, signers=keys.load().signers, sync=False), keys


def test_two_workers_that_make_the_same_packages_at_the_same_time_both_succeed(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", *(f"letter-{number}" for number in range(ROUNDS)))
    task, keys = pack_task(tmp_path)
    together, outcomes = Barrier(2), list[Outcome]()

    def work(process: JobProcess) -> None:
        for number in range(ROUNDS):
            job = Job(f"letter-{number}", source / f"letter-{number}" / "description.yaml")
            together.wait()
            outcomes.append(run_job(process, job))

    with job_processes(2, encode_task(task, keys)) as both:
        threads = [Thread(target=work, args=[process]) for process in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [(o.ending, o.message) for o in outcomes if o.exit_code] == []
    assert len(outcomes) == 2 * ROUNDS
    assert left_behind(tmp_path / "out") == []
    for number in (0, ROUNDS - 1):
        single, key = tmp_path / f"single-{number}", tmp_path / "archivist-key"
        assert pack(source / f"letter-{number}" / "description.yaml", single, "--sign", key).code == 0
        assert tree_bytes(tmp_path / "out" / f"letter-{number}") == tree_bytes(single)


def test_a_job_that_is_done_again_by_another_worker_makes_the_same_bytes(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    task, keys = pack_task(tmp_path)
    job = Job("a", source / "a" / "description.yaml")
    with job_processes(2, encode_task(task, keys)) as (first_process, other_process):
        first = run_job(first_process, job)
        before = tree_bytes(tmp_path / "out")
        second = run_job(other_process, job)
    assert (first.ending, second.ending, second.inputs) == (Ending.DONE, Ending.DONE, first.inputs)
    assert tree_bytes(tmp_path / "out") == before


def test_a_claim_that_another_worker_repeats_is_added_only_once(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    (tmp_path / "bags").mkdir()
    package = tmp_path / "bags" / "a"
    assert pack(source / "a" / "description.yaml", package, "--sign", write_key(tmp_path)).code == 0
    keys = key_files(tmp_path)
    task = AttestTask(tmp_path / "bags", Claim.of("fixity-check"), keys.load().signers, AT, AT, __version__)
    with job_processes(2, encode_task(task, keys)) as (first_process, other_process):
        assert run_job(first_process, Job("a", package)).ending is Ending.DONE
        before = tree_bytes(package)
        assert run_job(other_process, Job("a", package)).ending is Ending.DONE
    assert tree_bytes(package) == before
    assert archtool("verify", package).code == 0


def test_an_encoded_task_contains_no_private_key(tmp_path: Path) -> None:
    task, keys = pack_task(tmp_path)
    sent = encode_task(task, keys)
    seed = hashlib.sha256(ARCHIVIST.encode()).digest()  # of the throw-away key
    assert seed not in sent
    assert b"SigningKey" not in sent
    decoded = decode_task(sent).with_keys()
    assert fingerprints_of(decoded) == fingerprints_of(task) != ()
    assert decode_task(sent).task.signers == ()


def test_an_encoded_task_contains_no_institutional_key(tmp_path: Path) -> None:
    root = certify("Root", None)
    own = certify("Archive", root, wish=Wish(purposes=None))
    files = CmsFiles(tmp_path / "archive.key", tmp_path / "archive.pem", None)
    files.key.write_bytes(own.key_pem)
    files.cert.write_bytes(own.pem)
    plain, _ = pack_task(tmp_path)
    keys = replace(key_files(tmp_path), cms=files)
    loaded = keys.load()
    timestamp_client = TimestampClient(TimestampServer("https://tsa.example.org/", FetchPolicy()), clock.now)
    task = replace(plain, cms=loaded.cms, timestamp_client=timestamp_client)
    sent = encode_task(task, keys)
    secret = own.key.private_numbers().private_value.to_bytes(32, "big")
    assert secret in own.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    assert secret not in sent
    assert b"CmsSigner" not in sent
    decoded = decode_task(sent).with_keys()
    assert fingerprints_of(decoded) == fingerprints_of(task)
    assert len(fingerprints_of(decoded)) == 2
    assert (decode_task(sent).task.cms, decode_task(sent).task.timestamp_client.source.url) == (
        None,
        timestamp_client.source.url,
    )
    files.cert.write_bytes(certify("Another", root, wish=Wish(purposes=None)).pem)
    with pytest.raises(InputError, match="belongs to the key"):
        decode_task(sent).with_keys()


def test_each_job_fails_with_the_reason_if_a_worker_cannot_load_the_key(tmp_path: Path) -> None:
    task, keys = pack_task(tmp_path)
    encoded = encode_task(task, keys)
    (tmp_path / "archivist-key").unlink()
    with pytest.raises(InputError):
        decode_task(encoded).with_keys()
    with job_processes(1, encoded) as (process,):
        outcome = run_job(process, Job("a", tmp_path / "description.yaml"))
    assert (outcome.exit_code, "archivist-key" in str(outcome.message)) == (3, True)


def encoded_named_task() -> bytes:
    return encode_task(NamedTask(), None)


def test_jobs_of_an_ended_run_are_ended(tmp_path: Path) -> None:
    with written_marker(tmp_path) as marker, job_processes(1, encoded_named_task(), marker) as (process,):
        assert run_job(process, Job("a", tmp_path)).ending is Ending.DONE
        Path(marker.path).unlink()
        with pytest.raises(RunEndedError):
            run_job(process, Job("hangs", tmp_path))
        assert not process.is_alive()


def test_a_marker_of_an_earlier_run_is_removed(tmp_path: Path) -> None:
    with written_marker(tmp_path) as old:
        assert old.exists()
        with written_marker(tmp_path) as new:
            assert (old.exists(), new.exists()) == (False, True)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StorageError, match="cannot write in"), written_marker(tmp_path / "none"):
        pass


def test_a_process_is_kept_for_the_next_job_and_replaced_after_it_died(tmp_path: Path) -> None:
    task = encoded_named_task()
    processes = []
    for key in ("a", "b", "dies", "c"):
        with job_process_for(task, None) as process:
            processes.append(process)
            assert run_job(process, Job(key, tmp_path)).exit_code == (5 if key == "dies" else 0)
    assert processes[0] is processes[1] is processes[2] is not processes[3]
    processes[3].end()


WORKER = """
import pickle, sys
from pathlib import Path
from archtool.batch.cluster.job_process import JobProcess
from archtool.batch.job import Job
from archtool.batch.cluster.task_codec import encode_task
from cluster_verbs import NamedTask

process = JobProcess(encode_task(NamedTask(), None), None)
job = pickle.dumps((Job("a", Path("a")), None))
print(pickle.loads(process.run_job("a", job, None)).facts["process"], flush=True)
process.run_job("hangs", pickle.dumps((Job("hangs", Path("a")), None)), None)
"""


def test_a_job_process_ends_during_its_job_if_its_worker_is_gone() -> None:
    env = {**unmeasured(), "PYTHONPATH": str(REPOSITORY / "tests")}
    with subprocess.Popen([sys.executable, "-c", WORKER], stdout=subprocess.PIPE, env=env) as worker:
        assert worker.stdout is not None
        process = int(worker.stdout.readline())
        assert is_alive(process)
        worker.kill()
    while is_alive(process):
        os.sched_yield()


def is_alive(process: int) -> bool:
    """Whether the process runs; a zombie does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_job_that_hangs_is_ended_after_the_timeout(tmp_path: Path) -> None:
    with job_processes(1, encoded_named_task()) as (process,):
        outcome = run_job(process, Job("hangs", tmp_path), timeout=0.5)
    assert outcome.message == "it took more than 0.5 s and was ended (--job-timeout)"
