"""The search for packages: what counts as one, in which order, and what must not be skipped silently."""

from __future__ import annotations

from pathlib import Path

from archtool.operations.list_packages.package_search import search_packages
from unit.bagit.bag_builders import bag_files, write_bag


def names_in(folder: Path) -> list[str]:
    return [found.name for found in search_packages(folder)]


def test_packages_are_found_in_the_order_of_their_paths(tmp_path: Path) -> None:
    for name in ("b/2", "a", "b/1"):
        write_bag(tmp_path / name, bag_files())
    (tmp_path / "c.tar").write_bytes(b"")
    (tmp_path / "b" / "0.ZIP").write_bytes(b"")
    assert names_in(tmp_path) == ["a", "b/0.ZIP", "b/1", "b/2", "c.tar"]


def test_no_package_is_looked_for_inside_another(tmp_path: Path) -> None:
    write_bag(tmp_path / "a", bag_files())
    write_bag(tmp_path / "a" / "data" / "inner", bag_files())
    assert names_in(tmp_path) == ["a"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    write_bag(tmp_path / "a" / "b", bag_files())
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path / "a" / "b")
    assert names_in(tmp_path) == ["a/b"]


def test_a_bag_without_its_declaration_is_still_found(tmp_path: Path) -> None:
    (write_bag(tmp_path / "a", bag_files()) / "bagit.txt").unlink()
    assert names_in(tmp_path) == ["a"]


def test_the_folder_itself_can_be_the_package(tmp_path: Path) -> None:
    assert names_in(write_bag(tmp_path / "a", bag_files())) == ["a"]


def test_a_sidecar_without_its_package_is_found_by_the_name_of_the_package(tmp_path: Path) -> None:
    (tmp_path / "kept" / "letter.attestations" / "0001-validation").mkdir(parents=True)
    (found,) = search_packages(tmp_path)
    assert (found.name, found.is_missing) == ("kept/letter", True)
    assert found.problem == "letter.attestations holds the attestations of a package that is missing"


def test_a_sidecar_beside_its_package_is_no_package(tmp_path: Path) -> None:
    write_bag(tmp_path / "letter", bag_files())
    (tmp_path / "letter.attestations" / "0001-validation").mkdir(parents=True)
    assert names_in(tmp_path) == ["letter"]


def test_staging_folders_are_no_packages(tmp_path: Path) -> None:
    write_bag(tmp_path / ".archtool-stage-1", bag_files())
    assert names_in(tmp_path) == []
