"""`archtool repair`: another package in the place of a copy, and tag files that only a copy vouches for."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from command_line import archtool
from packages import make_package, retag, tree_bytes
from register_commands import init_register, make_bag
from repairs import events_of, flip, make_copies, replaced_folders, states_of

NAME = "letters-1"


def register_copies(register: Path, bag: Path, *copies: Path) -> Path:
    assert archtool("holdings", "add", bag, "--name", NAME).code == 0
    for copy in copies:
        added = archtool("holdings", "copies", NAME, "--add", copy)
        assert added.code == 0, added.said()
    return register


def two_bags(folder: Path, monkeypatch: pytest.MonkeyPatch, *, tagged: bool) -> tuple[Path, Path, Path]:
    """Return a register, and the two copies of an unsigned bag in it, with or without a tag manifest."""
    bag, copy = make_bag(folder / "bag", NAME), folder / "copy"
    if tagged:
        retag(bag)
    shutil.copytree(bag, copy)
    return register_copies(init_register(folder, monkeypatch), bag, copy), bag, copy


def make_other(path: Path, *, tagged: bool) -> Path:
    """Put another valid bag at a path."""
    shutil.rmtree(path)
    make_bag(path, "other", b"Another letter\n", "Source-Organization: another archive\n")
    (path / "data" / "more.txt").write_text("More")
    manifest = manifest_of(path)
    (path / "manifest-sha512.txt").write_text(manifest)
    info = path / "bag-info.txt"
    info.write_text(info.read_text().replace("Payload-Oxum: 15.1", "Payload-Oxum: 19.2"))
    if tagged:
        (path / "notes.txt").write_text("A tag file that the registered package does not have.\n")
        retag(path)
    return path


def manifest_of(bag: Path) -> str:
    files = sorted(path for path in (bag / "data").rglob("*") if path.is_file())
    return "".join(
        f"{hashlib.sha512(path.read_bytes()).hexdigest()}  {path.relative_to(bag)}\n" for path in files
    )


@pytest.mark.parametrize("tagged", [True, False], ids=["with-tag-manifest", "without"])
def test_another_package_is_replaced_as_a_whole_and_kept_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, tagged: bool
) -> None:
    register, bag, copy = two_bags(tmp_path, monkeypatch, tagged=tagged)
    other = tree_bytes(make_other(bag, tagged=tagged))
    assert archtool("verify", bag).code == 0
    shown = archtool("repair", NAME, "--copy", bag)
    assert shown.code == 1
    assert "repair.other-package" in shown.err
    assert "another package stands in its place" in shown.said()
    assert "the whole package can be replaced by copy 1" in shown.out
    assert tree_bytes(bag) == other
    done = archtool("repair", NAME, "--copy", bag, "--apply")
    assert done.code == 0, done.said()
    assert tree_bytes(bag) == tree_bytes(copy)
    (kept,) = replaced_folders(bag)
    assert tree_bytes(kept / "files") == other
    assert "The register has other manifests" in (kept / "REPAIR.txt").read_text()
    assert [event["event"] for event in events_of(register, NAME)[-2:]] == ["repair", "fixity-check"]
    told = " ".join(archtool("holdings", "events", NAME).out.split())
    assert f"another package was replaced as a whole from {copy}" in told
    assert archtool("audit", "--all").code == 0
    assert archtool("repair", NAME, "--apply").code == 0


def test_another_package_whose_files_have_the_same_names_is_replaced_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, bag, copy = two_bags(tmp_path, monkeypatch, tagged=False)
    shutil.rmtree(bag)
    other = tree_bytes(make_bag(bag, "other", b"Another letter\n"))
    done = archtool("repair", NAME, "--copy", bag, "--apply")
    assert done.code == 0, done.said()
    assert tree_bytes(bag) == tree_bytes(copy)
    (kept,) = replaced_folders(bag)
    assert tree_bytes(kept / "files") == other


def test_a_copy_without_tag_manifest_that_is_gone_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, bag, copy = two_bags(tmp_path, monkeypatch, tagged=False)
    shutil.rmtree(bag)
    done = archtool("repair", NAME, "--copy", bag, "--apply")
    assert done.code == 0, done.said()
    assert tree_bytes(bag) == tree_bytes(copy)


def test_another_package_is_left_alone_if_no_copy_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, bag, copy = two_bags(tmp_path, monkeypatch, tagged=True)
    other = tree_bytes(make_other(bag, tagged=True))
    flip(copy)
    done = archtool("repair", NAME, "--copy", bag, "--apply")
    assert done.code == 1
    assert "repair another copy first" in done.said()
    assert tree_bytes(bag) == other
    assert replaced_folders(bag) == []


def test_a_signed_package_in_the_place_of_another_one_is_replaced_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, copy = make_copies(tmp_path)
    register = register_copies(init_register(tmp_path, monkeypatch), package, copy)
    shutil.rmtree(package)
    make_bag(package, "other", b"Another letter\n")
    retag(package)
    done = archtool("repair", NAME, "--copy", package, "--apply")
    assert done.code == 0, done.said()
    assert tree_bytes(package) == tree_bytes(copy)
    assert states_of(register, NAME)[str(package)] == "ok"


def test_tag_files_that_contradict_the_tag_manifest_of_a_valid_copy_are_restored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, bag, copy = two_bags(tmp_path, monkeypatch, tagged=True)
    for path in ("bag-info.txt", "manifest-sha512.txt", "tagmanifest-sha512.txt"):
        flip(bag, path)
    done = archtool("repair", NAME, "--copy", bag, "--apply")
    assert done.code == 0, done.said()
    assert tree_bytes(bag) == tree_bytes(copy)


def test_lost_tag_files_that_no_manifest_lists_are_restored_from_a_valid_registered_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, bag, copy = two_bags(tmp_path, monkeypatch, tagged=False)
    for path in ("bagit.txt", "bag-info.txt"):
        (bag / path).unlink()
    done = archtool("repair", NAME, "--copy", bag, "--apply")
    assert done.code == 0, done.said()
    assert tree_bytes(bag) == tree_bytes(copy)


@pytest.mark.parametrize("why", ["damaged", "disputed", "not-registered"])
def test_lost_tag_files_for_which_nothing_vouches_are_reported_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    register, bag, copy = two_bags(tmp_path, monkeypatch, tagged=False)
    (bag / "bag-info.txt").unlink()
    words: tuple[str | Path, ...] = (NAME, "--copy", bag)
    if why == "damaged":
        flip(copy)
    elif why == "disputed":
        third = tmp_path / "third"
        shutil.copytree(copy, third)
        assert archtool("holdings", "copies", NAME, "--add", third).code == 0
        (third / "bag-info.txt").write_text("External-Identifier: letters-1\nContact-Name: somebody\n")
    else:
        monkeypatch.delenv("ARCHTOOL_REGISTER")
        words = (bag, "--from", copy)
    done = archtool("repair", *words, "--apply", "--json")
    (finding,) = [f for f in done.objects[0]["findings"] if f["code"] == "repair.not-vouched"]
    assert finding["message"].startswith("bag-info.txt is missing")
    assert done.code == 1
    assert not (bag / "bag-info.txt").exists()
    assert register.is_file()


def test_a_manifest_whose_name_is_not_in_proper_form_vouches_if_the_register_knows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bag, copy = make_bag(tmp_path / "bag", NAME), tmp_path / "copy"
    (bag / "manifest-sha512.txt").rename(bag / "manifest-SHA512.txt")
    shutil.copytree(bag, copy)
    flip(bag)
    unregistered = archtool("repair", bag, "--from", copy, "--apply")
    assert "repair.nothing-vouches" in unregistered.err
    flip(bag)
    register_copies(init_register(tmp_path, monkeypatch), bag, copy)
    flip(bag, "manifest-SHA512.txt")
    flip(bag)
    done = archtool("repair", NAME, "--copy", bag, "--apply")
    assert "manifest.name" in done.err  # the bag stays one that other tools do not accept
    assert tree_bytes(bag) == tree_bytes(copy)


def test_the_check_after_a_repair_in_part_records_the_manifests_that_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    algorithms = ("--algorithm", "sha512", "--algorithm", "sha256")
    package, copy = make_package(tmp_path, *algorithms, signed=False), tmp_path / "copy"
    shutil.copytree(package, copy)
    register = register_copies(init_register(tmp_path, monkeypatch), package, copy)
    for place in (package, copy):
        flip(place, "manifest-sha256.txt", at=70)  # in the path, so that no line lists the letter
    flip(package)
    done = archtool("repair", NAME, "--copy", package, "--apply")
    assert done.code == 1
    check = events_of(register, NAME)[-1]
    assert (check["detail"]["state"], check["outcome"]) == ("changed", "failure")
    assert set(check["detail"]["manifests"]) == {"manifest-sha256.txt", "manifest-sha512.txt"}
    codes = {problem["code"] for problem in check["detail"]["problems"]}
    assert "audit.manifest-differs" in codes
    audited = archtool("audit", "--holding", NAME, "--json")
    assert audited.code == 1
    assert events_of(register, NAME)[-1]["detail"].keys() >= {"state", "manifests"}
    assert states_of(register, NAME)[str(package)] == "changed"
