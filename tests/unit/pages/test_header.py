"""The lines that describe a text are found in many layouts, and no line of a text is taken for one."""

from __future__ import annotations

import pytest

from archtool.pages.labels import Meaning
from archtool.pages.page import Page, read_page


def read(html: str) -> Page:
    return read_page(html, "page.htm")


def stated(html: str) -> dict[Meaning | None, str]:
    return {field.meaning: field.value for field in read(html).header}


@pytest.mark.parametrize(
    "html",
    [
        "<p><b>Source:</b> Book, p. 3<br><b>Transcribed by:</b> Ruth Scribe</p>",
        "<p><b>Source</b>: Book, p. 3<br><strong>Transcribed by</strong>: Ruth Scribe</p>",
        "<p><em>Source: </em>Book, p. 3</p><p><em>Transcribed by: </em>Ruth Scribe</p>",
        '<p class="info"><span>Source:</span> Book, p. 3<br/><span>Transcribed by:</span> Ruth Scribe</p>',
        "<dl><dt>Source<dd>Book, p. 3<dt>Transcribed by<dd>Ruth Scribe</dl>",
        "<dl><dt><b>Source:</b></dt><dd>Book, p. 3</dd><dt>Transcribed by:</dt><dd>Ruth Scribe</dd></dl>",
        "<table><tr><td>Source:<td>Book, p. 3<tr><td>Transcribed by:<td>Ruth Scribe</table>",
        "<table><tr><th>Source</th><td>Book, p. 3</td><tr><th>Transcribed by<td>Ruth Scribe</td></table>",
        "<table><tr><td><p><b>Source:</b> Book, p. 3<br><b>Transcribed by:</b> Ruth Scribe</p></td></table>",
        "Source: Book, p. 3<br>Transcribed by: Ruth Scribe<br>",
        "<p>[Source: Book, p. 3]</p><p>(Transcribed by: Ruth Scribe)</p>",
        "<p>Source: Book, p. 3<p>Transcribed by Ruth Scribe",
        "<p><b>Source:</b> Book, p. 3 <b>Transcribed by:</b> Ruth Scribe</p>",
        "<p><b>Source:&nbsp;</b>Book, p. 3<br><b>Transcribed&nbsp;by:</b>&nbsp;Ruth Scribe</p>",
        "<ul><li><b>Source:</b> Book, p. 3<li><b>Transcribed by:</b> Ruth Scribe</ul>",
        "<h4>Source:</h4><p>Book, p. 3</p><h4>Transcribed by:</h4><p>Ruth Scribe</p>",
        "<p><B>SOURCE:</B> Book, p. 3<BR><B>TRANSCRIBED BY:</B> Ruth Scribe</P>",
    ],
)  # fmt: skip
def test_the_same_statements_are_found_in_every_layout(html: str) -> None:
    found = stated(f"<body><h1>A Letter</h1>{html}<p>{'A long line of the letter. ' * 20}</p></body>")
    assert found == {Meaning.SOURCE: "Book, p. 3", Meaning.TRANSCRIBED: "Ruth Scribe"}


@pytest.mark.parametrize(
    ("label", "meaning"),
    [
        ("Written", Meaning.WRITTEN),
        ("First Published", Meaning.FIRST_PUBLISHED),
        ("Transcription/Markup", Meaning.CREDIT),
        ("Transcription/HTML Markup", Meaning.CREDIT),
        ("Transcribed & marked up by", Meaning.CREDIT),
        ("First published in English", Meaning.FIRST_PUBLISHED),
        ("Translation/Transcription", None),
        ("Print run", None),
        ("Proofread", Meaning.CREDIT),
        ("Online Version", Meaning.ONLINE),
        ("Copyleft", Meaning.RIGHTS),
        ("Public Domain", Meaning.RIGHTS),
        ("Écrit", Meaning.WRITTEN),
        ("Première publication", Meaning.FIRST_PUBLISHED),
        ("Traduction", Meaning.TRANSLATED),
        ("Geschrieben", Meaning.WRITTEN),
        ("Quelle", Meaning.SOURCE),
        ("HTML-Markierung", Meaning.CREDIT),
        ("Escrito", Meaning.WRITTEN),
        ("Primera vez publicado", Meaning.FIRST_PUBLISHED),
        ("Fuente", Meaning.SOURCE),
        ("Написано", Meaning.WRITTEN),
        ("Впервые опубликовано", Meaning.FIRST_PUBLISHED),
        ("Источник", Meaning.SOURCE),
    ],
)
def test_labels_of_five_languages_are_known_and_others_are_kept(label: str, meaning: Meaning | None) -> None:
    header = f"<p><b>{label}:</b> a value<br><b>Digitized by:</b> Ruth Scribe</p>"
    assert stated(header)[meaning] == "a value"


def test_the_lines_of_a_telegram_are_no_header() -> None:
    page = read("<p><b>Date:</b> 3 May<br><b>From:</b> Anna Veld<br>To: the bakers</p><p>Bread arrives.</p>")
    assert list(page.header) == []
    assert page.text == "Date: 3 May\nFrom: Anna Veld\nTo: the bakers\n\nBread arrives.\n"


def test_a_label_in_the_middle_of_a_text_is_text() -> None:
    long = "The lamps were counted by three persons, and counted again by a fourth. " * 6
    body = "".join(f"<p>{long}</p><p><b>Source:</b> the lamps</p>" for _ in range(40))
    page = read(f"<p><b>Source:</b> Minute book</p>{body}<p>{long}</p>")
    assert [field.value for field in page.header] == ["Minute book"]
    assert page.text.count("Source: the lamps") == 40


def test_a_footer_is_part_of_the_header() -> None:
    long = "The lamps were counted by three persons, and counted again by a fourth. " * 6
    found = stated(
        f"<h1>Lamps</h1><p>{long}</p><hr><p>Transcribed by: Ruth Scribe<br>HTML Markup: Max Marker</p>"
    )
    assert found == {Meaning.TRANSCRIBED: "Ruth Scribe", Meaning.CREDIT: "Max Marker"}


def test_the_line_of_each_statement_is_that_of_the_page() -> None:
    page = read("<html>\n<body>\n<p>\n<b>Source:</b>\nBook<br>\n<b>Transcribed by:</b> Ruth Scribe\n</p>")
    assert [field.number for field in page.header] == [4, 6]


def test_a_value_of_several_lines_is_one_value() -> None:
    found = stated("<p><b>Source:</b> Book,<br>second edition<br><b>Transcribed by:</b> Ruth Scribe</p>")
    assert found[Meaning.SOURCE] == "Book, second edition"


def test_a_text_in_the_paragraph_of_its_header_is_not_swallowed() -> None:
    verses = "<br>".join(f"verse {number}" for number in range(30))
    page = read(f"<body>Source: Book<br>Transcribed by: Ruth Scribe<br>{verses}</body>")
    assert page.text.count("verse") == 30


def test_navigation_is_left_out_and_listed() -> None:
    page = read(
        '<p><a href="a.htm">Archive</a> &gt; <a href="b.htm">Letters</a></p><h1>Lamps</h1><p>Text.</p>'
        '<nav><a href="c.htm">next</a> <b>page</b></nav><p><a href="#top">Back to top</a></p>'
    )
    assert page.text == "Lamps\n\nText.\n"
    assert [line.text for line in page.left_out] == [
        "Archive <a.htm> > Letters <b.htm>", "next <c.htm> page", "Back to top",
    ]  # fmt: skip


def test_a_list_of_links_and_a_table_of_contents_are_text() -> None:
    page = read(
        '<h1>Lamps</h1><ul><li><a href="one.htm">One</a><li><a href="two.htm">Two</a></ul>'
        '<p><a href="#a">First part</a></p><p>Text.</p>'
    )
    assert page.text == "Lamps\n\n- One <one.htm>\n- Two <two.htm>\n\nFirst part\n\nText.\n"
