"""Defines what the pages of a site are made from: the entries of its indexes, and what all pages share."""

from __future__ import annotations

from dataclasses import dataclass

from archtool.description.citing.model import Entry


@dataclass(frozen=True, slots=True)
class SiteAuthor:
    """An author of a document, as an index lists the name."""

    sorted_as: str
    """`Rakovsky, Christian`"""
    status: str = ""
    """The status of the attribution; empty for an author who is stated."""


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """A package in the indexes of a site."""

    slug: str
    """The name of its page, without the ending."""
    name: str
    """The path of the package below the folder that was searched."""
    title: str
    title_language: str | None = None
    id: str | None = None
    authors: tuple[SiteAuthor, ...] = ()
    date: str | None = None
    """EDTF, as the description states it."""
    languages: tuple[tuple[str, str], ...] = ()
    """The languages of the text: tags with their names."""
    series: str | None = None
    """The collection that the description names."""
    genre: str | None = None
    place: str | None = None
    part: str | None = None
    """Which part of a divided package it is: `2 of 3`."""
    is_described: bool = True
    """Whether it has a description that was read; otherwise it is a bag of another program."""
    fault: str | None = None
    """What a reader must know before the text: `files are missing`."""
    packaged_on: str | None = None
    """The date on which the package was made, as `2026-11-30`."""
    words: str = ""
    """More words by which it is found: the abstract, addressees, titles of annexes, the citation."""
    entry: Entry | None = None
    """What a bibliography states about the document; `None` without a citation."""

    @property
    def page(self) -> str:
        """The path of its page in the site."""
        return f"{PACKAGES}{self.slug}.html"


PACKAGES = "packages/"
"""The folder of the packages' pages."""


@dataclass(frozen=True, slots=True)
class SiteProblem:
    """A package or a folder that could not be read, so that it has no page."""

    name: str
    reason: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What all pages of a site share."""

    title: str
    base_url: str | None
    """The address of the site on the web, with a final `/`."""
    version: str
    """Of archtool."""
    is_verified: bool = False
    """Whether each package was verified in full."""

    def address(self, path: str) -> str | None:
        """Return the address of a page on the web; `None` if the site has none."""
        if self.base_url is None:
            return None
        return self.base_url + ("" if path == "index.html" else path)


NAVIGATION = (
    ("index.html", "Start"),
    ("dates.html", "Dates"),
    ("authors.html", "Authors"),
    ("languages.html", "Languages"),
    ("series.html", "Collections"),
    ("bibliography.html", "Bibliography"),
    ("search.html", "Search"),
)
"""The pages that each page links to; they exist even if empty, so that one package changes few pages."""
CITATION_FILES = (
    ("bib", "application/x-bibtex", "BibTeX"),
    ("ris", "application/x-research-info-systems", "RIS"),
    ("json", "application/vnd.citationstyles.csl+json", "CSL-JSON"),
)
"""The files beside a page that reference managers import: ending, media type, name."""
