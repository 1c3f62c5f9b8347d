"""`archtool repair`: what vouches for a file, and what is never believed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from command_line import DATE, archtool
from packages import ARCHIVIST, retag, tree_bytes, write_allowed_signers, write_key
from repairs import FORGED, LETTER, flip, forge, make_copies, repair, replaced_folders
from unit.bagit.bag_builders import bag_files, write_bag

FORGER = "forger@example.org"


def sign_again(package: Path, folder: Path) -> None:
    """Replace the attestation of a package by one of a forger."""
    shutil.rmtree(package / "attestations")
    retag(package)
    key = write_key(folder, FORGER)
    done = archtool("attest", package, "--event", "packaging", "--sign", key, "--date", DATE)
    assert done.code == 0, done.said()


def test_two_copies_that_agree_with_each_other_lose_against_the_signature(tmp_path: Path) -> None:
    package, one, two = make_copies(tmp_path, 2)
    for copy in (one, two):
        forge(copy)
    before = tree_bytes(package)
    seen = repair(package, one, two, options=("--apply",))
    assert seen.code == 0
    assert "nothing to repair" in seen.said()
    assert tree_bytes(package) == before


def test_a_forged_letter_is_not_used_although_two_copies_have_it_with_fitting_manifests(
    tmp_path: Path,
) -> None:
    package, one, two = make_copies(tmp_path, 2)
    for copy in (one, two):
        forge(copy)
    (package / LETTER).unlink()
    done = repair(package, one, two, options=("--apply", "--json"))
    assert (done.code, done.objects[0]["verdict"]["repair"]) == (1, "not-possible")
    assert set(done.objects[0]["facts"]["files"][0]["copies"].values()) == {"damaged"}
    assert not (package / LETTER).exists()


def test_a_lost_manifest_is_not_replaced_by_a_forged_one(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    forge(copy)
    (package / "manifest-sha512.txt").unlink()
    done = repair(package, copy, options=("--apply", "--json"))
    assert (done.code, done.objects[0]["verdict"]["repair"]) == (1, "refused")
    assert not (package / "manifest-sha512.txt").exists()


def test_two_forged_packages_are_restored_from_the_one_that_the_archivist_signed(tmp_path: Path) -> None:
    package, forged, good = make_copies(tmp_path, 2)
    for place in (package, forged):
        forge(place)
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    done = repair(package, forged, good, options=("--apply", "--trust", trust))
    assert done.code == 0, done.said()
    assert tree_bytes(package) == tree_bytes(good)
    (kept,) = replaced_folders(package)
    assert (kept / "files" / LETTER).read_text() == FORGED


@pytest.mark.parametrize("has_trust", [True, False], ids=["with-trust", "without-trust"])
def test_a_copy_that_a_forger_signed_is_not_believed(tmp_path: Path, *, has_trust: bool) -> None:
    package, copy = make_copies(tmp_path)
    forge(copy)
    sign_again(copy, tmp_path)
    before = tree_bytes(package)
    trust = ("--trust", write_allowed_signers(tmp_path, ARCHIVIST)) if has_trust else ()
    done = repair(package, copy, options=("--apply", *trust))
    assert (done.code, tree_bytes(package)) == (0, before)
    assert ("repair.copy-differs" in done.err) is not has_trust


def test_a_damaged_signature_does_not_open_the_door_to_a_forger(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    flip(package, "attestations/0001-packaging/sha512sums.txt.archivist.sig", at=60)
    forge(copy)
    sign_again(copy, tmp_path)
    before = tree_bytes(package)
    done = repair(package, copy, options=("--apply", "--json"))
    assert (done.code, done.objects[0]["verdict"]["repair"]) == (1, "refused")
    assert tree_bytes(package) == before


def test_a_later_attestation_of_a_copy_is_restored_only_if_its_signer_is_trusted(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    key = write_key(tmp_path)
    attesting = ("attest", copy, "--event", "validation", "--sign", key, "--date", DATE)
    assert archtool(*attesting).code == 0
    unasked = repair(package, copy, options=("--json",))
    assert (unasked.code, unasked.codes) == (0, ["repair.copy-is-newer"])
    trust = write_allowed_signers(tmp_path, ARCHIVIST)
    done = repair(package, copy, options=("--apply", "--trust", trust))
    assert done.code == 0, done.said()
    assert tree_bytes(package) == tree_bytes(copy)


def test_an_unsigned_package_is_judged_by_its_own_tag_manifest(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path, signed=False)
    good = tree_bytes(package)
    flip(package)
    flip(package, "bag-info.txt")
    (package / "manifest-sha512.txt").unlink()
    done = repair(package, copy, options=("--apply",))
    assert done.code == 0, done.said()
    assert "nothing is signed" in done.said()
    assert tree_bytes(package) == good


def test_unsigned_packages_with_different_intact_manifests_are_refused(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path, signed=False)
    forge(copy)
    (package / LETTER).unlink()
    done = repair(package, copy, options=("--apply", "--json"))
    assert (done.code, done.codes) == (1, ["repair.manifests-disagree"])
    assert done.objects[0]["verdict"]["repair"] == "refused"
    assert not (package / LETTER).exists()


def test_without_any_manifest_of_its_own_an_unsigned_package_is_refused(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path, signed=False)
    for name in ("manifest-sha512.txt", "tagmanifest-sha512.txt"):
        (package / name).unlink()
    done = repair(package, copy, options=("--apply", "--json"))
    assert done.code == 1
    assert done.objects[0]["verdict"]["repair"] == "refused"


def test_an_unsigned_tag_manifest_of_a_copy_does_not_replace_a_file_that_the_package_has(
    tmp_path: Path,
) -> None:
    package, copy = make_copies(tmp_path, signed=False)
    (copy / "bag-info.txt").write_text("Contact-Name: somebody else\n")
    retag(copy)
    (package / "tagmanifest-sha512.txt").unlink()
    before = tree_bytes(package)
    assert repair(package, copy, options=("--apply",)).code in (0, 1)
    assert tree_bytes(package) == before


def test_a_signed_package_whose_signers_are_not_trusted_is_refused_with_a_hint(tmp_path: Path) -> None:
    package, copy = make_copies(tmp_path)
    flip(package)
    trust = write_allowed_signers(tmp_path, FORGER)
    done = repair(package, copy, options=("--apply", "--trust", trust))
    assert done.code == 1
    assert "repair.nothing-vouches" in done.err
    assert "names the keys of this package" in done.said()


def test_a_foreign_bag_without_tag_manifest_is_repaired_if_the_copy_has_the_same_manifest(
    tmp_path: Path,
) -> None:
    package, copy = (write_bag(tmp_path / name, bag_files()) for name in ("bag", "copy"))
    (path,) = (str(p.relative_to(package)) for p in sorted((package / "data").rglob("*"))[:1])
    flip(package, path)
    done = repair(package, copy, options=("--apply",))
    assert done.code == 0, done.said()
    assert tree_bytes(package) == tree_bytes(copy)
