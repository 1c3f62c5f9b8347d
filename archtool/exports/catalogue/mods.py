"""Formats packages as MODS 3.8, for library catalogues.

Only elements and values that MODS has had since version 3.4 are used, so older systems read it too.

Source: MODS 3.8 (Library of Congress, 2022); MARC relators; `dateCreated` in EDTF.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archtool.description.citing.model import claimed
from archtool.description.model import Agent, Annexe, Creator, Description
from archtool.exports.catalogue.elements import (
    XML_SCHEMA_INSTANCE,
    Content,
    Element,
    format_document,
    leaf,
    leaves,
    parent,
    unless_empty,
)
from archtool.exports.catalogue.record import (
    SUPPLIED,
    Record,
    kind_of_identifier,
    transcribers,
    translators,
    uri_or_none,
)
from archtool.exports.catalogue.sentences import (
    annexe_note,
    attribution_notes,
    custody_notes,
    original_note,
    rights_text,
    transcription_notes,
    translation_note,
)
from archtool.exports.catalogue.source import SourceFields, read_source
from archtool.provenance.vocabulary import RELATORS, rights_uri

MODS = "http://www.loc.gov/mods/v3"
VERSION = "3.8"
_NAMESPACES = {
    "xmlns": MODS,
    "xmlns:xlink": "http://www.w3.org/1999/xlink",
    "xmlns:xsi": XML_SCHEMA_INSTANCE,
    "xsi:schemaLocation": f"{MODS} http://www.loc.gov/standards/mods/v3/mods-3-8.xsd",
}
_ORIGIN = "Made by archtool from the description in the package."
_NAME_TYPES = {"person": "personal", "organization": "corporate"}
_DOUBTS = {"attributed": ("attributed name", "att"), "disputed": ("disputed", None)}


def format_mods(records: Sequence[Record]) -> str:
    """Format one record as `mods`, several as `modsCollection`."""
    if len(records) == 1:
        return format_document(_record(records[0], _NAMESPACES))
    return format_document(parent("modsCollection", _NAMESPACES, (_record(one, {}) for one in records)))


def _record(record: Record, namespaces: dict[str, str]) -> Element:
    described = record.description
    return parent(
        "mods", {**namespaces, "version": VERSION},
        _title(described.title, is_supplied=described.title_status == SUPPLIED),
        (_creator(creator) for creator in claimed(described.creators)),
        (_name(agent, ("addressee", "rcp")) for agent in described.addressees),
        (_name(agent, ("translator", "trl")) for agent in translators(described)),
        (_name(agent, ("transcriber", "trc")) for agent in transcribers(described)),
        leaf("typeOfResource", "text"),
        leaf("genre", described.genre),
        _origin(described.place, described.date),
        map(_language, record.languages),
        _original_language(described),
        unless_empty(parent("physicalDescription", {}, leaves("internetMediaType", record.media_types()))),
        leaf("abstract", described.abstract),
        (leaf("note", text, {"type": kind}) for kind, text in _notes(described)),
        _source(record),
        map(_annexe, described.annexes),
        _collection(described),
        (leaf("identifier", one, {"type": kind_of_identifier(one) or "local"}) for one in record.identifiers),
        (_rights(layer.layer, layer.statement, rights_text(layer)) for layer in described.rights),
        _about_the_record(described),
    )  # fmt: skip


def _title(title: str, kind: str | None = None, *, is_supplied: bool = False) -> Element:
    return parent(
        "titleInfo", {"type": kind, "supplied": "yes" if is_supplied else None}, leaf("title", title)
    )


def _creator(creator: Creator) -> Element:
    role = creator.role
    roles: list[tuple[str, str | None]] = [(role, RELATORS.get(role.casefold()))]
    status = creator.attribution.status if creator.attribution is not None else ""
    roles += [_DOUBTS[status]] if status in _DOUBTS else []
    return _name(creator.agent, *roles)


def _name(agent: Agent, *roles: tuple[str, str | None]) -> Element:
    attributes = {"type": _NAME_TYPES.get(agent.type or ""), "valueURI": uri_or_none(agent.id)}
    return parent(
        "name", attributes,
        leaf("namePart", agent.name),
        (_role(text, code) for text, code in roles),
        leaf("description", agent.note),
    )  # fmt: skip


def _role(text: str, code: str | None) -> Element:
    authority = {"authority": "marcrelator"}
    term = text.replace("-", " ") if code else text  # MARC has `issuing body`
    return parent(
        "role", {},
        leaf("roleTerm", term, {"type": "text", **(authority if code else {})}),
        leaf("roleTerm", code, {"type": "code", **authority}),
    )  # fmt: skip


def _origin(place: str | None, date: str | None) -> Element | None:
    term = leaf("placeTerm", place, {"type": "text"})
    created = leaf("dateCreated", date, {"encoding": "edtf"})
    return unless_empty(parent("originInfo", {}, parent("place", {}, term) if term else None, created))


def _language(tag: str, applied_to: str | None = None) -> Element:
    term = leaf("languageTerm", tag, {"type": "code", "authority": "rfc4646"})
    return parent("language", {"objectPart": applied_to}, term)


def _original_language(described: Description) -> Element | None:
    original = described.original.language if described.original is not None else None
    original = original or (described.translation.from_language if described.translation else None)
    return _language(original, "original") if original else None


def _notes(described: Description) -> Iterator[tuple[str, str]]:
    kinds: tuple[tuple[str, Iterable[str | None]], ...] = (
        ("attribution", attribution_notes(described.creators)),
        ("original version", [original_note(described)]),
        ("translation", [translation_note(described)]),
        ("transcription", transcription_notes(described)),
        ("ownership", custody_notes(described)),
        ("general", [described.note]),
    )
    yield from ((kind, text) for kind, texts in kinds for text in texts if text)


def _source(record: Record) -> Element | None:
    """Return what the text was taken from; the citation is also there as a line of text."""
    if record.item is None:
        return None
    fields = read_source(record.item)
    inside = [
        _title(fields.title) if fields.title else None,
        *(_plain_name(name, "author", "aut") for name in fields.authors),
        *(() if fields.container else _imprint(fields)),
        leaf("note", record.citation, {"type": "citation/reference"}),
        _host(fields),
        *(leaf("identifier", value, {"type": kind}) for kind, value in fields.identifiers),
        parent("location", {}, leaf("physicalLocation", fields.archive)) if fields.archive else None,
    ]
    return parent("relatedItem", {"type": "original", "displayLabel": "Source"}, inside)


def _host(fields: SourceFields) -> Element | None:
    if not fields.container:
        return None
    translated = fields.container_translated
    return parent(
        "relatedItem", {"type": "host"},
        _title(fields.container),
        _title(translated, "translated") if translated else None,
        _imprint(fields),
    )  # fmt: skip


def _imprint(fields: SourceFields) -> list[Content]:
    term = leaf("placeTerm", fields.place, {"type": "text"})
    details = (("volume", fields.volume), ("issue", fields.issue))
    origin = parent(
        "originInfo", {},
        parent("place", {}, term) if term else None,
        leaf("publisher", fields.publisher),
        leaf("dateIssued", fields.issued, {"encoding": "edtf"}),
    )  # fmt: skip
    part = parent(
        "part", {},
        (parent("detail", {"type": kind}, leaf("number", text)) for kind, text in details if text),
        parent("extent", {"unit": "pages"}, leaf("list", fields.pages)) if fields.pages else None,
    )  # fmt: skip
    editors = [_plain_name(name, "editor", "edt") for name in fields.editors]
    return [*editors, unless_empty(origin), unless_empty(part)]


def _plain_name(name: str, role: str, code: str) -> Element:
    return parent("name", {}, leaf("namePart", name), _role(role, code))


def _annexe(annexe: Annexe) -> Element:
    return parent(
        "relatedItem", {"type": "constituent"},
        _title(annexe.title),
        (_creator(creator) for creator in claimed(annexe.creators)),
        (_name(agent, ("addressee", "rcp")) for agent in annexe.addressees),
        _origin(None, annexe.date),
        _language(annexe.language) if annexe.language else None,
        leaf("note", annexe_note(annexe)),
        parent("part", {}, parent("detail", {"type": "annexe"}, leaf("number", annexe.number)))
        if annexe.number else None,
        map(_annexe, annexe.enclosures),
    )  # fmt: skip


def _about_the_record(described: Description) -> Element:
    packager = described.packager.name if described.packager is not None else None
    return parent("recordInfo", {}, leaf("recordContentSource", packager), leaf("recordOrigin", _ORIGIN))


def _collection(described: Description) -> Element | None:
    if not described.collection:
        return None
    return parent("relatedItem", {"type": "host", "displayLabel": "Collection"}, _title(described.collection))


def _rights(layer: str, statement: str, text: str) -> Content:
    attributes = {
        "type": "use and reproduction",
        "displayLabel": f"Rights: {layer}",
        "xlink:href": uri_or_none(rights_uri(statement)),
    }
    return leaf("accessCondition", text, attributes)
