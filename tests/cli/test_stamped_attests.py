"""Timestamps of later attestations, and when a later timestamp would break the package."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from command_line import Run, archtool, assert_loc_agrees
from packages import ARCHIVIST, left_behind, make_package, tree_bytes, write_allowed_signers, write_key
from timestamping import (
    STAMPED_AT,
    TimestampAuthority,
    command_of,
    make_timestamp_authority,
    needs_faketime,
    needs_openssl,
)
from unit.bagit.bag_builders import bag_files, with_tag_manifest, write_bag

pytestmark = [needs_openssl, needs_faketime]
CURATOR = "curator@example.org"
TOKEN = "attestations/0002-validation/sha512sums.txt.curator.sig.tsr"
SINCE = "existed at 2026-11-22T12:00:00+00:00: proved by Test timestamps"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TimestampAuthority:
    return make_timestamp_authority(tmp_path_factory.mktemp("authority") / "tsa")


def attest(package: Path, *options: str | Path) -> Run:
    return archtool(
        "attest", package, "--event", "validation", "--sign", write_key(package.parent, CURATOR), *options
    )


def test_attest_timestamps_the_new_attestation(tmp_path: Path, authority: TimestampAuthority) -> None:
    package = make_package(tmp_path)
    command = command_of(authority)
    made = attest(package, "--timestamp-command", command, "--tsa-roots", authority.roots)
    assert (made.code, made.err) == (0, "")
    assert "  stamped    1 timestamp, by " in made.out
    assert (package / TOKEN).is_file()
    trust = write_allowed_signers(tmp_path, ARCHIVIST, CURATOR)
    seen = archtool("verify", package, "--trust", trust, "--tsa-roots", authority.roots, "--strict")
    assert (seen.code, seen.said().count(SINCE)) == (0, 2)  # the new timestamp covers the earlier attestation
    assert_loc_agrees(package)


def test_verify_timestamps_a_recorded_check(tmp_path: Path, authority: TimestampAuthority) -> None:
    package = make_package(tmp_path)
    recorded = archtool(
        "verify", package, "--attest", write_key(tmp_path), "--timestamp-command", command_of(authority)
    )
    assert recorded.code == 0
    (seen,) = archtool("verify", package, "--tsa-roots", authority.roots, "--json").objects
    (signature,) = seen["facts"]["attestations"][1]["signatures"]
    assert signature["proved_at"] == STAMPED_AT.isoformat()


def test_verify_refuses_a_timestamp_without_a_recorded_check(tmp_path: Path) -> None:
    seen = archtool("verify", make_package(tmp_path), "--timestamp", "http://127.0.0.1:9/")
    assert (seen.code, "--timestamp requires --attest" in seen.err) == (2, True)


def test_merging_a_sidecar_requests_no_timestamps(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    seen = archtool("attest", package, "--merge-sidecar", "--timestamp", "http://127.0.0.1:9/")
    assert (seen.code, "--merge-sidecar cannot be combined" in seen.err) == (2, True)


@pytest.mark.parametrize("asked", ["attest", "verify"])
def test_nothing_is_attested_if_the_requested_timestamp_fails(tmp_path: Path, asked: str) -> None:
    package = make_package(tmp_path)
    before = tree_bytes(package)
    if asked == "attest":
        seen = attest(package, "--timestamp-command", "false")
    else:
        key = write_key(tmp_path)
        seen = archtool("verify", package, "--attest", key, "--timestamp-command", "false")
    assert (seen.code, "no timestamp was received: false ended with exit code 1" in seen.said()) == (5, True)
    assert tree_bytes(package) == before
    assert left_behind(tmp_path) == []


def test_an_archive_gets_a_timestamped_attestation_in_a_sidecar(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    package = make_package(tmp_path)
    archive = tmp_path / "package.tar"
    with tarfile.open(archive, "w") as tar:
        tar.add(package, "package")
    assert attest(archive, "--timestamp-command", command_of(authority)).code == 0
    assert (tmp_path / "package.tar.attestations" / TOKEN.removeprefix("attestations/")).is_file()
    seen = archtool("verify", archive, "--tsa-roots", authority.roots)
    assert (seen.code, seen.said().count(SINCE)) == (0, 1)


def test_a_timestamp_is_written_into_the_sidecar_of_the_newest_attestation(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    package = make_package(tmp_path)
    sidecar = tmp_path / "package.attestations"
    assert attest(package, "--sidecar", sidecar).code == 0
    before = tree_bytes(package)
    added = archtool("timestamp", package, "--command", command_of(authority))
    assert (added.code, f"added to 0002-validation in {sidecar}" in added.said()) == (0, True)
    assert tree_bytes(package) == before
    assert archtool("verify", package, "--tsa-roots", authority.roots, "--strict").code == 0
    assert archtool("attest", package, "--merge-sidecar").code == 0
    assert (package / TOKEN).is_file()
    assert archtool("verify", package, "--tsa-roots", authority.roots, "--strict").code == 0


@pytest.mark.parametrize(
    ("command", "option"), [("timestamp", "--command"), ("renew", "--timestamp-command")]
)
def test_timestamps_do_not_break_another_tools_signature_of_a_tag_manifest(
    tmp_path: Path, authority: TimestampAuthority, command: str, option: str
) -> None:
    package = write_bag(tmp_path / "bag", with_tag_manifest(bag_files()))
    (package / "tagmanifest-sha512.txt.asc").write_text("-----BEGIN PGP SIGNATURE-----\n")
    before = tree_bytes(package)
    refused = archtool(command, package, option, command_of(authority))
    assert refused.code == 3, refused.said()
    assert "signs tagmanifest-sha512.txt, so that this file must not change" in refused.said()
    assert tree_bytes(package) == before


def test_earlier_signatures_without_a_timestamp_are_named(
    tmp_path: Path, authority: TimestampAuthority
) -> None:
    package = make_package(tmp_path)
    assert attest(package).code == 0
    stamped = archtool("timestamp", package, "--command", command_of(authority))
    told = "0001-packaging has signatures without a timestamp; 0002-validation covers them"
    assert (stamped.code, told in stamped.said()) == (0, True)


def test_an_attestation_finished_for_a_killed_run_is_not_reported_as_timestamped(
    tmp_path: Path, authority: TimestampAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = make_package(tmp_path)

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("archtool.operations.attest.place.replace_file", killed)
        with pytest.raises(Killed):
            attest(package)
    (told,) = attest(package, "--timestamp-command", command_of(authority), "--json").objects
    assert told["facts"]["finished"] == ["0002-validation"]
    assert (told["facts"]["timestamps"], told["facts"]["stamped_by"]) == (0, None)
