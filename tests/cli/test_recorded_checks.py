"""`verify --attest`: a check is recorded only if everything was read and valid."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archtool.files.lock import wait_for_lock
from command_line import DATE, archtool, assert_loc_agrees
from packages import ARCHIVIST, make_package, tree_bytes, write_allowed_signers, write_key
from unit.bagit.bag_builders import bag_files, with_tag_manifest, write_bag


def test_a_check_of_a_valid_package_is_recorded_with_its_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, key = make_package(tmp_path), write_key(tmp_path)
    (counted,) = archtool("verify", package, "--json").objects
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    seen = archtool("verify", package, "--attest", key)
    assert seen.code == 0
    assert "recorded as 0002-fixity-check" in seen.out
    statement = json.loads((package / "attestations" / "0002-fixity-check" / "statement.json").read_text())
    checked = counted["facts"]["checked"]
    assert statement["predicate"]["claimedAt"] == "2027-01-15T08:00:00Z"
    assert statement["predicate"]["details"] == {
        "algorithms": "sha512",
        "bytes": str(checked["bytes"]),
        "checked-with": "archtool 0.1.0",
        "content": "consistent",
        "files": str(checked["files"]),
        "looked-at": "tag files and payload: every file was held against every digest",
        "outcome": "valid",
    }
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    assert archtool("verify", package, "--trust", trust, "--strict").code == 0
    assert_loc_agrees(package)


def test_several_bags_are_checked_and_the_valid_ones_recorded(tmp_path: Path) -> None:
    good = write_bag(tmp_path / "good", with_tag_manifest(bag_files()))
    bad = write_bag(tmp_path / "bad", with_tag_manifest(bag_files()))
    (bad / "data" / "letter.txt").write_bytes(b"changed")
    package = make_package(tmp_path)
    before = tree_bytes(bad)
    bags = [good, bad, tmp_path / "none", package]
    done = archtool("verify", *bags, "--attest", write_key(tmp_path), "--json")
    facts = [seen["facts"]["recorded"] for seen in done.objects]
    assert [fact["recorded"] for fact in facts] == [True, False, False, True]
    assert [fact.get("attestation") for fact in facts] == [
        "0001-fixity-check", None, None, "0002-fixity-check",
    ]  # fmt: skip
    assert [seen["exit_code"] for seen in done.objects] == [0, 1, 3, 0]
    assert done.code == 3
    assert tree_bytes(bad) == before


def test_a_check_of_an_invalid_package_is_not_recorded_and_keeps_its_exit_code(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (package / "data" / "letter.txt").write_text("changed")
    before = tree_bytes(package)
    done = archtool("verify", package, "--attest", write_key(tmp_path))
    assert done.code == 1
    assert "NOT recorded: the bag is not valid" in done.said()
    assert tree_bytes(package) == before


def test_a_valid_bag_with_a_broken_chain_is_not_recorded(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (signature,) = package.glob("attestations/*/*.sig")
    other = signature.read_text().replace("A", "B", 1)
    signature.write_text(other)
    listed = package / "tagmanifest-sha512.txt"
    listed.unlink()
    before = tree_bytes(package)
    done = archtool("verify", package, "--attest", write_key(tmp_path))
    assert done.code == 1
    assert "bag valid" in done.out
    assert "NOT recorded: not attested" in done.said()
    assert tree_bytes(package) == before


@pytest.mark.parametrize("depth", ["--complete", "--fast"])
def test_a_check_that_does_not_read_the_payload_is_not_recorded(tmp_path: Path, depth: str) -> None:
    done = archtool("verify", make_package(tmp_path), depth, "--attest", write_key(tmp_path))
    assert done.code == 2
    assert f"--attest records a check of every file, but {depth} does not read the payload" in done.said()


def test_a_name_without_a_key_is_refused(tmp_path: Path) -> None:
    done = archtool("verify", make_package(tmp_path), "--signer", ARCHIVIST)
    assert done.code == 2
    assert "give --attest KEY" in done.err


def test_a_check_that_could_not_be_recorded_still_has_its_verdict(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    with wait_for_lock(package, 0, print):
        done = archtool("verify", package, "--attest", write_key(tmp_path), "--wait", "0")
    assert done.code == 5
    assert "bag valid" in done.out
    assert "[attestation.not-recorded]" in done.said()


def test_a_package_shows_the_date_of_each_check(tmp_path: Path) -> None:
    package, key = make_package(tmp_path), write_key(tmp_path)
    for _ in range(14):
        assert archtool("attest", package, "--sign", key, "--event", "validation", "--date", DATE).code == 0
    said = archtool("verify", package).out
    assert "… and 3 more attestations (--json lists them all)" in said
    assert "0001-packaging" in said
    assert "0002-validation" not in said
    assert "0015-validation: dated 2026-11-22T12:00:00Z by its signer" in said
