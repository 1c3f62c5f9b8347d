"""Names that a person takes as equal are equal."""

from __future__ import annotations

import pytest

from archtool.tables.names import normalised_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("DATE ", "date"),
        ("\ufeffDaté\u00a0", "date"),
        ("Container title", "source.container-title".partition(".")[2]),
        ("container_title", "Container\u2011Title"),
        ("Cote\u200b", "COTE"),
        ("E\u0301tat", "état"),
        ("Straße", "STRASSE"),
        ("İd", "id"),
    ],
)
def test_case_accents_blanks_and_hyphens_make_no_difference(one: str, other: str) -> None:
    assert normalised_name(one) == normalised_name(other)


def test_full_stops_digits_and_letters_make_a_difference() -> None:
    names = ["source.date", "sourcedate", "date.1", "date.2", "Дата", "data", ""]
    assert len({normalised_name(name) for name in names}) == len(names)
