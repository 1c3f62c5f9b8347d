"""Dates, names and languages are found in statements; what is no date, name or language is not made one."""

from __future__ import annotations

import pytest

from archtool.operations.importing.names import FolderNames, file_name
from archtool.operations.importing.statements import find_date, find_languages, find_names


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("May 12, 1911", "1911-05-12"),
        ("12 May 1911, on the quay", "1911-05-12"),
        ("on the quay, in May 1911.", "1911-05"),
        ("1er mai 1908", "1908-05-01"),
        ("3. März 1899 in Steinau", "1899-03-03"),
        ("14 de julio de 1921", "1921-07-14"),
        ("май 1905 г.", "1905-05"),
        ("The Harbour Light, No. 7, June 1911", "1911-06"),
        ("«Челнок», № 3, 1905", "1905"),
        ("circa 1887", "1887~"),
        ("between the storms", None),
        ("Quay 1234567", None),
        ("page 12", None),
    ],
)
def test_the_date_in_a_statement(text: str, date: str | None) -> None:
    found = find_date(text)
    assert (found[0] if found is not None else None) == date


def test_a_date_in_numbers_tells_both_of_its_meanings() -> None:
    assert find_date("4/5/1911") == ("1911-05-04", ("1911-04-05",))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ruth Scribe", ["Ruth Scribe"]),
        ("by Ruth Scribe and O. Reader", ["Ruth Scribe", "O. Reader"]),
        ("from the German by Mary Quill", ["Mary Quill"]),
        ("Traduit de l'allemand par Jeanne Lys", ["Jeanne Lys"]),
        ("с немецкого, Ольга Перова", ["Ольга Перова"]),
        ("Jan van der Veld/P. Marker", ["Jan van der Veld", "P. Marker"]),
        ("Jean Dupont", ["Jean Dupont"]),
        ("Jean Du Pont", ["Jean Du Pont"]),
        ("Andrea del Sarto", ["Andrea del Sarto"]),
        ("du russe par Pierre Dumas", ["Pierre Dumas"]),
        ("Соколов", ["Соколов"]),
        ("П. Состин", ["П. Состин"]),
        ("the archive, in 2004", []),
        ("Archive of the Harbour (2004)", []),
        ("", []),
    ],
)
def test_the_names_in_a_statement(text: str, names: list[str]) -> None:
    assert find_names(text) == names


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("Translated from the German", ["de"]),
        ("Traduit du russe par J. Lys", ["ru"]),
        ("aus dem Französischen", ["fr"]),
        ("traducido del inglés", ["en"]),
        ("с немецкого", ["de"]),
        ("from the archive", []),
        ("Jean Durusse", []),
    ],
)
def test_the_languages_that_a_text_was_translated_from(text: str, languages: list[str]) -> None:
    assert list(find_languages(text)) == languages


def test_names_of_folders_are_unique_and_possible_everywhere() -> None:
    names = FolderNames()
    given = ("a", "A", "a/b", "con", "..", "x.tar", "é" * 300, "caf\udce9", "")
    taken = {names.take(name).casefold() for name in given}
    assert len(taken) == len(given)
    assert {"a", "a-2", "a-b", "page-con", "page", "x-tar", "caf", "page-2"} <= taken


def test_a_file_keeps_its_name_if_every_system_can_store_it() -> None:
    assert file_name("Ch01_é.htm") == "Ch01_é.htm"
    assert file_name("a b?c.htm") == "a-b-c.htm"
    assert file_name("-x.htm") == "x.htm"
    assert file_name("nul.htm") == "page-nul.htm"
