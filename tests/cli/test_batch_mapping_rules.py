"""The rules of a mapping, each in a small table: several values, constants, texts without a meaning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from batches import batch, endings
from command_line import Run
from tables import values_of, write_table

DONE = ("done", 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "letters"
    path.mkdir()
    return path


def described(folder: Path, package: str) -> dict[str, Any]:
    return values_of(folder.parent / "out" / package / "metadata" / "description.yaml")


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
