"""`archtool verify`: three separate verdicts, and exit codes that scripts can rely on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from command_line import archtool
from packages import ARCHIVIST, make_package, tree_bytes, write_allowed_signers, write_key


def verdicts(package: Path, *options: str | Path) -> tuple[int, str, str, str]:
    """Return the exit code and the three verdicts."""
    seen = archtool("verify", package, "--json", *options)
    verdict = seen.objects[0]["verdict"]
    return seen.code, verdict["bag"], verdict["content"], verdict["trust"]


def test_a_package_is_valid_consistent_and_trusted(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    assert verdicts(package, "--trust", trust) == (0, "valid", "consistent", "trusted")


def test_without_allowed_signers_trust_is_not_checked(tmp_path: Path) -> None:
    assert verdicts(make_package(tmp_path)) == (0, "valid", "consistent", "not-asked")


def test_a_key_that_is_not_listed_is_untrusted(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    trust = write_allowed_signers(tmp_path / "elsewhere", "stranger@example.net")
    assert verdicts(package, "--trust", trust) == (4, "valid", "consistent", "untrusted")


def test_an_unsigned_package_is_reported_as_unsigned_if_trust_is_requested(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    assert verdicts(package, "--trust", trust) == (4, "valid", "consistent", "unsigned")
    assert verdicts(package) == (0, "valid", "consistent", "not-asked")


def test_a_revoked_key_is_never_trusted(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    revoked = write_key(tmp_path).with_suffix(".pub")
    assert verdicts(package, "--trust", trust, "--revoked", revoked)[::3] == (4, "untrusted")


def test_a_changed_payload_decides_the_exit_code_before_missing_trust(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    (package / "data" / "letter.txt").write_text("To the sectionz.\n")
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    assert verdicts(package, "--trust", trust) == (1, "invalid", "consistent", "unsigned")


def test_the_changed_file_is_named_with_its_manifest_line(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (package / "data" / "letter.txt").write_text("To the sectionz.\n")
    seen = archtool("verify", package)
    assert seen.code == 1
    assert "data/letter.txt (manifest-sha512.txt line 1)" in seen.said()
    assert "fixity.digest-mismatch" in seen.out


def test_a_missing_file_makes_a_package_incomplete_and_not_invalid(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    (package / "data" / "letter.txt").unlink()
    assert verdicts(package) == (1, "incomplete", "inconsistent", "not-asked")


def test_an_added_file_is_found(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (package / "data" / "more.txt").write_text("x")
    seen = archtool("verify", package, "--json")
    assert {"complete.file-unlisted", "content.file-not-described", "oxum.differs"} <= set(seen.codes)


def test_an_unsigned_tag_file_is_found(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (package / "note.txt").write_text("x")
    seen = archtool("verify", package, "--json")
    assert seen.code == 1
    assert "attestation.uncovered-tag-file" in seen.codes


def test_one_bad_bag_does_not_prevent_the_verification_of_the_others(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    seen = archtool("verify", tmp_path / "missing", package, "--json")
    assert [o["verdict"]["bag"] for o in seen.objects] == ["unreadable", "valid"]
    assert (seen.code, seen.objects[0]["exit_code"], seen.objects[1]["exit_code"]) == (3, 3, 0)


def test_the_last_line_counts_what_was_checked(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    last = archtool("verify", package, package).out.splitlines()[-1]
    assert last.startswith("2 bags · 26 files read · ")


def test_strict_counts_warnings(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    (package / "note.txt").write_text("x")
    assert archtool("verify", package).code == 0
    assert archtool("verify", package, "--strict").code == 1


def test_a_foreign_bag_is_valid_and_not_described(tmp_path: Path) -> None:
    import bagit

    (tmp_path / "bag").mkdir()
    (tmp_path / "bag" / "letter.txt").write_text("x")
    bagit.make_bag(str(tmp_path / "bag"))
    assert verdicts(tmp_path / "bag") == (0, "valid", "not-described", "not-asked")


def test_a_folder_that_is_not_a_bag_gets_no_verdict(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x")
    seen = archtool("verify", tmp_path, "--json")
    assert (seen.code, seen.codes) == (3, ["bag.not-a-bag"])
    assert seen.objects[0]["verdict"]["bag"] == "unreadable"


def test_a_bag_without_its_bagit_txt_is_a_damaged_bag(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (package / "bagit.txt").unlink()
    seen = archtool("verify", package, "--json")
    assert (seen.code, "declaration.missing" in seen.codes) == (1, True)
    assert "has no bagit.txt" in archtool("show", package).err


def test_the_second_opinion_is_named(tmp_path: Path) -> None:
    seen = archtool("verify", make_package(tmp_path), "--second-opinion")
    assert seen.code == 0
    assert "says: valid [second-opinion.agrees]" in seen.said()


def test_a_second_opinion_that_differs_is_quoted_in_a_warning(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    # the library compares no oxum whose label has another case: a known difference
    info = package / "bag-info.txt"
    info.write_text(info.read_text().replace("Payload-Oxum: 17.1", "payload-oxum: 18.1"))
    for name in ("attestations", "tagmanifest-sha512.txt"):
        target = package / name
        shutil.rmtree(target) if target.is_dir() else target.unlink()
    seen = archtool("verify", package, "--second-opinion", "--json")
    assert {"oxum.differs", "second-opinion.differs"} <= set(seen.codes)


def test_verify_writes_nothing(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    before = tree_bytes(tmp_path)
    archtool("verify", package, "--second-opinion", "--jobs", "3")
    assert tree_bytes(tmp_path) == before


def test_json_names_the_signers(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    (result,) = archtool("verify", package, "--trust", trust, "--json").objects
    (attestation,) = result["facts"]["attestations"]
    (signature,) = attestation["signatures"]
    assert attestation["claimants"] == [ARCHIVIST]
    assert (signature["is_good"], signature["principals"]) == (True, [ARCHIVIST])
    assert signature["trusted_by"] == f"{trust}:1"


@pytest.mark.parametrize("text", ["archivist@example.org ssh-ed25519 ???", "no key here at all"])
def test_an_unreadable_allowed_signers_line_is_named(tmp_path: Path, text: str) -> None:
    trust = tmp_path / "allowed_signers"
    trust.write_text(f"# whom we believe\n{text}\n")
    seen = archtool("verify", make_package(tmp_path), "--trust", trust)
    assert seen.code == 3
    assert f"{trust}:2" in seen.err


def test_a_missing_allowed_signers_file_is_named(tmp_path: Path) -> None:
    seen = archtool("verify", make_package(tmp_path), "--trust", tmp_path / "nobody")
    assert seen.code == 3
    assert str(tmp_path / "nobody") in seen.err


def test_a_metadata_file_exchanged_with_its_digests_is_found_by_the_signature(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    citation = package / "metadata" / "citation.json"
    citation.write_text(citation.read_text().replace("no 3", "no 4"))
    import hashlib

    old = hashlib.sha512(make_old(citation)).hexdigest()
    new = hashlib.sha512(citation.read_bytes()).hexdigest()
    manifest = package / "tagmanifest-sha512.txt"
    assert old in manifest.read_text()
    manifest.write_text(manifest.read_text().replace(old, new))
    seen = archtool("verify", package, "--json")
    assert seen.objects[0]["verdict"] == {"bag": "valid", "content": "inconsistent", "trust": "broken"}


def make_old(citation: Path) -> bytes:
    return citation.read_text().replace("no 4", "no 3").encode()
