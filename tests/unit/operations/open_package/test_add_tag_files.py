"""Adding tag files to an existing bag."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool.bagit.model import Bag, BagInfo, Declaration
from archtool.bagit.tag_files.manifest_reader import parse_manifest
from archtool.bagit.tag_files.manifest_writer import read_manifest_name
from archtool.errors import InputError, StorageError
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.files.lock import locked_folder
from archtool.operations.attest.locked_package import Lock, open_locked
from archtool.operations.open_package.add_tag_files import add_tag_files
from archtool.operations.open_package.tag_manifest_update import Files, extend_tag_manifests
from packages import left_behind, make_package, tree_bytes
from unit.attestations.trust_builders import NOW

NEW = {"attestations/0001-packaging/new.tsr": b"new"}


def line(path: str, data: bytes) -> bytes:
    return f"{digest_bytes(Algorithm.SHA512, data).hex}  {path}\n".encode()


def read_tag_manifest(text: bytes, algorithm: str = "sha512", encoding: str = "UTF-8") -> tuple[Bag, Files]:
    """Return a bag with one tag manifest and nothing else."""
    name = f"tagmanifest-{algorithm}.txt"
    declaration, parsed = Declaration((1, 0), encoding), read_manifest_name(name)
    assert parsed is not None
    manifest, _ = parse_manifest(text, parsed, declaration)
    return Bag(declaration, BagInfo(), (), (manifest,)), {name: text}


def extend(text: bytes, files: dict[str, bytes], algorithm: str = "sha512") -> bytes:
    """Return a tag manifest with lines for the files added."""
    bag, texts = read_tag_manifest(text, algorithm)
    (name,) = texts
    return extend_tag_manifests(bag, texts, files, "hint").get(name, text)


def test_older_lines_and_the_sort_order_are_kept() -> None:
    text = line("a", b"a") + line("z", b"z")
    assert extend(text, {"m": b"m"}) == line("a", b"a") + line("m", b"m") + line("z", b"z")


def test_unsorted_lines_in_another_form_are_left_unchanged() -> None:
    text = line("z", b"z").replace(b"\n", b"\r\n") + line("a", b"a").rstrip(b"\n").replace(b"  ", b" *")
    assert extend(text, {"m": b"m"}) == text + b"\n" + line("m", b"m")


def test_a_listed_file_is_not_listed_again() -> None:
    text = line("m", b"m")
    assert extend(text, {"m": b"m"}) == text
    with pytest.raises(InputError, match="lists m with another digest than that of the file to be added"):
        extend(text, {"m": b"n"})


def test_a_tag_manifest_of_an_unknown_algorithm_is_left_unchanged() -> None:
    bag, texts = read_tag_manifest(b"00  bagit.txt\n", "crc32")
    assert extend_tag_manifests(bag, texts, NEW, "hint") == {}


@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-16LE", "UTF-32"])
def test_no_ascii_line_is_added_to_a_tag_manifest_of_another_encoding(encoding: str) -> None:
    bag, texts = read_tag_manifest(line("a", b"a").decode().encode(encoding), encoding=encoding)
    with pytest.raises(InputError, match=f"the bag's tag files are in {encoding}") as refused:
        extend_tag_manifests(bag, texts, NEW, "do this instead")
    assert refused.value.hint == "do this instead"


def test_a_damaged_file_stays_damaged_in_the_tag_manifest(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    name = "tagmanifest-sha512.txt"
    (package / "bag-info.txt").write_text("changed\n")
    text = (package / name).read_bytes()
    add_tag_files(package, NEW, {name: extend(text, NEW)})
    assert line("bag-info.txt", b"changed\n") not in (package / name).read_bytes()


def test_an_existing_file_is_never_replaced(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    before = tree_bytes(package)
    with pytest.raises(StorageError, match="File exists"):
        add_tag_files(package, {"bag-info.txt": b"another"}, {})
    assert tree_bytes(package) == before
    assert left_behind(tmp_path) == []
    add_tag_files(package, {"bag-info.txt": before["bag-info.txt"]}, {})


def test_the_permissions_of_a_tag_manifest_are_kept(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    manifest = package / "tagmanifest-sha512.txt"
    manifest.chmod(0o440)
    add_tag_files(package, NEW, {manifest.name: extend(manifest.read_bytes(), NEW)})
    assert manifest.stat().st_mode & 0o777 == 0o440


def test_two_runs_cannot_change_one_bag_at_the_same_time(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    messages: list[str] = []
    with (
        locked_folder(package),
        pytest.raises(StorageError, match=r"is locked by another run.*nothing was changed"),
        open_locked(package, NOW, Lock(0.1, messages.append)),
    ):
        pytest.fail("the lock was ignored")
    assert [text.startswith("waiting for another run") for text in messages] == [True]
