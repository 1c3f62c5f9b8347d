"""The feed and the sitemap: the newest first, and several files where one may not have all addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from archtool.report.site import feed
from archtool.report.site.feed import format_feed, format_sitemaps
from archtool.report.site.model import Frame, SiteEntry

if TYPE_CHECKING:
    import pytest

FRAME = Frame("Letters & <papers>", "https://a.example/", "1.0")


def test_the_packages_that_were_made_last_come_first_and_those_without_a_date_are_left_out() -> None:
    dates = {"a": "2024-01-01", "b": "2026-05-01", "c": None, "d": "2026-05-01"}
    entries = [SiteEntry(slug, slug, f"Title {slug} \x01", packaged_on=date) for slug, date in dates.items()]
    root = etree.fromstring(format_feed(FRAME, entries).encode())
    titles = [title.text for title in root.iterfind("{*}entry/{*}title")]
    assert titles == ["Title b ", "Title d ", "Title a "]
    assert (root.findtext("{*}title"), root.findtext("{*}updated")) == (FRAME.title, "2026-05-01T00:00:00Z")


def test_a_feed_without_any_package_is_a_feed_all_the_same() -> None:
    assert etree.fromstring(format_feed(FRAME, []).encode()).findtext("{*}id") == "https://a.example/"


def test_more_addresses_than_one_sitemap_may_have_are_in_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "SITEMAP_ADDRESSES", 2)
    files = dict(format_sitemaps(FRAME, ["index.html", "a.html", "b.html"]))
    addresses = {
        name: [loc.text for loc in etree.fromstring(text.encode()).iterfind("{*}*/{*}loc")]
        for name, text in files.items()
    }
    assert addresses == {
        "sitemap-1.xml": ["https://a.example/", "https://a.example/a.html"],
        "sitemap-2.xml": ["https://a.example/b.html"],
        "sitemap.xml": ["https://a.example/sitemap-1.xml", "https://a.example/sitemap-2.xml"],
    }


def test_a_feed_with_code_points_that_xml_does_not_have_can_be_read() -> None:
    entry = SiteEntry("a", "a", "Odd \ufffe\ud800 & <b>", packaged_on="2026-05-01")
    root = etree.fromstring(format_feed(FRAME, [entry]).encode())
    assert root.findtext("{*}entry/{*}title") == "Odd \\u{fffe}\\u{d800} & <b>"
