"""Makes the files of a site that are about the whole collection."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from archtool.canonical_json import format_json_line
from archtool.description.citing.model import Entry
from archtool.exports.citations.bibliography import arrange
from archtool.exports.citations.csl import plain_text
from archtool.exports.citations.document_plain import format_entry
from archtool.exports.embedded.coins import format_coins
from archtool.operations.site.make_package import citation_files
from archtool.printable import without_steering
from archtool.report.site.feed import FEED_NAME, format_feed, format_sitemaps
from archtool.report.site.grouping import entry_key
from archtool.report.site.model import PACKAGES, Frame, SiteEntry, SiteProblem
from archtool.report.site.pages import CitedDocument, format_bibliography_pages, format_collection_pages
from archtool.report.site.search_index import format_search_index, search_script


def collection_names(names: Iterable[str]) -> list[str]:
    """Return those of a site's files that are about the collection."""
    return [name for name in names if not name.startswith(PACKAGES)]


def collection_files(
    frame: Frame, entries: Sequence[SiteEntry], problems: Sequence[SiteProblem]
) -> Iterator[tuple[str, bytes]]:
    """Yield the files by their names in the site."""
    ordered = sorted(entries, key=entry_key)
    texts = dict(format_collection_pages(frame, ordered, problems))
    cited = arrange(entry.entry for entry in ordered if entry.entry is not None)
    texts |= dict(format_bibliography_pages(frame, _cited_documents(cited, ordered)))
    texts["search-index.js"] = format_search_index(ordered)
    texts["search.js"] = search_script()
    if frame.base_url is not None:
        texts[FEED_NAME] = format_feed(frame, ordered)
        pages = [name for name in sorted(texts) if name.endswith(".html")] + [e.page for e in ordered]
        texts |= dict(format_sitemaps(frame, pages))
    for name, text in texts.items():
        yield name, text.encode("utf-8", "backslashreplace")
    yield from citation_files("bibliography", cited)


def _cited_documents(cited: Sequence[Entry], entries: Sequence[SiteEntry]) -> list[CitedDocument]:
    """Return the lines of the bibliography; several packages can hold one document."""
    pages: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        if entry.entry is not None:
            pages[_identity(entry.entry)].append(entry.page)
    return [
        CitedDocument(
            key=str(one.item["id"]),
            text=without_steering(format_entry(one))[0],
            coins=without_steering(format_coins(one))[0],
            title=plain_text(one.item.get("title", "")),
            pages=tuple(pages[_identity(one)]),
        )
        for one in cited
    ]


def _identity(entry: Entry) -> str:
    """Return what two entries have in common that are one line of the bibliography."""
    item = {variable: value for variable, value in entry.item.items() if variable != "id"}
    return format_json_line([item, entry.source])
