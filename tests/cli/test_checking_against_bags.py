"""`check --from-bag` reports, without writing, what `pack --from-bag` would refuse."""

from __future__ import annotations

from pathlib import Path

import bagit
import pytest

from archives import serialise
from command_line import DATE, archtool
from packages import tree_bytes, write_description
from unit.bagit.bag_builders import Files, bag_files, with_tag_manifest, write_bag

LETTER = b"To the sections.\n"


def foreign_files(payload: Files | None = None) -> Files:
    return with_tag_manifest(bag_files(payload or {"data/letter.txt": LETTER}, algorithms=("md5",)), "md5")


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    return write_bag(tmp_path / "foreign", foreign_files())


def test_a_description_is_checked_against_the_payload_of_a_bag(tmp_path: Path) -> None:
    bag = tmp_path / "given"
    bag.mkdir()
    (bag / "letter.txt").write_bytes(LETTER)
    bagit.make_bag(str(bag), {"Source-Organization": "City Archive"}, checksums=["sha256", "sha512"])
    description, before = write_description(tmp_path), tree_bytes(tmp_path)
    seen = archtool("check", description, "--from-bag", bag)
    assert (seen.code, seen.err) == (0, "")
    assert seen.out.endswith("can be packed: 0 errors · 0 warnings · 1 file read · 17 bytes\n")
    assert tree_bytes(tmp_path) == before


@pytest.mark.parametrize("name", ["tar", "zip"])
def test_the_bag_can_be_an_archive(name: str, tmp_path: Path) -> None:
    archive = serialise(foreign_files(), tmp_path / f"foreign.{name}")
    seen = archtool("check", write_description(tmp_path), "--from-bag", archive, "--json")
    facts = seen.objects[0]["facts"]
    assert (seen.code, facts["adopted"], facts["is_adoptable"]) == (0, archive.name, True)


def change_payload(bag: Path) -> None:
    (bag / "data/letter.txt").write_bytes(LETTER.replace(b"T", b"t"))


def add_unlisted(bag: Path) -> None:
    (bag / "data/more.txt").write_bytes(b"more\n")


def change_tag_file(bag: Path) -> None:
    (bag / "bagit.txt").write_bytes(b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n")


def add_declared_nowhere(bag: Path) -> None:
    write_bag(bag, foreign_files({"data/letter.txt": LETTER, "data/more.txt": b"more\n"}))


@pytest.mark.parametrize("change", [change_payload, add_unlisted, change_tag_file, add_declared_nowhere])
def test_what_pack_refuses_is_reported_with_the_same_findings(change: object, tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "foreign", foreign_files())
    assert callable(change)
    change(bag)
    description = write_description(tmp_path)
    checked = archtool("check", description, "--from-bag", bag, "--json")
    packed = archtool("pack", description, "--from-bag", bag, "-o", tmp_path / "p", "--date", DATE)
    assert (checked.code, packed.code) == (1, 1)
    missed = [code for code in checked.codes if f"[{code}]" not in packed.said()]
    assert missed in ([], ["payload.undeclared"])  # pack stops at the bag, check goes on to the description


def test_faults_of_the_bag_do_not_hide_those_of_the_description(foreign: Path, tmp_path: Path) -> None:
    change_tag_file(foreign)
    add_unlisted(foreign)
    seen = archtool("check", write_description(tmp_path), "--from-bag", foreign, "--json")
    expected = {"complete.file-unlisted", "fixity.digest-mismatch", "payload.undeclared"}
    assert expected <= set(seen.codes)
    assert f"{foreign} is not a valid bag" in seen.err
    assert f"archtool verify {foreign}" in seen.err


def test_the_hint_of_a_refused_adoption_names_a_command_that_reports_the_same(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "foreign", foreign_files({"data/letter.txt": LETTER, "data/b.txt": b"b\n"}))
    description = write_description(tmp_path)
    refused = archtool("pack", description, "--from-bag", bag, "-o", tmp_path / "p")
    assert f"archtool check {description} --from-bag {bag}" in refused.said()


def test_a_bag_that_does_not_exist_is_named(tmp_path: Path) -> None:
    seen = archtool("check", write_description(tmp_path), "--from-bag", tmp_path / "nowhere")
    assert (seen.code, str(tmp_path / "nowhere") in seen.err) == (3, True)


def test_a_folder_and_a_bag_cannot_both_have_the_files(foreign: Path, tmp_path: Path) -> None:
    seen = archtool("check", write_description(tmp_path), "--from-bag", foreign, "--files", tmp_path)
    assert (seen.code, "contradict each other" in seen.err) == (2, True)
