"""Attestations beside a package that cannot be changed where it is kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from command_line import DATE, Run, archtool, assert_loc_agrees
from packages import (
    ARCHIVIST,
    EXAMPLES,
    left_behind,
    make_package,
    pack,
    tree_bytes,
    write_allowed_signers,
    write_key,
)
from unit.files.folders import as_nobody, give_to_nobody, public_folder

CURATOR = "curator@example.org"


def attest(bag: Path, event: str, *options: str | Path, key: Path | None = None) -> Run:
    signing = key or write_key(bag.parent)
    return archtool("attest", bag, "--sign", signing, "--event", event, "--date", DATE, *options)


def make_archive(folder: Path, kind: str = "tar") -> Path:
    archive = folder / f"letter.{kind}"
    made = pack(
        EXAMPLES / "letter" / "description.yaml", archive, "--archive", kind, "--sign", write_key(folder)
    )
    assert made.code == 0, made.err
    return archive


@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_an_archive_is_attested_and_verified_with_a_sidecar(tmp_path: Path, kind: str) -> None:
    archive = make_archive(tmp_path, kind)
    before = archive.read_bytes()
    for event in ("validation", "countersignature"):
        done = attest(archive, event)
        assert done.code == 0
        assert f"sidecar {archive}.attestations: an archive is never changed" in done.said()
    assert archive.read_bytes() == before
    sidecar = tmp_path / f"letter.{kind}.attestations"
    assert sorted(p.name for p in sidecar.iterdir()) == ["0002-validation", "0003-countersignature"]
    sums = (sidecar / "0003-countersignature" / "sha512sums.txt").read_text()
    assert "  attestations/0002-validation/statement.json\n" in sums
    (seen,) = archtool(
        "verify", archive, "--trust", write_allowed_signers(tmp_path, ARCHIVIST), "--json"
    ).objects
    assert (seen["verdict"]["bag"], seen["verdict"]["trust"], seen["findings"]) == ("valid", "trusted", [])
    attestations = seen["facts"]["attestations"]
    assert [a["beside"] for a in attestations] == [False, True, True]
    assert seen["facts"]["sidecar"] == str(sidecar)
    assert seen["facts"]["head"].startswith("0003-countersignature sha512:")
    assert "0003 countersignature" in archtool("show", archive).out
    assert "0002-validation (in the sidecar)" in archtool("verify", archive).said()
    assert left_behind(tmp_path) == []


def test_a_sidecar_in_another_place_is_named_by_an_option(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    elsewhere = tmp_path / "register" / "letter"
    elsewhere.parent.mkdir()
    before = tree_bytes(package)
    assert attest(package, "validation", "--sidecar", elsewhere).code == 0
    assert attest(package, "repair", "--sidecar", elsewhere).code == 0
    assert tree_bytes(package) == before
    assert len(archtool("verify", package, "--json").objects[0]["facts"]["attestations"]) == 1
    (seen,) = archtool("verify", package, "--sidecar", elsewhere, "--json").objects
    assert [a["event"] for a in seen["facts"]["attestations"]] == ["packaging", "validation", "repair"]
    assert "0003 repair" in archtool("show", package, "--sidecar", elsewhere).out


def test_a_plain_bag_is_attested_in_a_sidecar_without_a_change_to_it(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    before = tree_bytes(package)
    assert attest(package, "validation", "--sidecar", tmp_path / "package.attestations").code == 0
    assert tree_bytes(package) == before
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    assert "trust trusted" in archtool("verify", package, "--trust", trust).out
    (package / "VERIFY.txt").write_text("changed")
    assert "trust broken" in archtool("verify", package, "--trust", trust).out


def test_a_read_only_package_is_attested_in_a_sidecar_with_the_reason(tmp_path: Path) -> None:
    key = write_key(tmp_path)
    with public_folder() as folder:
        shutil.copytree(make_package(tmp_path), folder / "package")
        shutil.copy(key, folder / "key")
        (folder / "key").chmod(0o644)
        folder.chmod(0o777)
        with as_nobody():
            done = archtool(
                "attest", folder / "package", "--sign", folder / "key", "--signer", ARCHIVIST,
                "--event", "validation",
            )  # fmt: skip
        assert done.code == 0, done.err
        assert "the package cannot be changed where it is" in done.said()
        assert (folder / "package.attestations" / "0002-validation" / "statement.json").is_file()
        folder.chmod(0o755)
        shutil.rmtree(folder / "package.attestations")
        with as_nobody():
            refused = archtool(
                "attest", folder / "package", "--sign", folder / "key", "--signer", ARCHIVIST,
                "--event", "validation",
            )  # fmt: skip
        assert refused.code == 5
        assert "name one with --sidecar DIR" in refused.said()


def test_a_sidecar_is_merged_byte_for_byte_and_then_removed(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    sidecar = tmp_path / "package.attestations"
    assert attest(package, "validation", "--sidecar", sidecar).code == 0
    assert attest(package, "repair").code == 0  # the chain continues in the package
    beside = {f"attestations/{path}": data for path, data in tree_bytes(sidecar).items()}
    merged = archtool("attest", package, "--merge-sidecar")
    assert merged.code == 0, merged.err
    assert "0002-validation 0003-repair sidecar removed" in merged.said()
    assert beside.items() <= tree_bytes(package).items()
    assert not sidecar.exists()
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    assert archtool("verify", package, "--trust", trust, "--strict").code == 0
    assert_loc_agrees(package)
    assert left_behind(tmp_path) == []
    assert attest(package, "countersignature").code == 0
    assert (package / "attestations" / "0004-countersignature").is_dir()


def test_the_sidecar_of_an_archive_stays_when_it_is_merged_into_an_unpacked_copy(tmp_path: Path) -> None:
    archive = make_archive(tmp_path)
    assert attest(archive, "validation").code == 0
    copy = tmp_path / "copy"
    assert archtool("unpack", archive, "-o", copy).code == 0
    merged = archtool("attest", copy, "--merge-sidecar", "--sidecar", f"{archive}.attestations", "--json")
    assert merged.objects[0]["facts"]["merged"] == ["0002-validation"]
    assert merged.objects[0]["facts"]["kept_for"] == str(archive)
    for bag in (archive, copy):
        assert "0002-validation" in archtool("verify", bag, "--strict").out


def diverged(tmp_path: Path) -> tuple[Path, Path]:
    """A package with a validation, and a sidecar with a repair, both the second attestation."""
    package = make_package(tmp_path)
    sidecar = tmp_path / "package.attestations"
    assert attest(package, "repair", "--sidecar", sidecar).code == 0
    sidecar.rename(tmp_path / "later")
    assert attest(package, "validation").code == 0
    (tmp_path / "later").rename(sidecar)
    return package, sidecar


def test_a_sidecar_that_diverged_from_its_package_is_reported_and_not_merged(tmp_path: Path) -> None:
    package, sidecar = diverged(tmp_path)
    key = write_key(tmp_path)
    before = tree_bytes(tmp_path)
    seen = archtool("verify", package)
    assert seen.code == 1
    assert "the package has 0002-validation where the sidecar has 0002-repair" in seen.said()
    assert "[attestation.grown-apart]" in seen.said()
    for options in (["--merge-sidecar"], ["--sign", key, "--event", "x-more"]):
        refused = archtool("attest", package, *options)
        assert refused.code == 1
        assert "the package has 0002-validation where the sidecar has 0002-repair" in refused.said()
    assert tree_bytes(tmp_path) == before
    assert sidecar.is_dir()


def test_only_the_first_of_two_sidecars_with_the_same_head_is_merged(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    one, other = tmp_path / "one", tmp_path / "other"
    assert attest(package, "validation", "--sidecar", one).code == 0
    assert attest(package, "validation", "--sidecar", other, "--note", "Another one.").code == 0
    assert archtool("attest", package, "--merge-sidecar", "--sidecar", one).code == 0
    before = tree_bytes(tmp_path)
    refused = archtool("attest", package, "--merge-sidecar", "--sidecar", other)
    assert refused.code == 1
    assert "0002-validation differs between the package and the sidecar" in refused.said()
    assert tree_bytes(tmp_path) == before


def test_an_interrupted_merge_resumes_from_any_state(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    sidecar = tmp_path / "package.attestations"
    for event in ("validation", "repair"):
        assert attest(package, event, "--sidecar", sidecar).code == 0
    # one of the two is in the package, no tag manifest lists it, and the sidecar is half removed
    shutil.copytree(sidecar / "0002-validation", package / "attestations" / "0002-validation")
    (sidecar / "0002-validation" / "statement.json").unlink()
    assert "bag valid" in archtool("verify", package).out
    assert archtool("attest", package, "--merge-sidecar").code == 0
    assert not sidecar.exists()
    assert archtool("verify", package, "--strict").code == 0
    # everything is in the package, and the sidecar still exists
    shutil.copytree(package / "attestations" / "0003-repair", sidecar / "0003-repair")
    assert archtool("verify", package, "--strict").code == 0
    again = archtool("attest", package, "--merge-sidecar")
    assert again.code == 0
    assert "nothing to merge: the package already contains everything" in again.said()
    assert not sidecar.exists()


def test_a_damaged_sidecar_is_reported_and_not_merged(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    sidecar = tmp_path / "package.attestations"
    assert attest(package, "countersignature", "--sidecar", sidecar).code == 0
    path = sidecar / "0002-countersignature" / "statement.json"
    path.write_bytes(path.read_bytes().replace(b"payload was not read", b"payload was all read"))
    assert "attestation.checksum-mismatch" in archtool("verify", package).out
    before = tree_bytes(tmp_path)
    assert archtool("attest", package, "--merge-sidecar").code == 1
    assert tree_bytes(tmp_path) == before


def test_an_entry_of_a_sidecar_that_is_not_an_attestation_is_a_finding(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    sidecar = tmp_path / "package.attestations"
    assert attest(package, "validation", "--sidecar", sidecar).code == 0
    (sidecar / "notes.txt").write_text("x")
    (sidecar / "0003-repair").symlink_to(tmp_path)
    (seen,) = archtool("verify", package, "--json").objects
    messages = [f["message"] for f in seen["findings"] if f["code"] == "attestation.unexpected-file"]
    assert messages == [
        "in the sidecar: 0003-repair is a symbolic link",
        "in the sidecar: notes.txt is not part of an attestation",
    ]
    assert archtool("attest", package, "--merge-sidecar").code == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["attest", "{package}", "--merge-sidecar"], 3, "there is no sidecar to merge"),
        (["attest", "{archive}", "--merge-sidecar"], 3, "is an archive, which is never changed"),
        (
            ["attest", "{package}", "--merge-sidecar", "--event", "repair"],
            2,
            "cannot be combined with options for a new claim",
        ),
        (["attest", "{package}", "--merge-sidecar", "--sidecar", "{empty}"], 3, "there is no attestation in"),
        (["verify", "{package}", "--sidecar", "{package}/none"], 3, "there is no such folder"),
        (["verify", "{package}", "{archive}", "--sidecar", "x"], 2, "--sidecar requires a single bag"),
        (["show", "{package}", "--sidecar", "{package}/bagit.txt"], 3, "there is no such folder"),
    ],
)
def test_an_unusable_sidecar_is_refused_with_its_reason(
    tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    (tmp_path / "empty").mkdir()
    places = {
        "package": make_package(tmp_path),
        "archive": make_archive(tmp_path),
        "empty": tmp_path / "empty",
    }
    done = archtool(*(argument.format(**places) for argument in arguments))
    assert done.code == code
    assert words in done.said()


def test_a_sidecar_is_read_within_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = make_package(tmp_path)
    assert attest(package, "validation", "--sidecar", tmp_path / "package.attestations").code == 0
    monkeypatch.setattr("archtool.operations.open_package.sidecar.MAX_SIDECAR_FILES", 2)
    seen = archtool("verify", package)
    assert seen.code == 3
    assert "is too large: at most 2 files" in seen.said()


def test_a_sidecar_that_cannot_be_removed_is_named_and_no_attestation_is_lost(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    assert attest(package, "validation", "--sidecar", tmp_path / "sidecar").code == 0
    with public_folder() as folder:
        shutil.copytree(package, folder / "package")
        shutil.copytree(tmp_path / "sidecar", folder / "shelf" / "sidecar")
        give_to_nobody(folder, folder / "package", *(folder / "package").rglob("*"))
        (folder / "shelf").chmod(0o555)
        with as_nobody():
            merging = [
                "attest",
                folder / "package",
                "--merge-sidecar",
                "--sidecar",
                folder / "shelf" / "sidecar",
            ]
            done = archtool(*merging)
        assert done.code == 5
        assert "the attestations are in the package now, but" in done.said()
        assert "remove it yourself; it is no longer needed" in done.said()
        assert "0002-validation" in archtool("verify", folder / "package", "--strict").out


def test_a_file_of_a_sidecar_without_read_permission_is_named(tmp_path: Path) -> None:
    with public_folder() as folder:
        package = make_package(tmp_path)
        assert attest(package, "validation", "--sidecar", folder / "package.attestations").code == 0
        shutil.copytree(package, folder / "package")
        (folder / "package.attestations" / "0002-validation" / "statement.json").chmod(0)
        give_to_nobody(folder / "package.attestations")
        with as_nobody():
            seen = archtool("verify", folder / "package")
        assert seen.code == 3
        assert "0002-validation/statement.json cannot be read: Permission denied" in seen.said()
