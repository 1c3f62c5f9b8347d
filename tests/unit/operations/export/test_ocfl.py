"""Packages as objects of an OCFL storage root, checked by `ocfl-py`."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archtool.archives.limits import Limits
from archtool.errors import ArchtoolError, InputError, MaterialRefusedError, StorageError, UsageError
from archtool.exports.ocfl.inventory import Inventory
from archtool.files.hashing.digests import Algorithm, Digest
from archtool.operations.export.folder_forms import FOLDER_FORMS
from archtool.operations.export.ocfl.edition import Edition, read_edition
from archtool.operations.export.ocfl.lines_of_editions import order_editions, predecessor_beside
from archtool.operations.export.ocfl.object_builder import ObjectBuilder
from archtool.operations.export.request import FolderExport
from archtool.operations.history.replacement import ReplacedPackage
from archtool.results import Result
from command_line import archtool
from ocfl_roots import complaints_about_root, extract_version, files_of_version, read_inventory
from packages import (
    EXAMPLES,
    left_behind,
    make_package,
    pack,
    retag,
    tree_bytes,
    write_allowed_signers,
    write_key,
    write_letter,
)

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def export(root: Path, *packages: Path) -> Result:
    given = FolderExport(packages, root, NOW, "0.1.0", Limits())
    return FOLDER_FORMS["ocfl"].export(given, None)


def object_folder(result: Result, number: int = 0) -> Path:
    return Path(result.facts["storage_root"]) / result.facts["objects"][number]["path"]


def make_editions(folder: Path, text: str = "To the sections, corrected.\n") -> tuple[Path, Path]:
    """Make a package, attest it, and make a corrected one that keeps it as its predecessor."""
    package = make_package(folder)
    key = write_key(folder)
    event = ("--event", "countersignature", "--date", "2026-11-30")
    assert archtool("attest", package, "--sign", key, *event).code == 0
    (folder / "sources/letter.txt").write_text(text)
    more = ("--sign", key, "--keep-predecessor")
    assert pack(folder / "sources/description.yaml", package, *more).code == 0
    return folder / "package.predecessor-1", package


def write_bag(folder: Path, identifier: str | None = None) -> Path:
    """Write a bag of another program."""
    (folder / "data").mkdir(parents=True)
    (folder / "data/1.txt").write_text("1\n")
    (folder / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    digest = hashlib.sha256(b"1\n").hexdigest()
    (folder / "manifest-sha256.txt").write_text(f"{digest}  data/1.txt\n")
    info = f"External-Identifier: {identifier}\n" if identifier else "Source-Organization: A\n"
    (folder / "bag-info.txt").write_text(f"{info}Bagging-Date: 2020-02-03\n")
    return folder


def test_a_package_becomes_a_valid_object_with_all_its_files(tmp_path: Path) -> None:
    package = tmp_path / "package"
    assert pack(EXAMPLES / "rakovsky-1932/description.yaml", package).code == 0
    result = export(tmp_path / "root", package)
    assert complaints_about_root(tmp_path / "root") == []
    assert files_of_version(object_folder(result), "v1") == tree_bytes(package)
    assert read_inventory(object_folder(result))["id"] == "urn:archtool:package:rakovsky-1932-appel"
    assert left_behind(tmp_path) == []


def test_a_predecessor_beside_a_package_becomes_its_first_version(tmp_path: Path) -> None:
    old, new = make_editions(tmp_path)
    result = export(tmp_path / "root", new)
    folder = object_folder(result)
    assert result.findings == ()
    assert complaints_about_root(tmp_path / "root") == []
    assert files_of_version(folder, "v1") == tree_bytes(old)
    assert files_of_version(folder, "v2") == tree_bytes(new)


def test_each_version_that_another_program_extracts_is_a_valid_signed_package(tmp_path: Path) -> None:
    _, new = make_editions(tmp_path)
    folder = object_folder(export(tmp_path / "root", new))
    trust = write_allowed_signers(tmp_path, "archivist@example.org")
    for version in ("v1", "v2"):
        extract_version(folder, version, tmp_path / version)
        run = archtool("verify", tmp_path / version, "--trust", trust)
        assert "bag valid · content consistent · trust trusted" in run.out, run.out


def test_editions_that_are_given_in_any_order_become_one_object(tmp_path: Path) -> None:
    old, new = make_editions(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    shutil.move(old, elsewhere)
    first = export(tmp_path / "first", new, elsewhere)
    export(tmp_path / "second", elsewhere, new)
    assert [len(one["versions"]) for one in first.facts["objects"]] == [2]
    assert tree_bytes(tmp_path / "first") == tree_bytes(tmp_path / "second")


def test_bytes_that_an_earlier_version_has_are_kept_once(tmp_path: Path) -> None:
    _, new = make_editions(tmp_path, text="To the sections.\n")
    folder = object_folder(export(tmp_path / "root", new))
    assert not (folder / "v2/content/data").exists()
    assert (folder / "v1/content/data/letter.txt").is_file()
    assert complaints_about_root(tmp_path / "root") == []


def test_equal_files_of_one_package_are_kept_once_without_empty_folders(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    (sources / "copies").mkdir(parents=True)
    (sources / "copies/letter.txt").write_text("To the sections.\n")
    description = write_letter(sources, "files: [{ file: copies/, role: other }]\n")
    assert pack(description, tmp_path / "package", "--algorithm", "sha256").code == 0
    folder = object_folder(export(tmp_path / "root", tmp_path / "package"))
    assert len(list(folder.rglob("letter.txt"))) == 1
    assert complaints_about_root(tmp_path / "root") == []


def test_a_predecessor_that_is_not_at_hand_is_a_warning(tmp_path: Path) -> None:
    old, new = make_editions(tmp_path)
    shutil.rmtree(old)
    result = export(tmp_path / "root", new)
    assert [finding.code for finding in result.findings] == ["ocfl.predecessor-missing"]
    assert complaints_about_root(tmp_path / "root") == []


def test_another_package_under_the_name_of_the_predecessor_is_not_taken_for_it(tmp_path: Path) -> None:
    old, new = make_editions(tmp_path)
    shutil.rmtree(old)
    write_bag(old)
    result = export(tmp_path / "root", new)
    assert [finding.code for finding in result.findings] == ["ocfl.predecessor-missing"]
    assert [len(one["versions"]) for one in result.facts["objects"]] == [1]


@pytest.mark.parametrize("name", ["x" * 5000, "..", ".", "/etc", "a/../../b", "\x00", "", "a\\b"])
def test_a_stated_name_that_no_predecessor_can_have_leads_nowhere(tmp_path: Path, name: str) -> None:
    old, new = make_editions(tmp_path)
    found = read_edition(new, NOW)
    assert found.replaces is not None
    stated = replace(found, replaces=replace(found.replaces, name=name))
    assert predecessor_beside(stated, NOW) is None
    assert predecessor_beside(found, NOW) == read_edition(old, NOW)


def test_attestations_beside_a_package_are_reported_as_left_behind(tmp_path: Path) -> None:
    make_package(tmp_path)
    package, key = tmp_path / "package.zip", write_key(tmp_path)
    assert pack(tmp_path / "sources/description.yaml", package, "--sign", key).code == 0
    assert archtool("attest", package, "--sign", key, "--event", "countersignature").code == 0
    result = export(tmp_path / "root", package)
    assert [finding.code for finding in result.findings] == ["ocfl.sidecar-left-behind"]


def test_the_same_packages_make_the_same_storage_root(tmp_path: Path) -> None:
    _, new = make_editions(tmp_path)
    export(tmp_path / "first", new)
    later = FolderExport((new,), tmp_path / "second", datetime(2030, 1, 1, tzinfo=UTC), "0.1.0")
    FOLDER_FORMS["ocfl"].export(later, None)
    assert tree_bytes(tmp_path / "first") == tree_bytes(tmp_path / "second")


def test_an_archive_becomes_the_object_of_its_folder(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    tar = tmp_path / "other.tar"
    assert pack(tmp_path / "sources/description.yaml", tar, "--sign", write_key(tmp_path)).code == 0
    first, second = export(tmp_path / "first", package), export(tmp_path / "second", tar)
    assert files_of_version(object_folder(first), "v1") == files_of_version(object_folder(second), "v1")
    assert first.facts["objects"][0]["id"] == second.facts["objects"][0]["id"]


@pytest.mark.parametrize(
    ("identifier", "own"),
    [
        (None, "urn:archtool:package:box%207"),
        ("ark:/12148/btv1b8449691v", "ark:/12148/btv1b8449691v"),
        ("é. ~/" + "x" * 120, "urn:archtool:package:%C3%A9.%20~%2F" + "x" * 120),
    ],
)
def test_a_bag_of_another_program_becomes_an_object(tmp_path: Path, identifier: str | None, own: str) -> None:
    bag = write_bag(tmp_path / "box 7", identifier)
    result = export(tmp_path / "root", bag)
    assert result.facts["objects"][0]["id"] == own
    assert read_inventory(object_folder(result))["versions"]["v1"]["created"] == "2020-02-03T00:00:00Z"
    assert complaints_about_root(tmp_path / "root") == []


def test_objects_are_added_to_a_storage_root_that_exists(tmp_path: Path) -> None:
    root = tmp_path / "root"
    export(root, write_bag(tmp_path / "first"))
    before = tree_bytes(root)
    export(root, write_bag(tmp_path / "second"), write_bag(tmp_path / "third"))
    assert complaints_about_root(root) == []
    assert before.items() <= tree_bytes(root).items()
    assert len(list(root.rglob("0=ocfl_object_1.1"))) == 3
    assert left_behind(tmp_path) == []


def test_an_object_that_exists_is_never_changed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    old, new = make_editions(tmp_path)
    export(root, old)
    before = tree_bytes(root)
    with pytest.raises(UsageError, match="already, at"):
        export(root, new)
    assert tree_bytes(root) == before


def damage(package: Path, how: str) -> None:
    letter, info = package / "data/letter.txt", package / "bag-info.txt"
    match how:
        case "payload":
            letter.write_text(letter.read_text().replace("sections", "sektions"))
        case "missing":
            letter.unlink()
        case "more":
            (package / "data/more.txt").write_text("more")
        case "tag file":
            info.write_text(info.read_text() + "More: 1\n")
        case "signature":
            info.write_text(info.read_text() + "More: 1\n")
            retag(package)
        case "link":
            letter.unlink()
            letter.symlink_to("/etc/passwd")
        case "content":
            inventory = package / "metadata/annexes.json"
            inventory.write_text(inventory.read_text().replace("annexes", "annexe"))
            shutil.rmtree(package / "attestations")
            retag(package)


@pytest.mark.parametrize("how", ["payload", "missing", "more", "tag file", "signature", "link", "content"])
def test_a_damaged_package_is_refused_and_nothing_is_written(tmp_path: Path, how: str) -> None:
    good, bad = write_bag(tmp_path / "good"), make_package(tmp_path)
    damage(bad, how)
    with pytest.raises(MaterialRefusedError, match="not exported") as refused:
        export(tmp_path / "root", good, bad)
    assert refused.value.findings
    assert not (tmp_path / "root").exists()
    assert left_behind(tmp_path) == []


def test_a_package_that_is_damaged_later_leaves_an_older_root_as_it_was(tmp_path: Path) -> None:
    root, bad = tmp_path / "root", make_package(tmp_path)
    export(root, write_bag(tmp_path / "first"))
    before = tree_bytes(root)
    damage(bad, "payload")
    with pytest.raises(MaterialRefusedError):
        export(root, write_bag(tmp_path / "second"), bad)
    assert tree_bytes(root) == before
    assert left_behind(tmp_path) == []


def test_a_name_that_is_not_unicode_is_refused(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "bag")
    (bag / "data/1.txt").rename(bag / "data/caf\udce9.txt")
    manifest = bag / "manifest-sha256.txt"
    manifest.write_bytes(manifest.read_bytes().replace(b"1.txt", b"caf\xe9.txt"))
    with pytest.raises(MaterialRefusedError):
        export(tmp_path / "root", bag)
    assert not (tmp_path / "root").exists()


@pytest.mark.parametrize("what", ["folder", "file", "package", "link"])
def test_a_target_that_is_no_storage_root_is_refused(tmp_path: Path, what: str) -> None:
    bag, root = write_bag(tmp_path / "bag"), tmp_path / "root"
    match what:
        case "folder":
            root.mkdir()
        case "file":
            root.write_text("")
        case "package":
            root = write_bag(tmp_path / "other") / "root"
        case "link":
            root.symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError):
        export(root, bag)


def test_a_storage_root_of_another_layout_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    export(root, write_bag(tmp_path / "first"))
    (root / "ocfl_layout.json").write_text(json.dumps({"extension": "0002-flat-direct-storage-layout"}))
    with pytest.raises(InputError, match="has another layout"):
        export(root, write_bag(tmp_path / "second"))


def test_a_target_whose_parent_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        export(tmp_path / "missing/root", write_bag(tmp_path / "bag"))


def test_two_packages_of_one_identifier_without_a_link_are_refused(tmp_path: Path) -> None:
    bags = (write_bag(tmp_path / "first", "ark:/1"), write_bag(tmp_path / "second", "ark:/1"))
    with pytest.raises(UsageError, match="would be the same object"):
        export(tmp_path / "root", *bags)
    assert not (tmp_path / "root").exists()


def test_a_package_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchtoolError, match="missing"):
        export(tmp_path / "root", tmp_path / "missing")


def edition(
    name: str, payload: str, replaces: str | None = None, old_name: str = "", head: str = ""
) -> Edition:
    def manifests(text: str) -> tuple[tuple[str, Digest], ...]:
        hexadecimal = hashlib.sha512(text.encode()).hexdigest()
        return (("manifest-sha512.txt", Digest(Algorithm.SHA512, hexadecimal)),)

    old = ReplacedPackage(old_name, manifests(replaces), head or None) if replaces is not None else None
    return Edition(Path(name), "id", name, NOW, None, None, frozenset(manifests(payload)), None, old)


def test_three_editions_become_one_line() -> None:
    third, first, second = edition("c", "3", "2"), edition("a", "1"), edition("b", "2", "1")
    assert order_editions([third, first, second]) == [(first, second, third)]


def test_equal_payloads_are_told_apart_by_the_stated_name() -> None:
    first, second = edition("a", "1"), edition("b", "1", "1", "a")
    third = edition("c", "1", "1", "b")
    assert order_editions([third, second, first]) == [(first, second, third)]


def test_equal_payloads_whose_order_is_not_certain_are_refused() -> None:
    with pytest.raises(UsageError, match="not certain which"):
        order_editions([edition("a", "1"), edition("b", "1"), edition("c", "2", "1", "elsewhere")])


def test_two_packages_that_replace_the_same_one_are_refused() -> None:
    with pytest.raises(UsageError, match="both b and c replace a"):
        order_editions([edition("a", "1"), edition("b", "2", "1"), edition("c", "3", "1")])


def test_packages_that_replace_each_other_are_refused() -> None:
    with pytest.raises(UsageError, match="replaces it"):
        order_editions([edition("a", "1", "2"), edition("b", "2", "1")])


def test_an_interrupted_export_leaves_nothing_half_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, package = tmp_path / "root", make_package(tmp_path)
    export(root, write_bag(tmp_path / "first"))
    before = tree_bytes(root)

    def interrupt(self: ObjectBuilder) -> None:
        raise KeyboardInterrupt(self.identifier)

    monkeypatch.setattr(ObjectBuilder, "finish", interrupt)
    with pytest.raises(KeyboardInterrupt):
        export(root, package)
    assert tree_bytes(root) == before
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("file", ["v1/content/data/letter.txt", "v1/inventory.json", "inventory.json.sha512"])
def test_bytes_that_the_disk_returns_differently_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    """A disk that loses a byte cannot be had here: a byte is changed between writing and reading back."""
    read_back = ObjectBuilder.compare_all

    def lose_a_byte(self: ObjectBuilder) -> None:
        path = self.folder / file
        path.write_bytes(b"?" + path.read_bytes()[1:])
        read_back(self)

    monkeypatch.setattr(ObjectBuilder, "compare_all", lose_a_byte)
    with pytest.raises(StorageError, match="read back with other bytes"):
        export(tmp_path / "root", make_package(tmp_path))
    assert not (tmp_path / "root").exists()
    assert left_behind(tmp_path) == []


def test_an_object_that_appears_meanwhile_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, package = tmp_path / "root", make_package(tmp_path)
    export(root, write_bag(tmp_path / "first"))
    finish = ObjectBuilder.finish

    def finish_late(self: ObjectBuilder) -> Inventory:
        other = root / self.folder.relative_to(self.folder.parents[3])
        other.mkdir(parents=True)
        (other / "own").write_text("of another program")
        return finish(self)

    monkeypatch.setattr(ObjectBuilder, "finish", finish_late)
    with pytest.raises(StorageError, match="appeared in"):
        export(root, package)
    assert [path.name for path in root.rglob("own")] == ["own"]
    assert len(list(root.rglob("0=ocfl_object_1.1"))) == 1
