"""The page of a comparison: complete, safe with hostile texts, usable by everybody."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from browsers import complaints, layout, needs_axe, needs_chromium, requests, violations
from cli.test_text_compare import ONE, OTHER, compare, write
from report_pages import HOSTILE


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Return the page of two texts with all kinds of differences."""
    moved, rest = "il y avait une fois un roi", " ".join(f"mot{n}" for n in range(40))
    one = write(tmp_path / "a.txt", f"{moved} {rest}\n{ONE} {HOSTILE} {'w' * 300}")
    other = write(tmp_path / "b.txt", f"{rest} {moved}\n{OTHER} مرحبا {'v' * 300}")
    target = tmp_path / "page.html"
    assert compare(one, other, "--html", target).code == 1
    return target


def test_a_page_has_the_figures_the_counts_and_each_place(page: Path) -> None:
    tree = html.fromstring(page.read_text(encoding="utf-8"))
    words = " ".join(tree.text_content().split())
    assert "similarity" in words
    assert "character error rate" in words
    assert [one.text for one in tree.iter("mark") if one.get("class") == "moved"] == [
        "il y avait une fois un roi"
    ] * 2
    assert "très" in [one.text for one in tree.iter("ins")]
    assert "longue" in [one.text for one in tree.iter("del")]
    assert not list(tree.iter("script", "img"))
    assert "\u202e" not in page.read_text(encoding="utf-8")


def test_a_page_can_have_both_texts_whole_or_say_that_nothing_differs(tmp_path: Path) -> None:
    one, other = write(tmp_path / "a.txt", ONE), write(tmp_path / "b.txt", OTHER)
    compare(one, other, "--all", "--html", tmp_path / "whole.html")
    tree = html.fromstring((tmp_path / "whole.html").read_text(encoding="utf-8"))
    assert [row[0].text for row in tree.xpath("//table[contains(@class, 'compare')]/tbody/tr")] == [
        "1",
        "2",
        "3",
    ]
    compare(one, one, "--html", tmp_path / "same.html")
    assert "No difference." in (tmp_path / "same.html").read_text(encoding="utf-8")


def test_a_page_says_how_many_places_it_leaves_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archtool.report.comparison.page.MAX_PAGE_PLACES", 1)
    compare(
        write(tmp_path / "a.txt", ONE), write(tmp_path / "b.txt", OTHER), "--html", tmp_path / "page.html"
    )
    assert "1 more are not on this page" in (tmp_path / "page.html").read_text(encoding="utf-8")


@needs_chromium
def test_the_page_fits_every_screen_and_asks_for_nothing(page: Path) -> None:
    for width in (360, 1280):
        measured = layout(page, width)
        assert (measured.window, measured.page) == (width, width)
    assert complaints(page) == []
    assert requests(page) == []


@needs_axe
@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_the_page_is_accessible(page: Path, *, is_dark: bool) -> None:
    for width in (500, 1280):
        assert violations(page, width, is_dark=is_dark) == []
