"""`verify` while other processes attest the same package: a sound package is never called faulty."""

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
    """Verify again and again until all attestations are made; return what was said of each faulty look."""
    faults, looks = [], 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = [pool.submit(attest, package, key, *options) for _ in range(ATTESTS)]
        while not all(one.done() for one in running):
            seen = archtool("verify", package, "--trust", trust, *options)
            looks += 1
            if seen.code != 0 or "bag valid" not in seen.out or "trust trusted" not in seen.out:
                faults.append(seen.out + seen.err)
    assert [one.result().stderr for one in running if one.result().returncode != 0] == []
    assert looks >= ATTESTS
    return faults


def test_a_package_that_is_being_attested_stays_valid_and_trusted(tmp_path: Path) -> None:
    package, key = make_package(tmp_path), write_key(tmp_path)
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    assert verify_while_attesting(package, key, trust) == []
    assert len(list((package / "attestations").iterdir())) == ATTESTS + 1


def test_between_the_two_steps_of_an_attest_nothing_is_said_to_be_unlisted(tmp_path: Path) -> None:
    """The attestation is there, and its lines in the tag manifest come a moment later."""
    package, key = make_package(tmp_path), write_key(tmp_path)
    manifest = package / "tagmanifest-sha512.txt"
    before = manifest.read_bytes()
    assert attest(package, key).returncode == 0
    after = manifest.read_bytes()
    manifest.write_bytes(before)
    killed = archtool("verify", package, "--strict")
    assert (killed.code, "is listed in no tag manifest" in killed.said()) == (1, True)
    with contextlib.ExitStack() as held:
        held.enter_context(wait_for_lock(package, 0, print))

        def finish() -> None:
            manifest.write_bytes(after)
            held.close()

        timer = threading.Timer(0.5, finish)
        timer.start()
        seen = archtool("verify", package, "--strict")
        timer.join()
    assert (seen.code, seen.err) == (0, ""), seen.out


def test_a_payload_file_that_changes_beside_an_attestation_is_still_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, key = make_package(tmp_path), write_key(tmp_path)
    letter = package / "data" / "letter.txt"

    def change_both() -> None:
        assert attest(package, key).returncode == 0
        letter.write_bytes(letter.read_bytes())

    Openings(monkeypatch).after["bagit.txt", 1] = change_both
    seen = archtool("verify", package, "--json")
    assert seen.code == 3
    assert "fixity.changed-while-read" in seen.codes


def test_an_archive_that_is_being_attested_beside_it_stays_valid_and_trusted(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    package, key = tmp_path / "package.tar", write_key(tmp_path)
    assert pack(write_letter(sources), package, "--sign", key, "--archive", "tar").code == 0
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    assert verify_while_attesting(package, key, trust) == []
    assert len(list((tmp_path / "package.tar.attestations").iterdir())) == ATTESTS
