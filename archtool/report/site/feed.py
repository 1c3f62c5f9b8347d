"""Formats the newest packages as an Atom feed, and all pages as a sitemap; both need the site's address.

Source: RFC 4287 (Atom); sitemaps.org, protocol 0.9.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archtool.printable import without_steering
from archtool.report.provenance.words.dates import say_date
from archtool.report.site.limits import FEED_ENTRIES, SITEMAP_ADDRESSES
from archtool.report.site.model import Frame, SiteEntry
from archtool.xml_text import DECLARATION, format_attributes, format_text

_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
FEED_NAME, SITEMAP_NAME = "feed.xml", "sitemap.xml"


def format_feed(frame: Frame, entries: Iterable[SiteEntry]) -> str:
    """Return the feed: the packages that were made last, by the dates in their bag-info.txt."""
    dated = [entry for entry in entries if entry.packaged_on is not None]
    newest = sorted(dated, key=lambda e: (_negated(e.packaged_on or ""), e.slug))[:FEED_ENTRIES]
    updated = max((entry.packaged_on or "" for entry in newest), default="1970-01-01")
    lines = [
        f'{DECLARATION}<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<id>{_text(frame.base_url or '')}</id>",
        f"<title>{_text(frame.title)}</title>",
        f"<updated>{updated}T00:00:00Z</updated>",
        f"<author><name>{_text(frame.title)}</name></author>",
        f"<generator>archtool {_text(frame.version)}</generator>",
        _link("self", "application/atom+xml", frame.address(FEED_NAME)),
        _link("alternate", "text/html", frame.base_url),
        *(line for entry in newest for line in _feed_entry(frame, entry)),
        "</feed>",
    ]
    return "\n".join(lines) + "\n"


def _feed_entry(frame: Frame, entry: SiteEntry) -> Iterator[str]:
    address = frame.address(entry.page)
    said_date = say_date(entry.date, "en") if entry.date else None
    about = " · ".join(filter(None, (said_date, entry.genre, entry.place)))
    yield "<entry>"
    yield f"<id>{_text(address or '')}</id>"
    yield f"<title>{_text(entry.title)}</title>"
    yield f"<updated>{entry.packaged_on}T00:00:00Z</updated>"
    yield _link("alternate", "text/html", address)
    for author in entry.authors:
        yield f"<author><name>{_text(author.sorted_as)}</name></author>"
    if about:
        yield f"<summary>{_text(about)}</summary>"
    yield "</entry>"


def _link(relation: str, media_type: str, address: str | None) -> str:
    return f"<link{format_attributes({'rel': relation, 'type': media_type, 'href': address or ''})}/>"


def format_sitemaps(frame: Frame, pages: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of the sitemap's files: one, or a list of several."""
    if len(pages) <= SITEMAP_ADDRESSES:
        yield SITEMAP_NAME, _sitemap("urlset", "url", (frame.address(page) for page in pages))
        return
    parts = [pages[at : at + SITEMAP_ADDRESSES] for at in range(0, len(pages), SITEMAP_ADDRESSES)]
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        yield name, _sitemap("urlset", "url", (frame.address(page) for page in part))
    yield SITEMAP_NAME, _sitemap("sitemapindex", "sitemap", (frame.address(name) for name in names))


def _sitemap(root: str, element: str, addresses: Iterable[str | None]) -> str:
    lines = (f"<{element}><loc>{_text(address or '')}</loc></{element}>" for address in addresses)
    return "\n".join([f'{DECLARATION}<{root} xmlns="{_SITEMAPS}">', *lines, f"</{root}>"]) + "\n"


def _negated(date: str) -> tuple[int, ...]:
    """Return a key that sorts a later date first."""
    return tuple(-ord(char) for char in date)


def _text(text: str) -> str:
    """Return a text for an XML element; a code point that XML does not have is written as its code."""
    return format_text(without_steering(text)[0])
