"""Paths in the cells of a table, as people write them: backslashes, patterns, names like both."""

from __future__ import annotations

from pathlib import Path

import pytest

from batches import batch, described, endings, findings_of
from command_line import Run
from packages import tree_bytes
from tables import Rows, write_table

DONE = ("done", 0)


def row(package: str, **cells: str) -> dict[str, str]:
    return {
        "package": package, "folder": package, "title": "A letter", "transcription": "letter.txt",
        "source": "Ours.", "rights.package": "CC0-1.0", **cells,
    }  # fmt: skip


def scans(path: str, **cells: str) -> dict[str, str]:
    return {"files.1.file": path, "files.1.role": "facsimile", **cells}


def write_files(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"content of {name}\n")


def write_letters(folder: Path, *packages: str, pages: int = 2) -> None:
    for package in packages:
        names = [f"scans/{package}_{page}.jpg" for page in range(1, pages + 1)]
        write_files(folder / package, "letter.txt", *names)


def run(folder: Path, rows: Rows, *options: str | Path) -> Run:
    return batch(write_table(folder / "letters.csv", rows), folder.parent / "out", *options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "letters"
    path.mkdir()
    return path


def test_a_pattern_declares_its_files_in_natural_order_with_all_facts(folder: Path) -> None:
    write_letters(folder, "001", pages=12)
    seen = run(folder, [row("001", **scans("scans/001_*.jpg", **{"files.1.method": "scanned"}))])
    assert endings(seen) == {"001": DONE}, seen.said()
    assert described(folder, "001")["files"] == [
        {"file": f"scans/001_{page}.jpg", "role": "facsimile", "method": "scanned"} for page in range(1, 13)
    ]


def test_a_pattern_makes_the_package_that_the_list_of_its_files_makes(folder: Path) -> None:
    write_letters(folder, "001")
    run(folder, [row("001", **scans("scans/*"))])
    listed = {f"files.{n}.{key}": value for n in (1, 2)
              for key, value in (("file", f"scans/001_{n}.jpg"), ("role", "facsimile"))}  # fmt: skip
    table = write_table(folder / "letters.csv", [row("001", **listed)])
    batch(table, folder.parent / "listed")
    assert tree_bytes(folder.parent / "out" / "001") == tree_bytes(folder.parent / "listed" / "001")


def test_a_pattern_of_the_defaults_contains_the_name_of_each_package(folder: Path) -> None:
    write_files(
        folder, *(f"{n}.txt" for n in (1, 2)), *(f"scans/{n}-{page}.jpg" for n in (1, 2) for page in "ab")
    )
    defaults = folder / "defaults.yaml"
    defaults.write_text('files: [{ file: "scans/{package}-*.jpg", role: facsimile }]\n')
    rows = [row(n, folder="", transcription=f"{n}.txt") for n in ("1", "2")]
    seen = run(folder, rows, "--defaults", defaults)
    assert endings(seen) == {"1": DONE, "2": DONE}, seen.said()
    assert [one["file"] for one in described(folder, "2")["files"]] == ["scans/2-a.jpg", "scans/2-b.jpg"]


def test_the_name_of_a_package_in_a_pattern_stands_for_itself(folder: Path) -> None:
    write_files(folder / "F. 17 [2]", "letter.txt", "F. 17 [2]_1.jpg")
    seen = run(folder, [row("F. 17 [2]", **scans("{package}_*.jpg"))])
    assert endings(seen) == {"F. 17 [2]": DONE}, seen.said()


def test_files_in_a_shared_folder_that_no_pattern_matches_are_reported(folder: Path) -> None:
    write_files(folder, "1.txt", "2.txt", "scans/1-a.jpg", "scans/2-a.jpg", "scans/3-a.jpg")
    rows = [row(n, folder="", transcription=f"{n}.txt", **scans(f"scans/{n}-*.jpg")) for n in ("1", "2")]
    seen = run(folder, rows)
    ended = endings(seen)
    assert (ended["1"], ended["2"], ended["files that nobody declares"][0]) == (DONE, DONE, "failed")
    assert "scans/3-a.jpg is not declared" in seen.out
    assert "scans/1-a.jpg is not declared" not in seen.out


def test_a_pattern_does_not_match_what_is_left_out_declared_elsewhere_or_of_the_system(folder: Path) -> None:
    write_files(folder / "1", "letter.txt", "draft.txt", "Thumbs.db", "a.txt")
    seen = run(folder, [row("1", **scans("*"), **{"left-out": "draft*"})])
    assert endings(seen) == {"1": DONE}, seen.said()
    assert [one["file"] for one in described(folder, "1")["files"]] == ["a.txt"]
    assert not (folder.parent / "out" / "1" / "data" / "draft.txt").exists()


def test_a_pattern_for_an_annexe_stands_for_one_file(folder: Path) -> None:
    write_files(folder / "1", "letter.txt", "report-1932.txt")
    annexe = {
        "annexes.1.title": "A report",
        "annexes.1.status": "reproduced",
        "annexes.1.file": "report*.txt",
    }
    seen = run(folder, [row("1", **annexe)])
    assert endings(seen) == {"1": DONE}, seen.said()
    assert described(folder, "1")["annexes"][0]["file"] == "report-1932.txt"
    write_files(folder / "1", "report-1933.txt")
    seen = run(folder, [row("1", **annexe)])
    assert "report*.txt matches 2 files, and an annexe has one" in seen.out


@pytest.mark.parametrize(
    "name", ["scan [1].jpg", "scan*.jpg", "what?.jpg", "scans/{package}.jpg", "a\\b.jpg"]
)
def test_a_file_that_exists_as_it_is_written_is_meant_literally(folder: Path, name: str) -> None:
    write_files(folder / "1", "letter.txt", name)
    seen = run(folder, [row("1", **scans(name))])
    assert endings(seen) == {"1": DONE}, seen.said()
    assert (folder.parent / "out" / "1" / "data" / name).is_file()
    assert "backslashes" not in seen.err


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        ("scans/002_*.jpg", "there are 2 files: scans/001_1.jpg, scans/001_2.jpg"),
        ("scans/001_*.JPG", "there is scans/001_1.jpg: upper and lower case count"),
        ("images/*.jpg", "there is no folder images/"),
        ("s[xy]ans/*.jpg", "no folder matches s[xy]ans/"),
    ],
)
def test_a_pattern_that_matches_nothing_says_what_is_there(folder: Path, pattern: str, hint: str) -> None:
    write_letters(folder, "001")
    seen = run(folder, [row("001", **scans(pattern))])
    (finding,) = [one for one in findings_of(seen) if one["code"] == "payload.pattern-matches-nothing"]
    assert finding["message"] == f"{pattern} matches no file"
    assert (finding["row"], finding["column_name"], finding["hint"]) == (2, "files.1.file", hint)


def test_a_missing_folder_is_reported_instead_of_a_pattern_without_matches(folder: Path) -> None:
    seen = run(folder, [row("001", **scans("scans/*"))])
    (line,) = seen.objects
    assert "row 2, column folder: the folder of the sources cannot be opened" in line["message"]
    assert line["findings"] == []


def test_one_id_is_not_given_to_several_files(folder: Path) -> None:
    write_letters(folder, "001")
    seen = run(folder, [row("001", **scans("scans/*", **{"files.1.id": "scan"}))])
    assert "the id `scan` would be given to 2 files" in seen.out


def test_a_pattern_leads_out_of_no_folder(folder: Path) -> None:
    write_letters(folder, "001", "002")
    (folder / "001" / "link").symlink_to(folder / "002")
    for pattern in ("../002/*.txt", "link/*.txt", "*/../../002/*.txt"):
        seen = run(folder, [row("001", **scans(pattern))])
        assert seen.code == 6, seen.out
        assert not (folder.parent / "out" / "001").exists()


def test_a_new_file_that_a_pattern_matches_is_packed_by_the_next_run(folder: Path) -> None:
    write_letters(folder, "001")
    rows = [row("001", **scans("scans/*.jpg"))]
    assert endings(run(folder, rows)) == {"001": DONE}
    write_files(folder / "001", "scans/001_3.jpg")
    assert endings(run(folder, rows)) == {"001": DONE}
    assert (folder.parent / "out/001/data/scans/001_3.jpg").is_file()


def test_backslashes_are_read_as_slashes_with_one_note(folder: Path) -> None:
    write_letters(folder, "001", "002")
    rows = [row(n, folder=f".\\{n}", **scans("scans\\")) for n in ("001", "002")]
    seen = run(folder, rows)
    assert endings(seen) == {"001": DONE, "002": DONE}, seen.said()
    notes = [line for line in seen.err.splitlines() if "backslashes" in line]
    assert len(notes) == 1
    assert "backslashes in 4 cells were read as `/`, first in" in notes[0]
    assert notes[0].endswith("letters.csv, row 2, column folder")
    assert described(folder, "001")["files"] == [{"file": "scans/", "role": "facsimile"}]


def test_a_pattern_can_have_backslashes_too(folder: Path) -> None:
    write_letters(folder, "001")
    seen = run(folder, [row("001", **scans("scans\\001_*.jpg"))])
    assert endings(seen) == {"001": DONE}, seen.said()
    assert "backslashes in 1 cell" in seen.err


def test_a_path_that_exists_with_backslashes_and_with_slashes_is_not_guessed(folder: Path) -> None:
    write_files(folder / "1", "letter.txt", "a\\b.jpg", "a/b.jpg")
    seen = run(folder, [row("1", **scans("a\\b.jpg"))])
    (finding,) = [one for one in findings_of(seen) if one["code"] == "description.file-path"]
    assert "exists, and a/b.jpg too: it is not clear which one is meant" in finding["message"]


@pytest.mark.parametrize("path", ["C:\\letters\\001", "\\\\server\\letters\\001", "c:/letters/001"])
def test_an_absolute_path_of_windows_is_refused_with_the_option_to_use(folder: Path, path: str) -> None:
    write_letters(folder, "001")
    for cells in (row("001", folder=path), row("001", **scans(f"{path}/a.jpg"))):
        seen = run(folder, [cells])
        (finding,) = [one for one in findings_of(seen) if one["code"] == "description.file-path"]
        assert "is an absolute path of Windows" in finding["message"]
        assert finding["hint"].endswith("name that folder with --files DIR")


def test_a_package_with_a_backslash_is_refused_with_the_path_to_write(folder: Path) -> None:
    write_letters(folder, "001")
    seen = run(folder, [row("letters\\001", folder="001")])
    (finding,) = findings_of(seen)
    assert "letters/001" in finding["message"] + str(finding["hint"])


def test_packages_are_not_written_into_the_folder_of_a_row(folder: Path) -> None:
    write_letters(folder, "001", "002")
    table = write_table(folder / "letters.csv", [row(n, **scans("scans/")) for n in ("001", "002")])
    before = tree_bytes(folder)
    for output in (folder / "002", folder / "002" / "out"):
        seen = batch(table, output)
        assert seen.code == 2
        assert f"among their sources: {output}, in the folder {folder / '002'}" in " ".join(
            seen.said().split()
        )
        assert tree_bytes(folder) == before
    assert endings(batch(table, folder / "out")) == {"001": DONE, "002": DONE}


def test_packages_can_be_written_into_a_folder_that_rows_share_but_not_instead_of_it(folder: Path) -> None:
    write_files(folder / "all", "1.txt", "2.txt")
    rows = [row(n, folder="all", transcription=f"{n}.txt") for n in ("1", "2")]
    table = write_table(folder / "letters.csv", rows)
    assert batch(table, folder / "all").code == 2
    assert endings(batch(table, folder / "all" / "out")) == {"1": DONE, "2": DONE}


def test_backslashes_are_read_in_every_cell_that_names_a_file(folder: Path) -> None:
    write_files(folder / "1", "texts/a.txt", "texts/b.txt", "texts/report.txt", "lists/é.txt")
    (folder / "1" / "library.json").write_text('[{"id": "k", "type": "book", "title": "Ours"}]')
    cells = row("1", **{
        "transcription": "", "transcription.1.file": "texts\\a.txt", "transcription.2.file": "texts\\b.txt",
        "source": "", "source.cite": "k", "source.library": ".\\library.json",
        "annexes.1.title": "A report", "annexes.1.status": "reproduced",
        "annexes.1.within.file": "texts\\report.txt", "annexes.1.within.from-line": "1",
        "annexes.2.title": "A list", "annexes.2.status": "reproduced", "annexes.2.file": "lists\\é.txt",
    })  # fmt: skip
    seen = run(folder, [cells])
    assert endings(seen) == {"1": DONE}, seen.said()
    assert "backslashes in 5 cells" in seen.err
    values = described(folder, "1")
    assert [part["file"] for part in values["transcription"]] == ["texts/a.txt", "texts/b.txt"]
    assert [values["annexes"][0]["within"]["file"], values["annexes"][1]["file"]] == [
        "texts/report.txt", "lists/é.txt"
    ]  # fmt: skip


def test_a_table_of_annexes_can_have_patterns_and_backslashes(folder: Path) -> None:
    write_files(folder / "1", "letter.txt", "annexes/report-1932.txt", "annexes/list.txt")
    annexes = write_table(
        folder / "annexes.csv",
        [
            {
                "package": "1",
                "id": "a",
                "of": "",
                "title": "A",
                "status": "reproduced",
                "file": "annexes\\report*",
            },
            {
                "package": "1",
                "id": "",
                "of": "a",
                "title": "B",
                "status": "reproduced",
                "file": "annexes/l*.txt",
            },
        ],
    )
    seen = run(folder, [row("1")], "--annexes", annexes)
    assert endings(seen) == {"1": DONE}, seen.said()
    assert "first in" in seen.err
    assert "annexes.csv, row 2, column file" in seen.err
    (annexe,) = described(folder, "1")["annexes"]
    assert (annexe["file"], annexe["enclosures"][0]["file"]) == (
        "annexes/report-1932.txt",
        "annexes/list.txt",
    )


def test_a_pattern_declares_no_file_twice(folder: Path) -> None:
    write_files(folder / "1", "letter.txt", "a.txt")
    cells = {
        "files.1.file": "a.txt",
        "files.1.role": "other",
        "files.2.file": "*.txt",
        "files.2.role": "other",
    }
    seen = run(folder, [row("1", **cells)])
    assert endings(seen) == {"1": DONE}, seen.said()
    assert described(folder, "1")["files"] == [{"file": "a.txt", "role": "other"}]
