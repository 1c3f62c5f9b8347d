"""A source is cited for readers, for TeX and for reference managers."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archtool.exports.citations.bibtex import bibtex_key, escape_bibtex, format_bibtex
from archtool.exports.citations.csl import date_of, format_csl_json, text_of
from archtool.exports.citations.plain import format_plain
from archtool.exports.citations.ris import format_ris
from budgets import examples
from unit.provenance.rakovsky_case import CITATION, WORDS

ARTICLE: dict[str, Any] = {
    "id": "vanbeek_1979 a",
    "type": "article-journal",
    "title": "Letters & replies",
    "author": [
        {"family": "Beek", "non-dropping-particle": "van", "given": "Anna", "suffix": "Jr"},
        {"literal": "Bureau and sons"},
    ],
    "container-title": "Cahiers",
    "volume": 2,
    "issue": "3",
    "issued": {"date-parts": [[1979, 9]]},
    "page": "147b-148a",
    "DOI": "10.1/x_y",
    "language": "fr",
}
BOOK: dict[str, Any] = {
    "id": "staal",
    "type": "book",
    "title": "On letters",
    "author": [{"family": "Staël", "given": "Germaine", "dropping-particle": "de"}],
    "editor": [{"family": "Doe, Roe", "given": "Jo"}],
    "edition": 2,
    "publisher": "Presses",
    "publisher-place": "Paris",
    "issued": {"date-parts": [["1931"], ["1932"]], "circa": True},
    "collection-title": "Series of letters",
    "ISBN": "978-0",
}
MANUSCRIPT: dict[str, Any] = {
    "id": "m",
    "type": "manuscript",
    "title": "Letter of the bureau",
    "archive": "State archive",
    "archive-place": "Moscow",
    "archive_location": "f. 17, op. 1",
    "issued": {"literal": "early 1932"},
}
WEB_PAGE: dict[str, Any] = {
    "id": "w",
    "type": "webpage",
    "title": "What is kept?",
    "URL": "https://example.org/{a}_b",
    "accessed": {"date-parts": [[2020, 1, 2]]},
    "note": "seen on a screen",
}


def lines_of(ris: str) -> list[str]:
    return ris.removesuffix("\r\n").split("\r\n")


def test_a_chapter_without_title_and_author_is_cited_by_its_book() -> None:
    assert format_plain(CITATION) == (
        "Politburo i Lev Trotskiy. 1923-1940 gg.: Sb. dok. v 2 kn. Kn. 1 [Le Bureau Politique et Léon "
        "Trotsky. 1923-1940. Recueil de documents en 2 tomes. Tome 1.]. Prague: Vědecko vydavatelské "
        "centrum « Sociosféra-CZ », 2013, p. 3-16."
    )


def test_a_chapter_with_a_title_is_cited_in_its_book_with_the_editors() -> None:
    item = CITATION | {"title": "Appeal", "editor": [{"family": "Roe", "given": "Jo"}], "volume": "1"}
    assert format_plain(item).startswith("Appeal. In: Roe, Jo, Politburo i Lev Trotskiy.")
    assert "]. vol. 1. Prague: " in format_plain(item)


def test_an_article_is_cited_with_volume_issue_and_pages_without_in() -> None:
    assert format_plain(ARTICLE) == (
        "van Beek, Anna, Jr; Bureau and sons. Letters & replies. Cahiers, vol. 2, no. 3, 1979-09, "
        "p. 147b-148a. doi:10.1/x_y."
    )


def test_a_book_is_cited_with_its_edition_its_circa_date_and_other_values() -> None:
    assert format_plain(BOOK) == (
        "Staël, Germaine de. On letters. ed. 2. Paris: Presses, ca. 1931/1932. "
        "editor: Doe, Roe, Jo. collection-title: Series of letters. ISBN: 978-0."
    )


def test_an_edition_as_text_is_kept() -> None:
    assert "On letters. 2nd, revised. " in format_plain(BOOK | {"edition": "2nd, revised"})


def test_a_manuscript_is_cited_with_its_archive() -> None:
    assert format_plain(MANUSCRIPT) == (
        "Letter of the bureau. early 1932. Moscow, State archive, f. 17, op. 1."
    )


def test_no_full_stop_follows_a_url() -> None:
    page = {key: value for key, value in WEB_PAGE.items() if key not in ("accessed", "note")}
    assert format_plain(page) == "What is kept? https://example.org/{a}_b"
    assert format_plain(WEB_PAGE).endswith("https://example.org/{a}_b (2020-01-02). seen on a screen.")


def test_a_source_as_text_is_cited_unchanged() -> None:
    assert format_plain(WORDS) == WORDS["note"]


def test_a_text_that_was_changed_after_marking_is_an_ordinary_note() -> None:
    assert format_plain(WORDS | {"note": "other words"}) == "other words."


def test_a_volume_that_is_not_a_number_is_printed_unchanged() -> None:
    assert "Cahiers, tome II, no. 3," in format_plain(ARTICLE | {"volume": "tome II"})


@pytest.mark.parametrize(
    ("issued", "shown"),
    [
        ({"date-parts": [[2013]]}, "2013"),
        ({"date-parts": [[1932, 11, 3]]}, "1932-11-03"),
        ({"date-parts": [["44"]], "circa": 1}, "ca. 0044"),
        ({"date-parts": [[1932]], "season": 2}, "1932 (season 2)"),
        ({"raw": "autumn 1932"}, "autumn 1932"),
        ({"date-parts": [["x"]]}, "x (no such date)"),
        ({"date-parts": [[1], [2], [3]]}, "1/2/3 (no such date)"),
        ({"edtf": "193X"}, "193X"),
        ("1932", "1932"),
        (1932, "1932"),
    ],
)
def test_a_date_is_shown_as_stated(issued: Any, shown: str) -> None:
    assert str(date_of({"issued": issued}, "issued")) == shown


def test_a_missing_date_is_not_shown() -> None:
    assert str(date_of({}, "issued")) == ""


def test_a_value_that_is_not_text_is_shown_as_json() -> None:
    assert text_of({"a": 1}) == '{"a":1}'


@pytest.mark.parametrize(
    ("kind", "entry"),
    [
        ("chapter", "@incollection{"),
        ("article-journal", "@article{"),
        ("book", "@book{"),
        ("thesis", "@phdthesis{"),
        ("manuscript", "@unpublished{"),
        ("document", "@misc{"),
        ("report", "@techreport{"),
        ("webpage", "@misc{"),
    ],
)
def test_each_kind_of_source_has_its_bibtex_entry(kind: str, entry: str) -> None:
    assert format_bibtex({"id": "x", "type": kind}).startswith(entry)


def test_bibtex_keeps_literal_names_and_writes_page_ranges_with_two_hyphens() -> None:
    text = format_bibtex(ARTICLE)
    assert "  author = {van Beek, Jr, Anna and {Bureau and sons}},\n" in text
    assert "  pages = {147b--148a},\n" in text
    assert r"  title = {Letters \& replies}," in text
    assert "@article{vanbeek_1979-a,\n" in text
    assert "  date = {1979-09},\n" in text
    assert r"annote = {id: vanbeek\_1979 a}" in text


def test_a_comma_inside_a_name_does_not_split_it() -> None:
    text = format_bibtex(BOOK)
    assert "editor = {{Doe, Roe}, Jo}" in text
    assert "author = {Staël, Germaine de}" in text


def test_bibtex_has_circa_and_range_in_date_and_the_first_year_in_year() -> None:
    text = format_bibtex(BOOK)
    assert "  year = {1931},\n  date = {1931~/1932~},\n" in text


def test_bibtex_keeps_a_date_as_text_in_the_year() -> None:
    assert "year = {early 1932}" in format_bibtex(MANUSCRIPT)


def test_bibtex_keeps_season_and_text_in_addition_to_the_year() -> None:
    text = format_bibtex(BOOK | {"issued": {"date-parts": [[1932]], "season": 2, "literal": "summer"}})
    assert "year = {1932}" in text
    assert "date = " not in text
    assert "issued: 1932 (season 2) (summer)" in text


def test_bibtex_notes_values_without_a_field() -> None:
    text = format_bibtex(MANUSCRIPT | {"note": "a copy"})
    assert (
        r"annote = {archive: State archive; archive-place: Moscow; archive\_location: f. 17, op. 1}" in text
    )


def test_the_note_that_bibtex_requires_of_a_manuscript_is_its_place_in_the_archive() -> None:
    assert "note = {Moscow, State archive, f. 17, op. 1}" in format_bibtex(MANUSCRIPT)


def test_the_date_of_the_document_and_of_the_access_have_their_own_fields() -> None:
    item = WEB_PAGE | {"original-date": {"date-parts": [[1932, 5]], "circa": True}}
    assert "origdate = {1932-05~}" in format_bibtex(item)
    assert "urldate = {2020-01-02}" in format_bibtex(item)
    assert "Y2  - 2020/01/02/" in lines_of(format_ris(item))


def test_a_url_cannot_end_its_bibtex_field() -> None:
    assert "url = {https://example.org/%7Ba%7D_b}" in format_bibtex(WEB_PAGE)


def test_a_source_as_text_is_only_a_bibtex_note() -> None:
    assert format_bibtex(WORDS) == "@misc{letter,\n  note = {Cahiers, no 3 (1979), pp. 12-14.},\n}\n"


def test_a_key_in_another_script_still_makes_a_bibtex_entry() -> None:
    assert bibtex_key({"id": "Ж"}) == "source"
    assert bibtex_key({}) == "source"


@settings(deadline=None)
@given(st.text())
def test_no_text_unbalances_the_braces_of_a_bibtex_entry(text: str) -> None:
    escaped = escape_bibtex(text)
    depth = 0
    for character in escaped:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0


@pytest.mark.parametrize(
    ("pages", "written"),
    [
        ("3-16", ["SP  - 3", "EP  - 16"]),
        ("147b-148a", ["SP  - 147b", "EP  - 148a"]),
        ("ix – xii", ["SP  - ix", "EP  - xii"]),
        ("3-16, 20", ["SP  - 3-16, 20"]),
        (12, ["SP  - 12"]),
    ],
)
def test_ris_splits_pages_only_if_they_are_plainly_two(pages: Any, written: list[str]) -> None:
    lines = lines_of(format_ris({"id": "x", "type": "chapter", "page": pages}))
    assert [line for line in lines if line.startswith(("SP", "EP"))] == written


def test_ris_begins_with_ty_ends_with_er_and_uses_cr_lf() -> None:
    text = format_ris(ARTICLE)
    assert text.startswith("TY  - JOUR\r\nAU  - van Beek, Anna, Jr\r\nAU  - Bureau and sons\r\n")
    assert text.endswith("ER  - \r\n")
    assert text.count("\n") == text.count("\r\n")
    assert "DA  - 1979/09//" in lines_of(text)


def test_ris_notes_a_date_that_its_tags_cannot_express() -> None:
    assert "N1  - issued: early 1932" in lines_of(format_ris(MANUSCRIPT))
    lines = lines_of(format_ris(BOOK))
    assert "PY  - 1931" in lines
    assert "N1  - issued: ca. 1931/1932" in lines
    both = lines_of(format_ris(BOOK | {"issued": {"date-parts": [[1932]], "literal": "summer"}}))
    assert "N1  - issued: 1932 (summer)" in both


def test_ris_notes_an_unknown_type() -> None:
    assert "N1  - type: treaty" in lines_of(format_ris({"id": "x", "type": "treaty"}))
    assert "N1  - type: document" not in lines_of(format_ris(WORDS))


def test_a_line_end_in_a_title_cannot_start_a_new_ris_line() -> None:
    lines = lines_of(format_ris({"id": "x", "type": "book", "title": "one\r\nER  - \u2028two"}))
    assert lines == ["TY  - BOOK", "TI  - one ER  - two", "ID  - x", "ER  - "]


def test_csl_json_is_the_unchanged_item_in_a_list_of_one() -> None:
    assert json.loads(format_csl_json(CITATION)) == [CITATION]


@pytest.mark.parametrize("item", [CITATION, ARTICLE, BOOK, MANUSCRIPT, WEB_PAGE])
def test_no_variable_of_an_item_is_lost(item: dict[str, Any]) -> None:
    odd = item | {
        "x-odd": "kept",
        "custom": {"other": "also kept"},
        "original-date": {"date-parts": [[1931]]},
    }
    for written in (format_bibtex(odd), format_ris(odd)):
        assert "x-odd: kept" in written
        assert "other: also kept" in written
        assert "original-date: 1931" in written or "origdate = {1931}" in written
        for value in (v for v in item.values() if isinstance(v, str) and re.fullmatch(r"[\w ]+", v)):
            known = escape_bibtex(value) in written or value in written
            assert known or value == item["type"]


def test_a_custom_value_that_is_not_a_mapping_and_a_plain_name_are_kept() -> None:
    text = format_ris({"id": "x", "type": "book", "custom": "words", "author": ["Jo Roe"]})
    assert "N1  - custom: words" in text
    assert "AU  - Jo Roe" in text


RICH: dict[str, Any] = {
    "id": "rich",
    "type": "article-journal",
    "title": 'CO<sub>2</sub> &amp; 10<sup>-3</sup>: the <i>Cahiers</i> of <span class="nocase">the X</span>',
    "container-title": '<span style="font-variant:small-caps;">Annales</span> R&D &lt;b&gt;',
    "author": [
        {"family": "O&#8217;Neil", "given": "<b>A.</b>"},
        {"literal": "XX<sup>e</sup> Congr&egrave;s"},
    ],
    "publisher": "A <x> of 3 < 4 & <i>",
    "URL": "https://example.org/?a=1&amp;b=2",
    "issued": {"date-parts": [[1932]]},
}


def test_markup_of_reference_managers_is_removed_from_plain_text_and_ris() -> None:
    for text in (format_plain(RICH), format_ris(RICH)):
        assert "CO₂ & 10⁻³: the Cahiers of the X" in text
        assert "Annales R&D <b>" in text
        assert "O’Neil, A." in text
        assert "XXe Congrès" in text
        assert "A <x> of 3 < 4 & <i>" in text
        assert "https://example.org/?a=1&b=2" in text


def test_markup_of_reference_managers_becomes_commands_in_bibtex() -> None:
    entry = format_bibtex(RICH)
    title = r"CO\textsubscript{2} \& 10\textsuperscript{-3}: the \textit{Cahiers} of {the X}"
    assert f"title = {{{title}}}," in entry
    assert r"journal = {\textsc{Annales} R\&D <b>}," in entry
    assert r"author = {O’Neil, \textbf{A.} and {XX\textsuperscript{e} Congrès}}," in entry
    assert r"publisher = {A <x> of 3 < 4 \& <i>}," in entry
    assert "url = {https://example.org/?a=1&b=2}," in entry


def test_markup_is_kept_in_csl_json_and_in_citations_as_text() -> None:
    assert json.loads(format_csl_json(RICH)) == [RICH]
    words = "See <i>Cahiers</i> &amp; others"
    item = {"id": "source", "type": "document", "note": words, "custom": {"archtool-verbatim": words}}
    assert format_plain(item) == words
    assert f"N1  - {words}\r\n" in format_ris(item)
    assert r"note = {See <i>Cahiers</i> \&amp; others}," in format_bibtex(item)


@settings(max_examples=examples(200))
@given(st.text(alphabet="<>/ibsup&;amp \"'=x#1{}\\", max_size=60))
def test_braces_of_bibtex_are_balanced_for_any_markup(title: str) -> None:
    item = {"id": "a", "type": "book", "title": title}
    depth = 0
    for character in format_bibtex(item):
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0
    assert "\n" not in format_plain(item)


@pytest.mark.parametrize(
    "issued",
    [{}, {"date-parts": [[""]]}, {"date-parts": [[]]}, {"date-parts": [[0, 0, 0]]}, {"circa": True},
     {"literal": " "}],
)  # fmt: skip
def test_an_empty_date_is_left_out_of_every_format(issued: dict[str, Any]) -> None:
    item = {"id": "a", "type": "book", "title": "T", "issued": issued, "submitted": issued}
    assert format_plain(item) == "T."
    assert "year" not in format_bibtex(item)
    assert "annote" not in format_bibtex(item)
    assert format_ris(item) == "TY  - BOOK\r\nTI  - T\r\nID  - a\r\nER  - \r\n"


@pytest.mark.parametrize(
    ("parts", "plain", "bibtex"),
    [
        ([[-399]], "399 BC", "year = {399 BC},"),
        ([[-399, 5, 1]], "399-05-01 BC", "date = {-0398-05-01},"),
        ([[-1, 5]], "1-05 BC", "date = {0000-05},"),
        ([[-399], [-390]], "399 BC/390 BC", "date = {-0398/-0389},"),
        ([[-44], [14]], "44 BC/0014", "date = {-0043/0014},"),
    ],
)
def test_a_year_before_christ_is_shown_as_one(parts: list[list[int]], plain: str, bibtex: str) -> None:
    item = {"id": "a", "type": "book", "title": "T", "issued": {"date-parts": parts}}
    assert format_plain(item) == f"T. {plain}."
    assert bibtex in format_bibtex(item)
    ris = format_ris(item)
    assert f"N1  - issued: {plain}\r\n" in ris
    assert "PY  -" not in ris
    assert "DA  -" not in ris


@pytest.mark.parametrize(
    ("issued", "words"),
    [
        ({"date-parts": [[1932, 0, 0]]}, "1932"),
        ({"date-parts": [["1932", "5", ""]]}, "1932-05"),
        ({"date-parts": [[1932, 21]]}, "1932 (season 1)"),
        ({"season": "2"}, "season 2"),
        ({"date-parts": [[1932, 13]]}, "1932-13 (no such date)"),
        ({"date-parts": [[1932, 2, 30], ["x"]]}, "1932-2-30/x (no such date)"),
        ({"date-parts": [[1932], [""]]}, "1932"),
        ({"edtf": "193X"}, "193X"),
    ],
)
def test_an_invalid_date_in_an_older_package_is_never_printed_raw(issued: dict[str, Any], words: str) -> None:
    item = {"id": "a", "type": "book", "title": "T", "issued": issued}
    assert format_plain(item) == f"T. {words}."
    assert not re.search(r"[\[\]]|date-parts", format_bibtex(item) + format_ris(item))
