"""Texts in XML: nothing that XML forbids, nothing that a terminal obeys, and nothing lost."""

from __future__ import annotations

import pytest
from lxml import etree

from archtool.printable import escape_in_xml
from archtool.xml_text import escaped_characters, format_text


@pytest.mark.parametrize("text", ["a\u202eb", "a\x7fb", "a\x9bb", "x\u200dy", "a\r\nb", "\ufeffa", "]]>&<"])
def test_a_text_is_read_back_as_it_was(text: str) -> None:
    document = escape_in_xml(f"<a>{format_text(text)}</a>")
    assert etree.fromstring(document).text == text
    assert document.replace("\n", "").isprintable()


def test_characters_that_xml_forbids_are_named_once_each() -> None:
    document = format_text("\x01\x1b\x01 \\u{41}")
    assert document == r"\u{1}\u{1b}\u{1} \u{5c}u{41}"
    assert escaped_characters(document) == ("U+0001", "U+001B", "U+005C")
    assert escaped_characters("plain \\u{zz}") == ()
