"""A value with the mark `CONFIRM:` is reported once, and what is behind the mark is checked as well."""

from __future__ import annotations

import pytest

from archtool.description.loading import load_description

DRAFT = """\
archtool: 1
title: Letter
date: "{date}"
language: "{language}"
source: Book.
transcription: letter.txt
"""


@pytest.mark.parametrize(
    ("date", "language", "codes"),
    [
        ("CONFIRM:1911-05", "CONFIRM:fr", ["description.unconfirmed", "description.unconfirmed"]),
        ("CONFIRM:May 1911", "fr", ["description.date"]),
        ("1911-05", "CONFIRM:French", ["description.language"]),
    ],
)
def test_a_date_or_a_language_behind_the_mark_is_checked(date: str, language: str, codes: list[str]) -> None:
    loaded = load_description(DRAFT.format(date=date, language=language).encode(), "description.yaml")
    found = [finding.code for finding in loaded.findings if finding.code != "rights.missing"]
    assert found[: len(codes)] == codes


def test_the_hint_about_a_date_behind_the_mark_proposes_the_date() -> None:
    loaded = load_description(
        DRAFT.format(date="CONFIRM:May 1911", language="fr").encode(), "description.yaml"
    )
    (finding,) = [one for one in loaded.findings if one.code == "description.date"]
    assert finding.message == "'May 1911' is not an EDTF date"
    assert finding.hint == "did you mean `1911-05`?"
