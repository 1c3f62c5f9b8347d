"""What each style of CSL makes of a document: every fact is there once, and nothing that was not stated."""

from __future__ import annotations

import re
from typing import Any

import pytest

from archtool.description.citing.model import Entry
from archtool.exports.citations.bibliography import arrange
from archtool.exports.citations.csl_styles.styles import CSL_STYLES
from archtool.exports.citations.styles import format_bibliography
from citation_cases import (
    ANONYMOUS,
    ARTICLE,
    CHAPTER,
    HOSTILE,
    MANUSCRIPT,
    all_entries,
    appeal_entry,
    entry_of,
)

EACH_STYLE = pytest.mark.parametrize("style", CSL_STYLES)


def cited(style: str, text: str, **accessed: Any) -> str:
    return format_bibliography(arrange([entry_of(text)], accessed or None), style)


def source(style: str, **variables: Any) -> str:
    item = {"id": "s", "type": "book", "title": "Papers of a bureau", **variables}
    return format_bibliography([Entry(item)], style)


@EACH_STYLE
def test_the_document_of_1932_is_cited_with_everything_that_matters(style: str) -> None:
    text = format_bibliography(arrange([appeal_entry()]), style)
    for fact in (
        "À tous les bolcheviks-léninistes",
        "Traduction MIA",
        "Politburo i Lev Trotskiy",
        "[Le Bureau Politique et Léon Trotsky.",
        "2013",
        "3–16",
        "Centre organisationnel des bolcheviks-léninistes",
    ):
        assert text.count(fact) == 1, fact
    assert "1932" in text
    assert re.search(r"akovsky,? C(hristian|\.) \[", text, re.IGNORECASE)


@EACH_STYLE
def test_a_manuscript_is_cited_with_archive_fonds_file_and_folio(style: str) -> None:
    text = cited(style, MANUSCRIPT)
    for fact in ("Genève", "Archives d'État", "Fonds Dupont", "carton 3, dossier 2", "AP 12", "12r-13v"):
        assert text.count(fact) == 1, fact
    assert "anuscri" not in text
    assert text.count("12 м") + text.count("12 m") + text.count("12 M") + text.count("May 12") == 1


@EACH_STYLE
def test_the_editor_of_the_book_is_not_the_author_of_an_anonymous_document(style: str) -> None:
    text = cited(style, ANONYMOUS)
    assert text.lstrip("“").startswith("Appeal ")
    assert text.casefold().count("appeal without a name") == 1
    assert text.casefold().count("roe") == 1


@EACH_STYLE
@pytest.mark.parametrize("pages", ["3-16", "147b-148a", "103-105", "ix-xii", "7", "3-5, 9-12"])
def test_a_range_of_pages_is_never_shortened(style: str, pages: str) -> None:
    assert pages.replace("-", "–") in cited(style, ARTICLE.replace("147-148", f'"{pages}"'))


@EACH_STYLE
def test_given_names_are_written_in_full_unless_the_style_wants_initials(style: str) -> None:
    assert ("Germaine" in cited(style, ARTICLE)) == (style != "gost")


@EACH_STYLE
def test_authors_translators_and_editors_of_a_chapter_keep_their_roles(style: str) -> None:
    text = cited(style, CHAPTER)
    assert text.casefold().startswith("жуков")
    assert text.count("Анна Орлова") == 1
    assert text.index("Письмо") < text.index("Орлова") < text.index("Сборник")
    assert text.count("Пётр Петров") == 1


@EACH_STYLE
@pytest.mark.parametrize(
    "date", ["1932~", "1932?", "193X", "../1932-11", "1931/1932", "1932-05/..", "1932-21"]
)
def test_a_date_that_is_not_one_day_is_no_obstacle(style: str, date: str) -> None:
    assert "193" in cited(style, ANONYMOUS.replace("../1932-11-03", date))
    assert "193" in cited(style, MANUSCRIPT.replace("1932-05-12", date))


@EACH_STYLE
@pytest.mark.parametrize(
    "issued",
    [
        {},
        {"literal": "c. 1932"},
        {"raw": "May 1932"},
        {"date-parts": [[-399]]},
        {"date-parts": [[50, 3]]},
        {"date-parts": [[1931, 2], [1932]]},
        {"date-parts": [[1932]], "season": 2},
        {"date-parts": [["1932", "5"]], "circa": True},
    ],
)
def test_the_date_of_a_source_can_have_any_form_of_csl(style: str, issued: Any) -> None:
    assert "apers of a bureau" in source(style, issued=issued, publisher="Press")


@EACH_STYLE
def test_a_source_in_a_type_that_is_rare_is_cited(style: str) -> None:
    for kind in ("interview", "entry", "document", "map", "treaty", "legal_case", "song", "dataset"):
        text = source(style, type=kind, issued={"date-parts": [[1932]]})
        assert text.casefold().count("papers of a bureau") == 1, kind


@EACH_STYLE
def test_a_number_that_the_style_leaves_out_is_not_lost(style: str) -> None:
    text = source(style, volume="4", page="5", edition="2", issued={"date-parts": [[1932]]})
    for number in ("4", "5", "2"):
        assert re.search(rf"(?<!\d){number}(?!\d)", text), number


@EACH_STYLE
def test_unknown_variables_and_numbers_of_pages_are_no_obstacle(style: str) -> None:
    odd = {"number-of-pages": "about 300", "x-odd": "1", "archive_collection": "F", "custom": {"a": "b"}}
    assert "apers of a bureau" in source(style, **odd)


@EACH_STYLE
def test_no_mark_and_no_markup_of_a_reference_manager_is_left(style: str) -> None:
    entries = arrange(all_entries())
    assert not re.search("[\ufdd0-\ufdef]|</?i>|&amp;", format_bibliography(entries, style))


@EACH_STYLE
def test_the_marks_themselves_in_a_title_are_removed(style: str) -> None:
    text = source(style, title="Papers \ufdd1of\ufdd4 a \ufdd8bureau", issued={"date-parts": [[1932]]})
    assert "papers of a bureau" in text.casefold()


@EACH_STYLE
def test_characters_of_html_are_printed_as_they_are(style: str) -> None:
    assert "$1 % # _ ~ ^" in cited(style, HOSTILE)
    assert "& <script>" in cited(style, HOSTILE).casefold()
    assert "https://example.org/a?b=1&c={d}" in cited(style, HOSTILE)


@pytest.mark.parametrize(
    ("style", "date"),
    [
        ("iso690-fr", "5 janvier 1932"),
        ("chicago-notes", "January 5, 1932"),
        ("mla", "5 January 1932"),
        ("gost", "5 января 1932"),
    ],
)
def test_the_date_of_the_document_is_in_the_language_of_the_style(style: str, date: str) -> None:
    assert date in cited(style, ARTICLE)


@EACH_STYLE
def test_initials_follow_the_attribution_of_each_author(style: str) -> None:
    second = "name: Jean Pierre Dupont, type: person, role: author, attribution: { status: attributed }"
    text = MANUSCRIPT.replace("status: disputed } }]", f"status: disputed }} }}, {{ {second} }}]")
    shown = cited(style, text)
    assert re.search(r"(Jean Pierre Dupont|DUPONT, Jean Pierre|Dupont J\. ?P\.) \[", shown)
    assert shown.count("[") == 2


@EACH_STYLE
def test_no_entry_changes_what_is_printed_of_another(style: str) -> None:
    entries = [*arrange(all_entries()), *arrange(all_entries(of_source=True))]
    alone = "".join(format_bibliography([entry], style) for entry in reversed(entries))
    assert format_bibliography(entries[::-1], style) == alone


@EACH_STYLE
def test_the_editor_of_a_book_that_is_cited_alone_is_named_once(style: str) -> None:
    text = source(style, editor=[{"family": "Roe", "given": "Jo"}], issued={"date-parts": [[1979]]})
    assert text.casefold().count("roe") == 1


@EACH_STYLE
def test_a_manuscript_with_an_address_keeps_it_and_the_day_of_access(style: str) -> None:
    accessed = {"date-parts": [[2026, 11, 30]]}
    entry = entry_of(MANUSCRIPT + "  URL: https://example.org/scan/12\n")
    text = format_bibliography(arrange([entry], accessed), style)
    assert text.count("https://example.org/scan/12") == 1
    assert text.count("2026") == 1
    assert text.index("Fonds Dupont") < text.index("https://")


@EACH_STYLE
def test_the_folder_that_a_manuscript_is_in_stands_before_the_archive(style: str) -> None:
    text = cited(
        style, MANUSCRIPT.replace("  archive-place", "  title: Papiers de la section\n  archive-place")
    )
    assert text.index("1932") < text.index("Papiers de la section") < text.index("Fonds Dupont")


@EACH_STYLE
def test_an_identifier_is_never_left_out(style: str) -> None:
    assert "10.1000/182" in cited(style, ARTICLE + "  DOI: 10.1000/182\n")


@pytest.mark.parametrize("style", ["iso690-fr", "iso690-en"])
def test_each_of_many_authors_has_its_own_attribution(style: str) -> None:
    names = [{"family": f"Roe{number}", "given": "Jo"} for number in range(40)]
    item = {"id": "document", "type": "book", "title": "A letter", "author": names}
    statuses = tuple("disputed" if number % 2 else "" for number in range(40))
    text = format_bibliography([Entry(item, {}, statuses)], style)
    bracketed = re.findall(r"ROE(\d+), Jo \[", text)
    assert bracketed == [str(number) for number in range(1, 40, 2)]


@EACH_STYLE
def test_a_name_without_letters_does_not_move_the_attributions(style: str) -> None:
    names = [{"literal": "<i></i>"}, {"family": "Roe", "given": "Jo"}, {"family": "Doe", "given": "Al"}]
    item = {"id": "document", "type": "book", "title": "A letter", "author": names}
    text = format_bibliography([Entry(item, {}, ("", "disputed", ""))], style)
    assert re.search(r"(Jo Roe|roe, jo|roe j\.) \[", text, re.IGNORECASE)


NEWSPAPER = (
    "title: T\nsource: { type: article-newspaper, container-title: Daily, date: 1932-05-01, pages: 1 }\n"
)


@pytest.mark.parametrize("style", CSL_STYLES)
@pytest.mark.parametrize("of_source", [False, True])
def test_a_newspaper_is_cited_with_its_day_and_without_words_that_nobody_stated(
    style: str, of_source: bool
) -> None:
    text = format_bibliography([entry_of(NEWSPAPER, of_source=of_source)], style)
    assert re.search(r"\b1(er)? (mai|May|мая) 1932|May 1, 1932", text)
    assert "Edition" not in text


PAGE = "title: T\nsource: { type: webpage, title: P, URL: 'https://e.org', accessed: 2024-05-02 }\n"


@pytest.mark.parametrize("style", CSL_STYLES)
@pytest.mark.parametrize("text", [PAGE, PAGE.replace(", URL: 'https://e.org'", "")])
def test_the_date_of_access_is_printed_once(style: str, text: str) -> None:
    assert cited(style, text).count("2024") == 1


@pytest.mark.parametrize(("family", "given"), [("לוי", "דוד"), ("曹", "雪芹")])
def test_a_name_in_a_script_without_capitals_has_no_initials(family: str, given: str) -> None:
    name = {"family": family, "given": given}
    assert source("gost", author=[name]).startswith(f"{family} {given}. Papers")
    assert f"под ред. {family} {given}.\n" in source("gost", editor=[name])


def test_the_attribution_follows_a_name_without_initials() -> None:
    creator = "{ name: 'לוי, דוד', type: person, role: author, attribution: { status: attributed } }"
    text = f"title: T\nsource: A\ncreators: [{creator}]\n"
    assert cited("gost", text).startswith("לוי דוד [приписывается]. T. ")


def test_a_source_in_words_has_the_date_of_access_in_the_words_of_the_style() -> None:
    entry = entry_of("title: T\nsource: Archives, carton 3\n", of_source=True)
    accessed = {"date-parts": [[2026, 11, 30]]}
    text = format_bibliography(arrange([entry], accessed), "iso690-fr")
    assert text == "Archives, carton 3. Consulté le 30 novembre 2026.\n"


FIRST_DAYS = {"issued": {"date-parts": [[2020, 5, 1]]}, "accessed": {"date-parts": [[2026, 10, 1]]}}


def test_the_first_day_of_a_month_is_written_as_in_french_but_not_in_a_title() -> None:
    page = {"type": "webpage", "URL": "https://example.org/x", **FIRST_DAYS}
    text = source("iso690-fr", **page)
    assert "1er mai 2020" in text
    assert "Consulté le 1er octobre 2026" in text
    assert "Appel du 1 mai 2020" in source("iso690-fr", **page, title="Appel du 1 mai 2020")
    assert "1 May 2020" in source("iso690-en", **page)


@EACH_STYLE
def test_the_day_of_access_is_there_once_also_for_a_chapter_with_an_address(style: str) -> None:
    text = source(
        style, type="chapter", URL="https://example.org/x", **{"container-title": "A book"}, **FIRST_DAYS
    )
    assert len(re.findall(r"accessed|consulté le|дата обращения", text, re.IGNORECASE)) == 1


@EACH_STYLE
def test_a_note_after_an_address_cannot_be_read_as_a_part_of_it(style: str) -> None:
    text = source(style, URL="https://example.org/x", note="2 tomes", publisher="Plon")
    assert "example.org/x 2 tomes" not in text
    assert re.search(r"example\.org/x(\.| –) 2 tomes", text) or text.index("2 tomes") < text.index("https:")


@pytest.mark.parametrize("style", ["chicago-notes", "chicago-author-date", "mla"])
def test_the_title_of_a_french_book_keeps_its_small_letters_around_an_english_document(style: str) -> None:
    book = {"id": "s", "type": "book", "title": "Le registre imaginaire", "language": "fr"}
    item = {"id": "d", "type": "chapter", "title": "Circular to the members", "language": "en",
            "container-title": "Le registre imaginaire"}  # fmt: skip
    assert "Le registre imaginaire" in format_bibliography([Entry(item, book)], style)
    english = format_bibliography([Entry(item, {**book, "language": "en"})], style)
    assert "Le Registre Imaginaire" in english
