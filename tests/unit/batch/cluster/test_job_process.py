"""The processes that do jobs for workers: two with one job, one that is not wanted, one left alone."""

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
from archtool.batch.cluster.run_marker import RunMarker, placed_marker
from archtool.batch.cluster.task_codec import decode_verb, encode_verb, fingerprints_of
from archtool.batch.job import Ending, Job, Outcome
from archtool.batch.journal.state import Known
from archtool.batch.tasks.attest import AttestEach
from archtool.batch.tasks.pack import PackEach
from archtool.cli.batch.cluster import KeyFiles
from archtool.cli.options import clock
from archtool.cli.signing.cms import CmsFiles
from archtool.download.fetch_policy import FetchPolicy
from archtool.errors import InputError, StorageError
from archtool.operations.trust.timestamp_client import TimestampClient, TimestampServer
from batches import write_letters
from cluster_verbs import Named
from command_line import DATE, archtool, unmeasured
from packages import ARCHIVIST, REPOSITORY, left_behind, pack, tree_bytes, write_key
from timestamping import Wish, certify

BEGUN = Known(None, None, is_begun=True)
AT = datetime.fromisoformat(DATE)
ROUNDS = 25


@contextmanager
def job_processes(count: int, verb: bytes, marker: RunMarker | None = None) -> Iterator[list[JobProcess]]:
    """So many processes, as many workers would have them."""
    made = [JobProcess(verb, marker) for _ in range(count)]
    try:
        yield made
    finally:
        for process in made:
            process.end()


def do(process: JobProcess, job: Job, known: Known | None = BEGUN, timeout: float | None = None) -> Outcome:
    outcome: Outcome = pickle.loads(process.do(job.key, pickle.dumps((job, known)), timeout))  # noqa: S301 - ours
    return outcome


def signing(folder: Path) -> KeyFiles:
    return KeyFiles((str(write_key(folder)),), (ARCHIVIST,), None)


def packing(folder: Path) -> tuple[PackEach, KeyFiles]:
    keys = signing(folder)
    output = folder / "out"
    output.mkdir()
    return PackEach(output, AT, AT, AT, __version__, signers=keys.load().signers, sync=False), keys


def test_two_workers_that_pack_the_same_at_the_same_moment_both_end_well(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", *(f"letter-{number}" for number in range(ROUNDS)))
    verb, keys = packing(tmp_path)
    together, outcomes = Barrier(2), list[Outcome]()

    def work(process: JobProcess) -> None:
        for number in range(ROUNDS):
            job = Job(f"letter-{number}", source / f"letter-{number}" / "description.yaml")
            together.wait()
            outcomes.append(do(process, job))

    with job_processes(2, encode_verb(verb, keys)) as both:
        threads = [Thread(target=work, args=[process]) for process in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [(o.ending, o.message) for o in outcomes if o.exit_code] == []
    assert len(outcomes) == 2 * ROUNDS
    assert left_behind(tmp_path / "out") == []
    for number in (0, ROUNDS - 1):
        alone, key = tmp_path / f"alone-{number}", tmp_path / "archivist-key"
        assert pack(source / f"letter-{number}" / "description.yaml", alone, "--sign", key).code == 0
        assert tree_bytes(tmp_path / "out" / f"letter-{number}") == tree_bytes(alone)


def test_a_job_that_was_done_and_is_done_again_elsewhere_ends_with_the_same_bytes(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    verb, keys = packing(tmp_path)
    job = Job("a", source / "a" / "description.yaml")
    with job_processes(2, encode_verb(verb, keys)) as (one, other):
        first = do(one, job)
        before = tree_bytes(tmp_path / "out")
        second = do(other, job)
    assert (first.ending, second.ending, second.inputs) == (Ending.DONE, Ending.DONE, first.inputs)
    assert tree_bytes(tmp_path / "out") == before


def test_a_claim_that_was_made_and_is_made_again_elsewhere_is_made_once(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    (tmp_path / "bags").mkdir()
    package = tmp_path / "bags" / "a"
    assert pack(source / "a" / "description.yaml", package, "--sign", write_key(tmp_path)).code == 0
    keys = signing(tmp_path)
    verb = AttestEach(tmp_path / "bags", Claim.of("fixity-check"), keys.load().signers, AT, AT, __version__)
    with job_processes(2, encode_verb(verb, keys)) as (one, other):
        assert do(one, Job("a", package)).ending is Ending.DONE
        before = tree_bytes(package)
        assert do(other, Job("a", package)).ending is Ending.DONE
    assert tree_bytes(package) == before
    assert archtool("verify", package).code == 0


def test_no_key_is_in_what_is_sent(tmp_path: Path) -> None:
    verb, keys = packing(tmp_path)
    sent = encode_verb(verb, keys)
    seed = hashlib.sha256(ARCHIVIST.encode()).digest()  # of the throw-away key
    assert seed not in sent
    assert b"SigningKey" not in sent
    made = decode_verb(sent).with_keys()
    assert fingerprints_of(made) == fingerprints_of(verb) != ()
    assert decode_verb(sent).verb.signers == ()


def test_no_key_of_an_institution_is_in_what_is_sent(tmp_path: Path) -> None:
    root = certify("Root", None)
    own = certify("Archive", root, wish=Wish(purposes=None))
    files = CmsFiles(tmp_path / "archive.key", tmp_path / "archive.pem", None)
    files.key.write_bytes(own.key_pem)
    files.cert.write_bytes(own.pem)
    plain, _ = packing(tmp_path)
    keys = replace(signing(tmp_path), cms=files)
    loaded = keys.load()
    timestamp_client = TimestampClient(TimestampServer("https://tsa.example.org/", FetchPolicy()), clock.now)
    verb = replace(plain, cms=loaded.cms, timestamp_client=timestamp_client)
    sent = encode_verb(verb, keys)
    secret = own.key.private_numbers().private_value.to_bytes(32, "big")
    assert secret in own.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    assert secret not in sent
    assert b"CmsSigner" not in sent
    made = decode_verb(sent).with_keys()
    assert fingerprints_of(made) == fingerprints_of(verb)
    assert len(fingerprints_of(made)) == 2
    assert (decode_verb(sent).verb.cms, decode_verb(sent).verb.timestamp_client.source.url) == (
        None,
        timestamp_client.source.url,
    )
    files.cert.write_bytes(certify("Another", root, wish=Wish(purposes=None)).pem)
    with pytest.raises(InputError, match="belongs to the key"):
        decode_verb(sent).with_keys()


def test_a_key_that_cannot_be_loaded_there_fails_each_job_in_its_own_words(tmp_path: Path) -> None:
    verb, keys = packing(tmp_path)
    encoded = encode_verb(verb, keys)
    (tmp_path / "archivist-key").unlink()
    with pytest.raises(InputError):
        decode_verb(encoded).with_keys()
    with job_processes(1, encoded) as (process,):
        outcome = do(process, Job("a", tmp_path / "description.yaml"))
    assert (outcome.exit_code, "archivist-key" in str(outcome.message)) == (3, True)


def named() -> bytes:
    return encode_verb(Named(), None)


def test_jobs_that_nobody_wants_any_more_are_ended(tmp_path: Path) -> None:
    with placed_marker(tmp_path) as marker, job_processes(1, named(), marker) as (process,):
        assert do(process, Job("a", tmp_path)).ending is Ending.DONE
        Path(marker.path).unlink()
        with pytest.raises(RunEndedError):
            do(process, Job("hangs", tmp_path))
        assert not process.is_alive()


def test_a_marker_of_an_earlier_run_is_removed(tmp_path: Path) -> None:
    with placed_marker(tmp_path) as old:
        assert old.is_there()
        with placed_marker(tmp_path) as new:
            assert (old.is_there(), new.is_there()) == (False, True)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StorageError, match="nothing can be written"), placed_marker(tmp_path / "none"):
        pass


def test_a_process_is_kept_for_the_next_job_and_replaced_when_it_died(tmp_path: Path) -> None:
    verb = named()
    kept = []
    for key in ("a", "b", "dies", "c"):
        with job_process_for(verb, None) as process:
            kept.append(process)
            assert do(process, Job(key, tmp_path)).exit_code == (5 if key == "dies" else 0)
    assert kept[0] is kept[1] is kept[2] is not kept[3]
    kept[3].end()


WORKER = """
import pickle, sys
from pathlib import Path
from archtool.batch.cluster.job_process import JobProcess
from archtool.batch.job import Job
from archtool.batch.cluster.task_codec import encode_verb
from cluster_verbs import Named

process = JobProcess(encode_verb(Named(), None), None)
job = pickle.dumps((Job("a", Path("a")), None))
print(pickle.loads(process.do("a", job, None)).facts["process"], flush=True)
process.do("hangs", pickle.dumps((Job("hangs", Path("a")), None)), None)
"""


def test_a_job_process_without_its_worker_ends_over_its_job() -> None:
    env = {**unmeasured(), "PYTHONPATH": str(REPOSITORY / "tests")}
    with subprocess.Popen([sys.executable, "-c", WORKER], stdout=subprocess.PIPE, env=env) as worker:
        assert worker.stdout is not None
        process = int(worker.stdout.readline())
        assert is_alive(process)
        worker.kill()
    while is_alive(process):
        os.sched_yield()


def is_alive(process: int) -> bool:
    """Whether it runs; one that has ended and that nobody waits for does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_job_that_hangs_is_ended_when_its_time_is_over(tmp_path: Path) -> None:
    with job_processes(1, named()) as (process,):
        outcome = do(process, Job("hangs", tmp_path), timeout=0.5)
    assert outcome.message == "it took more than 0.5 s and was ended (--job-timeout)"
