"""Formats a package as a DataCite record, for the day when a DOI is registered for it.

DataCite describes the package as a publication: publisher and year are those of the package, never those of
the source that was transcribed. A required value that is not stated is `(:unav)`, and a DOI that was not
given is `(:tba)`, as DataCite's documentation asks: nothing is invented.

Source: DataCite Metadata Schema 4.5 (2024), appendix 3 (standard values for unknown information).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archtool.description.citing.model import claimed
from archtool.description.model import Agent, Description, RightsLayer
from archtool.exports.catalogue.dates import DateRange, read_edtf
from archtool.exports.catalogue.dublin_core import notes_of
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
    DOI,
    Record,
    is_creating,
    transcribers,
    translators,
    uri_or_none,
)
from archtool.exports.catalogue.sentences import annexe_sentence, rights_text
from archtool.exports.catalogue.source import SourceFields, read_source
from archtool.provenance.vocabulary import is_licence, rights_uri

DATACITE = "http://datacite.org/schema/kernel-4"
NO_DOI, NOT_AVAILABLE = "(:tba)", "(:unav)"
_UNKNOWN_YEAR = "0000"
_NAMESPACES = {
    "xmlns": DATACITE,
    "xmlns:xsi": XML_SCHEMA_INSTANCE,
    "xsi:schemaLocation": f"{DATACITE} https://schema.datacite.org/meta/kernel-4.5/metadata.xsd",
}
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
_NAME_TYPES = {"person": "Personal", "organization": "Organizational"}
_EDITOR, _OTHER = "Editor", "Other"  # DataCite 4.5 has no type for translators and transcribers
# an ISSN is the journal's: nothing is derived from a whole journal
_RELATED_TYPES = {"doi": "DOI", "isbn": "ISBN", "uri": "URL"}
_PACKED_YEAR = re.compile(r"[0-9]{4}(?=-)")


def format_datacite(records: Sequence[Record]) -> str:
    """Format the record of one package."""
    (record,) = records
    described = record.description
    language = next((tag for tag in record.languages if _LANGUAGE.fullmatch(tag)), None)
    doi = doi_of(record)
    return format_document(
        parent(
            "resource", _NAMESPACES,
            leaf("identifier", doi or NO_DOI, {"identifierType": "DOI"}),
            parent("creators", {}, _creators(described)),
            parent("titles", {}, leaf("title", described.title)),
            leaf("publisher", _publisher(described) or NOT_AVAILABLE),
            leaf("publicationYear", _year(record) or _UNKNOWN_YEAR),
            leaf("resourceType", described.genre or "Transcription", {"resourceTypeGeneral": "Text"}),
            unless_empty(parent("contributors", {}, _contributors(described))),
            unless_empty(parent("dates", {}, _dates(record))),
            leaf("language", language),
            unless_empty(parent("alternateIdentifiers", {}, _other_identifiers(record))),
            unless_empty(parent("relatedIdentifiers", {}, _source_identifiers(record))),
            unless_empty(parent("sizes", {}, leaf("size", _size(record)))),
            unless_empty(parent("formats", {}, (leaf("format", one) for one in record.media_types()))),
            unless_empty(parent("rightsList", {}, map(_rights, described.rights))),
            unless_empty(parent("descriptions", {}, _descriptions(record))),
        )
    )  # fmt: skip


def missing_values(record: Record) -> Iterator[str]:
    """Yield each value that DataCite requires and the package does not state."""
    described = record.description
    if doi_of(record) is None:
        yield f"no DOI is stated: the identifier is {NO_DOI}, to be assigned"
    if not any(is_creating(one) for one in claimed(described.creators)):
        yield f"no creator is stated: the creator is {NOT_AVAILABLE}"
    if _publisher(described) is None:
        yield f"no `packager` is stated: the publisher is {NOT_AVAILABLE}"
    if _year(record) is None:
        yield f"no Bagging-Date is stated: the publication year is {_UNKNOWN_YEAR}"


def doi_of(record: Record) -> str | None:
    """Return the first DOI among the identifiers of the document; `None` if none of them is one."""
    dois = (found[1] for one in record.identifiers if (found := DOI.fullmatch(one)) is not None)
    return next(dois, None)


def _other_identifiers(record: Record) -> list[Content]:
    others = [one for one in record.identifiers if DOI.fullmatch(one) is None]
    return leaves("alternateIdentifier", others, {"alternateIdentifierType": "Local"})


def _source_identifiers(record: Record) -> Iterator[Content]:
    fields = read_source(record.item) if record.item is not None else SourceFields()
    for kind, value in fields.identifiers:
        if kind in _RELATED_TYPES:
            attributes = {"relatedIdentifierType": _RELATED_TYPES[kind], "relationType": "IsDerivedFrom"}
            yield leaf("relatedIdentifier", value, attributes)


def _creators(described: Description) -> list[Element]:
    agents = [one.agent for one in claimed(described.creators) if is_creating(one)]
    elements = [_agent("creator", agent) for agent in dict.fromkeys(agents)]
    return elements or [parent("creator", {}, leaf("creatorName", NOT_AVAILABLE))]


def _contributors(described: Description) -> Iterator[Element]:
    others = [(one.role, one.agent) for one in claimed(described.creators) if not is_creating(one)]
    others += [("translator", agent) for agent in translators(described)]
    others += [("transcriber", agent) for agent in transcribers(described)]
    for role, agent in dict.fromkeys(others):
        yield _agent("contributor", agent, _EDITOR if role.casefold() == "editor" else _OTHER)


def _agent(name: str, agent: Agent, contributor_type: str | None = None) -> Element:
    uri = uri_or_none(agent.id)
    return parent(
        name, {"contributorType": contributor_type},
        leaf(f"{name}Name", agent.name, {"nameType": _NAME_TYPES.get(agent.type or "")}),
        leaf("nameIdentifier", uri, {"nameIdentifierScheme": "URI"}),
    )  # fmt: skip


def _publisher(described: Description) -> str | None:
    return described.packager.name if described.packager is not None else None


def _year(record: Record) -> str | None:
    found = _PACKED_YEAR.match(record.packed_on or "")
    return found[0] if found is not None else None


def _dates(record: Record) -> Iterator[Content]:
    described = record.description
    if described.date:
        yield _date(read_edtf(described.date))
    if record.packed_on:
        attributes = {"dateType": "Other", "dateInformation": "day of packing"}
        yield leaf("date", record.packed_on, attributes)


def _date(date: DateRange) -> Content:
    """Return the date of the document: ISO 8601 or RKMS-ISO8601, with the EDTF where that says more."""
    value = f"{date.begin or ''}/{date.end or ''}" if date.is_interval or date.is_span else date.begin
    if date.begin is None and date.end is None:
        value = NOT_AVAILABLE
    says_more = value != date.edtf
    return leaf(
        "date", value, {"dateType": "Created", "dateInformation": f"EDTF: {date.edtf}" if says_more else None}
    )


def _size(record: Record) -> str | None:
    sizes = [file.size_bytes for file in record.files if file.size_bytes is not None]
    return f"{sum(sizes)} bytes in {len(sizes)} {'file' if len(sizes) == 1 else 'files'}" if sizes else None


def _rights(layer: RightsLayer) -> Content:
    attributes = {"rightsURI": uri_or_none(rights_uri(layer.statement))}
    if is_licence(layer.statement):
        attributes |= {"rightsIdentifier": layer.statement, "rightsIdentifierScheme": "SPDX"}
    return leaf("rights", rights_text(layer), attributes)


def _descriptions(record: Record) -> Iterator[Content]:
    described = record.description
    yield leaf("description", described.abstract, {"descriptionType": "Abstract"})
    for note in notes_of(record):
        if note != described.abstract:
            yield leaf("description", note, {"descriptionType": "Other"})
    if record.citation:
        yield leaf("description", f"Source: {record.citation}", {"descriptionType": "Other"})
    for _, annexe in described.all_annexes():
        text = f"Annexe {annexe_sentence(annexe)}"
        yield leaf("description", text, {"descriptionType": "TableOfContents"})
