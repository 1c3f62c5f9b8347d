"""The rules of a mapping, each in a small table: several values, constants, texts without a meaning."""

from __future__ import annotations

from pathlib import Path

import pytest

from batches import batch, described, endings
from command_line import Run
from tables import write_table

DONE = ("done", 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "letters"
    path.mkdir()
    return path


def small(folder: Path, mapping: str, *rows: dict[str, str]) -> Run:
    """Pack rows with a text file each, in the folder of the table."""
    for row in rows:
        (folder / f"{row['Nr']}.txt").write_text("A text.\n")
    table = write_table(folder / "letters.csv", list(rows))
    head = "archtool: 1\ncolumns:\n  Nr: package\n"
    tail = '  transcription: "{package}.txt"\n  title: "Letter {Nr}"\n  source: Ours.\n'
    if "constants:" not in mapping:
        mapping += "constants:\n"
    (folder / "mapping.yaml").write_text(head + mapping + tail, encoding="utf-8")
    return batch(table, folder.parent / "out", "--mapping", folder / "mapping.yaml")


def test_several_names_in_a_cell_become_several_creators_with_a_role(folder: Path) -> None:
    mapping = '  Auteurs: { to: creators, split: [";", " / "] }\nconstants:\n  creators.N.role: author\n'
    rows = [{"Nr": "1", "Auteurs": "Trotsky, Léon; Rakovsky /"}, {"Nr": "2", "Auteurs": ""}]
    seen = small(folder, mapping, *rows)
    assert endings(seen) == {"1": DONE, "2": DONE}, seen.said()
    assert described(folder, "1")["creators"] == [
        {"name": "Trotsky, Léon", "role": "author"}, {"name": "Rakovsky", "role": "author"}
    ]  # fmt: skip
    assert "creators" not in described(folder, "2")


def test_one_column_can_give_several_keys(folder: Path) -> None:
    seen = small(folder, "  Ort: [place, x-ort]\n", {"Nr": "1", "Ort": "Alma-Ata"})
    assert endings(seen) == {"1": DONE}, seen.said()
    assert described(folder, "1").items() >= {"place": "Alma-Ata", "x-ort": "Alma-Ata"}.items()


def test_a_text_can_mean_that_there_is_no_value(folder: Path) -> None:
    mapping = '  Datum: { to: date, date-order: dmy, values: { "o. D.": "", um 1932: 1932~ } }\n'
    rows = [
        {"Nr": str(n), "Datum": text} for n, text in enumerate(["o.D.", "um 1932", "3.4.1932", "1932-05"])
    ]
    seen = small(folder, mapping, *rows)
    assert endings(seen) == {str(n): DONE for n in range(4)}, seen.said()
    assert [described(folder, str(n)).get("date") for n in range(4)] == [
        None,
        "1932~",
        "1932-04-03",
        "1932-05",
    ]


def test_a_constant_of_an_empty_cell_has_no_value(folder: Path) -> None:
    mapping = '  Kiste:\nconstants:\n  original.shelfmark: "Kiste {Kiste}, {{{Nr}}}"\n'
    seen = small(folder, mapping, {"Nr": "1", "Kiste": "7"}, {"Nr": "2", "Kiste": ""})
    assert endings(seen) == {"1": DONE, "2": DONE}, seen.said()
    assert described(folder, "1")["original"] == {"shelfmark": "Kiste 7, {1}"}
    assert "original" not in described(folder, "2")


def test_a_text_of_the_row_in_a_pattern_stands_for_itself(folder: Path) -> None:
    (folder / "K[1]-a.jpg").write_bytes(b"scan")
    (folder / "K1-b.jpg").write_bytes(b"scan")
    mapping = '  Kiste:\nconstants:\n  files.1.file: "{Kiste}-*.jpg"\n  files.1.role: facsimile\n'
    seen = small(folder, mapping, {"Nr": "1", "Kiste": "K[1]"}, {"Nr": "2", "Kiste": "K1"})
    assert endings(seen) == {"1": DONE, "2": DONE}, seen.said()
    assert described(folder, "1")["files"] == [{"file": "K[1]-a.jpg", "role": "facsimile"}]
    assert described(folder, "2")["files"] == [{"file": "K1-b.jpg", "role": "facsimile"}]


def test_a_role_is_only_added_to_files_that_a_row_has(folder: Path) -> None:
    (folder / "1.jpg").write_bytes(b"scan")
    mapping = "  Bild: files.1.file\nconstants:\n  files.1.role: facsimile\n"
    seen = small(folder, mapping, {"Nr": "1", "Bild": "1.jpg"}, {"Nr": "2", "Bild": ""})
    assert endings(seen) == {"1": DONE, "2": DONE}, seen.said()
    assert described(folder, "1")["files"] == [{"file": "1.jpg", "role": "facsimile"}]
    assert "files" not in described(folder, "2")


def test_a_constant_for_each_item_does_not_replace_a_cell(folder: Path) -> None:
    mapping = (
        "  A: creators.1.name\n  R: creators.1.role\n  B: creators.2.name\n"
        "constants:\n  creators.N.role: author\n"
    )
    seen = small(folder, mapping, {"Nr": "1", "A": "X", "R": "editor", "B": "Y"})
    assert endings(seen) == {"1": DONE}, seen.said()
    assert [one["role"] for one in described(folder, "1")["creators"]] == ["editor", "author"]


def test_a_role_for_each_item_is_added_after_all_items(folder: Path) -> None:
    seen = small(folder, "constants:\n  creators.N.role: author\n  creators: The bureau\n", {"Nr": "1"})
    assert endings(seen) == {"1": DONE}, seen.said()
    assert described(folder, "1")["creators"] == [{"name": "The bureau", "role": "author"}]


def test_columns_that_differ_in_case_only_are_named_exactly(folder: Path) -> None:
    row = {"Nr": "1", "Ort": "Alma-Ata", "ORT": "Moscow"}
    seen = small(folder, "  ort: place\n", row)
    assert "has several columns `ort`, which differ in case, accents or blanks only" in " ".join(
        seen.said().split()
    )
    assert endings(small(folder, "  Ort: place\n  ORT:\n", row)) == {"1": DONE}
    assert described(folder, "1")["place"] == "Alma-Ata"


def test_constants_alone_can_give_the_items_of_a_list(folder: Path) -> None:
    mapping = "constants:\n  custody.1.event: transfer\n  custody.1.label: Given by the family\n"
    seen = small(folder, mapping, {"Nr": "1"})
    assert endings(seen) == {"1": DONE}, seen.said()
    assert described(folder, "1")["custody"] == [{"event": "transfer", "label": "Given by the family"}]


def test_a_mapping_in_a_shared_folder_is_no_undeclared_file(folder: Path) -> None:
    seen = small(folder, "", {"Nr": "1"}, {"Nr": "2"})
    assert endings(seen) == {"1": DONE, "2": DONE}, seen.said()


def test_a_mapping_can_leave_files_out(folder: Path) -> None:
    (folder / "draft-1.txt").write_text("not for readers\n")
    seen = small(folder, 'constants:\n  left-out: "draft-*; *.bak"\n', {"Nr": "1"})
    assert endings(seen)["1"] == DONE, seen.said()
    assert described(folder, "1")["left-out"] == ["draft-*", "*.bak"]


def test_meanings_that_differ_only_in_case_are_used_for_their_exact_texts(folder: Path) -> None:
    mapping = '  Lage: { to: place, values: { "s. l.": "", "S. L.": Saint-Louis } }\n'
    seen = small(folder, mapping, {"Nr": "1", "Lage": "S. L."}, {"Nr": "2", "Lage": "S. l."})
    assert endings(seen)["1"] == DONE, seen.said()
    assert described(folder, "1")["place"] == "Saint-Louis"
    assert endings(seen)["2"][0] == "failed"
    assert "does not list 'S. l.'" in seen.said()


def test_a_cell_with_more_values_than_a_list_can_number_is_refused(folder: Path) -> None:
    mapping = '  Auteurs: { to: addressees, split: ";" }\n'
    seen = small(folder, mapping, {"Nr": "1", "Auteurs": "; ".join(f"A{n}" for n in range(1_000))})
    assert endings(seen)["1"][0] == "failed"
    assert "1,000 values in one cell; at most 999 are read" in seen.said()


def test_a_date_in_no_order_is_answered_with_the_form_of_a_date(folder: Path) -> None:
    seen = small(folder, "  Datum: date\n", {"Nr": "1", "Datum": "31/31/1932"})
    assert endings(seen)["1"][0] == "failed"
    said = seen.said()
    assert "31/31/1932" in said
    assert "state the order of the column" not in said


FAULTY = """\
archtool: 1
columns:
  Nr: package
  Titel: titel
  Datum: { to: date, date-order: dym, values: { um 1932: etwa 1932 } }
  Text: { split: ";" }
  Quelle: [source, source.title]
constants:
  original.shelfmark: "{Nrr}"
  files.N.role: scan
annexe: 1
"""
FAULTS = {
    "mapping.yaml:4:10 there is no key `titel`; did you mean `title`?",
    "mapping.yaml:5:34 `columns.Datum.date-order` cannot be 'dym'; it is one of: dmy, mdy, ymd",
    "mapping.yaml:5:58 'etwa 1932' is not an EDTF date; did you mean `1932~`?",
    "mapping.yaml:6:9 `to` is missing in `columns.Text`",
    "mapping.yaml:7:11 `source` and `source.title` exclude each other, and one column gives both",
    "mapping.yaml:9:23 `{Nrr}` names no column of",
    "mapping.yaml:10:17 `files.N.role` cannot be 'scan'; it is one of: facsimile, derived",
    "mapping.yaml:11:1 unknown key `annexe`",
}


def faults_of(folder: Path, mapping: str, **cells: str) -> set[str]:
    """Return the place, the message and the hint of each finding about a mapping."""
    table = write_table(folder / "letters.csv", [{"Nr": "1", "Titel": "Brief"} | cells])
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    seen = batch(table, folder.parent / "out", "--mapping", folder / "mapping.yaml", "--json")
    assert seen.code == 3, seen.said()
    findings = [finding for answer in seen.objects for finding in answer["findings"]]
    return {f"{Path(f['file']).name}:{f['line']}:{f['column']} {f['message']}; {f['hint']}" for f in findings}


def test_a_fault_in_the_shape_of_a_mapping_hides_no_other_complaint(folder: Path) -> None:
    found = faults_of(folder, FAULTY, Datum="", Text="", Quelle="")
    assert len(found) == len(FAULTS), found
    for fault in FAULTS:
        assert any(one.startswith(fault) for one in found), (fault, found)


@pytest.mark.parametrize(
    "line",
    ["Titel: titel", "Titl: title", "Nr: [package, x-nr]"],
    ids=["wrong key", "wrong column", "unnamed"],
)
def test_a_key_whose_line_has_a_fault_is_not_missing_as_well(folder: Path, line: str) -> None:
    source = "constants: { source: Ours., transcription: a.txt }\n"
    nr = "" if line.startswith("Nr") else "  Nr: package\n"
    found = faults_of(folder, f"archtool: 1\ncolumns:\n{nr}  {line}\n{source}")
    assert found
    assert not any("gives `title`" in one for one in found)


@pytest.mark.parametrize(
    ("line", "missing", "constant"),
    [
        ("Scans: files", "`files.N.role`", "`files.N.role: facsimile`"),
        ("Scans: files.1.file", "`files.N.role`", "`files.N.role: facsimile`"),
        ("Scans: { to: creators, split: ; }", "`creators.N.role`", "`creators.N.role: author`"),
        ("Scans: custody.1.date", "`custody.N.event`", "`custody.N.event: "),
    ],
)
def test_a_key_that_each_item_of_a_list_needs_is_proposed_as_a_constant(
    folder: Path, line: str, missing: str, constant: str
) -> None:
    mapping = f"archtool: 1\ncolumns:\n  Nr: package\n  Titel: title\n  {line}\n"
    constants = "constants: { source: Ours., transcription: a.txt }\n"
    found = faults_of(folder, mapping + constants, Scans="x")
    hints = [one for one in found if f"no column and no constant gives {missing}" in one]
    assert len(hints) == 1, found
    assert constant in hints[0]


def test_a_source_in_parts_needs_its_type_or_a_key_of_the_library(folder: Path) -> None:
    mapping = "archtool: 1\ncolumns: { Nr: package, Titel: title, Buch: source.title }\n"
    found = faults_of(folder, mapping + "constants: { transcription: a.txt }\n", Buch="Cahiers")
    (fault,) = found
    assert "no column and no constant gives `source.type` or `source.cite`" in fault
    found = faults_of(folder, mapping + "constants: { transcription: a.txt, source.tipe: book }\n", Buch="x")
    assert not any("no column and no constant" in one for one in found)
