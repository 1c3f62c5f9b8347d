"""Registers under kills, full disks, read-only disks and other writers: no event is lost or half-written."""

from __future__ import annotations

import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archtool.attestations.signatures.signature_check import TrustRules
from archtool.holdings.chain import read_head
from archtool.holdings.register import open_register
from archtool.operations.holdings.verify_register import VerifyRegisterRequest, verify_register
from archtool.results import Result
from command_line import Run, archtool, unmeasured
from packages import left_behind, write_key
from unit.holdings.registers import check, day, ingestion, make_register

KILLS = 12
WRITERS, EVENTS_EACH = 4, 60
_APPEND = """
import sys
from pathlib import Path
from archtool.holdings.register import open_register
from archtool.errors import ArchtoolError
from unit.holdings.registers import SOURCE, day
name, count, size = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
try:
    with open_register(Path(sys.argv[1])) as register:
        for number in range(count):
            detail = {"writer": name, "turn": number, "note": "x" * size}
            register.append(SOURCE.event("x-test", day(number), detail=detail))
            print(number, flush=True)
except ArchtoolError as error:
    print(error.message, error.hint, file=sys.stderr)
    sys.exit(error.exit_code)
"""
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount")


def writer(path: Path, name: str, count: int, size: int = 10, limit_bytes: int = 0) -> subprocess.Popen[str]:
    """Start a process that appends events one by one, and prints each when it is on the disk."""
    folder = Path(__file__).parents[1]
    environment = unmeasured() | {"PYTHONPATH": f"{folder.parent}:{folder}"}
    return subprocess.Popen(
        [sys.executable, "-c", _APPEND, path, name, str(count), str(size)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        preexec_fn=lambda: limited_to(limit_bytes),  # noqa: PLW1509 - no other thread
    )  # fmt: skip


def limited_to(size_bytes: int) -> None:
    """Make every write past this size fail, as on a full disk; 0 allows any."""
    if not size_bytes:
        return
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, size_bytes))


def verified(path: Path) -> Result:
    return verify_register(VerifyRegisterRequest(path, TrustRules(None, None, day(1_000))))


_EXPECTED = ("register.tail-not-proved", "register.time-goes-back")
"""Of every register here: no head was kept elsewhere, and the writers of these tests have other dates."""


def assert_in_order(path: Path) -> int:
    """Check the whole register; return how many events it has."""
    result = verified(path)
    assert [f.message for f in result.findings if f.code not in _EXPECTED] == []
    events = result.facts["events"]
    assert isinstance(events, int)
    return events


def register_of(folder: Path) -> Path:
    with make_register(folder, holdings=3) as register:
        register.append(check(0, day(1)), check(1, day(2), "changed"))
        return register.path


def test_a_register_survives_kills_at_random_instants_with_all_that_was_confirmed(tmp_path: Path) -> None:
    path = register_of(tmp_path)
    instants = random.Random(23)  # noqa: S311 - repeatable, no secret
    events = assert_in_order(path)
    for kill in range(KILLS):
        with writer(path, f"kill-{kill}", 100_000) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(instants.random() * 0.1)
            process.send_signal(signal.SIGKILL)
            confirmed = 1 + len(
                [line for line in process.stdout.read().splitlines(keepends=True) if "\n" in line]
            )
        found = assert_in_order(path)
        assert events + confirmed <= found <= events + confirmed + 1
        events = found


def test_what_a_killed_run_left_in_the_log_is_seen_by_readers(tmp_path: Path) -> None:
    path = register_of(tmp_path)
    with writer(path, "killed", 100_000) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert path.with_name(f"{path.name}-wal").stat().st_size > 0
    assert assert_in_order(path) > 6


def test_four_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    path = register_of(tmp_path)
    writers = [writer(path, f"writer-{n}", EVENTS_EACH) for n in range(WRITERS)]
    for process in writers:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
    assert assert_in_order(path) == 6 + WRITERS * EVENTS_EACH
    with open_register(path, read_only=True) as register:
        rows = register.connection.execute(
            "SELECT record ->> '$.detail.writer', group_concat(record ->> '$.detail.turn') FROM"
            " (SELECT record FROM event WHERE number > 6 ORDER BY number) GROUP BY 1"
        ).fetchall()
    turns = ",".join(map(str, range(EVENTS_EACH)))
    assert rows == [(f"writer-{n}", turns) for n in range(WRITERS)]


def test_readers_do_not_wait_for_a_writer_and_see_only_what_it_has_finished(tmp_path: Path) -> None:
    path = register_of(tmp_path)
    with open_register(path) as register, register.writing() as chain:
        chain.append(ingestion(9))
        started = time.monotonic()
        assert assert_in_order(path) == 6
        assert archtool("holdings", "head", "--register", path).out.splitlines()[2] == "event: 6"
        assert archtool("holdings", "export", tmp_path / "x.jsonl", "--register", path).code == 0
        assert time.monotonic() - started < 5
    assert assert_in_order(path) == 7


def test_a_second_writer_gives_up_after_its_waiting_time(tmp_path: Path) -> None:
    path = register_of(tmp_path)
    with open_register(path) as register, register.writing():
        run = archtool("holdings", "head", "--register", path, "--sign", write_key(tmp_path), "--wait", "0.1")
    assert (run.code, run.out) == (5, "")
    assert "is locked by another run; nothing was changed" in run.err
    assert "hint: wait until it has finished, or wait longer with --wait SECONDS" in run.err
    assert assert_in_order(path) == 6


def test_a_full_disk_ends_a_writer_with_a_hint_and_loses_nothing_confirmed(tmp_path: Path) -> None:
    path = register_of(tmp_path)
    limit = path.stat().st_size + 100_000
    process = writer(path, "full", 1000, 10_000, limit)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 5, err
    assert "cannot use the register" in err
    assert "nothing was changed" in err
    assert assert_in_order(path) == 6 + len(out.splitlines())
    assert archtool("holdings", "head", "--register", path, "--sign", write_key(tmp_path)).code == 0


def limited(limit_bytes: int, *arguments: str | Path) -> Run:
    done = subprocess.run(
        [sys.executable, "-m", "archtool", *arguments], preexec_fn=lambda: limited_to(limit_bytes),
        env=unmeasured(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return Run(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("command", ["init", "import", "export", "export folder"])
def test_a_full_disk_leaves_no_half_of_a_new_register_or_export(tmp_path: Path, command: str) -> None:
    path = register_of(tmp_path)
    with open_register(path) as register:
        register.append(*(ingestion(number) for number in range(10, 200)))
    lines, target = tmp_path / "x.jsonl", tmp_path / "new" / "made"
    assert archtool("holdings", "export", lines, "--register", path).code == 0
    target.parent.mkdir()
    run = {
        "init": lambda: limited(20_000, "holdings", "init", target),
        "import": lambda: limited(60_000, "holdings", "import", lines, "--register", target),
        "export": lambda: limited(
            20_000, "holdings", "export", target.with_suffix(".jsonl"), "--register", path
        ),
        "export folder": lambda: limited(20_000, "holdings", "export", target, "--register", path),
    }[command]()
    assert run.code == 5, run.err
    assert "hint: " in run.err
    assert list(target.parent.iterdir()) == []
    assert left_behind(tmp_path) == []


@contextmanager
def small_disk(folder: Path, options: str) -> Iterator[Path]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", options, "none", folder]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this container cannot mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@needs_root
def test_a_disk_that_is_really_full_is_named_and_the_register_goes_on_when_there_is_space(
    tmp_path: Path,
) -> None:
    with small_disk(tmp_path / "disk", "size=600k") as disk:
        path = register_of(disk)
        process = writer(path, "full", 1000, 10_000)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 5, err
        assert "database or disk is full" in err
        assert "free some space on that disk" in err
        shutil.copytree(disk, tmp_path / "larger")
        assert assert_in_order(tmp_path / "larger" / path.name) == 6 + len(out.splitlines())


@needs_root
def test_a_register_on_a_read_only_disk_can_be_read_and_refuses_events(tmp_path: Path) -> None:
    key = write_key(tmp_path)
    with small_disk(tmp_path / "disk", "size=2m") as disk:
        path = register_of(disk)
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        assert archtool("holdings", "verify", "--register", path).code == 0
        assert archtool("holdings", "export", tmp_path / "x.jsonl", "--register", path).code == 0
        run = archtool("holdings", "head", "--register", path, "--sign", key)
        made = archtool("holdings", "init", disk / "new.register")
    assert (run.code, run.out) == (5, "")
    assert "correct the permissions of the register and of its folder" in run.err
    assert (made.code, "cannot write" in made.err) == (5, True)


@needs_root
def test_a_log_on_a_read_only_disk_is_not_overlooked(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "size=2m") as disk:
        path = register_of(disk)
        with writer(path, "killed", 100) as process:
            assert process.stdout is not None
            process.stdout.readline()
            process.send_signal(signal.SIGKILL)
        path.with_name(f"{path.name}-shm").unlink()
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        run = archtool("holdings", "verify", "--register", path)
    if run.code != 0:  # a newer SQLite reads the log in memory
        assert run.code == 5
        assert "-wal, which cannot be applied here: the folder is read-only" in run.err
        assert "copy both files into a folder that you can write" in run.err


@pytest.mark.parametrize("command", ["verify", "head", "export", "sign"])
def test_a_register_of_a_newer_version_is_refused_and_stays_as_it_is(tmp_path: Path, command: str) -> None:
    path = register_of(tmp_path)
    with open_register(path) as register:
        register.connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    arguments: list[str | Path] = {
        "verify": ["verify"], "head": ["head"], "export": ["export", tmp_path / "x.jsonl"],
        "sign": ["head", "--sign", write_key(tmp_path)],
    }[command]  # fmt: skip
    run = archtool("holdings", *arguments, "--register", path)
    assert (run.code, run.out) == (5, "")
    assert "was written by a newer archtool" in run.err
    assert "hint: install the newer archtool" in run.err
    assert path.read_bytes() == before


def without_claims(export: bytes) -> bytes:
    """Remove the names that signers gave themselves: they are claims, and trust rests on the keys."""
    return re.sub(rb'"signer":"[^"]*"', b"", export)


def test_a_flipped_bit_anywhere_in_the_file_is_detected_or_has_no_effect(tmp_path: Path) -> None:
    path = register_of(tmp_path)
    assert archtool("holdings", "head", "--register", path, "--sign", write_key(tmp_path)).code == 0
    assert archtool("holdings", "export", tmp_path / "right.jsonl", "--register", path).code == 0
    right, data = (tmp_path / "right.jsonl").read_bytes(), path.read_bytes()
    used = [n for n, byte in enumerate(data) if byte]
    chance = random.Random(5)  # noqa: S311 - the same damage in each run
    chosen = chance.sample(used, 150) + list(range(100))
    detected = 0
    folder = tmp_path / "flipped"
    for position in chosen:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        flipped = bytearray(data)
        flipped[position] ^= 1 << position % 8
        (folder / path.name).write_bytes(flipped)
        run = archtool("holdings", "verify", "--register", folder / path.name)
        assert run.code in (0, 1, 3, 5), (position, run.err)
        detected += run.code != 0
        if run.code == 0:
            export = archtool("holdings", "export", folder / "x.jsonl", "--register", folder / path.name)
            assert export.code == 0, position
            assert without_claims((folder / "x.jsonl").read_bytes()) == without_claims(right), position
    assert detected > 100


def test_a_long_reader_sees_one_state_while_others_write(tmp_path: Path) -> None:
    path = register_of(tmp_path)
    with open_register(path, read_only=True) as reader, reader.reading() as connection:
        before = read_head(connection)
        with open_register(path) as register:
            for number in range(20, 60):
                register.append(ingestion(number))
        assert read_head(connection) == before
    with open_register(path) as register:
        assert read_head(register.connection).number == before.number + 40
    assert assert_in_order(path) == before.number + 40
