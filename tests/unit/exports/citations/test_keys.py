"""Each entry of a bibliography has a key of its own, which is the same wherever it is made."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.description.citing.model import Entry
from archtool.exports.citations.bibtex import bibtex_key
from archtool.exports.citations.keys import make_keys
from citation_cases import all_entries, letter_entries


def document(title: str = "Letter", year: int | None = 1932, **more: Any) -> Entry:
    date = {"issued": {"date-parts": [[year]]}} if year is not None else {}
    return Entry({"id": "document", "type": "document", "title": title, **date, **more}, source={})


def key(entry: Entry) -> str:
    (made,) = make_keys([entry])
    return made


def author(family: str, given: str = "A.") -> list[dict[str, str]]:
    return [{"family": family, "given": given}]


def test_a_key_is_made_of_author_year_and_title() -> None:
    keys = make_keys(all_entries())
    assert "rakovsky1932tous" in keys
    assert "stael1932letter" in keys
    assert "anon1932appeal" in keys


@pytest.mark.parametrize(
    ("family", "title", "expected"),
    [
        ("Жуков", "Письмо товарищам", "zhukov1932pismo"),
        ("Щукин", "О задачах", "shchukin1932zadachakh"),
        ("Παπαδόπουλος", "Γράμμα", "papadopoylos1932gramma"),
        ("Müller", "Über die Straße", "muller1932uber"),
        ("O’Neill", "L’été", "oneill1932lete"),
        ("לוי", "מכתב", "lvy1932mkhtv"),
        ("毛", "信", "mao1932xin"),
        ("Łódź-Ńowak", "Œuvres", "lodznowak1932oeuvres"),
    ],
)
def test_letters_of_all_scripts_become_ascii(family: str, title: str, expected: str) -> None:
    assert key(document(title, author=author(family))) == expected


def test_the_year_is_that_of_the_document_and_not_of_the_book() -> None:
    entry = document(year=2013, **{"original-date": {"date-parts": [[1932, 4]]}})
    assert key(entry) == "anon1932letter"


@pytest.mark.parametrize(
    ("date", "year"), [("193X", "193x"), ("../1932-11-03", "1932"), ("1932?", "1932"), ("undated", "")]
)
def test_the_year_of_a_date_in_words_is_found(date: str, year: str) -> None:
    assert key(document(year=None, issued={"literal": date})) == f"anon{year}letter"


def test_a_name_that_is_one_text_gives_its_first_long_word() -> None:
    assert key(document(author=[{"literal": "Le bureau central"}])) == "bureau1932letter"


@pytest.mark.parametrize("title", ["", "…", "“ ” !"])
def test_a_title_without_letters_has_a_word_in_its_place(title: str) -> None:
    assert key(document(title, author=author("Roe"))) == "roe1932untitled"


def test_equal_keys_are_numbered_by_date_and_title_in_any_order() -> None:
    entries = [
        document("Letter of May", issued={"date-parts": [[1932, 5]]}),
        document("Letter of June", issued={"date-parts": [[1932, 6]]}),
        document("Letter of April", issued={"date-parts": [[1932, 4]]}),
    ]
    for order in itertools.permutations(entries):
        keys = {str(e.item["title"]): made for e, made in zip(order, make_keys(order), strict=True)}
        assert keys == {
            "Letter of April": "anon1932letter",
            "Letter of May": "anon1932letter-2",
            "Letter of June": "anon1932letter-3",
        }


def test_a_number_does_not_make_a_key_that_another_entry_has() -> None:
    sources = [Entry({"id": name, "type": "book", "title": name}) for name in ("a", "A", "a-2")]
    assert sorted(make_keys(sources)) == ["A", "a-2", "a-3"]


def test_a_source_keeps_the_key_that_the_archivist_gave_it() -> None:
    assert key(Entry({"id": "sociosfera2013", "type": "book", "title": "T"})) == "sociosfera2013"
    assert key(Entry({"id": "source", "type": "book", "title": "Papers"})) == "anonpapers"


@given(st.lists(st.builds(document, st.text(max_size=12), st.integers(1900, 1902)), max_size=8))
def test_keys_are_always_different_and_safe_in_bibtex(entries: list[Entry]) -> None:
    keys = make_keys(entries)
    assert len({made.casefold() for made in keys}) == len(entries)
    assert all(re.fullmatch(r"[a-z0-9-]+", made) and bibtex_key({"id": made}) == made for made in keys)


def test_the_twelve_letters_have_twelve_keys() -> None:
    assert len(set(make_keys(letter_entries()))) == 12
