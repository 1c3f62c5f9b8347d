"""Tags of a page's head, and COinS: what is stated, and nothing for what is not."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import pytest

from archtool.description.citing.model import Entry
from archtool.exports.citations.csl import page_range
from archtool.exports.embedded.coins import format_coins
from archtool.exports.embedded.highwire import highwire_tags, published
from archtool.exports.embedded.schema_org import for_script


def tags(**item: Any) -> dict[str, str]:
    return {
        tag.name.removeprefix("citation_"): tag.content for tag in highwire_tags(Entry({"id": "x", **item}))
    }


@pytest.mark.parametrize(
    ("dates", "text"),
    [
        ({"issued": {"date-parts": [[2013]]}}, "2013"),
        ({"issued": {"date-parts": [[1979, 5, 3]]}}, "1979/05/03"),
        ({"issued": {"date-parts": [[1979, 5]]}, "original-date": {"date-parts": [[1932]]}}, "1979/05"),
        ({"original-date": {"date-parts": [[1932, 4]]}}, "1932/04"),
        ({"issued": {"date-parts": [[1931], [1932]]}}, "1931"),
        ({"issued": {"date-parts": [[-398]]}}, "398 BC"),
        ({"issued": {"literal": "193X"}}, "193X"),
        ({}, ""),
    ],
)
def test_the_date_is_that_of_the_publication_else_of_the_document(dates: dict[str, Any], text: str) -> None:
    assert published(dates) == text
    assert tags(title="T", **dates).get("publication_date", "") == text


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ("3-16", ("3", "16")),
        ("147b–148a", ("147b", "148a")),
        ("12", ("12", None)),
        ("1, 4-6", ("1, 4-6", None)),
    ],
)
def test_two_pages_are_the_first_and_the_last(pages: str, expected: tuple[str, str | None]) -> None:
    assert page_range({"page": pages}) == expected


def test_the_title_of_the_container_decides_what_the_document_is_in() -> None:
    assert tags(type="article-journal", **{"container-title": "C"})["journal_title"] == "C"
    assert tags(type="chapter", **{"container-title": "C"})["book_title"] == "C"
    assert tags(type="thesis", publisher="U")["dissertation_institution"] == "U"
    assert tags(type="report", publisher="I")["technical_report_institution"] == "I"
    assert "book_title" not in tags(type="manuscript", **{"container-title": "C"})


def test_markup_of_reference_managers_is_no_part_of_a_tag() -> None:
    assert tags(title="<i>Pravda</i> in 1932")["title"] == "Pravda in 1932"


def test_each_author_has_a_tag() -> None:
    names = [{"family": "Rakovsky", "given": "Christian"}, {"literal": "The bureau"}]
    found = [tag.content for tag in highwire_tags(Entry({"author": names})) if tag.name == "citation_author"]
    assert found == ["Rakovsky, Christian", "The bureau"]


def test_coins_of_an_article_name_the_periodical_and_of_a_letter_its_kind() -> None:
    article = parse_qs(format_coins(Entry({"type": "article-journal", "title": "T", "container-title": "C"})))
    assert (article["rft.jtitle"], article["rft.atitle"]) == (["C"], ["T"])
    letter = parse_qs(format_coins(Entry({"type": "personal_communication", "title": "T & <b>"})))
    assert (letter["rft.type"], letter["rft.title"]) == (["letter"], ["T & <b>"])


def test_coins_of_a_book_name_its_publisher() -> None:
    item = {"type": "book", "title": "T", "publisher": "P", "author": [{"literal": "The bureau"}]}
    book = parse_qs(format_coins(Entry(item)))
    assert (book["rft.btitle"], book["rft.pub"], book["rft.au"]) == (["T"], ["P"], ["The bureau"])


def test_json_in_a_script_has_no_character_that_ends_the_element() -> None:
    assert for_script('{"a": "</script><!--&\u2028"}') == (
        '{"a": "\\u003c/script\\u003e\\u003c!--\\u0026\\u2028"}'
    )
