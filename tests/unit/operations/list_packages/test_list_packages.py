"""The order of a list, and that reading side by side gives the rows that reading one by one gives."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archtool.files.workers.concurrency import Concurrency
from archtool.operations.list_packages import read_side_by_side
from archtool.operations.list_packages.list_packages import SORT_KEYS, ListRequest, list_packages
from archtool.report.package_row import PackageRow, RecordedCheck
from batches import make_unlistable
from unit.bagit.bag_builders import bag_files, write_bag

ONE = Concurrency(1)


def rows_of(*folders: Path, sort: str | None = None, is_reversed: bool = False) -> list[PackageRow]:
    return list(list_packages(ListRequest(folders, sort, is_reversed), ONE))


def write_titles(folder: Path, **titles: str) -> Path:
    for name, title in titles.items():
        write_bag(folder / name, bag_files(info=f"Title: {title}\nPayload-Oxum: 34.1\n"))
    return folder


def test_titles_are_sorted_without_regard_to_accents_and_case(tmp_path: Path) -> None:
    write_titles(tmp_path, a="zone", b="Élan", c="eland", d="Zola")
    assert [row.title for row in rows_of(tmp_path, sort="title")] == ["Élan", "eland", "Zola", "zone"]


def test_what_has_no_value_comes_last_in_both_directions(tmp_path: Path) -> None:
    write_titles(tmp_path, a="one", c="two")
    write_bag(tmp_path / "b", bag_files())
    assert [row.name for row in rows_of(tmp_path, sort="title")] == ["a", "c", "b"]
    assert [row.name for row in rows_of(tmp_path, sort="title", is_reversed=True)] == ["c", "a", "b"]


def test_reverse_alone_reverses_the_paths(tmp_path: Path) -> None:
    write_titles(tmp_path, a="one", b="two")
    assert [row.name for row in rows_of(tmp_path, is_reversed=True)] == ["b", "a"]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [("193X", "1931"), ("../1932-04", "1932-05~"), ("1932", "1932-01"), ("0999", "1932")],
)
def test_edtf_dates_are_sorted_by_the_first_date_in_them(earlier: str, later: str) -> None:
    key = SORT_KEYS["date"]
    assert key(PackageRow("a", "a", date=earlier)) < key(PackageRow("b", "b", date=later))


def test_packages_are_sorted_by_the_time_of_their_last_check() -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    row = PackageRow("a", "a", last_check=RecordedCheck("0002-validation", "validation", False, at))
    assert SORT_KEYS["checked"](row) == at
    assert SORT_KEYS["checked"](PackageRow("b", "b")) is None


def test_two_processes_list_the_same_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_side_by_side, "_FEW", 2)
    monkeypatch.setattr(read_side_by_side, "_UNIT", 2)
    monkeypatch.setattr(read_side_by_side, "_CHUNK", 5)
    write_titles(tmp_path, **{f"letter-{n:02}": f"Letter {n}" for n in range(12)})
    request = ListRequest([tmp_path])
    assert list(list_packages(request, Concurrency(2, 2))) == list(list_packages(request, ONE))


def test_the_size_of_a_bag_without_an_oxum_is_counted(tmp_path: Path) -> None:
    write_bag(tmp_path / "a", bag_files({"data/1.txt": b"one", "data/x/2.txt": b"two!"}, info=None))
    (row,) = rows_of(tmp_path)
    assert (row.files, row.size_bytes, row.is_counted) == (2, 7, True)


def test_the_title_of_a_foreign_bag_is_its_external_description(tmp_path: Path) -> None:
    info = "External-Description: Papers of the bureau\nExternal-Identifier: box-7\nPayload-Oxum: 34.1\n"
    write_bag(tmp_path / "a", bag_files(info=info))
    (row,) = rows_of(tmp_path)
    assert (row.title, row.id, row.files, row.is_counted) == ("Papers of the bureau", "box-7", 1, False)


def test_a_bag_before_version_0_96_is_listed_by_its_package_info(tmp_path: Path) -> None:
    files = bag_files(version="0.93", info="External-Description: Old papers\n")
    files["package-info.txt"] = files.pop("bag-info.txt")
    write_bag(tmp_path / "a", files)
    assert rows_of(tmp_path)[0].title == "Old papers"


def test_a_folder_that_cannot_be_listed_is_a_row_with_its_reason(tmp_path: Path) -> None:
    write_titles(tmp_path, a="one")
    make_unlistable(tmp_path / "b")
    first, second = rows_of(tmp_path)
    assert (first.title, first.problem) == ("one", None)
    assert second.problem is not None
    assert "the folder cannot be listed: File name too long" in second.problem.message


def test_a_fifo_that_is_named_like_an_archive_is_not_opened(tmp_path: Path) -> None:
    write_titles(tmp_path, a="one")
    os.mkfifo(tmp_path / "b.tar")
    assert [row.name for row in rows_of(tmp_path)] == ["a"]
