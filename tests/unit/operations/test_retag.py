"""Tag files added to a bag that is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool.errors import InputError, StorageError
from archtool.fixity.digests import Algorithm, digest_bytes
from archtool.fixity.locking import locked_folder
from archtool.operations.changing import changing
from archtool.operations.retag import add_tag_files, extend_tag_manifest, extend_tag_manifests
from packages import left_behind, make_package, tree_bytes
from unit.trust.trust_builders import NOW

NEW = {"attestations/0001-packaging/new.tsr": b"new"}


def line(path: str, data: bytes) -> bytes:
    return f"{digest_bytes(Algorithm.SHA512, data).hex}  {path}\n".encode()


def test_older_lines_stay_as_they_were_and_the_order_is_kept() -> None:
    text = line("a", b"a") + line("z", b"z")
    extended = extend_tag_manifest(text, Algorithm.SHA512, {"m": b"m"})
    assert extended == line("a", b"a") + line("m", b"m") + line("z", b"z")


def test_lines_in_another_order_and_form_are_left_alone() -> None:
    text = line("z", b"z").replace(b"\n", b"\r\n") + line("a", b"a").rstrip(b"\n").replace(b"  ", b" *")
    extended = extend_tag_manifest(text, Algorithm.SHA512, {"m": b"m"})
    assert extended == text + b"\n" + line("m", b"m")


def test_a_file_that_is_listed_already_is_listed_once() -> None:
    text = line("m", b"m")
    assert extend_tag_manifest(text, Algorithm.SHA512, {"m": b"m"}) == text
    with pytest.raises(InputError, match="lists another m than the one to be added"):
        extend_tag_manifest(text, Algorithm.SHA512, {"m": b"n"})


def test_a_tag_manifest_of_an_unknown_algorithm_is_not_touched() -> None:
    with pytest.raises(InputError, match=r"tagmanifest-crc32[.]txt is of an algorithm that is not known"):
        extend_tag_manifests({"tagmanifest-crc32.txt": b""}, NEW)


def test_a_damaged_file_stays_damaged_in_the_tag_manifest(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    name = "tagmanifest-sha512.txt"
    (package / "bag-info.txt").write_text("changed\n")
    add_tag_files(package, NEW, extend_tag_manifests({name: (package / name).read_bytes()}, NEW))
    assert line("bag-info.txt", b"changed\n") not in (package / name).read_bytes()


def test_a_file_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    before = tree_bytes(package)
    with pytest.raises(StorageError, match="File exists"):
        add_tag_files(package, {"bag-info.txt": b"another"}, {})
    assert tree_bytes(package) == before
    assert left_behind(tmp_path) == []
    add_tag_files(package, {"bag-info.txt": before["bag-info.txt"]}, {})


def test_the_rights_of_a_tag_manifest_are_kept(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    manifest = package / "tagmanifest-sha512.txt"
    manifest.chmod(0o440)
    add_tag_files(package, NEW, extend_tag_manifests({manifest.name: manifest.read_bytes()}, NEW))
    assert manifest.stat().st_mode & 0o777 == 0o440


def test_two_runs_do_not_change_one_bag_at_a_time(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    with (
        locked_folder(package),
        pytest.raises(StorageError, match="another run is changing"),
        changing(package, NOW),
    ):
        pytest.fail("the lock was not looked at")
