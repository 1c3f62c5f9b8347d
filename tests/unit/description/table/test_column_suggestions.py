"""A column that is not known gets the name that its author meant, and none that is refused next."""

from __future__ import annotations

import pytest

from archtool.description.table.column_suggestions import column_hint, suggest_column

OWN = ("package", "folder")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Author", "creators.1.name"),
        ("creators", "creators.1.name"),
        ("creators.3", "creators.3.name"),
        ("creator.2.nam", "creators.2.name"),
        ("auteur.name", "creators.1.name"),
        ("Année", "source.date"),
        ("citation", "source"),
        ("Titre", "title"),
        ("body", "transcription"),
        ("licence", "rights.original"),
        ("archive", "original.held-by"),
        ("recipient", "addressees"),
        ("container_title", "source.container-title"),
        ("Folder ", "folder"),
        ("zzz", None),
    ],
)
def test_a_column_is_found_by_form_meaning_and_spelling(written: str, meant: str | None) -> None:
    assert suggest_column(written, OWN) == meant


def test_the_table_of_annexes_has_its_own_columns() -> None:
    found = [suggest_column(name, ("package", "of"), "annexes") for name in ("from line", "statut", "author")]
    assert found == ["within.from-line", "status", "creators.1.name"]


def test_a_column_that_is_there_is_not_suggested_again() -> None:
    assert column_hint("titre", OWN, taken=["title", "titre"]) == (
        "the column `title` is there already: remove one of the two, or call this one `x-titre` to keep it"
    )
    assert column_hint("statut", (), "annexes", taken=["status", "statut"]) == (
        "the column `status` is there already: remove one of the two"
    )


def test_the_next_item_of_a_list_is_suggested() -> None:
    assert (
        column_hint("author", OWN, taken=["creators.1.name", "author"]) == "did you mean `creators.2.name`?"
    )
    assert column_hint("auteur", OWN, taken=["author", "auteur"]) == "did you mean `creators.2.name`?"
    assert column_hint("author", OWN, taken=["author", "auteur"]) == "did you mean `creators.1.name`?"


def test_two_columns_that_exclude_each_other_are_not_suggested_together() -> None:
    assert column_hint("citation", OWN, taken=["citation", "year"]) == "did you mean `source`?"
    assert column_hint("year", OWN, taken=["citation", "year"]) == (
        "it means `source.date`, which `source` excludes: keep one of the two, "
        "or call this one `x-year` to keep it"
    )
    assert column_hint("zzz", OWN, taken=["zzz"]) is None
