"""What changes no head (timestamps, merged sidecars), and a register that fails after the signature."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

from cli.test_heads_in_register import attest, attestation_events, head_on_shelf, recorded_head, registered
from command_line import ARCHTOOL, archtool
from packages import write_key
from timestamping import command_of, make_timestamp_authority, needs_faketime, needs_openssl


@needs_openssl
@needs_faketime
def test_a_timestamp_does_not_change_the_head(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    authority = make_timestamp_authority(tmp_path / "tsa")
    assert archtool("timestamp", package, "--command", command_of(authority)).code == 0
    assert recorded_head(register) == str(head_on_shelf(package))
    run = archtool("verify", package, "--register", register, "--json")
    assert (run.code, run.codes) == (0, [])


@needs_openssl
@needs_faketime
def test_an_evidence_record_does_not_change_the_head(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    authority = make_timestamp_authority(tmp_path / "tsa")
    renewed = archtool("renew", package, "--timestamp-command", command_of(authority))
    assert renewed.code == 0, renewed.err
    assert recorded_head(register) == str(head_on_shelf(package))
    run = archtool("verify", package, "--register", register, "--json")
    assert "attestation.head-missing" not in run.codes


def test_merging_a_sidecar_does_not_change_the_head(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    assert attest(package, register, "--sidecar", tmp_path / "package.attestations").code == 0
    before = recorded_head(register)
    assert (before or "").startswith("0002-countersignature ")
    assert archtool("attest", package, "--merge-sidecar").code == 0
    assert before == str(head_on_shelf(package))
    run = archtool("verify", package, "--register", register, "--json")
    assert (run.code, run.codes) == (0, [])


@needs_openssl
@needs_faketime
def test_attest_ends_with_5_if_the_register_is_lost_while_it_signs(tmp_path: Path) -> None:
    package, register = registered(tmp_path)
    authority = make_timestamp_authority(tmp_path / "tsa")
    moved = tmp_path / "moved.register"
    script = tmp_path / "lose-register"
    move = shlex.join(["mv", str(register), str(moved)])
    script.write_text(f'#!/bin/sh\n{move}\nexec {command_of(authority)} "$@"\n')
    script.chmod(0o755)
    run = attest(package, register, "--timestamp-command", script)
    assert run.code == 5
    assert head_on_shelf(package).attestation == "0002-countersignature"
    assert "0002-countersignature is in place, but the register was not updated" in run.said()
    assert f"archtool holdings record-head {package}" in run.said()
    moved.rename(register)
    later = archtool("holdings", "record-head", package, "--register", register)
    assert later.code == 0
    assert recorded_head(register) == str(head_on_shelf(package))
    assert archtool("verify", package, "--register", register).code == 0


def test_four_runs_that_attest_one_package_at_once_leave_the_newest_head_in_the_register(
    tmp_path: Path,
) -> None:
    package, register = registered(tmp_path)
    key = write_key(tmp_path)
    command = [*ARCHTOOL, "attest", package, "--sign", key, "--register", register, "--wait", "60", "--event"]
    runs = [subprocess.Popen([*map(str, command), f"x-run-{number}"]) for number in range(4)]
    assert [run.wait(timeout=120) for run in runs] == [0, 0, 0, 0]
    assert recorded_head(register) == str(head_on_shelf(package))
    events = "".join(attestation_events(register))
    assert all(f'"claim":"x-run-{number}"' in events for number in range(4))
    verified = archtool("verify", package, "--register", register, "--json")
    assert (verified.code, verified.codes) == (0, [])
