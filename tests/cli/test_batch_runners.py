"""How the jobs of a batch are distributed: shares, and the options that name a cluster."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from archtool.batch.journal.journal import JOURNAL_NAME, journal_name
from archtool.batch.journal.shards import Shard
from archtool.files.lock import try_lock
from archtool.installation import install_command
from batches import batch, batch_of, endings, packages_in, write_letters
from command_line import DATE, archtool, archtool_process
from packages import write_key

NAMES = [f"letter-{number:02}" for number in range(16)]
LEFT = ("left", 0)


def test_shares_that_run_one_after_another_complete_the_batch(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", *NAMES), tmp_path / "out"
    told: list[str] = []
    for number in (3, 1, 2):
        seen = batch(source, output, "--shard", f"{number}/3")
        assert seen.code == 0
        assert seen.err.startswith(f"{len(seen.objects)} jobs · {len(seen.objects)} done · 0 failed")
        told += endings(seen)
    assert sorted(told) == NAMES
    assert batch(source, tmp_path / "whole").code == 0
    assert packages_in(output) == packages_in(tmp_path / "whole")


def test_after_all_shares_no_other_run_finds_work(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", *NAMES), tmp_path / "out"
    for number in (1, 2):
        assert batch(source, output, "--shard", f"{number}/2").code == 0
    assert set(endings(batch(source, output)).values()) == {LEFT}
    others = {
        **endings(batch(source, output, "--shard", "1/3")),
        **endings(batch(source, output, "--shard", "2/3")),
    }
    assert set(others.values()) == {LEFT}


def test_the_latest_run_counts_with_and_without_shares(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a"), tmp_path / "out"
    share = ["--shard", "1/1"]
    for text, options in (("one", share), ("three", []), ("one", share), ("three", [])):
        (source / "a" / "letter.txt").write_text(f"{text}\n")
        os.utime(source / "a" / "letter.txt", (1, 1))  # so that the same text is the same input
        assert endings(batch(source, output, *options)) == {"a": ("done", 0)}
        assert (output / "a/data/letter.txt").read_text() == f"{text}\n"
        assert endings(batch(source, output, *options)) == {"a": LEFT}


def test_all_shares_bear_the_date_of_the_first(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", *NAMES), tmp_path / "out"
    assert batch(source, output, "--shard", "2/2").code == 0
    assert archtool("batch", source, "-o", output, "--shard", "1/2").code == 0
    for name in NAMES:
        (told,) = archtool("show", output / name, "--json").objects
        assert DATE[:10] in json.dumps(told)
    other = archtool("batch", source, "-o", output, "--shard", "1/2", "--date", "2027-01-01")
    assert (other.code, "was begun with the date 2026-11-22" in other.err) == (2, True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock that a run of a share takes."""
    with ExitStack() as kept:
        assert try_lock(path, kept)
        yield


@pytest.mark.parametrize("options", [[], ["--shard", "1/2"], ["--shard", "2/3"]])
def test_a_running_share_locks_out_itself_unshared_runs_and_other_share_counts(
    tmp_path: Path, options: list[str]
) -> None:
    source, output = write_letters(tmp_path / "letters", *NAMES), tmp_path / "out"
    assert batch(source, output, "--shard", "1/2").code == 0
    name = journal_name(Shard(1, 2))
    with locked(output / name):
        seen = batch(source, output, "--wait", "0", *options)
        assert (seen.code, seen.out) == (5, "")
        assert f"{name} is locked by another run (process {os.getpid()})" in seen.err
        assert batch(source, output, "--wait", "0", "--shard", "2/2").code == 0


def test_a_running_batch_locks_out_shares(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a"), tmp_path / "out"
    assert batch(source, output).code == 0
    with locked(output / JOURNAL_NAME):
        seen = batch(source, output, "--wait", "0", "--shard", "1/2")
    assert (seen.code, f"{JOURNAL_NAME} is locked by another run" in seen.err) == (5, True)


def test_a_share_that_waits_for_its_journal_says_so_and_locks_out_no_other(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", *NAMES), tmp_path / "out"
    assert batch(source, output, "--shard", "1/2").code == 0
    with locked(output / journal_name(Shard(1, 2))):
        seen = batch(source, output, "--wait", "0.2", "--shard", "1/2")
    assert (seen.code, seen.err.startswith("waiting for another run (process ")) == (5, True)


def test_a_verification_in_shares_starts_again_after_all_shares_are_done(tmp_path: Path) -> None:
    source, packages, checks = tmp_path / "letters", tmp_path / "packages", tmp_path / "checks"
    assert batch(write_letters(source, *NAMES), packages).code == 0

    def verify(shard: str) -> set[str]:
        return {
            ending for ending, _ in endings(batch_of("verify", packages, checks, "--shard", shard)).values()
        }

    assert (verify("1/2"), verify("1/2")) == ({"done"}, {"left"})  # the second share has not run
    assert verify("2/2") == {"done"}
    assert (verify("1/2"), verify("1/2"), verify("2/2")) == ({"done"}, {"left"}, {"done"})
    assert {ending for ending, _ in endings(batch_of("verify", packages, checks)).values()} == {"done"}


def test_journals_of_two_batches_in_one_folder_are_refused(tmp_path: Path) -> None:
    source, output = write_letters(tmp_path / "letters", "a"), tmp_path / "out"
    assert batch(source, output, "--shard", "1/1").code == 0
    (output / JOURNAL_NAME).unlink()
    seen = batch(source, output)
    assert (seen.code, "batch-journal.1-of-1.jsonl, line 1: not a line" in seen.err) == (3, True)


@pytest.mark.parametrize("text", ["0/2", "3/2", "1/0", "1", "a/b", "1/10001", "-1/2", "1/2/3", "١/٢", ""])
def test_an_invalid_share_is_refused(tmp_path: Path, text: str) -> None:
    seen = batch(write_letters(tmp_path / "letters", "a"), tmp_path / "out", "--shard", text)
    assert (seen.code, f"not a share of the jobs: {text!r}" in seen.err) == (2, True)


PEM = ["--tls-ca", "ca.pem", "--tls-cert", "cert.pem", "--tls-key", "key.pem"]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--cluster", "http://127.0.0.1:80"], 2, "not the address of a scheduler: http://127.0.0.1:80"),
        (["--cluster", "none.json"], 3, "none.json"),
        (["--cluster", "ca.pem"], 3, "ca.pem contains no scheduler address"),
        (["--cluster", "list.json"], 3, "list.json contains no scheduler address"),
        (["--cluster", "tls://127.0.0.1:9"], 2, "tls://127.0.0.1:9 requires certificates"),
        (["--cluster", "tls://127.0.0.1:9", *PEM[:4]], 2, "TLS requires three files"),
        (["--cluster", "tls://127.0.0.1:9", *PEM], 2, "the certificates cannot be used"),
        (["--cluster", "tls://127.0.0.1:9", *PEM[:5], "none.pem"], 3, "none.pem"),
        (["--cluster", "tcp://127.0.0.1:9", *PEM], 2, "connections to tcp://127.0.0.1:9 are not encrypted"),
        (["--cluster", "tcp://127.0.0.1:9", "--jobs", "2"], 2, "--jobs and --cluster contradict each other"),
        (["--cluster", "tcp://127.0.0.1:9", "--shard", "1/2"], 2, "--shard and --cluster contradict"),
        (PEM, 2, "--tls-ca, --tls-cert and --tls-key require --cluster"),
    ],
)  # fmt: skip
def test_unusable_cluster_options_are_refused(
    tmp_path: Path, options: list[str], code: int, said: str
) -> None:
    source = write_letters(tmp_path / "letters", "a")
    for name in ("ca.pem", "cert.pem", "key.pem"):
        (tmp_path / name).write_text("no certificate\n")
    (tmp_path / "list.json").write_text("[]")
    seen = archtool_process("batch", source, "-o", "out", *options, cwd=tmp_path)
    assert (seen.code, seen.out) == (code, "")
    assert said in seen.said()
    assert packages_in(tmp_path / "out") == {} if (tmp_path / "out").exists() else True


def test_keys_that_are_not_in_files_are_refused_with_a_cluster(tmp_path: Path) -> None:
    source, key = write_letters(tmp_path / "letters", "a"), write_key(tmp_path)
    command = ["batch", source, "-o", tmp_path / "out", "--cluster", "tcp://127.0.0.1:9"]
    for name in (key.with_name(key.name + ".pub"), "SHA256:abcdefgh"):
        seen = archtool(*command, "--sign", name)
        assert (seen.code, seen.out) == (2, "")
        assert "in an ssh-agent, which other machines cannot reach" in seen.said()
        assert "name the file of a private key that has the same path on every machine" in seen.said()
    locked = write_key(tmp_path, "other@example.org", passphrase=b"a test's")
    seen = archtool(*command, "--sign", locked)
    assert (seen.code, "has a passphrase, which cannot be prompted for on other machines" in seen.said()) == (
        2,
        True,
    )


def test_without_the_extra_the_command_that_installs_it_is_named(tmp_path: Path) -> None:
    source = write_letters(tmp_path / "letters", "a")
    (tmp_path / "distributed.py").write_text("raise ImportError\n")
    command = ["batch", source, "-o", tmp_path / "out", "--cluster", "tcp://127.0.0.1:9"]
    seen = archtool_process(*command, env={"PYTHONPATH": str(tmp_path)})
    assert (seen.code, seen.out) == (5, "")
    assert "a cluster needs dask[distributed], which is not installed" in seen.err
    assert f"hint: install it with: {install_command('cluster')}" in seen.err
