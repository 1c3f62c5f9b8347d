"""A packaged document is an entry of its own, in the source that it was taken from."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from archtool.description.citation import check_citation
from citation_cases import (
    ANONYMOUS,
    ARTICLE,
    CHAPTER,
    MANUSCRIPT,
    WORDS,
    all_entries,
    appeal_entry,
    entry_of,
    letter_entries,
)

ROOT = Path(__file__).resolve().parents[4]
OFFICIAL = Path(os.environ.get("ARCHTOOL_REFERENCE_SCHEMAS", ROOT / ".." / "shared" / "reference")) / (
    "csl-data.schema.json"
)
BOOK = "source: { type: book, title: Papers, author: [{ family: Roe, given: Jo }], date: 1979, pages: 5 }\n"
TITLE = "title: A letter\ndate: 1932-05\n"


def creators(*lines: str) -> str:
    return "creators:\n" + "".join(f"  - {{ {line} }}\n" for line in lines)


def test_the_document_of_1932_is_a_chapter_of_its_book() -> None:
    entry = appeal_entry()
    item = entry.item
    assert item["type"] == "chapter"
    assert item["title"] == "À tous les bolcheviks-léninistes (oppositionnels)"
    assert item["author"] == [{"family": "Rakovsky", "given": "Christian"}]
    assert item["container-title"].startswith("Politburo i Lev Trotskiy")
    assert (item["issued"], item["original-date"]) == (
        {"date-parts": [[2013]]},
        {"date-parts": [[1932, 4]]},
    )
    assert (entry.attributions, entry.credit) == (("attributed",), "Traduction MIA")
    assert entry.issuer == item["authority"] == "Centre organisationnel des bolcheviks-léninistes"


def test_the_language_is_that_of_the_text_and_not_of_the_source() -> None:
    assert appeal_entry().item["language"] == "fr"
    assert appeal_entry(of_source=True).item["language"] == "ru"


def test_a_document_from_an_archive_keeps_every_part_of_its_place() -> None:
    item = entry_of(MANUSCRIPT).item
    assert item["type"] == "manuscript"
    assert item["issued"] == {"date-parts": [[1932, 5, 12]]}
    assert "original-date" not in item
    places = ("archive-place", "archive", "archive_collection", "archive_location", "call-number", "page")
    assert [item[place] for place in places] == [
        "Genève", "Archives d'État", "Fonds Dupont", "carton 3, dossier 2", "AP 12", "12r-13v",
    ]  # fmt: skip


def test_a_source_of_no_certain_type_with_a_place_in_an_archive_is_archival() -> None:
    entry = entry_of(TITLE + "source: { type: document, archive: State archive, archive_location: f. 17 }\n")
    assert entry.item["type"] == "manuscript"


ORIGINAL = "original: { held-by: { name: State archive }, shelfmark: 'f. 17, l. 3' }\n"


def test_a_manuscript_without_a_place_is_where_the_original_is() -> None:
    item = entry_of(TITLE + ORIGINAL + "source: { type: manuscript }\n").item
    assert (item["archive"], item["call-number"]) == ("State archive", "f. 17, l. 3")


@pytest.mark.parametrize("source", ["{ type: manuscript, archive: Other }", "{ type: book, title: Papers }"])
def test_a_source_with_a_place_of_its_own_is_not_where_the_original_is(source: str) -> None:
    item = entry_of(TITLE + ORIGINAL + f"source: {source}\n").item
    assert "State archive" not in item.values()
    assert "call-number" not in item


def test_the_book_that_contains_a_document_keeps_its_author_apart() -> None:
    item = entry_of(TITLE + BOOK).item
    assert (item["type"], item["container-title"]) == ("chapter", "Papers")
    assert item["container-author"] == [{"family": "Roe", "given": "Jo"}]
    assert "author" not in item


def test_a_source_with_the_title_of_the_document_is_the_document() -> None:
    item = entry_of(ARTICLE).item
    assert (item["title"], item["container-title"]) == (
        "Letter to the editors",
        "Bulletin of an imaginary bureau",
    )
    assert "note" not in item


def test_the_authors_that_such_a_source_states_are_those_of_a_document_without_creators() -> None:
    same = BOOK.replace("title: Papers", "title: A Letter.")
    assert entry_of(TITLE + same).item["author"] == [{"family": "Roe", "given": "Jo"}]
    assert entry_of(TITLE + same).item["type"] == "book"


def test_the_article_that_a_document_is_part_of_is_noted_before_its_periodical() -> None:
    entry = entry_of(ARTICLE.replace("  title: Letter to the editors", "  title: Two letters"))
    assert (entry.part_title, entry.item["note"]) == ("Two letters", "In: Two letters")


def test_the_authors_of_that_article_are_noted_with_its_title() -> None:
    part = "  title: Two letters\n  author: [{ family: Doe, given: Jane }, { literal: The bureau }]"
    entry = entry_of(ARTICLE.replace("  title: Letter to the editors", part))
    assert entry.item["note"] == "In: Jane Doe; The bureau, Two letters"
    assert [name["family"] for name in entry.item["author"] if "family" in name] == ["Staël"]


def test_a_source_given_in_words_is_kept_verbatim() -> None:
    entry = entry_of(WORDS)
    assert entry.source_text == entry.item["note"] == "Archives de Genève, carton 3, pièce 4"
    assert entry.item["issued"] == {"literal": "193X"}


def test_a_rejected_author_is_not_an_author() -> None:
    text = creators(
        "name: Jo Roe, role: author, attribution: { status: rejected }",
        "name: Ann Doe, role: author, attribution: { status: disputed }",
        "name: Bo Foe, role: author",
    )
    entry = entry_of(TITLE + text + BOOK)
    assert [name["literal"] for name in entry.item["author"]] == ["Ann Doe", "Bo Foe"]
    assert entry.attributions == ("disputed", "")
    assert entry.item["custom"]["attribution"] == ["disputed", "stated"]


@pytest.mark.parametrize("name", ["Jo Roe", '"Roe, Jo"'])
def test_an_author_whom_the_description_rejects_does_not_return_by_the_source(name: str) -> None:
    text = creators(f"name: {name}, role: author, attribution: {{ status: rejected }}")
    assert not entry_of(TITLE + text + BOOK.replace("title: Papers", "title: A letter")).item.get("author")


def test_a_rejected_translator_is_not_a_translator() -> None:
    text = creators("name: Jo Roe, role: translator, attribution: { status: rejected }")
    assert "translator" not in entry_of(TITLE + text + BOOK).item


def test_a_body_that_issued_a_document_without_authors_is_its_author() -> None:
    entry = entry_of(TITLE + creators("name: Central bureau, role: issuing-body, type: organization") + BOOK)
    assert (entry.item["author"], entry.issuer) == ([{"literal": "Central bureau"}], None)


@pytest.mark.parametrize("role", ["addressee", "correspondent"])
def test_a_person_with_another_role_is_not_an_author(role: str) -> None:
    entry = entry_of(TITLE + creators(f"name: Jo Roe, role: {role}") + BOOK)
    assert "author" not in entry.item


def test_the_addressees_are_recipients() -> None:
    assert entry_of(MANUSCRIPT).item["recipient"] == [{"literal": "Section de Kharkov"}]


def test_the_translators_of_the_document_replace_those_of_the_book() -> None:
    text = CHAPTER.replace("  editor:", "  translator: [{ family: Other, given: Al }]\n  editor:")
    assert entry_of(text).item["translator"] == [{"family": "Орлова", "given": "Анна"}]


def test_an_anonymous_document_has_no_author() -> None:
    assert "author" not in entry_of(ANONYMOUS).item


def test_a_line_break_in_a_title_becomes_a_blank() -> None:
    assert entry_of('title: "A\\nletter"\ndate: 1932\n' + BOOK).item["title"] == "A letter"


def test_each_entry_conforms_to_the_schema_of_citations() -> None:
    for entry in (*all_entries(), *letter_entries()):
        assert check_citation([entry.item]) == ()


@pytest.mark.skipif(not OFFICIAL.is_file(), reason="the official CSL schema is not here")
def test_all_entries_conform_to_the_schema_of_the_csl_project() -> None:
    schema = json.loads(OFFICIAL.read_text(encoding="utf-8"))
    items = [dict(entry.item) for entry in (*all_entries(), *letter_entries())]
    assert [error.message for error in Draft7Validator(schema).iter_errors(items)] == []
