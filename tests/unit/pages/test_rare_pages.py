"""Elements that few pages have lose no word of a text."""

from __future__ import annotations

import pytest

from archtool.errors import InputError
from archtool.pages.decoding import decode_page
from archtool.pages.labels import find_label
from archtool.pages.page import read_page
from archtool.pages.tree import parse_tree


def text_of(html: str) -> str:
    return read_page(html, "page.htm").text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<p>a <iframe src="map.htm"></iframe> b', "map.htm"),
        ('<p>a <object data="tune.mid"></object> b', "tune.mid"),
        ("<table><tr><td>a<br>b<td>c<tr><td>d<td>e</table>", "a / b\tc"),
        ("<p>a</li></ul></table></dd></p>b", "a"),
        ('<p>see <a href="javascript:void(0)">here</a>', "see here\n"),
        ('<p>see <a name="x">here</a>', "see here\n"),
        ('<p>one<a href="http://a.example/"></a> two', "one<http://a.example/> two"),
        ("<p>a</a></sup> b", "a b\n"),
        ("<p>H<sub>2</sub>O, x<sup>abc</sup>", "H"),
    ],
)
def test_a_rare_element_keeps_its_words(html: str, text: str) -> None:
    assert text in text_of(html)


def test_what_no_reader_sees_is_a_remark() -> None:
    page = read_page(
        "<head><title>T</title><link rel=canonical href='http://a.example/1'><p>x</head>"
        "<body><!-- a note --><!-- --><form><input type=text value='typed'><input type=submit value=Go>"
        "</form><p title='on hover'>Text.</p>",
        "page.htm",
    )
    assert {(one.what, one.text.strip()) for one in page.parsed.remarks} >= {
        ("comment", "a note"), ("field of a form", "typed"), ("title of an element", "on hover"),
    }  # fmt: skip
    assert page.parsed.head.address == "http://a.example/1"
    assert read_page("<link rel=stylesheet href=x><p>a", "page.htm").parsed.head.address == ""


def test_a_label_of_many_words_or_of_no_letters_is_none() -> None:
    assert find_label("source " * 20) is None
    assert find_label("[:]") is None
    assert find_label("Transcription/HTML Markup") is not None
    assert find_label("Transcription/Ghost") is None


def test_pages_in_wide_encodings_are_read_with_and_without_a_mark() -> None:
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        assert decode_page("<p>Été".encode(encoding)).text in ("<p>Été", "\ufeff<p>Été")


def test_a_page_that_is_nested_too_deeply_is_refused_and_an_empty_one_is_empty() -> None:
    assert parse_tree("", "page.htm") is None
    with pytest.raises(InputError, match=r"nested too deeply in page\.htm"):
        parse_tree("<div>" * 3000, "page.htm")


def test_a_long_continuation_of_a_statement_belongs_to_the_text() -> None:
    lines = "<br>".join(["<b>Source:</b> A Book", *(f"line {number} of it" for number in range(40))])
    page = read_page(f"<h1>T</h1><p>{lines}</p><p>Text.</p>", "page.htm")
    assert "line 39 of it" in page.text
