"""Annexes inside repaired texts: their lines in the original and in the copy."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from archtool.description.model import Within
from archtool.operations.repaired_texts.repaired_text import RepairedText, RepairedTexts
from budgets import examples
from command_line import archtool
from packages import pack
from real_document import DOCUMENT
from repaired_texts import (
    COPY,
    IN_ORIGINAL,
    LOG_IN_PACKAGE,
    ORIGINAL,
    REPAIRED,
    Repair,
    make_repair,
    repair_by_rules,
    reseal,
    write_repair,
)

BEGINS = "begins “Annexe no 1 Le trésor est confié au secrétaire."


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    return folder


def inventory_of(package: Path) -> Any:
    return json.loads((package / "metadata" / "annexes.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("description", [REPAIRED, IN_ORIGINAL])
def test_lines_given_in_either_text_are_recorded_in_both(
    sources: Path, tmp_path: Path, description: str
) -> None:
    package = tmp_path / "package"
    assert pack(write_repair(sources, description=description), package).code == 0
    text = inventory_of(package)["annexes"][0]["text"]
    assert (text["file"], text["original"]["file"]) == (f"data/{COPY}", f"data/{ORIGINAL}")
    lines, in_original = text["lines"], text["original"]["lines"]
    assert (lines["from-line"], lines["to-line"]) == (7, 10)
    assert (in_original["from-line"], in_original["to-line"]) == (9, 12)
    for file, span in ((COPY, lines), (ORIGINAL, in_original)):
        data = (package / "data" / file).read_bytes()
        annexe = data[span["offset-bytes"] : span["offset-bytes"] + span["size-bytes"]]
        assert annexe.startswith(b"Annexe no 1\n")
    run = archtool("verify", "--replay", package, "--json")
    assert run.codes == []
    said = archtool("provenance", package).said()
    assert "From line 7 to the end it has the text of “Le trésor”." in said
    assert "From line 9 to the end it has the text of “Le trésor”." in said


def test_check_and_show_quote_the_repaired_copy_for_lines_of_the_original(
    sources: Path, tmp_path: Path
) -> None:
    description = write_repair(sources, description=IN_ORIGINAL)
    checked = archtool("check", description)
    assert checked.code == 0
    assert "annexe annexe-1: lines 7–10 of lettre.txt" in checked.said()
    assert BEGINS in checked.said()
    assert (
        "annexe “Le trésor” has lines 9 to the end of the original extrait.txt; in the copy" in checked.said()
    )
    assert archtool("check", description, "--json").codes == ["text-repair.lines-in-original"]
    package = tmp_path / "package"
    assert pack(description, package).code == 0
    shown = archtool("show", package).said()
    assert "data/lettre.txt, lines 7 to the end" in shown
    assert BEGINS in shown
    assert '<div type="annexe"' in archtool("export", package, "--to", "tei").out


def test_lines_that_the_repair_removed_stay_in_the_original(sources: Path, tmp_path: Path) -> None:
    number = IN_ORIGINAL.replace("from-line: 9", "from-line: 3, to-line: 3")
    description = write_repair(sources, description=number)
    run = archtool("check", description)
    assert run.code == 0
    assert "nothing of them is in the copy" in run.said()
    package = tmp_path / "package"
    assert pack(description, package).code == 0
    text = inventory_of(package)["annexes"][0]["text"]
    assert text["file"] == f"data/{ORIGINAL}"
    assert "original" not in text
    assert archtool("verify", package, "--json").codes == []


def test_lines_that_a_person_added_are_in_the_copy_only(sources: Path, tmp_path: Path) -> None:
    added = make_repair(rules=(("added/1", (("\n\n***", "\n\n***\n\nUne ligne.\n"),)),))
    stated = REPAIRED.replace("from-line: 7", "from-line: 9, to-line: 9")
    package = tmp_path / "package"
    assert pack(write_repair(sources, added, stated), package).code == 0
    text = inventory_of(package)["annexes"][0]["text"]
    assert text["file"] == f"data/{COPY}"
    assert "original" not in text
    assert archtool("verify", package, "--json").codes == []


def test_lines_that_end_before_they_begin_are_refused_as_ever(sources: Path) -> None:
    backwards = IN_ORIGINAL.replace("from-line: 9", "from-line: 9, to-line: 8")
    assert (
        "annexe.lines-backwards"
        in archtool("check", write_repair(sources, description=backwards), "--json").codes
    )


def test_lines_outside_the_texts_are_refused(sources: Path) -> None:
    outside = IN_ORIGINAL.replace("from-line: 9", "from-line: 99")
    run = archtool("check", write_repair(sources, description=outside), "--json")
    assert "annexe.lines-outside" in run.codes
    assert run.code == 1


def change_inventory(package: Path, change: Callable[[Any], None]) -> None:
    inventory = inventory_of(package)
    change(inventory["annexes"][0]["text"])
    path = package / "metadata" / "annexes.json"
    path.write_text(json.dumps(inventory), encoding="utf-8")
    reseal(package)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text.update(text["original"]), "content.inventory-differs"),
        (lambda text: text["original"].update(file=f"data/{COPY}"), "content.inventory-differs"),
        (lambda text: text["original"]["lines"].update({"from-line": 1}), "content.inventory-differs"),
        (lambda text: text["original"]["lines"].update({"offset-bytes": 1}), "content.lines-differ"),
        (lambda text: text["original"].update({"size-bytes": 1}), "content.digest-differs"),
        (lambda text: text["original"]["digests"].update(sha512="0" * 128), "content.digest-differs"),
    ],
)
def test_an_inventory_that_is_false_about_the_lines_is_found_though_it_was_sealed_again(
    sources: Path, tmp_path: Path, change: Callable[[Any], None], code: str
) -> None:
    package = tmp_path / "package"
    assert pack(write_repair(sources), package).code == 0
    change_inventory(package, change)
    run = archtool("verify", package, "--json")
    assert code in run.codes
    assert run.objects[0]["verdict"]["content"] == "inconsistent"


def test_other_lines_with_their_right_digest_are_not_those_of_the_description(
    sources: Path, tmp_path: Path
) -> None:
    """The inventory of any package must name the lines that its description gives."""
    plain = REPAIRED.replace("    repair: { original: extrait.txt, changes: lettre.txt.changes.tsv }\n", "")
    plain = plain.replace("rights:", "left-out: [extrait.txt, lettre.txt.changes.tsv]\nrights:")
    package, other = tmp_path / "package", tmp_path / "other"
    assert pack(write_repair(sources, description=plain), package).code == 0
    moved = plain.replace("from-line: 7", "from-line: 9")
    assert pack(write_repair(sources, description=moved), other).code == 0
    (package / "metadata/annexes.json").write_bytes((other / "metadata/annexes.json").read_bytes())
    reseal(package)
    assert "content.inventory-differs" in archtool("verify", package, "--json").codes


def text_of(repair: Repair) -> RepairedTexts:
    return RepairedTexts({COPY: RepairedText(COPY, ORIGINAL, repair.log)})


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(st.sampled_from(["le mot", "la seéance", "7", "", "***"]), min_size=2, max_size=40), st.data()
)
def test_a_line_that_was_kept_has_the_same_text_in_both_files(lines: list[str], data: st.DataObject) -> None:
    """Lines with a page number are removed; every other line must be found again."""
    text = "\n".join([*lines, "fin"]) + "\n"
    repair = make_repair(text, (("accents/1", (("eé", "é"),)), ("pages/1", (("\n7", ""),))))
    texts = text_of(repair)
    original = text.replace("eé", "é").split("\n")
    copy = repair.copy.decode().split("\n")
    number = data.draw(st.integers(1, len(lines) + 1))
    ranges = texts.ranges(Within(ORIGINAL, number, number))
    assert ranges is not None
    if ranges.copy is None:
        assert original[number - 1] == "7"
        return
    if original[number - 1] != "7":
        assert copy[ranges.copy.from_line - 1] == original[number - 1]
        back = texts.ranges(ranges.copy)
        assert back is not None
        assert back.original is not None
        assert original[back.original.from_line - 1] == original[number - 1]


@pytest.mark.skipif(not DOCUMENT.is_file(), reason="needs the document of 1932")
@pytest.mark.parametrize("file", [COPY, ORIGINAL])
def test_the_annexe_of_the_real_document_is_the_same_text_in_both_files(
    sources: Path, tmp_path: Path, file: str
) -> None:
    """The annexe begins at line 207 of the text as it arrived; the repair removes a page number before it."""
    repair = repair_by_rules(DOCUMENT.read_bytes(), "fr")
    in_original = 207
    in_copy = in_original + repair.copy.count(b"\n") - repair.original.count(b"\n")
    assert in_copy < in_original
    line = in_copy if file == COPY else in_original
    stated = REPAIRED.replace(f"file: {COPY}, from-line: 7", f"file: {file}, from-line: {line}")
    package = tmp_path / "package"
    assert pack(write_repair(sources, repair, stated), package).code == 0
    text = inventory_of(package)["annexes"][0]["text"]
    assert text["lines"]["from-line"] == in_copy
    assert text["original"]["lines"]["from-line"] == in_original
    for file_name, span in ((COPY, text["lines"]), (ORIGINAL, text["original"]["lines"])):
        data = (package / "data" / file_name).read_bytes()
        before = data[: span["offset-bytes"]].decode().split()
        assert before[-1] == "***"
        assert span["offset-bytes"] + span["size-bytes"] == len(data)
    assert archtool("verify", "--replay", package, "--json").codes == []


def test_a_draft_proposes_the_repair_and_the_lines_of_the_copy(sources: Path, tmp_path: Path) -> None:
    write_repair(sources).unlink()
    (sources / "review.tsv").write_text("answer\tplace\treading 1\trule\tkey\n")
    (sources / "notes.tsv").write_text("a\tb\n")
    made = archtool("new", sources)
    assert made.code == 0, made.err
    draft = (sources / "description.yaml").read_text(encoding="utf-8")
    values = yaml.safe_load(draft)
    assert values["transcription"] == [
        {"file": COPY, "repair": {"original": ORIGINAL, "changes": f"{COPY}.changes.tsv"}}
    ]
    assert values["language"] == "fr"
    assert values["left-out"] == ["review.tsv"]
    assert values["files"] == [{"file": "notes.tsv", "role": "other"}]
    assert "#     within: { file: lettre.txt, from-line: 7 }" in draft
    assert "#     # begins “Annexe no 1 Le trésor est confié" in draft
    filled = draft.replace("TITLE OF THE DOCUMENT", "Compte rendu").replace(
        '"AUTHOR, TITLE, PLACE, PUBLISHER, YEAR, PAGES."', '"Cahiers, no 3 (1979)."'
    )
    (sources / "description.yaml").write_text(filled, encoding="utf-8")
    assert pack(sources / "description.yaml", tmp_path / "package").code == 0
    assert (tmp_path / "package" / LOG_IN_PACKAGE).is_file()


def test_a_log_that_cannot_be_read_or_has_no_copy_is_a_file_like_any_other(sources: Path) -> None:
    write_repair(sources).unlink()
    (sources / f"{COPY}.changes.tsv").write_text("nothing\n")
    (sources / "autre.changes.tsv").write_text("nothing\n")
    assert archtool("new", sources).code == 0
    values = yaml.safe_load((sources / "description.yaml").read_text(encoding="utf-8"))
    assert "repair" not in values["transcription"][0]
    assert {one["file"] for one in values["files"]} == {"autre.changes.tsv", f"{COPY}.changes.tsv"}


def test_a_draft_names_the_texts_beside_a_repaired_one_as_annexes(sources: Path) -> None:
    write_repair(sources, make_repair(language=None)).unlink()
    (sources / "annexe.txt").write_text("Annexe.\n")
    assert archtool("new", sources).code == 0
    draft = (sources / "description.yaml").read_text(encoding="utf-8")
    values = yaml.safe_load(draft)
    assert [one["file"] for one in values["transcription"]] == [COPY]
    assert [one["file"] for one in values["annexes"]] == ["annexe.txt"]
    assert "# language: fr" in draft


def test_a_large_table_is_no_review_file(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_repair(sources).unlink()
    size_bytes = (sources / f"{COPY}.changes.tsv").stat().st_size
    (sources / "review.tsv").write_text("answer\trule\tkey\n" + "x" * size_bytes)
    monkeypatch.setattr("archtool.operations.describe.draft_repairs.MAX_OWN_TAG_BYTES", size_bytes)
    assert archtool("new", sources).code == 0
    values = yaml.safe_load((sources / "description.yaml").read_text(encoding="utf-8"))
    assert values["files"] == [{"file": "review.tsv", "role": "other"}]
    assert "left-out" not in values
