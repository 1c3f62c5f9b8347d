"""`archtool import` with files and pages that are rarely met."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from archtool.operations.importing import documents
from command_line import Run, archtool

LONG = "x" * 5000


def imported(tmp_path: Path, name: str, content: str | bytes, *options: str) -> tuple[Run, dict[str, Any]]:
    """Import one file; return the run and the draft, empty if none was written."""
    (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    run = archtool("import", name, "-o", "draft", *options, cwd=tmp_path)
    draft = tmp_path / "draft" / "description.yaml"
    return run, yaml.safe_load(draft.read_text(encoding="utf-8")) if draft.exists() else {}


def test_a_page_in_xml_is_a_page(tmp_path: Path) -> None:
    page = "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><h1>T</h1><p>Text.</p></html>"
    run, draft = imported(tmp_path, "page.xml", page)
    assert (run.code, draft["title"]) == (0, "CONFIRM:T")
    library = archtool("import", "page.xml", "--library", "lib.json", cwd=tmp_path)
    assert "is a page, not a record of a source" in library.said()


@pytest.mark.parametrize("start", ["<?xml version='1.0'?>", "<!-- saved from a site -->\n", "<?php x ?>"])
def test_a_page_can_begin_with_a_declaration_or_a_comment(tmp_path: Path, start: str) -> None:
    doctype = (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/x.dtd">'
    )
    page = f"{start}{doctype}\n<html><body><h1>T</h1>\n<p>Text.</p></body></html>\n<!-- the end -->"
    run, draft = imported(tmp_path, "page.html", page)
    assert (run.code, draft["title"]) == (0, "CONFIRM:T")
    assert (tmp_path / "draft" / "page.txt").read_text(encoding="utf-8") == "T\n\nText.\n"


def test_the_form_is_read_from_the_content_if_the_name_does_not_show_it(tmp_path: Path) -> None:
    for number, content in enumerate(
        (
            "<!doctype html><p>a",
            "TY  - BOOK\nTI  - T\nER  - \n",
            "@book{a, title={T}}",
            '[{"title": "T"}]',
            "<?xml version='1.0'?><r xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>T</dc:title></r>",
        )
    ):
        (tmp_path / f"{number}.dat").write_text(content, encoding="utf-8")
        assert archtool("import", f"{number}.dat", "-o", f"{number}", cwd=tmp_path).code == 0
    (tmp_path / "none.dat").write_text("only words", encoding="utf-8")
    run = archtool("import", "none.dat", "-o", "none", cwd=tmp_path)
    assert (run.code, "it is not clear what none.dat is" in run.said()) == (3, True)


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("<p><b>Title:</b> One<br><b>Title:</b> Two<br><b>Source:</b> B</p><p>Text.</p>", "CONFIRM:One"),
        ("<title>Of the page</title><p>Text.</p>", "CONFIRM:Of the page"),
        (f"<title>{LONG}</title><h1>{LONG}</h1><p>Text.</p>", "CONFIRM:page"),
        ("<p>Text.</p>", "CONFIRM:page"),
    ],
)
def test_a_page_gets_the_best_title_that_it_has(tmp_path: Path, content: str, title: str) -> None:
    run, draft = imported(tmp_path, "page.html", content)
    assert (run.code, draft["title"]) == (0, title)


def test_a_heading_that_is_a_date_dates_the_text(tmp_path: Path) -> None:
    _, draft = imported(tmp_path, "page.html", "<h1>A Letter</h1><h3>12 May 1911</h3><p>Text.</p>")
    assert draft["date"] == "CONFIRM:1911-05-12"


def test_a_translation_without_any_language_is_not_placed(tmp_path: Path) -> None:
    page = "<h1>T</h1><dl><dt>Traduction :<dd>Jeanne Lys</dl><p>a b c</p>"
    run, draft = imported(tmp_path, "page.html", page)
    assert run.code == 0
    assert "translation" in draft or "fits no key: Jeanne Lys" in run.said()


def test_a_page_without_credits_or_dates_gets_none(tmp_path: Path) -> None:
    page = (
        "<html lang=en><h1>T</h1><p><b>Translated:</b> somehow<br><b>First published:</b> long ago<br>"
        "<b>Source:</b> B</p><p>Text\u200b.</p>"
    )
    run, draft = imported(tmp_path, "page.html", page)
    assert "from" not in draft["translation"]
    assert "translators" not in draft["translation"]
    assert "date" not in draft["custody"][0]
    assert "the text has the invisible character U+200B" in run.said()


def test_values_that_are_too_long_are_comments(tmp_path: Path) -> None:
    record = f"TY  - BOOK\nTI  - T\nAU  - {LONG}\nER  - \n"
    run, draft = imported(tmp_path, "one.ris", record)
    assert (run.code, "creators" in draft) == (0, False)
    assert "fits no key" in run.said()
    (tmp_path / "tei").mkdir()
    tei = (
        "<TEI xmlns='http://www.tei-c.org/ns/1.0'><teiHeader><fileDesc><titleStmt><title>T</title><respStmt>"
        f"<resp>Translated by {LONG}</resp><name>M. Quill</name></respStmt></titleStmt>"
        f"<publicationStmt><availability><p>{LONG}</p></availability></publicationStmt><sourceDesc><p>{LONG}</p>"
        "</sourceDesc></fileDesc></teiHeader><text xml:lang='en'><body><p>Words.</p></body></text></TEI>"
    )
    run, draft = imported(tmp_path / "tei", "one.xml", tei)
    assert run.code == 0
    assert "rights" not in draft
    assert "credit" not in draft["translation"]
    assert "source fits no key" in run.said()


def test_files_with_too_many_records_and_large_pages_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "MAX_RECORDS", 1)
    monkeypatch.setattr(documents, "MAX_PAGE_BYTES", 10)
    run, _ = imported(tmp_path, "two.bib", "@book{a, title={T}}\n@book{b, title={T}}")
    assert (run.code, "has more than 1 records" in run.said()) == (3, True)
    run, _ = imported(tmp_path, "page.dat", "<!doctype html><p>a b c d e f")
    assert (run.code, "the page is larger than 10 bytes" in run.said()) == (3, True)


def test_a_library_keeps_what_its_records_say_besides(tmp_path: Path) -> None:
    (tmp_path / "a.ris").write_text(
        "TY  - BOOK\nTI  - T\nN2  - Short\nZZ  - one\nZZ  - two\nPY  - unknown\nER  - \n", encoding="utf-8"
    )
    (tmp_path / "b.json").write_text('[{"title": "T", "issued": {"date-parts": [["x"]]}}]', encoding="utf-8")
    run = archtool("import", "a.ris", "b.json", "--library", "lib.json", cwd=tmp_path)
    assert run.code == 0
    assert '"ZZ": "one; two"' in (tmp_path / "lib.json").read_text(encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    run = archtool("import", "a.ris", "--library", "folder", cwd=tmp_path)
    assert (run.code, "folder is a folder" in run.said()) == (2, True)


def test_a_target_that_is_a_file_or_another_draft_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<h1>T</h1><p>a", encoding="utf-8")
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    run = archtool("import", "page.html", "page.html", "-o", "file", cwd=tmp_path)
    assert (run.code, "is a file, not a folder" in run.said()) == (2, True)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "kept"


def test_a_second_title_stays_in_the_text(tmp_path: Path) -> None:
    page = "<h3>X</h3><p><b>Title:</b> One</p><p><b>Title:</b> Two</p><p><b>Source:</b> B</p><p>Text.</p>"
    run, draft = imported(tmp_path, "page.html", page)
    assert (run.code, draft["title"]) == (0, "CONFIRM:One")
    assert "Title: Two" in (tmp_path / "draft" / "page.txt").read_text(encoding="utf-8")


def test_labels_of_two_languages_leave_the_language_open_and_a_translation_unplaced(tmp_path: Path) -> None:
    page = "<h1>T</h1><p><b>Traduction :</b> Jeanne Lys<br><b>Quelle:</b> Ein Buch</p><p>a b c</p>"
    run, draft = imported(tmp_path, "page.html", page)
    assert (run.code, "language" in draft, "translation" in draft) == (0, False, False)
    assert "Traduction fits no key: Jeanne Lys" in run.said()


def test_the_original_language_is_taken_from_its_own_line_first(tmp_path: Path) -> None:
    page = (
        "<html lang=en><h1>T</h1><p><b>Original language:</b> Russian<br>"
        "<b>Translated:</b> from the German by Mary Quill</p><p>Text.</p>"
    )
    _, draft = imported(tmp_path, "page.html", page, "--no-sync")
    assert draft["original"] == {"language": "CONFIRM:ru"}
    assert draft["translation"]["from"] == "CONFIRM:de"


def test_hidden_text_is_reported(tmp_path: Path) -> None:
    run, _ = imported(tmp_path, "page.html", "<h1>T</h1><p style='display:none'>secret words</p><p>Text.</p>")
    assert "hidden text: secret words" in run.said()


def test_the_source_of_a_tei_text_in_words_is_a_note_of_the_library(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(
        "<TEI xmlns='http://www.tei-c.org/ns/1.0'><teiHeader><fileDesc><titleStmt><title>T</title></titleStmt>"
        "<sourceDesc><p>A book of 1911</p></sourceDesc></fileDesc></teiHeader>"
        "<text><body><p>Words.</p></body></text></TEI>",
        encoding="utf-8",
    )
    assert archtool("import", "a.xml", "--library", "lib.json", cwd=tmp_path).code == 0
    assert '"note": "A book of 1911"' in (tmp_path / "lib.json").read_text(encoding="utf-8")
