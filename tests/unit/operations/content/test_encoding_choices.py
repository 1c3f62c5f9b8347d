"""Hints about texts whose encoding is not known: a person chooses among readings."""

from __future__ import annotations

import codecs
import re

import pytest

from archtool.operations.content.encoding_choices import advise_encoding


def advise(text: str, encoding: str, language: str | None) -> str:
    data = text.encode(encoding)
    return advise_encoding(data[:16], data, language)


def test_several_readings_of_a_word_are_shown_to_choose_from() -> None:
    hint = advise("Genève", "latin-1", "fr")
    assert "`windows-1252` (“Genève”), `windows-1250` (“Genčve”)" in hint


def test_a_cyrillic_encoding_is_not_named_for_a_french_word() -> None:
    hint = advise("café", "latin-1", "fr")
    assert "“café”" in hint
    assert "1251" not in hint


@pytest.mark.parametrize(
    ("language", "encoding"), [("ru", "koi8-r"), ("uk", "windows-1251"), ("sr-Cyrl", "cp866")]
)
def test_readings_in_the_script_of_the_language_come_first(language: str, encoding: str) -> None:
    hint = advise("Письмо бюро", encoding, language)
    assert re.findall(r"`([^`]+)`", hint)[0] == encoding
    assert "“Письмо”" in hint


def test_a_single_reading_is_named_with_its_condition() -> None:
    hint = advise("Lettre à Genève", "latin-1", "fr")
    assert hint.endswith("if “Genève” is what the document says, declare its encoding: `windows-1252`")


def test_no_encoding_is_named_if_no_reading_is_possible() -> None:
    hint = advise_encoding(b"", bytes(range(128, 256)) * 4, "fr")
    assert hint == "save the text as UTF-8, or declare the encoding in which its words are right (`encoding`)"


def test_a_text_with_the_mark_of_utf_16_is_called_that() -> None:
    data = codecs.BOM_UTF16_LE + "Письмо".encode("utf-16-le")
    assert "declare `utf-16` as its encoding" in advise_encoding(data[:16], data, "ru")
