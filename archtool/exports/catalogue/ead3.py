"""Formats packages as components of an EAD3 finding aid.

The root is `dsc`, the list of components in a finding aid: it is put into the `archdesc` of one's own, or its
`c` elements into an existing list. What a whole finding aid says of a fonds and of its archive is not known
here, and nothing is invented. Annexes are components inside the component of their document.

Source: EAD3 1.1 (Society of American Archivists, 2018); ISAD(G) for the order of the statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archtool.description.citing.model import claimed
from archtool.description.model import Agent, Annexe, Creator
from archtool.exports.catalogue.dates import DateRange, read_edtf
from archtool.exports.catalogue.elements import (
    Content,
    Element,
    format_document,
    leaf,
    leaves,
    parent,
    unless_empty,
)
from archtool.exports.catalogue.record import Record, transcribers, translators, uri_or_none
from archtool.exports.catalogue.sentences import (
    annexe_note,
    attribution_notes,
    custody_notes,
    original_note,
    rights_with_uri,
    transcription_notes,
    translation_note,
)

EAD3 = "http://ead3.archivists.org/schema/"
_NAME_ELEMENTS = {"person": "persname", "organization": "corpname"}


def format_ead3(records: Sequence[Record]) -> str:
    """Format each record as a `c`, in one `dsc`."""
    attributes = {"xmlns": EAD3, "dsctype": "in-depth"}
    return format_document(parent("dsc", attributes, (_component(record) for record in records)))


def _component(record: Record) -> Element:
    described = record.description
    names = [(agent, "addressee") for agent in described.addressees]
    names += [(agent, "translator") for agent in translators(described)]
    names += [(agent, "transcriber") for agent in transcribers(described)]
    genre = leaf("part", described.genre)
    did = parent(
        "did", {},
        leaves("unitid", record.identifiers),
        leaf("unittitle", described.title, {"localtype": described.title_status}),
        _date(described.date),
        (_origination(creator) for creator in claimed(described.creators)),
        _languages(record.languages),
        leaf("physdesc", _extent(record)),
        leaf("abstract", described.abstract),
    )  # fmt: skip
    return parent(
        "c", {"level": "item"}, did,
        _paragraphs("custodhist", custody_notes(described)),
        _paragraphs("scopecontent", [described.note]),
        _paragraphs("originalsloc", [original_note(described)]),
        _paragraphs("altformavail", [translation_note(described)]),
        _paragraphs("processinfo", [*attribution_notes(described.creators), *transcription_notes(described)]),
        _paragraphs("userestrict", map(rights_with_uri, described.rights)),
        _paragraphs("bibliography", [record.citation]),
        unless_empty(parent(
            "controlaccess", {},
            (_name(agent, role) for agent, role in names),
            parent("genreform", {}, genre) if genre else None,
            parent("geogname", {}, leaf("part", described.place)) if described.place else None,
        )),
        map(_annexe, described.annexes),
    )  # fmt: skip


def _annexe(annexe: Annexe) -> Element:
    did = parent(
        "did", {},
        leaf("unitid", annexe.number),
        leaf("unittitle", annexe.title),
        _date(annexe.date),
        (_origination(creator) for creator in claimed(annexe.creators)),
        _languages([annexe.language] if annexe.language else []),
    )  # fmt: skip
    addressees = (_name(agent, "addressee") for agent in annexe.addressees)
    return parent(
        "c", {"level": "otherlevel", "otherlevel": "annexe"}, did,
        _paragraphs("scopecontent", [annexe_note(annexe)]),
        unless_empty(parent("controlaccess", {}, addressees)),
        map(_annexe, annexe.enclosures),
    )  # fmt: skip


def _origination(creator: Creator) -> Element:
    status = creator.attribution.status if creator.attribution is not None else None
    label = f"{creator.role} ({status})" if status and status != "stated" else creator.role
    return parent("origination", {"label": label}, _name(creator.agent, creator.role))


def _name(agent: Agent, role: str) -> Element:
    attributes = {"relator": role, "identifier": uri_or_none(agent.id)}
    return parent(_NAME_ELEMENTS.get(agent.type or "", "name"), attributes, leaf("part", agent.name))


def _date(text: str | None) -> Content:
    """Return the date for machines and, where EAD3 has no form for it, as EDTF in words."""
    if text is None:
        return None
    date = read_edtf(text)
    if date.begin is None and date.end is None:
        return leaf("unitdate", text, {"unitdatetype": "inclusive"})
    attributes = {"certainty": _certainty(date), "unitdatetype": "inclusive"}
    return parent("unitdatestructured", attributes, _range(date) if date.is_interval else _single(date))


def _certainty(date: DateRange) -> str | None:
    words = ["approximate"] if date.is_approximate else []
    words += ["uncertain"] if date.is_uncertain else []
    return "-".join(words) or None


def _single(date: DateRange) -> Content:
    if date.is_span:
        return leaf("datesingle", date.edtf, {"notbefore": date.begin, "notafter": date.end})
    return leaf("datesingle", date.edtf, {"standarddate": date.begin})


def _range(date: DateRange) -> Element:
    first, _, last = date.edtf.partition("/")
    return parent(
        "daterange", {},
        leaf("fromdate", first, {"standarddate": date.begin}),
        leaf("todate", last, {"standarddate": date.end}),
    )  # fmt: skip


def _languages(tags: Iterable[str]) -> Element | None:
    languages = [leaf("language", tag, {"langcode": tag}) for tag in tags]
    return unless_empty(parent("langmaterial", {}, languages))


def _extent(record: Record) -> str | None:
    sizes = [file.size_bytes for file in record.files if file.size_bytes is not None]
    if not sizes:
        return None
    return f"{len(sizes)} {'file' if len(sizes) == 1 else 'files'}, {sum(sizes)} bytes"


def _paragraphs(name: str, texts: Iterable[str | None]) -> Element | None:
    return unless_empty(parent(name, {}, leaves("p", texts)))
