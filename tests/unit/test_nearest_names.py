"""The nearest name is sought by form, then by meaning, then by spelling."""

from __future__ import annotations

import pytest

from archtool.nearest_names import did_you_mean, fold, nearest_name, nearest_path

KEYS = ("creators", "date", "from-line", "annexes", "held-by", "note", "pages", "page-first")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Creator", "creators"),
        ("CREATORS", "creators"),
        ("from line", "from-line"),
        ("from_line", "from-line"),
        ("fromLine", "from-line"),
        ("Dâte", "date"),
        ("annex", "annexes"),
        ("Notes", "note"),
        ("Pages", "pages"),
        ("pagefirst", "page-first"),
        ("craetors", "creators"),
        ("zzz", None),
        ("", None),
        ("-", None),
        ("x" * 10_000, None),
    ],
)
def test_case_accents_plural_and_blanks_do_not_count(written: str, meant: str | None) -> None:
    assert nearest_name(written, KEYS) == meant


def test_a_meaning_comes_before_a_similar_spelling() -> None:
    meanings = {"data": "pages", "nope": "gone"}
    assert nearest_name("data", KEYS, meanings) == "pages"
    assert nearest_name("Nope", KEYS, meanings) == "note"  # what is not known is not suggested
    assert nearest_name("data", KEYS) == "date"


def test_a_name_with_full_stops_is_compared_part_by_part() -> None:
    assert fold("Source.Container title") == "source.containertitle"
    assert nearest_name("creator.1.names", ("creators.1.name",)) == "creators.1.name"


def test_the_nearest_path_keeps_its_folders() -> None:
    paths = ["scans/Page_01.tif", "scans/page-02.tif"]
    assert nearest_path("scans/page-01.tif", paths) == "scans/Page_01.tif"
    assert nearest_path("scan/page-02.tif", paths) == "scans/page-02.tif"
    assert nearest_path("letter.txt", paths) is None


def test_a_suggestion_is_a_question() -> None:
    assert did_you_mean("date") == "did you mean `date`?"
