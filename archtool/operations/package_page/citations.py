"""Returns the citations that the page offers, ready to be copied."""

from __future__ import annotations

from collections.abc import Iterator

from archtool.exports.plain import format_plain
from archtool.operations.cite import read_citation
from archtool.operations.content.package_reader import OpenPackage
from archtool.report.package_page.model import ReadyCitation


def ready_citations(package: OpenPackage) -> Iterator[ReadyCitation]:
    """Yield each citation of a package with the words that introduce it; none if it has none to read."""
    item = read_citation(package)
    if item is not None:
        yield ReadyCitation("The text was taken from:", format_plain(item))
