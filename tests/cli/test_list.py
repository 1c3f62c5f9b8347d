"""`archtool list`: the packages below folders, with what is recorded about them and nothing that is not."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest

from archives import serialise
from command_line import archtool
from packages import ARCHIVIST, make_package
from unit.bagit.bag_builders import bag_files, write_bag


@pytest.fixture
def holding(tmp_path: Path) -> Path:
    """A folder with a signed package and a foreign bag."""
    package = make_package(tmp_path)
    folder = tmp_path / "holding"
    folder.mkdir()
    package.rename(folder / "letter")
    info = "External-Description: Papers of the bureau\nPayload-Oxum: 34.1\n"
    write_bag(folder / "papers", bag_files(info=info))
    return folder


def test_the_table_names_each_package_with_title_date_and_size(holding: Path) -> None:
    run = archtool("list", holding)
    assert run.code == 0, run.err
    assert "letter 1932-05 1 17 bytes none recorded" in run.said()
    assert "Letter of the bureau to the sections · head 0001-packaging" in run.said()
    assert "papers - 1 34 bytes none recorded Papers of the bureau" in run.said()
    assert "2 packages" in run.out


def test_the_table_says_that_nothing_was_checked(holding: Path) -> None:
    (holding / "letter" / "data" / "letter.txt").write_text("changed")
    run = archtool("list", holding)
    assert (run.code, "Nothing was checked now" in run.said()) == (0, True)


def test_the_last_recorded_check_is_shown_with_who_claims_it(holding: Path) -> None:
    key = holding.parent / "archivist-key"
    assert archtool("verify", holding / "letter", "--attest", key).code == 0
    letter, papers = archtool("list", holding, "--json").objects
    check = letter["facts"]["last_check"]
    assert (check["attestation"], check["outcome"], check["content"]) == (
        "0002-fixity-check",
        "valid",
        "consistent",
    )
    assert (check["claimed_by"], check["age_days"], check["signature"]) == ([ARCHIVIST], 0, "not-checked")
    assert papers["facts"]["last_check"] is None


def test_a_check_that_is_recorded_beside_the_package_counts_too(holding: Path) -> None:
    key, sidecar = holding.parent / "archivist-key", holding / "letter.attestations"
    made = archtool(
        "attest", holding / "letter", "--event", "validation", "--sign", key, "--sidecar", sidecar
    )
    assert made.code == 0, made.err
    facts = archtool("list", holding, "--json").objects[0]["facts"]
    assert (facts["last_check"]["attestation"], facts["last_check"]["beside"]) == ("0002-validation", True)
    assert facts["head"].startswith("0002-validation sha512:")


def test_the_head_is_the_one_that_show_prints(holding: Path) -> None:
    letter = archtool("list", holding / "letter", "--json").objects[0]
    assert (
        letter["facts"]["head"] == archtool("show", holding / "letter", "--json").objects[0]["facts"]["head"]
    )


@pytest.mark.parametrize("name", ["papers.tar", "papers.tar.gz", "papers.zip"])
def test_packages_in_archives_are_listed(tmp_path: Path, name: str) -> None:
    serialise(bag_files(info="Title: Papers\nPayload-Oxum: 34.1\n"), tmp_path / name)
    (row,) = archtool("list", tmp_path, "--json").objects
    assert (row["facts"]["name"], row["facts"]["title"], row["facts"]["payload"]["files"]) == (
        name,
        "Papers",
        1,
    )


def test_a_signed_package_in_an_archive_has_the_same_facts(tmp_path: Path, holding: Path) -> None:
    shutil.make_archive(str(tmp_path / "packed" / "letter"), "tar", holding, "letter")
    (inside,) = archtool("list", tmp_path / "packed", "--json").objects
    (outside,) = archtool("list", holding / "letter", "--json").objects
    assert inside["facts"] | {"name": "letter"} == outside["facts"]


def test_damaged_packages_are_listed_with_the_reason_and_the_others_too(holding: Path) -> None:
    (holding / "broken.zip").write_bytes(b"PK\3\4 cut off")
    (holding / "papers" / "bagit.txt").unlink()
    run = archtool("list", holding)
    assert run.code == 3
    assert "broken.zip PROBLEM: " in run.said()
    assert "has no bagit.txt, but other tag files of a bag" in run.said()
    assert "Letter of the bureau" in run.out
    assert "1 package · 2 problems" in run.out


def test_a_package_whose_attestations_alone_are_left_is_a_problem(holding: Path) -> None:
    (holding / "lost.attestations" / "0001-validation").mkdir(parents=True)
    run = archtool("list", holding, "--json")
    assert run.code == 1
    lost = next(row for row in run.objects if row["facts"]["name"] == "lost")
    assert [f["code"] for f in lost["findings"]] == ["list.package-missing"]


def test_a_folder_without_packages_is_an_error_with_a_reason(tmp_path: Path) -> None:
    run = archtool("list", tmp_path)
    assert (run.code, run.out.split(" · ")[0]) == (3, "0 packages")
    assert f"there is no package in {tmp_path}" in " ".join(run.err.split())


def test_a_path_that_does_not_exist_is_named_and_the_others_are_listed(tmp_path: Path, holding: Path) -> None:
    run = archtool("list", tmp_path / "nowhere", holding)
    assert run.code == 3
    assert "there is no such folder or archive" in " ".join(run.err.split())
    assert "2 packages" in run.out


def test_the_list_can_be_sorted_and_reversed(holding: Path) -> None:
    rows = archtool("list", holding, "--sort", "bytes", "--reverse", "--json").objects
    assert [row["facts"]["name"] for row in rows] == ["papers", "letter"]


def test_csv_is_printed_instead_of_the_table(holding: Path) -> None:
    run = archtool("list", holding, "--csv", "-")
    rows = list(csv.DictReader(io.StringIO(run.out)))
    assert [(row["package"], row["title"], row["bytes"]) for row in rows] == [
        ("letter", "Letter of the bureau to the sections", "17"),
        ("papers", "Papers of the bureau", "34"),
    ]
    assert "2 packages" in run.err


def test_csv_of_a_folder_without_packages_has_its_header_only(tmp_path: Path) -> None:
    run = archtool("list", tmp_path, "--csv", "-")
    assert run.code == 3
    assert run.out.splitlines() == [run.out.strip()]
    assert run.out.startswith("package,path,id,title,date,")


def test_csv_is_also_written_to_a_file_and_replaces_only_an_earlier_list(
    tmp_path: Path, holding: Path
) -> None:
    table = tmp_path / "list.csv"
    for _ in range(2):
        assert archtool("list", holding, "--csv", table).code == 0
    assert len(table.read_text(encoding="utf-8").splitlines()) == 3
    table.write_text("my own notes\n")
    run = archtool("list", holding, "--csv", table)
    assert (run.code, table.read_text()) == (2, "my own notes\n")
    assert "is not a list that archtool wrote" in " ".join(run.err.split())


def test_what_archtool_writes_beside_packages_is_skipped(holding: Path) -> None:
    assert archtool("list", holding, "--csv", holding / "list.csv").code == 0
    run = archtool("list", *sorted(holding.iterdir()))
    assert (run.code, "2 packages" in run.out) == (0, True)
    assert "list.csv: the summary of a run, not a package" in " ".join(run.err.split())


def test_json_and_csv_cannot_both_be_printed(holding: Path) -> None:
    assert archtool("list", holding, "--json", "--csv", "-").code == 2


def test_a_title_cannot_control_the_terminal(tmp_path: Path) -> None:
    write_bag(tmp_path / "a", bag_files(info="Title: \x1b[2Jgone \u202eevil\nPayload-Oxum: 34.1\n"))
    for options in ([], ["--json"], ["--csv", "-"]):
        out = archtool("list", tmp_path, *options).out
        assert "\x1b" not in out
        assert "\u202e" not in out


def test_the_payload_is_not_read(holding: Path) -> None:
    payload = holding / "letter" / "data" / "letter.txt"
    payload.unlink()
    payload.symlink_to("/dev/zero")
    assert archtool("list", holding).code == 0
