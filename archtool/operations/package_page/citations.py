"""Returns the citations that the page offers, ready to be copied."""

from __future__ import annotations

from collections.abc import Iterator

from archtool.description.citing.model import Entry, Item
from archtool.exports.citations.document_plain import format_entry
from archtool.report.package_page.model import ReadyCitation


def ready_citations(entry: Entry | None, source: Item | None) -> Iterator[ReadyCitation]:
    """Yield the citation of the document, and that of its source, each with the words that introduce it."""
    if entry is not None:
        yield ReadyCitation("To cite this document:", format_entry(entry))
    if source is not None:
        yield ReadyCitation("The text was taken from:", format_entry(Entry(source)))
