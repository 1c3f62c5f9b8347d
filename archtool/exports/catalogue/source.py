"""Reads the source of a text, a CSL-JSON item, as the fields that MODS and TEI have."""

from __future__ import annotations

from dataclasses import dataclass

from archtool.description.citing.model import (
    ARCHIVE_VARIABLES,
    TRANSLATED_KEY,
    Item,
    custom_of,
    verbatim_citation,
)
from archtool.exports.citations.csl import address_of, date_of, format_name, names_of, plain_text

_IDENTIFIERS = {"DOI": "doi", "ISBN": "isbn", "ISSN": "issn", "URL": "uri"}


@dataclass(frozen=True, slots=True)
class SourceFields:
    """The fields of a source; texts are without the markup of reference managers."""

    title: str | None = None
    container: str | None = None
    container_translated: str | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    publisher: str | None = None
    place: str | None = None
    issued: str | None = None
    """Year, year-month, year-month-day, or two of them with `/`."""
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    archive: str | None = None
    """Where a manuscript is kept, from the place to the call number."""
    identifiers: tuple[tuple[str, str], ...] = ()
    """The type (`doi`, `isbn`, `issn`, `uri`) and the value of each."""


def read_source(item: Item) -> SourceFields:
    """Read a source; one that was given as text only has no fields."""
    if verbatim_citation(item) is not None:
        return SourceFields()
    translated = custom_of(item).get(TRANSLATED_KEY)
    archive = [text for name in ARCHIVE_VARIABLES if (text := _text(item, name))]
    return SourceFields(
        title=_text(item, "title"),
        container=_text(item, "container-title"),
        container_translated=translated if isinstance(translated, str) else None,
        authors=tuple(plain_text(format_name(name)) for name in names_of(item, "author")),
        editors=tuple(plain_text(format_name(name)) for name in names_of(item, "editor")),
        publisher=_text(item, "publisher"),
        place=_text(item, "publisher-place"),
        issued=date_of(item, "issued").iso,
        volume=_text(item, "volume"),
        issue=_text(item, "issue"),
        pages=_text(item, "page"),
        archive=", ".join(archive) or None,
        identifiers=tuple(
            (kind, address_of(item[name])) for name, kind in _IDENTIFIERS.items() if item.get(name)
        ),
    )


def _text(item: Item, name: str) -> str | None:
    return None if item.get(name) is None else plain_text(item[name]).strip() or None
