"""`archtool batch TABLE`: each row makes the package that its description would make."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from batches import batch, endings
from budgets import budget
from command_line import Run, archtool, assert_loc_agrees
from packages import EXAMPLES, pack, tree_bytes, write_key
from tables import Rows, annexe_rows, package_row, values_of, write_table, write_workbook

RAKOVSKY = EXAMPLES / "rakovsky-1932"
KEY = "appels/1932-04"
DONE = ("done", 0)
ROWS = budget(600, 3_000)
# files that depend on the form of the description, or contain a digest of such a file
OF_THE_DESCRIPTION = {"metadata/description.yaml", "tagmanifest-sha512.txt"}
OF_ITS_SIGNATURE = {
    "attestations/0001-packaging/sha512sums.txt",
    "attestations/0001-packaging/sha512sums.txt.archivist.sig",
}


def copy_files(folder: Path) -> dict[str, Any]:
    """Copy the files of the document of 1932 without their description; return its values."""
    shutil.copytree(RAKOVSKY, folder, ignore=shutil.ignore_patterns("*.yaml"))
    return values_of(RAKOVSKY / "description.yaml")


def in_separated(suffix: str) -> Callable[[Path], list[str | Path]]:
    def write(folder: Path) -> list[str | Path]:
        values = copy_files(folder)
        table = write_table(folder / f"letters{suffix}", [package_row(KEY, values)])
        annexes = write_table(folder / f"annexes{suffix}", list(annexe_rows(KEY, values["annexes"])))
        return [table, "--annexes", annexes]

    return write


def in_workbook(folder: Path) -> list[str | Path]:
    values = copy_files(folder)
    rows = {"letters": [package_row(KEY, values)], "annexes": list(annexe_rows(KEY, values["annexes"]))}
    return [write_workbook(folder / "letters.xlsx", **rows)]


def in_wrapped_line(folder: Path) -> list[str | Path]:
    values = copy_files(folder)
    path = folder / "letters.jsonl"
    path.write_text(json.dumps({"package": KEY, "description": values}) + "\n", encoding="utf-8")
    return [path]


def in_line(folder: Path) -> list[str | Path]:
    values = copy_files(folder) | {"id": KEY.replace("/", "-")}
    path = folder / "letters.ndjson"
    path.write_text(json.dumps(values, ensure_ascii=False) + "\n", encoding="utf-8")
    return [path]


FORMS = {
    "csv": in_separated(".csv"),
    "tsv": in_separated(".tsv"),
    "xlsx": in_workbook,
    "wrapped": in_wrapped_line,
    "line": in_line,
}


def run_batch(words: list[str | Path], output: Path, *options: str | Path) -> Run:
    return batch(Path(words[0]), output, *words[1:], *options)


@pytest.mark.parametrize("form", FORMS)
def test_a_row_makes_the_same_bytes_as_its_description(tmp_path: Path, form: str) -> None:
    key = write_key(tmp_path)
    made = run_batch(FORMS[form](tmp_path / "sources"), tmp_path / "out", "--sign", key)
    assert (made.code, [told["ending"] for told in made.objects]) == (0, ["done"]), made.out
    (package,) = [path.parent for path in (tmp_path / "out").rglob("bagit.txt")]
    kept = next((package / "metadata").glob("description.*"))
    alone = tmp_path / "alone"
    copy_files(alone)
    shutil.copy(kept, alone)
    assert pack(alone / kept.name, tmp_path / "made-alone", "--sign", key).code == 0
    assert tree_bytes(package) == tree_bytes(tmp_path / "made-alone")
    assert_loc_agrees(package)


@pytest.mark.parametrize("form", ["csv", "tsv", "xlsx", "wrapped"])
def test_a_row_makes_the_package_of_the_same_description_in_yaml(tmp_path: Path, form: str) -> None:
    key = write_key(tmp_path)
    made = run_batch(FORMS[form](tmp_path / "sources"), tmp_path / "out", "--sign", key)
    assert endings(made) == {KEY: DONE}
    package = tmp_path / "out" / KEY
    assert pack(RAKOVSKY / "description.yaml", tmp_path / "yaml", "--sign", key).code == 0
    one, other = tree_bytes(package), tree_bytes(tmp_path / "yaml")
    differing = {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}
    expected = OF_THE_DESCRIPTION | OF_ITS_SIGNATURE
    if form == "wrapped":  # the description is kept in its format, and some files name it
        expected |= {"metadata/description.json"}
    assert differing == expected
    told = archtool("diff", tmp_path / "yaml", package, "--json")
    (difference,) = told.objects
    assert {f["code"] for f in difference["findings"]} == {
        "diff.attestation-changed",  # it signs the files that differ
        "diff.metadata-form",  # the description has another form and the same values
    }


def letters(folder: Path, *rows: dict[str, str], files: int = 3) -> Path:
    """Write a table of letters and their files beside it."""
    folder.mkdir(exist_ok=True)
    for number in range(files):
        (folder / f"letter-{number}.txt").write_text(f"Letter {number}.\n")
    return write_table(folder / "letters.csv", list(rows))


def letter(number: int, **said: str) -> dict[str, str]:
    row = {
        "package": f"letters/{number:04}", "title": f"Letter {number}", "source": "Cahiers, no 3.",
        "transcription": f"letter-{number}.txt", "rights.package": "CC0-1.0",
    }  # fmt: skip
    return row | {name.replace("__", "."): text for name, text in said.items()}


def finding_cells(seen: Run) -> list[tuple[str, str, str]]:
    """Return the code, the row and the column of each finding."""
    return [(f["code"], str(f["row"]), f["column_name"]) for told in seen.objects for f in told["findings"]]


def test_many_rows_are_checked_and_nothing_is_written(tmp_path: Path) -> None:
    table = letters(tmp_path / "letters", *(letter(n) for n in range(ROWS)), files=ROWS)
    before = tree_bytes(tmp_path)
    seen = batch(table, tmp_path / "out", "--check", "--jobs", "2")
    assert (seen.code, len(seen.objects)) == (0, ROWS), seen.err
    assert {told["ending"] for told in seen.objects} == {"done"}
    assert seen.err.startswith(f"{ROWS:,} jobs · {ROWS:,} done · 0 failed · ")
    assert tree_bytes(tmp_path) == before


def test_every_finding_names_the_row_and_the_column(tmp_path: Path) -> None:
    table = letters(
        tmp_path / "letters",
        letter(0, date="193 2", original__signed="yes", language="fre"),
        letter(1, title="", addressees="A;;B"),
        letter(2, transcription="leter-2.txt", creators__2__name="X", source__type="book"),
    )
    seen = batch(table, tmp_path / "out", "--check", "--jobs", "1")
    assert seen.code == 6
    assert set(finding_cells(seen)) == {
        ("description.date", "2", "date"),
        ("description.wrong-type", "2", "original.signed"),
        ("description.language", "2", "language"),
        ("description.missing-key", "3", "title"),
        ("description.wrong-value", "3", "addressees"),
        ("description.duplicate-key", "4", "source.type"),
        ("description.missing-key", "4", "creators.2.role"),
        ("payload.missing", "4", "transcription"),
        ("payload.undeclared", "None", None),
    }
    assert all(told["message"] for told in seen.objects)
    assert {f["file"] for told in seen.objects for f in told["findings"] if f["row"]} == {str(table)}


def test_a_missing_declared_file_is_reported_at_its_cell(tmp_path: Path) -> None:
    table = letters(tmp_path / "letters", letter(0), letter(1, transcription="leter-1.txt"), files=2)
    (stray,) = [tmp_path / "letters" / "letter-1.txt"]
    seen = batch(table, tmp_path / "out", "--check", "--jobs", "1")
    (missing,) = [f for told in seen.objects for f in told["findings"] if f["code"] == "payload.missing"]
    assert (missing["row"], missing["column_name"], missing["column"]) == (3, "transcription", 4)
    assert missing["hint"] == "did you mean `letter-1.txt`?"
    assert "letters.csv, row 3 or its files" in next(
        o["message"] for o in seen.objects if o["job"].endswith("1")
    )
    assert stray.exists()


def test_findings_about_annexes_name_their_own_table(tmp_path: Path) -> None:
    table = letters(tmp_path / "letters", letter(0), files=1)
    rows: Rows = [
        {"package": "letters/0000", "id": "one", "of": "", "title": "T", "status": "reproduced", "file": ""},
        {"package": "letters/0000", "id": "two", "of": "onne", "title": "T", "status": "listd"},
        {"package": "letters/0000", "id": "p", "of": "q", "title": "T", "status": "listed"},
        {"package": "letters/0000", "id": "q", "of": "p", "title": "T", "status": "listed"},
        {"package": "letters/0009", "id": "", "of": "", "title": "T", "status": "listed"},
    ]
    annexes = write_table(tmp_path / "letters" / "annexes.csv", rows)
    seen = batch(table, tmp_path / "out", "--check", "--jobs", "1", "--annexes", annexes)
    assert set(finding_cells(seen)) == {
        ("annexe.reproduced-where", "2", "file"),
        ("description.id-unknown", "3", "of"),
        ("description.wrong-value", "3", "status"),
        ("description.id-unknown", "4", "of"),
        ("description.id-unknown", "5", "of"),
        ("batch.package", "6", "package"),
    }
    assert {f["file"] for told in seen.objects for f in told["findings"]} == {str(annexes)}
    (orphan,) = [told for told in seen.objects if told["job"] == "letters/0009"]
    assert "row 6, column package: annexes of the package letters/0009, which has no row" in orphan["message"]
    reproduced = write_table(annexes, rows[:1])
    seen = batch(table, tmp_path / "out", "--check", "--jobs", "1", "--annexes", reproduced)
    assert finding_cells(seen) == [("annexe.reproduced-where", "2", "file")]


def test_findings_in_a_workbook_name_the_sheet(tmp_path: Path) -> None:
    folder = letters(tmp_path / "letters", letter(0), files=1).parent
    (folder / "letters.csv").unlink()
    annexe = {"package": "letters/0000", "title": "T", "status": "lost?"}
    book = write_workbook(folder / "letters.xlsx", letters=[letter(0, date="19-99")], annexes=[annexe])
    seen = batch(book, tmp_path / "out", "--check", "--jobs", "1")
    found = [(f["sheet"], f["row"], f["column_name"]) for told in seen.objects for f in told["findings"]]
    assert found == [("annexes", 2, "status"), ("letters", 2, "date")]
    (told,) = seen.objects
    assert told["message"].startswith(f"not packed: {book}, sheet letters, row 2 or its files have faults")


def test_rows_that_do_not_name_a_package_are_refused_one_by_one(tmp_path: Path) -> None:
    table = letters(
        tmp_path / "letters",
        letter(0), letter(0, package="letters/0001"), letter(1, package="Letters/0001"),
        letter(1, package="letters/0000/inner"), letter(1, package=""), letter(1, package="../up"),
        letter(1, package="CON"), letter(2), files=3,
    )  # fmt: skip
    seen = batch(table, tmp_path / "out", "--jobs", "1")
    told = {o["job"]: o["message"].removeprefix(f"{table}, ") for o in seen.objects if o["message"]}
    assert told == {
        "letters/0001": "row 3, column package: 2 rows stand for the package letters/0001 (rows 3, 4)",
        "Letters/0001": "row 4, column package: 2 rows stand for the package Letters/0001 (rows 3, 4)",
        "letters/0000/inner": "row 5, column package: its package would be inside the package letters/0000",
        f"{table}, row 6": "row 6, column package: the package has no name",
        "../up": "row 7, column package: its package cannot be called ../up: it climbs out of its folder",
        "CON": "row 8, column package: its package cannot be called CON: "
        "it is the name of a device on Windows (CON)",
    }
    hints = {o["job"]: o["findings"][0]["hint"] for o in seen.objects if o["message"]}
    assert hints == {
        "letters/0001": "give each package its own path, or delete the rows that are too many",
        "Letters/0001": "give each package its own path, or delete the rows that are too many",
        "letters/0000/inner": "write a path that does not begin with letters/0000/,"
        " or give that package another path",
        f"{table}, row 6": "write the name of the package, such as its shelfmark, into this cell",
        "../up": "write a path below the folder of the packages, such as up",
        "CON": "write a path below the folder of the packages, such as package-CON",
    }
    assert {job for job, ending in endings(seen).items() if ending == DONE} == {
        "letters/0000",
        "letters/0002",
    }
    assert (seen.code, sorted(p.name for p in (tmp_path / "out" / "letters").iterdir())) == (
        6,
        ["0000", "0002"],
    )


TITLE_IS_THERE = (
    "the column `title` is there already: remove one of the two, or call this one `x-titel` to keep it"
)


@pytest.mark.parametrize(
    ("row", "findings"),
    [
        ({"titel": "T"}, [("table.unknown-column", "titel", TITLE_IS_THERE)]),
        (
            {"creators.3.nmae": "T"},
            [("table.unknown-column", "creators.3.nmae", "did you mean `creators.3.name`?")],
        ),
        ({"creators": "T"}, [("table.unknown-column", "creators", "did you mean `creators.1.name`?")]),
        (
            {"annexes.1.enclosure.1.title": "T"},
            [("table.unknown-column", "annexes.1.enclosure.1.title", None)],
        ),
        ({"": "T", "x-own": "U"}, [("table.no-column-name", None, "name it in the first row, or delete it")]),
    ],
)
def test_an_unknown_column_is_refused_before_any_job_starts(
    tmp_path: Path, row: dict[str, str], findings: list[tuple[str, str | None, str | None]]
) -> None:
    table = letters(tmp_path / "letters", letter(0) | row)
    seen = batch(table, tmp_path / "out")
    assert (seen.code, seen.out) == (3, "")
    assert not (tmp_path / "out").exists()
    for code, column, hint in findings:
        assert f"row 1, column {column or 6}:" in seen.said()
        assert f"[{code}]" in seen.said()
        assert hint is None or f"hint: {hint}" in seen.said()


def test_a_table_must_have_its_columns_and_rows(tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    for text, said in (
        ("title\nT\n", "there is no column `package`, which names the package of each row"),
        ("package,title,title\na,T,T\n", "columns 2 and 3 have the same name: title"),
        ("package,title\n\n,\n", "there is no row in"),
        ("", "the first row is empty"),
        ("package;Source;source \na;T;U\n", "columns 2 and 3 are both source: case, accents"),
    ):
        (folder / "letters.csv").write_text(text)
        seen = batch(folder / "letters.csv", tmp_path / "out")
        assert (seen.code, said in seen.said()) == (3, True), seen.err
        assert "letters.csv" in seen.err


def test_the_defaults_apply_if_a_row_gives_no_other_value(tmp_path: Path) -> None:
    rows = [
        {"package": "a", "title": "A", "source.pages": "3-16", "transcription.file": "letter-0.txt"},
        {"package": "b", "title": "B", "source.title": "Others", "transcription.file": "letter-1.txt",
         "creators.1.name": "X", "creators.1.role": "author", "x-mark": "7"},
    ]  # fmt: skip
    table = letters(tmp_path / "letters", *rows, files=2)
    defaults = tmp_path / "letters" / "shared.yaml"
    defaults.write_text(
        "source: { type: book, title: Letters }\ntranscription: { language: fr, credit: No }\n"
        "creators: [{ name: The bureau, role: author, type: organization }]\nrights: { package: CC0-1.0 }\n"
    )
    assert batch(table, tmp_path / "out", "--defaults", defaults).code == 0
    one = values_of(tmp_path / "out/a/metadata/description.yaml")
    assert one == {
        "archtool": 1, "title": "A", "source": {"type": "book", "title": "Letters", "pages": "3-16"},
        "transcription": {"language": "fr", "credit": "No", "file": "letter-0.txt"},
        "creators": [{"name": "The bureau", "role": "author", "type": "organization"}],
        "rights": {"package": "CC0-1.0"},
    }  # fmt: skip
    other = values_of(tmp_path / "out/b/metadata/description.yaml")
    assert (other["source"], other["x-mark"]) == ({"type": "book", "title": "Others"}, "7")
    assert other["creators"] == [{"name": "X", "role": "author"}]


def test_a_comment_after_a_value_of_the_defaults_is_a_note(tmp_path: Path) -> None:
    table = letters(tmp_path / "letters", letter(0), files=1)
    defaults = tmp_path / "letters" / "shared.yaml"
    defaults.write_text("original:\n  shelfmark: Fonds 17 #3\n")
    seen = batch(table, tmp_path / "out", "--defaults", defaults)
    assert seen.code == 0, seen.err
    assert f"note: {defaults}:2:23: `#3` is read as a comment" in seen.err.replace("\n", " ")


def test_findings_about_the_defaults_name_their_own_lines(tmp_path: Path) -> None:
    table = letters(tmp_path / "letters", letter(0), files=1)
    defaults = tmp_path / "letters" / "shared.yaml"
    defaults.write_text("titel: T\ndate: 19-99\n")
    seen = batch(table, tmp_path / "out", "--defaults", defaults)
    assert (seen.code, seen.out) == (3, "")
    assert f"{defaults}:1:1: unknown key `titel`" in seen.said().replace("\n", "")
    defaults.write_text("creators: [{ name: X }]\n")
    seen = batch(table, tmp_path / "out", "--defaults", defaults)
    (finding,) = seen.objects[0]["findings"]
    assert (finding["file"], finding["line"], finding["row"]) == (str(defaults), 1, None)
    defaults.write_text("transcription: { language: fr, credit: Y }\n")
    seen = batch(table, tmp_path / "out", "--defaults", defaults)
    assert "`transcription` would replace values of the defaults" in seen.said()
    assert "call the column `transcription.file`" in seen.said()
    defaults.write_text("annexes: [")
    assert batch(table, tmp_path / "out", "--defaults", defaults).code == 3


def test_annexes_are_declared_in_one_table_only(tmp_path: Path) -> None:
    row = letter(0) | {"annexes.1.title": "T", "annexes.1.status": "listed"}
    table = letters(tmp_path / "letters", row, files=1)
    assert batch(table, tmp_path / "out", "--check").code == 0
    annexes = write_table(
        tmp_path / "letters" / "annexes.tsv", [{"package": "letters/0000", "title": "T", "status": "listed"}]
    )
    seen = batch(table, tmp_path / "out", "--annexes", annexes)
    assert (seen.code, "`annexes.1.title` belongs in the table of annexes" in seen.said()) == (3, True)


def test_rows_that_share_a_folder_must_declare_all_its_files(tmp_path: Path) -> None:
    table = letters(tmp_path / "letters", letter(0), letter(1), files=4)
    folder = table.parent
    (folder / "deep").mkdir()
    (folder / "deep" / "note.txt").write_text("x")
    (folder / "Thumbs.db").write_text("x")
    (folder / "link").symlink_to(folder / "letter-0.txt")
    seen = batch(table, folder / "out")
    strays = [told for told in seen.objects if told["job"] == "files that nobody declares"]
    assert (seen.code, len(strays), strays[0]["exit_code"]) == (6, 1, 3)
    assert strays[0]["message"] == f"4 files in the folders of {table} are declared by none of its rows"
    assert {(f["code"], Path(f["file"]).relative_to(folder).as_posix()) for f in strays[0]["findings"]} == {
        ("payload.undeclared", "letter-2.txt"),
        ("payload.undeclared", "letter-3.txt"),
        ("payload.undeclared", "deep/note.txt"),
        ("payload.not-a-file", "link"),
    }
    assert {job for job, end in endings(seen).items() if end == DONE} == {"letters/0000", "letters/0001"}
    (folder / "link").unlink()
    defaults = tmp_path / "defaults.yaml"
    defaults.write_text('left-out: ["letter-[23].txt", deep]\n')
    seen = batch(table, folder / "out", "--defaults", defaults, "--retry", "failed")
    assert seen.code == 0, seen.out


def test_a_folder_declared_by_a_row_is_packed_from_a_shared_folder(tmp_path: Path) -> None:
    row = letter(0) | {"files.1.file": "scans/", "files.1.role": "facsimile"}
    table = letters(tmp_path / "letters", row, letter(1), files=2)
    (table.parent / "scans").mkdir()
    for number in range(3):
        (table.parent / "scans" / f"{number}.tif").write_text("x")
    assert batch(table, tmp_path / "out").code == 0
    assert len(list((tmp_path / "out/letters/0000/data/scans").iterdir())) == 3
    assert not (tmp_path / "out/letters/0001/data/scans").exists()


def test_a_row_with_its_own_folder_must_declare_all_its_files(tmp_path: Path) -> None:
    rows = [letter(n) | {"folder": f"{n:04}", "transcription": "letter.txt"} for n in range(2)]
    table = letters(tmp_path / "letters", *rows, files=0)
    for n in range(2):
        (table.parent / f"{n:04}").mkdir()
        (table.parent / f"{n:04}" / "letter.txt").write_text("x")
    (table.parent / "0001" / "stray.txt").write_text("x")
    seen = batch(table, table.parent / "out")
    assert endings(seen) == {"letters/0000": DONE, "letters/0001": ("failed", 1)}
    elsewhere = tmp_path / "elsewhere"
    shutil.move(table.parent / "0000", elsewhere / "0000")
    seen = batch(table, tmp_path / "out2", "--files", elsewhere)
    assert endings(seen)["letters/0000"] == DONE
    (missing,) = [told for told in seen.objects if told["job"] == "letters/0001"]
    assert "row 3, column folder: the folder of the sources cannot be opened" in missing["message"]


def test_a_package_of_a_row_never_replaces_its_sources(tmp_path: Path) -> None:
    row = letter(0, package="0000") | {"folder": "0000", "transcription": "letter.txt"}
    table = letters(tmp_path / "letters", row, letter(1) | {"folder": "../up"}, files=0)
    (table.parent / "0000").mkdir()
    (table.parent / "0000" / "letter.txt").write_text("x")
    before = tree_bytes(tmp_path)
    same = batch(table, table.parent, "--existing", "replace")
    assert (same.code, "the packages would be written among their sources" in same.err) == (2, True)
    write_table(
        tmp_path / "letters" / "letters.csv", [letter(0, package="letters/0000") | {"folder": "0000"}]
    )
    before = tree_bytes(tmp_path)
    seen = batch(table, tmp_path, "--existing", "replace")
    assert "its package would be among the sources, or would replace them" in seen.objects[0]["message"]
    assert {p: d for p, d in tree_bytes(tmp_path).items() if p in before} == before


def test_a_rerun_of_a_table_packs_the_rows_that_changed(tmp_path: Path) -> None:
    table = letters(tmp_path / "letters", letter(0), letter(1), letter(2))
    assert batch(table, tmp_path / "out").code == 0
    write_table(table, [letter(2), letter(0), letter(1, title="Another")])
    seen = batch(table, tmp_path / "out")
    assert endings(seen) == {
        "letters/0000": ("left", 0), "letters/0001": DONE, "letters/0002": ("left", 0),
    }  # fmt: skip


def test_a_missing_library_is_reported_at_the_row_that_names_it(tmp_path: Path) -> None:
    row = {k: v for k, v in letter(0).items() if k != "source"}
    table = letters(tmp_path / "letters", row | {"source.cite": "k", "source.library": "none.json"}, files=1)
    (told,) = batch(table, tmp_path / "out").objects
    assert told["exit_code"] == 3
    (finding,) = [one for one in told["findings"] if one["severity"] == "error"]
    assert (finding["row"], finding["column_name"]) == (2, "source.library")
    assert finding["message"].startswith("the library cannot be read: ")


def test_options_for_tables_are_refused_for_other_sources(tmp_path: Path) -> None:
    table = letters(tmp_path / "letters", letter(0), files=1)
    for source, option, owner in (
        (table, "--match", "a folder"), (table.parent, "--defaults", "a table"),
        (table.parent, "--annexes", "a table"), (tmp_path / "x.jsonl", "--annexes", "a table"),
    ):  # fmt: skip
        seen = batch(source, tmp_path / "out", option, table)
        assert (seen.code, f"requires that SOURCE is {owner}" in seen.said()) == (2, True)
    (tmp_path / "letters.db").write_text("x")
    seen = batch(tmp_path / "letters.db", tmp_path / "out")
    assert (seen.code, "save a spreadsheet as .xlsx or .csv (UTF-8)" in seen.said()) == (3, True)
    assert batch(tmp_path / "none.csv", tmp_path / "out").code == 3
    seen = batch(table, tmp_path / "out", "--annexes", tmp_path / "letters.db")
    assert (seen.code, "is neither CSV nor TSV" in seen.said()) == (3, True)


def test_a_column_name_ignores_case_and_surrounding_blanks(tmp_path: Path) -> None:
    plain = {"package": "a", "title": "T", "source": "H", "creators.1.name": "X",
             "creators.1.role": "author", "transcription": "letter-0.txt", "x-Own": "y"}  # fmt: skip
    written = {"Package": "a", " TITLE ": "T", " Source": "H", "Creators.1.NAME": "X",
               "creators.1.role\u00a0\u200b": "author",
               "Transcription": "letter-0.txt", "X-Own": "y"}  # fmt: skip
    for name, row in (("plain", plain), ("written", written)):
        table = letters(tmp_path / name, row, files=1)
        assert batch(table, tmp_path / f"{name}-out", "--date", "2026-11-29").code == 0
    one, other = (
        tmp_path / f"{name}-out" / "a" / "metadata" / "description.yaml" for name in ("plain", "written")
    )
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("sources", "source"),
        ("Transcripton", "transcription"),
        ("Container title", "source.container-title"),
        ("container_title", "source.container-title"),
        ("Rights", "rights.original"),
        ("Creator 1 name", "creators.1.name"),
    ],
)
def test_the_nearest_column_name_is_suggested(tmp_path: Path, name: str, meant: str) -> None:
    row = {key: text for key, text in letter(0).items() if key not in (meant, meant.partition(".")[0])}
    seen = batch(letters(tmp_path / "letters", row | {name: "x"}), tmp_path / "out")
    assert seen.code == 3
    assert f"did you mean `{meant}`?" in seen.said()


def test_a_semicolon_table_from_excel_is_packed_and_its_separator_noted(tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "letter.txt").write_text("To the sections.\n")
    (folder / "letters.txt").write_text(
        "Package\tTitle\tSource\tTranscription\tRights.original\r\na\tT\tHefte\tletter.txt\tUND\r\n", "utf-16"
    )
    seen = batch(folder / "letters.txt", tmp_path / "out")
    assert (seen.code, endings(seen)) == (0, {"a": DONE})
    assert "note: " in seen.err
    assert "was read as UTF-16" in seen.err


def test_the_name_of_the_annexes_sheet_ignores_case(tmp_path: Path) -> None:
    values = copy_files(tmp_path / "letters")
    rows, annexes = [package_row(KEY, values)], list(annexe_rows(KEY, values["annexes"]))
    table = write_workbook(tmp_path / "letters" / "letters.xlsx", letters=rows, annexes=annexes)
    book = openpyxl.load_workbook(table)
    book["annexes"].title = "Annexes "
    book.save(table)
    assert batch(table, tmp_path / "out").code == 0
    inventory = json.loads((tmp_path / "out" / KEY / "metadata" / "annexes.json").read_text())
    assert len(inventory["annexes"]) == len(values["annexes"])
    book.create_sheet("ANNEXES")
    book.save(table)
    assert "has more than one sheet `annexes`" in batch(table, tmp_path / "out2").err


def test_an_annexe_below_an_unknown_one_is_answered_with_the_ids_that_exist(tmp_path: Path) -> None:
    table = letters(tmp_path / "letters", letter(0), files=1)
    rows: Rows = [
        {"package": "letters/0000", "id": "list", "of": "", "title": "T", "status": "listed"},
        {"package": "letters/0000", "id": "", "of": "zzzzzzzz", "title": "T", "status": "listed"},
    ]
    annexes = write_table(tmp_path / "letters" / "annexes.csv", rows)
    seen = batch(table, tmp_path / "out", "--check", "--annexes", annexes)
    assert "existing ids: list" in {f["hint"] for told in seen.objects for f in told["findings"]}
