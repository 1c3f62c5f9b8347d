"""The text of a page becomes plain text in which everything that a reader sees can be read."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.pages.page import read_page


def text_of(html: str) -> str:
    return read_page(html, "page.htm").text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One\n two<br>three<p>four", "One two\nthree\n\nfour\n"),
        ("<h1>Head</h1>text<h2>Next</h2>more", "Head\n\ntext\n\nNext\n\nmore\n"),
        ('<p>word<a href="#n1"><sup>1</sup></a>', "word[1]\n"),
        ('<p>word<sup><a href="#n1">[2]</a></sup>', "word[2]\n"),
        ("<p>word<sup>3</sup>", "word[3]\n"),
        ("<p>10 m<sup>2</sup>, 1<sup>er</sup> mai", "10 m^2, 1er mai\n"),
        ('<p>See <a href="other.htm">the other</a>', "See the other <other.htm>\n"),
        (
            '<p>a <i><a href="b.htm"> <b> <a href="c.htm">x</a></b></a></i>',
            "a x <c.htm> <b.htm>\n",
        ),
        ('<p>See <a href="other.htm"> </a>', "See <other.htm>\n"),
        ('<p>x <a href="http://a.example/">http://a.example/</a>', "x http://a.example/\n"),
        ('<p>write to <a href="mailto:a@b.example">Ann</a>', "write to Ann <a@b.example>\n"),
        ("<p>a <del>b</del> <s>c</s>", "a [struck out: b] [struck out: c]\n"),
        ("<p>he said <q>no</q>", "he said “no”\n"),
        ('<p><img src="seal.gif" alt="Seal">', "[image: Seal <seal.gif>]\n"),
        ('<p>a<img src="dot.gif" width="1" height="9">b', "ab\n"),
        ("<pre>  one\n\n    two</pre>", "  one\n\n    two\n"),
        ("<blockquote><p>one<p>two</blockquote>", "    one\n\n    two\n"),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n    - b\n- c\n"),
        ("<ol start=4><li>a<li>b</ol>", "4. a\n5. b\n"),
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a\tb\nc\td\n"),
        ("<table><tr><td><p>a</p><p>b</p></td><td><p>c</p></td></tr></table>", "a\n\nb\n\nc\n"),
        ("<dl><dt>a<dd>b</dl>", "a\n    b\n"),
        ("a<hr>b<hr><hr>c<hr>", "a\n\n* * *\n\nb\n\n* * *\n\nc\n"),
        ("<script>x</script><style>y</style><p>z", "z\n"),
        ("<p>&eacute; &#1071; &#151; &nbsp;x", "é Я — \u00a0x\n"),
        ("<p>one</p></body></html>two<p>three", "one\n\ntwo\n\nthree\n"),
        ("<html><body>one</body></html><html><body>two</body></html>", "one\n\ntwo\n"),
        ("", ""),
        ("<!-- only a comment -->", ""),
        ("just text", "just text\n"),
    ],
)
def test_what_a_reader_sees_is_in_the_text(html: str, text: str) -> None:
    assert text_of(html) == text


def test_scripts_comments_hidden_parts_and_titles_are_listed_with_their_lines() -> None:
    page = read_page(
        "<script>a()</script>\n<!-- old -->\n<p style='display: none'>gone</p>\n<p title='note'>x</p>",
        "page.htm",
    )
    assert [(one.what, one.text, one.number) for one in page.parsed.remarks] == [
        ("script", "a()", 1),
        ("comment", " old ", 2),
        ("hidden text, which the text file has", "gone", 3),
        ("title of an element", "note", 4),
    ]
    assert page.text == "gone\n\nx\n"


class Letters(HTMLParser):
    """An independent reader of the letters of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[str] = []

    def handle_data(self, data: str) -> None:
        self.letters += filter(str.isalpha, data)


TAGS = st.sampled_from(
    [
        "p",
        "b",
        "i",
        "u",
        "span",
        "div",
        "h2",
        "blockquote",
        "ul",
        "li",
        "ol",
        "dl",
        "dt",
        "dd",
        "table",
        "tr",
        "td",
        "th",
        "center",
        "pre",
        "sup",
        "font",
        "em",
        "hr",
        "br",
    ]
)
PARTS = st.one_of(
    st.sampled_from(["alpha ", "beta", " gamma\n", "Source: x ", "12 ", "é", "&amp;", "Date:"]),
    TAGS.map(lambda name: f"<{name}>"),
    TAGS.map(lambda name: f"</{name}>"),
    st.just('<a href="#n">'),
    st.just("</a>"),
)


@given(st.lists(PARTS, max_size=60).map("".join))
def test_no_letter_of_a_page_is_lost_whatever_its_elements_are(html: str) -> None:
    reader = Letters()
    reader.feed(html)
    reader.close()
    page = read_page(html, "page.htm")
    lines = [page.parsed.lines[number].text for field in page.header for number in field.lines]
    listed = [line.text for line in page.left_out]
    listed += [one.text for one in page.parsed.remarks if one.what == "text in the head"]
    kept = "".join([page.text, *lines, *listed])
    assert sorted(filter(str.isalpha, kept)) == sorted(reader.letters)
