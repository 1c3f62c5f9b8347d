"""What the register keeps of a package: its identity and its manifests' digests, never its payload."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from archives import serialise
from archtool.errors import InputError
from archtool.holdings.model import PlaceKind
from archtool.operations.holdings.package_facts import read_registered_facts
from command_line import archtool
from packages import make_package
from unit.bagit.bag_builders import LETTER, bag_files, write_bag

INFO = (
    "External-Identifier: letters-1847\nExternal-Description: Letters\nPayload-Oxum: 34.1\n"
    "Bag-Count: 2 of 3\n"
)


def test_a_bag_of_another_tool_is_read_with_its_identifier_title_size_and_part(tmp_path: Path) -> None:
    facts = read_registered_facts(write_bag(tmp_path / "bag", bag_files(info=INFO)))
    assert (facts.kind, facts.place_kind, facts.id, facts.title) == (
        "bag", PlaceKind.FOLDER, "letters-1847", "Letters",
    )  # fmt: skip
    assert (facts.files, facts.size_bytes, facts.part, facts.head) == (1, len(LETTER), "2 of 3", None)


def test_each_payload_manifest_is_known_by_the_sha512_of_its_file(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "bag", bag_files(algorithms=("sha512", "md5")))
    (bag / "tagmanifest-sha512.txt").write_bytes(b"")
    assert read_registered_facts(bag).manifests == {
        name: "sha512:" + hashlib.sha512((bag / name).read_bytes()).hexdigest()
        for name in ("manifest-md5.txt", "manifest-sha512.txt")
    }


@pytest.mark.parametrize("name", ["bag.tar", "bag.tar.gz", "bag.zip"])
def test_an_archive_has_the_manifests_of_the_folder_that_it_was_made_from(tmp_path: Path, name: str) -> None:
    files = bag_files(info=INFO)
    facts = read_registered_facts(serialise(files, tmp_path / name))
    folder = read_registered_facts(write_bag(tmp_path / "bag", files))
    assert (facts.manifests, facts.place_kind) == (folder.manifests, PlaceKind.ARCHIVE)


def test_a_package_of_archtool_is_told_apart_with_its_head_and_its_formats(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    facts = read_registered_facts(package)
    shown = archtool("show", package, "--json").objects[0]["facts"]
    assert (facts.kind, facts.head) == ("package", shown["head"])
    assert sum((facts.formats or {}).values()) == 1


def test_a_bag_without_payload_manifest_cannot_be_registered(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "bag", bag_files(algorithms=()))
    with pytest.raises(InputError, match="has no payload manifest"):
        read_registered_facts(bag)


def test_a_folder_that_is_no_bag_cannot_be_registered(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no bag")
    with pytest.raises(InputError):
        read_registered_facts(tmp_path)


def test_an_oxum_that_is_missing_is_counted(tmp_path: Path) -> None:
    facts = read_registered_facts(write_bag(tmp_path / "bag", bag_files(info="Contact-Name: Jane\n")))
    assert (facts.files, facts.size_bytes) == (1, len(LETTER))
