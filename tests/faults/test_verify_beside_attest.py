"""`verify` while other processes attest the package: a valid package is never reported as faulty."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from archtool.files.lock import wait_for_lock
from command_line import ARCHTOOL, DATE, archtool
from faults.test_exchanged_meanwhile import Openings
from packages import ARCHIVIST, make_package, pack, write_allowed_signers, write_key, write_letter

if TYPE_CHECKING:
    import pytest

ATTESTS = 12
AT_ONCE = 3


def attest(package: Path, key: Path, *options: str | Path) -> subprocess.CompletedProcess[str]:
    command = [
        "attest",
        package,
        "--sign",
        key,
        "--event",
        "x-seen",
        "--date",
        DATE,
        "--wait",
        "60",
        *options,
    ]
    return subprocess.run(
        [*ARCHTOOL, *map(str, command)], capture_output=True, check=False, text=True, timeout=120
    )


def verify_while_attesting(package: Path, key: Path, trust: Path, *options: str | Path) -> list[str]:
    """Verify repeatedly until all attestations are made; returns the output of each run with a fault."""
    faults, count = [], 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = [pool.submit(attest, package, key, *options) for _ in range(ATTESTS)]
        while not all(future.done() for future in running):
            run = archtool("verify", package, "--trust", trust, *options)
            count += 1
            if run.code != 0 or "bag valid" not in run.out or "trust trusted" not in run.out:
                faults.append(run.out + run.err)
    assert [future.result().stderr for future in running if future.result().returncode != 0] == []
    assert count >= ATTESTS
    return faults


def test_a_package_that_is_being_attested_stays_valid_and_trusted(tmp_path: Path) -> None:
    package, key = make_package(tmp_path), write_key(tmp_path)
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    assert verify_while_attesting(package, key, trust) == []
    assert len(list((package / "attestations").iterdir())) == ATTESTS + 1


def test_a_file_is_not_reported_as_unlisted_between_the_two_steps_of_an_attest(tmp_path: Path) -> None:
    """The attestation exists, and its lines are added to the tag manifest a moment later."""
    package, key = make_package(tmp_path), write_key(tmp_path)
    manifest = package / "tagmanifest-sha512.txt"
    before = manifest.read_bytes()
    assert attest(package, key).returncode == 0
    after = manifest.read_bytes()
    manifest.write_bytes(before)
    killed = archtool("verify", package, "--strict")
    assert (killed.code, "is listed in no tag manifest" in killed.said()) == (1, True)
    with contextlib.ExitStack() as stack:
        stack.enter_context(wait_for_lock(package, 0, print))

        def finish() -> None:
            manifest.write_bytes(after)
            stack.close()

        timer = threading.Timer(0.5, finish)
        timer.start()
        run = archtool("verify", package, "--strict")
        timer.join()
    assert (run.code, run.err) == (0, ""), run.out


def test_a_payload_file_that_changes_during_an_attestation_is_still_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, key = make_package(tmp_path), write_key(tmp_path)
    letter = package / "data" / "letter.txt"

    def change_both() -> None:
        assert attest(package, key).returncode == 0
        letter.write_bytes(letter.read_bytes())

    Openings(monkeypatch).after["bagit.txt", 1] = change_both
    run = archtool("verify", package, "--json")
    assert run.code == 3
    assert "fixity.changed-while-read" in run.codes


def test_an_archive_whose_sidecar_is_being_extended_stays_valid_and_trusted(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    package, key = tmp_path / "package.tar", write_key(tmp_path)
    assert pack(write_letter(sources), package, "--sign", key, "--archive", "tar").code == 0
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    assert verify_while_attesting(package, key, trust) == []
    assert len(list((tmp_path / "package.tar.attestations").iterdir())) == ATTESTS
