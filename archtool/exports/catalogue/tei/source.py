"""Makes the `bibl` of the source: its fields, and the whole citation as a note."""

from __future__ import annotations

from archtool.exports.catalogue.elements import Element, leaf, leaves, parent
from archtool.exports.catalogue.record import Record
from archtool.exports.catalogue.source import read_source
from archtool.exports.catalogue.tei.dates import date_element


def source_bibl(record: Record) -> Element | None:
    """Return the source; `None` if the package has no readable citation."""
    if record.item is None or record.citation is None:
        return None
    fields = read_source(record.item)
    level = "a" if fields.container else "m"
    scopes = (("volume", fields.volume), ("issue", fields.issue), ("page", fields.pages))
    return parent(
        "bibl", {"type": "source"},
        leaves("author", fields.authors),
        leaf("title", fields.title, {"level": level}),
        leaf("title", fields.container, {"level": "m"}),
        leaf("title", fields.container_translated, {"level": "m", "type": "translated"}),
        leaves("editor", fields.editors),
        leaf("pubPlace", fields.place),
        leaf("publisher", fields.publisher),
        date_element(fields.issued),
        (leaf("biblScope", text, {"unit": unit}) for unit, text in scopes),
        (leaf("idno", value, {"type": kind}) for kind, value in fields.identifiers),
        leaf("note", fields.archive, {"type": "archive"}),
        leaf("note", record.citation, {"type": "citation"}),
    )  # fmt: skip
