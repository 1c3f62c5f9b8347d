"""Several entries make one bibliography, which other programs read without loss."""

from __future__ import annotations

import json
import re

import bibtexparser
import pytest
import rispy
from pybtex.database import parse_string

from archtool.description.citing.model import Entry
from archtool.exports.citations.bibliography import arrange
from archtool.exports.citations.styles import STYLES, TEXT_STYLES, format_bibliography, style_lines
from citation_cases import (
    ARTICLE,
    CASES,
    CHAPTER,
    HOSTILE,
    MANUSCRIPT,
    all_entries,
    appeal_entry,
    entry_of,
    letter_entries,
)

ENTRIES = arrange([*all_entries(), *letter_entries()])
KEYS = [entry.item["id"] for entry in ENTRIES]


def words(text: str) -> str:
    """Return a value of BibTeX without its commands, or of another form without markup, as words."""
    return " ".join(re.findall(r"\w+", re.sub(r"\\text[a-z]+|<[a-z/]+>", " ", text)))


def plain(*entries: Entry) -> str:
    return format_bibliography(arrange(entries), "plain")


def test_bibtexparser_reads_every_entry_with_its_title() -> None:
    library = bibtexparser.parse_string(format_bibliography(ENTRIES, "bibtex"))
    assert library.failed_blocks == []
    assert [entry.key for entry in library.entries] == KEYS
    titles = [words(entry["title"]) for entry in library.entries]
    assert titles == [words(str(entry.item["title"])) for entry in ENTRIES]


def test_pybtex_reads_every_entry_with_its_authors() -> None:
    database = parse_string(format_bibliography(ENTRIES, "bibtex"), "bibtex")
    assert list(database.entries) == KEYS
    for entry in ENTRIES:
        stated = entry.item.get("author", [])
        read = database.entries[str(entry.item["id"])].persons.get("author", [])
        assert len(read) == len(stated)
    (author,) = database.entries["rakovsky1932tous"].persons["author"]
    assert (author.last_names, author.first_names) == (["Rakovsky"], ["Christian"])


def test_rispy_reads_every_record_with_its_title() -> None:
    records = rispy.loads(format_bibliography(ENTRIES, "ris"))
    assert [record["id"] for record in records] == KEYS
    assert [words(record["title"]) for record in records] == [
        words(str(entry.item["title"])) for entry in ENTRIES
    ]
    (appeal,) = [record for record in records if record["id"] == "rakovsky1932tous"]
    assert appeal["authors"] == ["Rakovsky, Christian"]
    assert (appeal["start_page"], appeal["end_page"], appeal["year"]) == ("3", "16", "2013")
    assert "original-date: 1932-04" in appeal["notes"]


def test_csl_json_has_every_entry_as_it_is() -> None:
    assert json.loads(format_bibliography(ENTRIES, "csl-json")) == [dict(entry.item) for entry in ENTRIES]


def test_a_text_of_a_package_ends_no_record_of_another_program() -> None:
    entries = arrange([entry_of(HOSTILE)])
    assert len(bibtexparser.parse_string(format_bibliography(entries, "bibtex")).entries) == 1
    assert len(rispy.loads(format_bibliography(entries, "ris"))) == 1
    for style in TEXT_STYLES:
        assert format_bibliography(entries, style).count("\n") == 1


@pytest.mark.parametrize("style", STYLES)
def test_the_order_of_the_packages_does_not_matter(style: str) -> None:
    forwards = format_bibliography(arrange(all_entries()), style)
    assert format_bibliography(arrange(reversed(all_entries())), style) == forwards


@pytest.mark.parametrize("style", STYLES)
def test_a_document_that_is_given_twice_is_one_entry(style: str) -> None:
    once = format_bibliography(arrange([appeal_entry()]), style)
    assert format_bibliography(arrange([appeal_entry(), appeal_entry()]), style) == once


def test_a_bibliography_is_sorted_by_author_then_date() -> None:
    later = entry_of(MANUSCRIPT.replace("1932-05-12", "1933"))
    lines = plain(later, entry_of(CHAPTER), entry_of(MANUSCRIPT), entry_of(ARTICLE)).splitlines()
    assert [line[:4] for line in lines] == ["de S", "Rako", "Rako", "Жуко"]
    assert "1932-05-12" in lines[1]


def test_plain_names_archive_fonds_file_and_folio() -> None:
    place = "Genève, Archives d'État, Fonds Dupont, carton 3, dossier 2, AP 12, fol. 12r-13v."
    assert plain(entry_of(MANUSCRIPT)).endswith(f"1932-05-12. {place}\n")


def test_plain_names_where_the_original_is_if_the_manuscript_has_no_other_place() -> None:
    original = "original: { held-by: { name: State archive }, shelfmark: 'f. 17, l. 3' }\n"
    entry = entry_of(f"title: A letter\ndate: 1932\n{original}source: {{ type: manuscript }}\n")
    assert plain(entry) == "A letter. 1932. State archive, f. 17, l. 3.\n"


@pytest.mark.parametrize(
    ("pages", "shown"), [("12", "p. 12"), ("12r", "fol. 12r"), ("л. 5–6", "л. 5–6"), ("f. 3", "f. 3")]
)
def test_pages_of_a_manuscript_get_the_label_that_they_need(pages: str, shown: str) -> None:
    assert plain(entry_of(MANUSCRIPT.replace("12r-13v", f'"{pages}"'))).endswith(f", AP 12, {shown}.\n")


@pytest.mark.parametrize("name", CASES)
def test_a_date_of_access_is_in_every_style(name: str) -> None:
    accessed = {"date-parts": [[2026, 11, 30]]}
    for style in STYLES:
        text = format_bibliography(arrange([entry_of(CASES[name])], accessed), style)
        assert "2026" in text, style


def test_a_title_that_differs_by_a_full_stop_is_not_repeated() -> None:
    source = "source: { type: book, title: A  Letter., place: Paris, date: 1979 }\n"
    assert plain(entry_of(f"title: A letter\ndate: 1932\n{source}")) == "A letter. 1932. Paris, 1979.\n"


def test_the_date_of_access_is_a_sentence_after_a_source_in_words() -> None:
    source = arrange([entry_of(CASES["words"], of_source=True)], {"date-parts": [[2026, 11, 30]]})
    text = format_bibliography(source, "plain")
    assert text == "Archives de Genève, carton 3, pièce 4. Accessed 2026-11-30.\n"


def test_titles_in_cyrillic_are_followed_by_their_transliteration() -> None:
    text = format_bibliography(arrange([entry_of(CHAPTER)]), "plain", is_transliterated=True)
    assert "Письмо товарищам: о расколе [Pis'mo tovarishcham: o raskole]." in text
    assert "Сборник документов [Sbornik dokumentov]" in text


def test_a_translated_title_is_not_transliterated_as_well() -> None:
    chapter = CHAPTER.replace("type: book\n  title:", "type: chapter\n  container-title:").replace(
        "  publisher:", "  container-title-translated: Collection of documents\n  publisher:"
    )
    text = format_bibliography(arrange([entry_of(chapter)]), "plain", is_transliterated=True)
    assert "Сборник документов [Collection of documents]" in text


def test_every_style_is_listed_with_what_it_is() -> None:
    lines = list(style_lines())
    assert [line.split()[0] for line in lines] == list(STYLES)
    assert sum("needs the extra: cite" in line for line in lines) == len(STYLES) - 4
