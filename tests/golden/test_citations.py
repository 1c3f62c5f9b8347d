"""Citations in each style: of documents, of their sources, and of twelve letters."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool.description.citing.model import Entry
from archtool.exports.citations.bibliography import arrange
from archtool.exports.citations.styles import STYLES, TEXT_STYLES, format_bibliography
from citation_cases import all_entries, letter_entries
from golden_files import assert_golden

FOLDER = Path(__file__).resolve().parent / "citations"
ACCESSED = {"date-parts": [[2026, 11, 30]]}


def bibliography(entries: list[Entry], style: str) -> str:
    return format_bibliography(arrange(entries), style).replace("\r\n", "\n")


@pytest.mark.parametrize("style", STYLES)
def test_the_citations_of_documents(style: str, request: pytest.FixtureRequest) -> None:
    assert_golden(FOLDER / f"{style}.txt", bibliography(all_entries(), style), request)


@pytest.mark.parametrize("style", TEXT_STYLES)
def test_the_citations_of_sources(style: str, request: pytest.FixtureRequest) -> None:
    text = bibliography(all_entries(of_source=True), style)
    assert_golden(FOLDER / f"{style}-of-sources.txt", text, request)


@pytest.mark.parametrize("style", ["plain", "iso690-fr", "gost", "bibtex", "ris"])
def test_the_bibliography_of_twelve_letters(style: str, request: pytest.FixtureRequest) -> None:
    assert_golden(FOLDER / f"{style}-of-letters.txt", bibliography(letter_entries(), style), request)


@pytest.mark.parametrize("style", TEXT_STYLES)
def test_the_citations_with_a_date_of_access_and_transliterated_titles(
    style: str, request: pytest.FixtureRequest
) -> None:
    entries = arrange(all_entries(), ACCESSED)
    text = format_bibliography(entries, style, is_transliterated=True)
    assert_golden(FOLDER / f"{style}-accessed.txt", text, request)
