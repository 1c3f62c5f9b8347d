"""`archtool batch TABLE --mapping FILE`: findings name the columns of the person's own table."""

from __future__ import annotations

from pathlib import Path

import pytest

from batches import batch, described, endings, findings_of
from command_line import Run, archtool, assert_loc_agrees
from inventories import HEADER, LETTERS, MAPPING, assert_right_packages, write_inventory
from packages import tree_bytes
from tables import write_table

DONE = ("done", 0)


def run(table: Path, *options: str | Path) -> Run:
    return batch(table, table.parent.parent / "out", "--mapping", table.parent / "mapping.yaml", *options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "letters"
    path.mkdir()
    return path


def test_an_inventory_becomes_right_packages_with_one_mapping(folder: Path) -> None:
    seen = run(write_inventory(folder))
    assert endings(seen) == {name: DONE for name, *_ in LETTERS}, seen.said()
    assert_right_packages(folder.parent / "out")
    assert_loc_agrees(folder.parent / "out" / "002")
    assert archtool("verify", folder.parent / "out" / "002").code == 0


def test_a_mapped_table_makes_the_packages_of_a_table_with_the_keys_as_columns(folder: Path) -> None:
    run(write_inventory(folder))
    rows = [
        {
            "package": name, "title": title, **({"date": date} if date else {}), "language": language,
            "transcription": "transcription.txt", "files.1.file": f"scans/{name}_*.jpg",
            "source": f"Carton 3, {name}", "folder": name, "files.1.role": "facsimile",
        }
        for name, title, _, date, _, language in LETTERS
    ]  # fmt: skip
    plain = batch(write_table(folder / "letters.csv", rows), folder.parent / "plain")
    assert plain.code == 0, plain.said()
    for name, *_ in LETTERS:
        assert tree_bytes(folder.parent / "out" / name) == tree_bytes(folder.parent / "plain" / name)


def test_the_names_of_columns_and_texts_are_compared_without_case_and_accents(folder: Path) -> None:
    header = ("COTE ", "titre", "DATE", "Langue", "texte", "Images", "SOURCE")
    seen = run(
        write_inventory(folder, header, MAPPING.replace("français", "Francais").replace("Cote", "côte"))
    )
    assert endings(seen) == {name: DONE for name, *_ in LETTERS}, seen.said()
    assert_right_packages(folder.parent / "out")


def test_a_column_that_is_named_like_a_key_needs_no_line(folder: Path) -> None:
    header = ("Cote", "Title", "Date", "Langue", "Texte", "Images", "Source")
    mapping = MAPPING.replace("  Titre: title\n", "").replace("  Source: source\n", "")
    seen = run(write_inventory(folder, header, mapping))
    assert endings(seen) == {name: DONE for name, *_ in LETTERS}, seen.said()


def test_a_finding_names_the_row_and_the_column_of_the_persons_own_table(folder: Path) -> None:
    table = write_inventory(folder, mapping=MAPPING.replace(", anglais: en", ""))
    text = table.read_text(encoding="utf-8")
    text = text.replace("12/05/1932", "32/05/1932").replace("001;Lettre à la section de Kharkov", "001;")
    table.write_text(text, encoding="utf-8")
    seen = run(table)
    places = {(one["code"], one["row"], one["column"], one["column_name"]) for one in findings_of(seen)}
    assert places - {("rights.missing", row, None, "rights.original") for row in range(2, 8)} == {
        ("description.missing-key", 2, 2, "Titre"),
        ("description.date", 2, 3, "Date"),
        ("mapping.unknown-value", 4, 4, "Langue"),
        ("mapping.unknown-value", 6, 4, "Langue"),
    }
    unknown = next(one for one in findings_of(seen) if one["code"] == "mapping.unknown-value")
    assert "does not list 'anglais'" in unknown["message"]
    assert unknown["hint"] == "add to `values`: `anglais: en`"


def test_the_line_that_a_finding_proposes_can_be_added(folder: Path) -> None:
    table = write_inventory(folder, mapping=MAPPING.replace(", anglais: en", ""))
    hints = {one["hint"] for one in findings_of(run(table)) if one["code"] == "mapping.unknown-value"}
    (line,) = (hint.partition("`: `")[2].rstrip("`") for hint in hints)
    mapping = MAPPING.replace("anglais: en", line)
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    assert run(table).code == 0


def test_one_round_names_every_column_that_does_not_fit(folder: Path) -> None:
    header = ("Cote", "Intitulé", "Date", "Langue", "Texte", "Bilder", "Source")
    seen = run(write_inventory(folder, header, MAPPING.replace("language", "langage")))
    said = " ".join(seen.said().split())
    assert seen.code == 3
    for text in (
        "inventaire.csv, row 1, column Intitulé: the mapping does not name the column `Intitulé`",
        "`Intitulé: title`, or `Intitulé:` if it is not used",
        "inventaire.csv, row 1, column Bilder: the mapping does not name the column `Bilder`",
        "mapping.yaml:4:3:",
        "has no column `Titre`",
        "mapping.yaml:6:17: there is no key `langage` [mapping.unknown-key] hint: did you mean `language`?",
        "mapping.yaml:8:3:",
        "has no column `Images`",
        "cannot be used as it is; no job was begun",
    ):
        assert text in said, (text, said)
    assert not (folder.parent / "out").exists()


def test_a_column_that_is_not_used_is_said_so_in_a_note(folder: Path) -> None:
    mapping = MAPPING.replace("  Source: source\n", "  Source:\n") + '  source: "Carton 3, {Cote}"\n'
    seen = run(write_inventory(folder, mapping=mapping))
    assert endings(seen) == {name: DONE for name, *_ in LETTERS}, seen.said()
    (note,) = [line for line in seen.err.splitlines() if "not used" in line]
    assert note.startswith("archtool: note: not used, according to ")
    assert "the column Source of" in note
    assert described(folder, "007")["source"] == "Carton 3, 007"


WRONG = {
    "  Date: { to: date, date-order: dmy }": {
        "  Date: { to: date }": None,  # the row says it
        "  Date: { to: date, date-order: dym }": "`columns.Date.date-order` cannot be 'dym'",
        "  Date: { to: date, order: dmy }": "unknown key `order` in `columns.Date`",
        "  Date: { date-order: dmy }": "`to` is missing in `columns.Date`",
        "  Date: { to: note, date-order: dmy }": "`date-order` is for dates, and `note` is none",
        "  Date: { to: date, split: ';' }": "`split` gives several values, and `date` has only one",
        "  Date: title": "the column `Date` and the column `Titre` both give `title`",
        "  Date: date\n  DATE: note": "`DATE` and `Date` are the same column of the table",
        "  Date: when": "there is no key `when`",
        "  Date: [date, dates]": "there is no key `dates`",
        "  Date: &x date": "the anchor &x is not allowed",
        "  Date: date\n  Date: date": "`Date` is already given on line 5",
    },
    "  Cote: package": {"  Cote: id": "no column and no constant gives `package`"},
    "  Source: source": {"  Source:": "no column and no constant gives `source`"},
    '  folder: "{package}"': {
        '  folder: "{packages}"': "`{packages}` names no column of",
        '  folder: "{package"': "a brace without a name between `{` and `}`",
        "  folder:": "the constant `folder` has no text yet",
        '  folder: "x"\n  title: "y"': "the constant `title` and the column `Titre` both give `title`",
        '  folder: "x"\n  ordner: "y"': "there is no key `ordner`",
    },
    "anglais: en": {"anglais:": "`anglais` has no meaning yet, for `language`"},
    "archtool: 1": {"archtool: 2": "`archtool` cannot be 2", "note: 1": "`archtool` is missing"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [(right, wrong, said) for right, cases in WRONG.items() for wrong, said in cases.items() if said],
)
def test_a_wrong_mapping_is_refused_with_its_line(folder: Path, right: str, wrong: str, said: str) -> None:
    assert right in MAPPING
    seen = run(write_inventory(folder, mapping=MAPPING.replace(right, wrong)))
    assert seen.code == 3
    assert said in " ".join(seen.said().split()), seen.said()
    assert "mapping.yaml:" in seen.err
    assert not (folder.parent / "out").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file contains no mapping"),
        ("# nothing\n\n", "the file contains no mapping"),
        ("columns: [\n", "not YAML"),
        ("- a\n", "must be keys with values"),
        ("archtool: 1\n", "`columns` is missing"),
        ("archtool: 1\ncolumns: { a: { b: { c: d } } }\n", "unknown key `b`"),
    ],
)
def test_a_file_that_is_no_mapping_is_refused(folder: Path, text: str, said: str) -> None:
    seen = run(write_inventory(folder, mapping=text))
    assert (seen.code, said in " ".join(seen.said().split())) == (3, True), seen.said()


def test_a_date_in_digits_without_an_order_asks_for_it(folder: Path) -> None:
    seen = run(write_inventory(folder, mapping=MAPPING.replace(", date-order: dmy", "")))
    asked = {one["row"]: one for one in findings_of(seen) if one["code"] == "description.date"}
    assert asked.keys() == {2, 3, 4, 6}
    assert asked[4]["column_name"] == "Date"
    assert "`Date: { to: date, date-order: dmy }`" in asked[4]["hint"]


def test_a_table_with_other_columns_is_led_to_a_mapping(folder: Path) -> None:
    seen = batch(write_inventory(folder), folder.parent / "out")
    assert seen.code == 3
    assert "archtool batch template --from TABLE drafts one" in " ".join(seen.said().split())


def test_a_mapping_that_is_missing_or_does_not_apply_is_refused(folder: Path) -> None:
    table = write_inventory(folder)
    gone = batch(table, folder.parent / "out", "--mapping", folder / "none.yaml")
    assert (gone.code, "the mapping cannot be read" in gone.err) == (3, True)
    other = batch(folder, folder.parent / "out", "--mapping", folder / "mapping.yaml")
    assert (other.code, "--mapping requires that SOURCE is a table" in other.err) == (2, True)


def test_a_mapping_translates_the_table_of_annexes_too(folder: Path) -> None:
    annexes = write_table(
        folder / "annexes.csv",
        [
            {"Brief": "1", "Beilage": "Bericht", "Stand": "fehlt"},
            {"Brief": "1", "Beilage": "Liste", "Stand": "da"},
        ],
    )
    (folder / "1.txt").write_text("A text.\n")
    table = write_table(folder / "letters.csv", [{"Nr": "1"}])
    mapping = """\
archtool: 1
columns: { Nr: package }
constants: { transcription: "{package}.txt", title: Letter, source: Ours. }
annexes:
  columns:
    Brief: package
    Beilage: title
    Stand: { to: status, values: { fehlt: lost } }
"""
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    seen = run(table, "--annexes", annexes)
    (finding,) = [one for one in findings_of(seen) if one["code"] == "mapping.unknown-value"]
    assert (Path(finding["file"]).name, finding["row"], finding["column_name"]) == ("annexes.csv", 3, "Stand")
    mapping = mapping.replace("fehlt: lost", "fehlt: lost, da: listed")
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    assert endings(run(table, "--annexes", annexes)) == {"1": DONE}
    assert [one["status"] for one in described(folder, "1")["annexes"]] == ["lost", "listed"]
    without = run(table)
    assert (without.code, "there is no table of annexes" in without.said()) == (3, True)


def test_a_changed_mapping_makes_the_packages_again(folder: Path) -> None:
    table = write_inventory(folder)
    run(table)
    (folder / "mapping.yaml").write_text(MAPPING.replace("russe: ru", "russe: uk"), encoding="utf-8")
    again = run(table)
    assert {line["job"] for line in again.objects if line["ending"] == "done"} == {"002", "010"}
    assert described(folder, "010")["language"] == "uk"


def test_a_column_in_the_mapping_replaces_no_part_of_the_defaults(folder: Path) -> None:
    table = write_inventory(folder)
    defaults = folder / "defaults.yaml"
    defaults.write_text("source: { type: book, title: Letters }\n")
    seen = run(table, "--defaults", defaults)
    assert seen.code == 3
    assert "row 1, column Source: `source` would replace values of the defaults" in " ".join(
        seen.said().split()
    )


def test_the_header_of_the_inventory_has_the_columns_of_the_mapping() -> None:
    assert all(f"  {name}:" in MAPPING for name in HEADER)
