"""`archtool batch template --from TABLE`: a draft that can be used, and that asks for what is not certain."""

from __future__ import annotations

import csv
import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest

from archtool.batch.sources.mapping.column_survey import MAX_ROWS
from archtool.batch.sources.table_columns import OWN_OF_ANNEXES, OWN_OF_PACKAGES
from archtool.operations.mapping.reader import read_mapping
from batches import batch, endings
from command_line import Run, archtool
from inventories import LETTERS, MAPPING, assert_right_packages, write_inventory
from packages import tree_bytes
from tables import write_workbook

DONE = ("done", 0)


def draft(table: Path, *options: str | Path) -> Run:
    return archtool("batch", "template", "--from", table, "-o", table.parent / "mapping.yaml", *options)


def drafted(folder: Path, header: Sequence[str], *rows: Sequence[str]) -> str:
    """Return the lines of the draft for a small table."""
    folder.mkdir(exist_ok=True)
    with (folder / "letters.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    seen = draft(folder / "letters.csv", "--force")
    assert seen.code == 0, seen.said()
    return (folder / "mapping.yaml").read_text(encoding="utf-8")


def test_a_drafted_mapping_makes_the_packages_without_an_edit(tmp_path: Path) -> None:
    table = write_inventory(tmp_path / "letters", mapping=None)
    seen = draft(table)
    assert (seen.code, seen.out) == (0, f"wrote {tmp_path / 'letters' / 'mapping.yaml'}\n"), seen.said()
    made = batch(table, tmp_path / "out", "--mapping", tmp_path / "letters" / "mapping.yaml")
    assert endings(made) == {name: DONE for name, *_ in LETTERS}, made.said()
    assert_right_packages(tmp_path / "out")


def test_the_draft_says_the_same_as_a_person_would_write(tmp_path: Path) -> None:
    table = write_inventory(tmp_path / "letters", mapping=None)
    draft(table)
    text = (tmp_path / "letters" / "mapping.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    assert lines == MAPPING.splitlines()


def test_the_printed_command_can_be_run(tmp_path: Path) -> None:
    write_inventory(tmp_path / "my letters", mapping=None)
    seen = archtool("batch", "template", "--from", "my letters/inventaire.csv", cwd=tmp_path)
    assert seen.out == "wrote mapping.yaml\n"
    words = shlex.split(seen.err.splitlines()[-1])
    assert words[:2] == ["archtool", "batch"]
    assert archtool(*words[1:], "--jobs", "1", cwd=tmp_path).code == 0


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("Titel", "Brief", "Titel: title"),
        ("НАЗВАНИЕ", "Письмо", "НАЗВАНИЕ: title"),
        ("Date of letter", "1932-05", "Date of letter: date"),
        ("Дата", "17.06.1932", "Дата: { to: date, date-order: dmy }"),
        ("Date", "06/17/1932", "Date: { to: date, date-order: mdy }"),
        ("Sprache", "deutsch", "Sprache: { to: language, values: { deutsch: de } }"),
        ("Язык", "немецкий", "Язык: { to: language, values: { немецкий: de } }"),
        ("Langue", "fr", "Langue: language"),
        ("Auteur(s)", "A; B", 'Auteur(s): { to: creators, split: ";" }'),
        ("Empfänger", "The section", "Empfänger: addressees"),
        ("Scans", "a.jpg; b.jpg", 'Scans: { to: files, split: ";" }'),
        ("Source Title", "Letters", "Source Title: source.title"),
        ("Source", "Ours.", "Source: source"),
    ],
)
def test_columns_are_recognised_by_their_meaning(tmp_path: Path, name: str, text: str, line: str) -> None:
    assert f"\n  {line}\n" in drafted(tmp_path, ["id", name], ["1", text])


@pytest.mark.parametrize(
    ("name", "text", "remark"),
    [
        ("Remarques", "not for readers", "perhaps: note"),
        ("Zustand", "gut", "for instance: “gut”"),
        ("Texte", "Dear comrades", "not `transcription`: its cells do not look like names of files"),
        ("Date", "in spring", "not `date`: its cells do not look like dates"),
        ("Dossier", "12", "not `folder`: some of its cells name no folder beside the table"),
        ("Leer", "", "all its cells are empty"),
    ],
)
def test_what_is_not_certain_is_left_empty_with_a_remark(
    tmp_path: Path, name: str, text: str, remark: str
) -> None:
    text = drafted(tmp_path, ["id", name], ["1", text])
    assert f"\n  {name}:\n" in text
    assert any(line.strip() == f"# {remark}" for line in text.splitlines()), text


def test_an_order_of_dates_that_is_not_certain_is_a_question(tmp_path: Path) -> None:
    text = drafted(tmp_path, ["id", "Date"], ["1", "03/04/1932"], ["2", "05/1932"])
    assert "# which part of “03/04/1932” is the day? State it, as one of these:" in text
    assert "#   { to: date, date-order: dmy }" in text
    assert "#   { to: date, date-order: mdy }" in text
    assert "ymd" not in text
    assert "\n  Date: date\n" in text
    seen = draft(tmp_path / "letters.csv", "--force")
    assert "to be written: the order of day and month in 'Date'" in seen.err


def test_dates_in_no_single_order_are_a_remark(tmp_path: Path) -> None:
    text = drafted(tmp_path, ["id", "Date"], ["1", "17/06/1932"], ["2", "06/17/1932"])
    assert "# no single order of day, month and year fits all dates: “17/06/1932” …" in text
    assert "\n  Date: date\n" in text


def test_texts_whose_meaning_is_not_known_are_asked_for_by_the_run(tmp_path: Path) -> None:
    text = drafted(tmp_path, ["id", "Langue", "Date"], ["1", "patois", "s.d."], ["2", "russe", "17/06/1932"])
    assert "\n      russe: ru\n" in text
    assert "\n      patois:\n" in text
    assert "\n      s.d.:\n" in text
    seen = batch(tmp_path / "letters.csv", tmp_path / "out", "--mapping", tmp_path / "mapping.yaml")
    said = " ".join(seen.said().split())
    for asked in (
        "`patois` has no meaning yet",
        "`s.d.` has no meaning yet",
        "constant `source` has no text yet",
    ):
        assert asked in said


def test_the_column_of_packages_has_a_different_text_in_each_row(tmp_path: Path) -> None:
    text = drafted(tmp_path, ["Nr.", "Kennung"], ["1", "a"], ["1", "b"])
    assert "# not `package`: “1” is in rows 2 and 3, and each package needs another name" in text
    assert "\n  Kennung: package\n" in text


def test_a_column_that_names_the_folders_names_the_packages(tmp_path: Path) -> None:
    for name in ("b1", "b2"):
        (tmp_path / name / "scans").mkdir(parents=True)
        (tmp_path / name / f"{name}.txt").write_text("A text.\n")
    text = drafted(tmp_path, ["N°", "Sigle"], ["1", "b1"], ["2", "b2"])
    for line in (
        "Sigle: package", 'folder: "{package}"', 'transcription: "{package}.txt"', 'files.1.file: "scans/"',
        "files.N.role: facsimile",
    ):  # fmt: skip
        assert f"\n  {line}\n" in text, text


def test_a_table_without_names_of_packages_asks_for_them(tmp_path: Path) -> None:
    text = drafted(tmp_path, ["Titre"], ["A"], ["A"])
    assert "# No column names the packages" in text
    seen = batch(tmp_path / "letters.csv", tmp_path / "out", "--mapping", tmp_path / "mapping.yaml")
    assert "no column and no constant gives `package`" in " ".join(seen.said().split())


@pytest.mark.parametrize(
    "name",
    [
        "a: b",
        "# x",
        "{x}",
        "- y",
        "null",
        "\"q\" 'r' \\s",
        "line\nend",
        "é" * 300,
        "[1]",
        "*",
        "&a",
        "!t",
        "y ",
        "%",
        "@",
    ],
)
def test_a_header_of_any_characters_is_read_back(tmp_path: Path, name: str) -> None:
    odd = 'a: "b" #\n{'
    drafted(tmp_path, ["id", name, "Sprache"], ["1", "x\n# y", odd])
    data = (tmp_path / "mapping.yaml").read_bytes()
    mappings, findings = read_mapping(data, "mapping.yaml", OWN_OF_PACKAGES, OWN_OF_ANNEXES)
    assert mappings is not None, list(findings.collector)
    assert [rule.name.strip() for rule in mappings.packages.columns] == ["id", name.strip(), "Sprache"]
    asked = [one.message for one in findings.collector if one.code == "mapping.open-value"]
    assert f"`{odd}` has no meaning yet, for `language`" in asked


def test_a_table_with_the_keys_as_columns_is_drafted_as_it_is(tmp_path: Path) -> None:
    header = ["Package", "TITLE ", "transcription", "files.1.file", "files.1.role", "creators.1.name",
              "creators.1.role", "source"]  # fmt: skip
    row = ["1", "A", "1.txt", "1.jpg", "facsimile", "The bureau", "author", "Ours."]
    (tmp_path / "1.txt").write_text("A text.\n")
    (tmp_path / "1.jpg").write_bytes(b"scan")
    text = drafted(tmp_path, header, row)
    assert "constants:" not in text
    made = batch(tmp_path / "letters.csv", tmp_path / "out", "--mapping", tmp_path / "mapping.yaml")
    assert endings(made) == {"1": DONE}, made.said()


def test_a_workbook_with_annexes_is_drafted_and_packed(tmp_path: Path) -> None:
    rows = [{"Cote": "1", "Titre": "Lettre", "Source": "Nous.", "Texte": "1.txt"}]
    annexes = [{"Cote": "1", "Titre": "Liste", "État": "perdue"}]
    table = write_workbook(tmp_path / "letters.xlsx", lettres=rows, annexes=annexes)
    (tmp_path / "1.txt").write_text("A text.\n")
    assert draft(table).code == 0
    path = tmp_path / "mapping.yaml"
    text = path.read_text(encoding="utf-8")
    assert "\nannexes:\n  columns:\n    Cote: package\n    Titre: title\n" in text
    text = text.replace("    État: status", "    État: { to: status, values: { perdue: lost } }")
    path.write_text(text, encoding="utf-8")
    made = batch(table, tmp_path / "out", "--mapping", path)
    assert endings(made) == {"1": DONE}, made.said()


def test_a_draft_overwrites_a_file_only_with_force(tmp_path: Path) -> None:
    table = write_inventory(tmp_path)
    before = tree_bytes(tmp_path)
    seen = draft(table)
    assert (seen.code, "exists already; nothing was written" in seen.said()) == (2, True)
    assert tree_bytes(tmp_path) == before
    assert draft(table, "--force").code == 0
    assert (tmp_path / "mapping.yaml").read_bytes() != before["mapping.yaml"]


def test_a_draft_never_replaces_its_table(tmp_path: Path) -> None:
    table = write_inventory(tmp_path)
    before = tree_bytes(tmp_path)
    seen = archtool("batch", "template", "--from", table, "-o", tmp_path / "." / "inventaire.csv", "--force")
    assert (seen.code, "is the table itself" in seen.said()) == (2, True)
    assert archtool("batch", "template", "--from", table, "-o", tmp_path).code == 2
    assert tree_bytes(tmp_path) == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--from", "t.csv", "--format", "csv"], "--format does not belong to --from"),
        (["-o", "x", "--force"], "--force requires --from"),
        (["-o", "x", "--annexes", "a.csv"], "--annexes requires --from"),
        (["--from", "none.csv"], "none.csv cannot be read"),
    ],
)
def test_options_that_do_not_fit_are_refused(tmp_path: Path, options: list[str], said: str) -> None:
    seen = archtool("batch", "template", *options, cwd=tmp_path)
    assert seen.code in (2, 3)
    assert said in " ".join(seen.said().split())
    assert tree_bytes(tmp_path) == {}


def test_a_draft_from_a_long_table_says_how_many_rows_it_is_based_on(tmp_path: Path) -> None:
    rows = ([str(number)] for number in range(MAX_ROWS + 1))
    assert f"# Only the first {MAX_ROWS:,} rows were looked through." in drafted(tmp_path, ["id"], *rows)
