"""What a list says of a package whose metadata can be read in part only, or not at all."""

from __future__ import annotations

from pathlib import Path

from archtool.files.workers.concurrency import Concurrency
from archtool.operations.list_packages.list_packages import ListRequest, list_packages
from archtool.report.package_row import PackageRow
from command_line import archtool
from packages import make_package, pack, write_letter
from unit.bagit.bag_builders import bag_files, write_bag


def row_of(path: Path) -> PackageRow:
    (row,) = list_packages(ListRequest((path,)), Concurrency(1))
    return row


def test_an_archive_is_listed_like_its_folder(tmp_path: Path, letters: Path) -> None:
    assert pack(write_letter(letters), tmp_path / "package.tar").code == 0
    row = row_of(tmp_path / "package.tar")
    assert (row.name, row.title) == ("package.tar", "Letter of the bureau to the sections")
    assert (row.problem, row.files) == (None, 1)


def test_a_bag_whose_fields_are_in_a_folder_has_a_problem_and_is_listed(tmp_path: Path) -> None:
    write_bag(tmp_path / "bag", bag_files())
    (tmp_path / "bag" / "bag-info.txt").mkdir()
    row = row_of(tmp_path / "bag")
    assert (row.title, row.is_readable) == (None, False)
    assert row.problem is not None
    assert "the package cannot be read" in row.problem.message
    assert archtool("list", tmp_path / "bag").code == row.problem.error_exit_code


def test_a_check_whose_statement_cannot_be_read_is_listed_without_a_date(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    check = package / "attestations" / "0002-fixity-check"
    check.mkdir()
    (check / "statement.json").write_text("{")
    (check / "sha512sums.txt").write_text("")
    last = row_of(package).last_check
    assert last is not None
    assert (last.attestation, last.claimed_at, last.claimed_by) == ("0002-fixity-check", None, ())


def test_a_package_whose_attestations_cannot_be_read_has_its_title_and_a_problem(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    signed = package / "attestations" / "0001-packaging"
    for path in list(signed.iterdir()):
        path.unlink()
        path.mkdir()
    row = row_of(package)
    assert (row.title, row.head) == ("Letter of the bureau to the sections", None)
    assert row.problem is not None
    assert "its attestations cannot be read" in row.problem.message
