"""A fetch that is killed, stalled or started twice: no incomplete file gets into the bag."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

from archtool.download.partial_files import store_folder
from command_line import archtool, unmeasured
from faults.test_killed_runs import limited_to
from unit.bagit.bag_builders import bag_files, digest, write_bag
from unit.download.holey import leftovers, payload_of, served_bag
from unit.download.servers import Served, serving

NAME = "data/film.mkv"
DATA = bytes(range(256)) * 4000
HALF = 500_000
STALLED = {"/" + NAME: Served(DATA, waits_after=HALF)}


def start_fetch(bag: Path, *options: str, measured: bool = False) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "archtool", "fetch", str(bag), "--allow-private", *options]
    env = dict(os.environ) if measured else unmeasured()
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)


def wait_for_half(bag: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until half of the file is stored next to the bag."""
    while sum(p.stat().st_size for p in store_folder(bag).glob("*.part")) < HALF:
        assert process.poll() is None, process.communicate()
        os.sched_yield()


def test_a_killed_run_is_resumed_at_the_received_byte(tmp_path: Path) -> None:
    with serving(STALLED) as store:
        bag = served_bag(tmp_path / "bag", store, {NAME: DATA})
        with start_fetch(bag) as process:
            wait_for_half(bag, process)
            process.send_signal(signal.SIGKILL)
        assert payload_of(bag) == {}
        store.files["/" + NAME] = Served(DATA)
        store.sent_bytes = 0
        run = archtool("fetch", bag, "--allow-private", "--json")
        assert [asked.headers["Range"] for asked in store.requests] == [None, f"bytes={HALF}-"]
        assert store.sent_bytes == len(DATA) - HALF
    (result,) = run.objects
    assert (run.code, result["facts"]["fetched"][0]["resumed"]) == (0, True)
    assert result["facts"]["received_bytes"] == len(DATA) - HALF
    assert payload_of(bag) == {NAME: DATA}
    assert leftovers(bag) == []


def test_an_interrupted_run_ends_soon_and_keeps_the_received_bytes(tmp_path: Path) -> None:
    with serving(STALLED) as store:
        bag = served_bag(tmp_path / "bag", store, {NAME: DATA})
        with start_fetch(bag, measured=True) as process:
            wait_for_half(bag, process)
            process.send_signal(signal.SIGTERM)
            _, stderr = process.communicate(timeout=30)
        assert not store.release.is_set()
    assert (process.returncode, stderr.strip()) == (
        130,
        b"archtool: interrupted; no incomplete output was left",
    )
    assert payload_of(bag) == {}
    assert leftovers(bag) == [store_folder(bag).name]


def test_a_second_run_for_one_bag_is_refused(tmp_path: Path) -> None:
    with serving(STALLED) as store:
        bag = served_bag(tmp_path / "bag", store, {NAME: DATA})
        with start_fetch(bag, measured=True) as first:
            wait_for_half(bag, first)
            second = archtool("fetch", bag, "--allow-private", "--json")
            store.release.set()
            assert first.wait(timeout=60) == 0
            first.communicate()
        assert len(store.requests) == 1
    assert (second.code, second.codes) == (5, ["remote.locked"])
    assert payload_of(bag) == {NAME: DATA}
    assert leftovers(bag) == []


def test_a_full_disk_ends_the_run_and_leaves_the_bag_unchanged(tmp_path: Path) -> None:
    payload = {NAME: DATA} | {f"data/{n}": DATA for n in range(9)}
    with serving({"/" + path: data for path, data in payload.items()}) as store:
        bag = served_bag(tmp_path / "bag", store, payload)
        done = subprocess.run(
            [sys.executable, "-m", "archtool", "fetch", str(bag), "--allow-private", "--jobs", "1"],
            preexec_fn=lambda: limited_to(HALF),
            env=unmeasured(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert len(store.requests) < 4  # requests that were already queued can have been sent
    assert done.returncode == 5, done.stderr
    assert "cannot write" in done.stdout
    assert "hint: check the free space" in done.stdout
    assert payload_of(bag) == {}
    archtool("fetch", bag, "--dry-run")
    assert leftovers(bag) == [store_folder(bag).name]


LINES = 100_000
MAX_MEMORY_BYTES = 400_000_000  # four thousand bytes for each line, including the program


def test_a_list_of_a_hundred_thousand_lines_needs_limited_memory(tmp_path: Path) -> None:
    names = [f"data/{number:06}" for number in range(LINES)]
    files = {
        "bagit.txt": bag_files()["bagit.txt"],
        "manifest-md5.txt": "".join(f"{digest(b'', 'md5')}  {name}\n" for name in names).encode(),
        "fetch.txt": "".join(f"http://example.org/{name} 1 {name}\n" for name in names).encode(),
    }
    bag = write_bag(tmp_path / "bag", files)
    with (tmp_path / "out").open("wb") as out:
        command = [sys.executable, "-m", "archtool", "fetch", str(bag), "--dry-run", "--json"]
        # a limit instead of the peak: on Linux the peak includes the parent process
        done = subprocess.run(
            command,
            stdout=out,
            stderr=subprocess.PIPE,
            env=unmeasured(),
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES)),
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "out").read_bytes())["facts"]["to_fetch"]["files"] == LINES
