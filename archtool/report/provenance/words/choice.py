"""Chooses the words of a language."""

from __future__ import annotations

from archtool.report.provenance.words.english import ENGLISH
from archtool.report.provenance.words.french import FRENCH
from archtool.report.provenance.words.model import Words
from archtool.report.provenance.words.russian import RUSSIAN

WORDS = {words.language: words for words in (ENGLISH, FRENCH, RUSSIAN)}


def words_for(language: str) -> Words:
    """Return the words of a language; English if there are none in it."""
    return WORDS.get(language, ENGLISH)
