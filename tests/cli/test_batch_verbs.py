"""`archtool batch --verb`: existing packages, verified or attested as by the single commands."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archives import serialise
from archtool.batch.journal.journal import JOURNAL_NAME
from archtool.files.lock import locked_folder
from batches import batch, batch_of, endings, make_unlistable, write_letters
from command_line import Run, archtool, assert_loc_agrees, unmeasured
from packages import ARCHIVIST, make_package, tree_bytes, write_allowed_signers, write_key

DONE, LEFT = ("done", 0), ("left", 0)
KEY = f"{ARCHIVIST.partition('@')[0]}-key"
NAMES = ("1932/may", "1932/june", "1933")


def packages(folder: Path, *names: str) -> Path:
    """Make signed packages by a batch, and delete its journal."""
    source, key = write_letters(folder / "letters", *(names or NAMES)), write_key(folder)
    output = folder / "packages"
    assert batch(source, output, "--sign", key, "--no-sync").code == 0
    (output / JOURNAL_NAME).unlink()
    return output


def attest_all(folder: Path, *options: str | Path) -> Run:
    key = folder / KEY
    return batch_of(
        "attest", folder / "packages", folder / "log", "--sign", key, "--event", "validation", *options
    )


def heads(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in (folder / "packages").rglob("attestations/*/statement.json"))


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_batch_verifies_every_package_as_verify_does(tmp_path: Path, jobs: str) -> None:
    below = packages(tmp_path)
    (below / "1933/data/letter.txt").write_text("changed\n")
    files = dict(tree_bytes(below / "1932/may").items())
    serialise(files, below / "may.tar.gz", "may")
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    seen = batch_of("verify", below, tmp_path / "log", "--trust", trust, "--jobs", jobs)
    assert (seen.code, endings(seen)) == (
        6, {"1932/june": DONE, "1932/may": DONE, "1933": ("failed", 1), "may.tar.gz": DONE},
    )  # fmt: skip
    for told in seen.objects:
        (alone,) = archtool("verify", below / told["job"], "--trust", trust, "--json").objects
        assert {key: told[key] for key in ("verdict", "facts", "findings", "exit_code")} == {
            key: alone[key] for key in ("verdict", "facts", "findings", "exit_code")
        }
    assert [path.name for path in (tmp_path / "log").iterdir()] == [JOURNAL_NAME]


def test_an_untrusted_package_fails_with_its_own_code(tmp_path: Path) -> None:
    below = packages(tmp_path, "may")
    (tmp_path / "nobody").write_text("")
    seen = batch_of("verify", below, tmp_path / "log", "--trust", tmp_path / "nobody")
    assert endings(seen) == {"may": ("failed", 4)}
    assert seen.objects[0]["verdict"]["bag"] == "valid"


def test_an_interrupted_verification_resumes_and_a_complete_one_starts_again(tmp_path: Path) -> None:
    below, log = packages(tmp_path), tmp_path / "log"
    (below / "1932/june/data/letter.txt").write_text("changed\n")
    first = batch_of("verify", below, log, "--fail-fast", "--jobs", "1")
    assert endings(first) == {"1932/june": ("failed", 1)}
    second = batch_of("verify", below, log)
    assert endings(second) == {"1932/june": ("left", 1), "1932/may": DONE, "1933": DONE}
    assert "was not checked again" in next(o["message"] for o in second.objects if o["job"] == "1932/june")
    again = batch_of("verify", below, log, "--retry", "failed")
    assert endings(again) == {"1932/june": ("failed", 1), "1932/may": LEFT, "1933": LEFT}
    assert set(endings(batch_of("verify", below, log)).values()) == {DONE, ("failed", 1)}


def test_a_resumed_verification_checks_changed_packages_and_changed_options_again(tmp_path: Path) -> None:
    below, log = packages(tmp_path, "a", "b", "c"), tmp_path / "log"
    (below / "c/data/letter.txt").write_text("changed\n")
    stopped = ("--max-failures", "1", "--jobs", "1")
    (below / "d").mkdir()
    shutil.copy(below / "a/bagit.txt", below / "d/bagit.txt")
    assert set(endings(batch_of("verify", below, log, *stopped))) == {"a", "b", "c"}
    os.utime(below / "b/manifest-sha512.txt")
    assert endings(batch_of("verify", below, log, *stopped)) == {"a": LEFT, "b": DONE, "c": ("left", 1)}
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    asked = batch_of("verify", below, log, *stopped, "--trust", trust)
    assert endings(asked) == {"a": DONE, "b": DONE, "c": ("failed", 1)}


def test_a_batch_that_reads_less_never_reports_valid(tmp_path: Path) -> None:
    below = packages(tmp_path, "may")
    for option, verdict in (("--complete", "complete"), ("--fast", "not-read")):
        seen = batch_of("verify", below, tmp_path / option, option)
        assert (seen.code, seen.objects[0]["verdict"]["bag"]) == (0, verdict)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_batch_attests_every_package_once(tmp_path: Path, jobs: str) -> None:
    below = packages(tmp_path)
    seen = attest_all(tmp_path, "--note", "Looked through", "--jobs", jobs)
    assert (seen.code, set(endings(seen).values())) == (0, {DONE})
    assert {told["facts"]["note"] for told in seen.objects} == {"Looked through"}
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    assert batch_of("verify", below, tmp_path / "check", "--trust", trust, "--strict").code == 0
    for name in NAMES:
        assert_loc_agrees(below / name)
    before = tree_bytes(below)
    assert set(endings(attest_all(tmp_path, "--note", "Looked through")).values()) == {LEFT}
    assert tree_bytes(below) == before
    other = attest_all(tmp_path, "--note", "Something else")
    assert (set(endings(other).values()), len(heads(tmp_path))) == ({DONE}, 9)


def test_a_batch_does_not_attest_a_damaged_package(tmp_path: Path) -> None:
    below = packages(tmp_path)
    (below / "1933/bag-info.txt").write_text("Title: Another\n")
    for options in (("--check",), ()):
        seen = attest_all(tmp_path, *options)
        assert (seen.code, endings(seen)) == (6, {"1932/june": DONE, "1932/may": DONE, "1933": ("failed", 1)})
        assert (tmp_path / "log").exists() is (options == ())
    assert len(heads(tmp_path)) == 5


def test_an_attestation_that_a_killed_run_made_is_not_made_again(tmp_path: Path) -> None:
    packages(tmp_path, "may")
    assert attest_all(tmp_path).code == 0
    journal = tmp_path / "log" / JOURNAL_NAME
    head, began, _, _ = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(head + began)  # killed between the attestation and its journal line
    seen = attest_all(tmp_path)
    assert (endings(seen), heads(tmp_path)) == ({"may": DONE}, ["0001-packaging", "0002-validation"])
    assert seen.objects[0]["facts"]["attestation"] == "0002-validation"
    # the attestation of an undisturbed run does not count: with another journal it is made again
    again = batch_of(
        "attest",
        tmp_path / "packages",
        tmp_path / "new",
        "--sign",
        tmp_path / KEY,
        "--event",
        "validation",
    )
    assert (again.code, heads(tmp_path)[2:]) == (0, ["0003-validation"])


def test_another_claim_that_a_killed_run_made_is_not_made_again(tmp_path: Path) -> None:
    packages(tmp_path, "may")
    for note in ("one", "two"):
        assert attest_all(tmp_path, "--note", note).code == 0
    journal = tmp_path / "log" / JOURNAL_NAME
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:-2]))  # killed after the second attestation
    assert endings(attest_all(tmp_path, "--note", "two")) == {"may": DONE}
    assert heads(tmp_path) == ["0001-packaging", "0002-validation", "0003-validation"]


def test_a_batch_killed_while_attesting_attests_each_package_once(tmp_path: Path) -> None:
    below = packages(tmp_path, *[f"letter-{number:02}" for number in range(16)])
    command = [
        sys.executable, "-m", "archtool", "batch", below, "-o", tmp_path / "log", "--verb", "attest",
        "--sign", tmp_path / KEY, "--event", "validation", "--jobs", "2",
    ]  # fmt: skip
    for wanted in (1, 5, 9):
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=unmeasured()
        ) as process:
            until = time.monotonic() + 60
            while len(list(below.glob("letter-*/attestations/0002*"))) < wanted and time.monotonic() < until:
                os.sched_yield()
            process.send_signal(signal.SIGKILL)
    assert attest_all(tmp_path).code == 0
    assert heads(tmp_path) == ["0001-packaging"] * 16 + ["0002-validation"] * 16
    assert batch_of("verify", below, tmp_path / "check").code == 0


def test_a_journal_of_one_verb_is_refused_by_another(tmp_path: Path) -> None:
    below = packages(tmp_path, "may")
    assert batch_of("verify", below, tmp_path / "log").code == 0
    seen = attest_all(tmp_path)
    assert (seen.code, "was begun with --verb verify, not attest" in seen.err) == (2, True)


@pytest.mark.parametrize(
    ("verb", "options", "said"),
    [
        ("verify", ("--sign", "key"), "--sign does not belong to --verb verify, only to pack and attest"),
        ("pack", ("--complete",), "--complete does not belong to --verb pack, only to verify"),
        ("verify", ("--event", "validation"), "--event does not belong to --verb verify, only to attest"),
        (
            "verify",
            ("--date", "2026"),
            "--date does not belong to --verb verify, only to pack and attest",
        ),
        ("attest", ("--event", "validation"), "--sign is missing"),
        ("attest", ("--sign", "key"), "--event is missing"),
        ("verify", ("--complete", "--fast"), "--complete and --fast contradict each other"),
    ],
)
def test_options_of_another_verb_are_refused_before_any_job_starts(
    tmp_path: Path, verb: str, options: tuple[str, ...], said: str
) -> None:
    make_package(tmp_path)
    seen = batch_of(verb, tmp_path, tmp_path / "log", *options)
    assert (seen.code, said in seen.err, (tmp_path / "log").exists()) == (2, True, False)


def test_a_trust_file_inside_the_verified_folder_is_refused(tmp_path: Path) -> None:
    below = packages(tmp_path, "may")
    inside = shutil.copy(write_allowed_signers(tmp_path, ARCHIVIST), below)
    seen = batch_of("verify", below, tmp_path / "log", "--trust", inside)
    assert (seen.code, "must come from elsewhere" in seen.err) == (2, True)


def test_a_folder_without_packages_is_unusable_input_to_verify(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    nothing = batch_of("verify", tmp_path / "empty", tmp_path / "log")
    assert (nothing.code, "there is no package in" in nothing.err) == (3, True)
    missing = batch_of("verify", tmp_path / "none", tmp_path / "log")
    assert (missing.code, "is not a folder" in missing.err) == (3, True)
    below = packages(tmp_path, "may")
    other = batch_of("verify", below, tmp_path / "log", "--match", "june*")
    assert (other.code, "no package that matches june*" in other.err) == (3, True)


def test_a_folder_that_cannot_be_listed_is_a_failure_and_not_skipped(tmp_path: Path) -> None:
    below = packages(tmp_path, "may")
    make_unlistable(below / "a")
    seen = batch_of("verify", below, tmp_path / "log")
    assert (seen.code, endings(seen)["may"]) == (6, DONE)
    (refused,) = [told for told in seen.objects if told["job"] != "may"]
    assert refused["message"] == "the folder cannot be listed: File name too long"
    shutil.rmtree(below)


def test_the_journal_is_never_written_into_a_package(tmp_path: Path) -> None:
    below = packages(tmp_path, "may")
    before = tree_bytes(below)
    for output in (below / "may", below / "may/metadata"):
        seen = batch_of("verify", below, output)
        assert (seen.code, "would be written into a package" in seen.err) == (2, True)
    assert tree_bytes(below) == before


def test_a_job_waits_for_a_package_that_another_run_has_locked(tmp_path: Path) -> None:
    below = packages(tmp_path, "may")
    with locked_folder(below / "may"):
        seen = attest_all(tmp_path, "--wait", "0")
    assert endings(seen) == {"may": ("failed", 5)}
    assert "is locked by another run" in json.dumps(seen.objects)
