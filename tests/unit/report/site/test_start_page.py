"""The start of a site: what it counts, also where a list is shortened."""

from __future__ import annotations

from archtool.report.site.limits import FEW_GROUPS, MAX_CONTENTS
from archtool.report.site.model import Frame, SiteAuthor, SiteEntry
from archtool.report.site.pages import format_collection_pages

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ"


def test_the_number_of_authors_is_not_that_of_their_first_letters() -> None:
    assert len(LETTERS) > FEW_GROUPS
    names = [f"{LETTERS[n % len(LETTERS)]}uthor {n}" for n in range(MAX_CONTENTS + 100)]
    entries = [SiteEntry(f"s{n}", f"s{n}", "T", authors=(SiteAuthor(name),)) for n, name in enumerate(names)]
    start = dict(format_collection_pages(Frame("Letters", None, "1.0"), entries, ()))["index.html"]
    assert '<a href="authors.html">All 400 authors</a>' in start
    assert ", 400 authors" in start
