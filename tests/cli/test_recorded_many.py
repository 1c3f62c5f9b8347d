"""`verify --attest` of many packages in parallel, and after an interrupt."""

from __future__ import annotations

import shutil
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from command_line import ARCHTOOL, archtool, archtool_process
from packages import left_behind, make_package, write_key
from timestamping import (
    TimestampAuthority,
    command_of,
    make_timestamp_authority,
    needs_faketime,
    needs_openssl,
    over_http,
)
from unit.download.servers import Handler, Served, serving

pytestmark = [needs_openssl, needs_faketime]
MOST_SECONDS = 60


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TimestampAuthority:
    return make_timestamp_authority(tmp_path_factory.mktemp("authority") / "tsa")


def make_packages(tmp_path: Path, count: int) -> list[Path]:
    """Make copies of one package in a separate folder."""
    made = make_package(tmp_path)
    return [Path(shutil.copytree(made, tmp_path / "all" / f"package-{number}")) for number in range(count)]


def records_in(packages: list[Path]) -> int:
    return sum((package / "attestations" / "0002-fixity-check").is_dir() for package in packages)


def test_two_packages_are_verified_and_recorded_at_the_same_time(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    """The authority responds only when it has both requests."""
    packages, both = make_packages(tmp_path, 2), threading.Barrier(2)
    answering, answer = threading.Lock(), over_http(authority).raw

    def answer_both(handler: Handler) -> None:
        both.wait(MOST_SECONDS)
        with answering:
            answer(handler)

    with serving({"/tsa": Served(raw=answer_both)}) as server:
        done = archtool_process(
            "verify", *packages, "--jobs", "2", "--attest", write_key(tmp_path),
            "--timestamp", server.url("/tsa"), "--json",
        )  # fmt: skip
    assert done.code == 0, done.err
    assert [result["subject"] for result in done.objects] == [str(package) for package in packages]
    assert records_in(packages) == 2
    assert archtool("verify", *packages).code == 0


def test_a_program_is_run_for_one_timestamp_at_a_time(tmp_path: Path, authority: TimestampAuthority) -> None:
    packages, alone = make_packages(tmp_path, 4), tmp_path / "alone.sh"
    alone.write_text(f"mkdir {tmp_path}/busy || exit 1\n{command_of(authority)}\nrmdir {tmp_path}/busy\n")
    done = archtool_process(
        "verify", *packages, "--jobs", "2", "--attest", write_key(tmp_path),
        "--timestamp-command", f"sh {alone}",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert records_in(packages) == 4


def test_an_interrupt_leaves_no_staging_folder_of_any_process(tmp_path: Path) -> None:
    packages, asked, end = make_packages(tmp_path, 2), threading.Barrier(3), threading.Event()

    def never_answer(_handler: Handler) -> None:
        asked.wait(MOST_SECONDS)
        end.wait(MOST_SECONDS)

    with serving({"/tsa": Served(raw=never_answer)}) as server:
        command = ["--jobs", "2", "--attest", write_key(tmp_path), "--timestamp", server.url("/tsa")]
        running = subprocess.Popen(
            [*ARCHTOOL, "verify", *map(str, packages), *map(str, command)], stderr=subprocess.PIPE
        )
        asked.wait(MOST_SECONDS)
        assert left_behind(tmp_path / "all") != []
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=MOST_SECONDS)
        end.set()
    assert running.returncode == 130
    assert (left_behind(tmp_path / "all"), records_in(packages)) == ([], 0)
