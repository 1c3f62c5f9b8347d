"""Makes the `teiHeader`: title, responsibility, rights, notes, source, history, languages.

An attribution is on the name: `@cert`, `@evidence`, and `@type` for its status; its reasons are a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from archtool.description.model import Agent, Annexe, Creator, CustodyEvent, Description, RightsLayer
from archtool.exports.catalogue.elements import Content, Element, empty, leaf, leaves, parent, unless_empty
from archtool.exports.catalogue.record import (
    Record,
    annexe_note,
    attribution_notes,
    claimed,
    custody_note,
    is_creating,
    rights_text,
    transcribers,
    transcription_notes,
    translation_note,
    translators,
    uri_or_none,
)
from archtool.exports.catalogue.tei.dates import date_attributes, date_element
from archtool.exports.catalogue.tei.places import annexe_id
from archtool.exports.catalogue.tei.source import source_bibl
from archtool.provenance.vocabulary import rights_uri

_WORD = re.compile(r"[\w.:-]+")
_NAMES = {"person": "persName", "organization": "orgName"}
_LINES = (
    "Each lb begins a line of the file, and its number is that of the line; a line without words has no lb."
    " An ab is a stretch between such lines, and not necessarily a paragraph."
)


def header(record: Record) -> Element:
    """Return the header of a document."""
    described = record.description
    languages = (leaf("language", tag, {"ident": tag}) for tag in record.languages)
    return parent(
        "teiHeader", {},
        parent(
            "fileDesc", {},
            _title_statement(described),
            _publication(record),
            unless_empty(parent("notesStmt", {}, _notes(described))),
            _source(record),
        ),
        parent("encodingDesc", {}, parent("editorialDecl", {}, leaf("p", _LINES))),
        unless_empty(parent(
            "profileDesc", {},
            unless_empty(parent("abstract", {}, leaf("p", described.abstract))),
            unless_empty(parent(
                "creation", {}, date_element(described.date), leaf("placeName", described.place)
            )),
            unless_empty(parent("langUsage", {}, languages)),
            _correspondence(described),
            _genre(described.genre),
        )),
    )  # fmt: skip


def _title_statement(described: Description) -> Element:
    creators = claimed(described.creators)
    others = [(one.role, one.agent) for one in creators if not is_creating(one)]
    others += [("translator", agent) for agent in translators(described)]
    others += [("transcriber", agent) for agent in transcribers(described)]
    return parent(
        "titleStmt", {},
        leaf("title", described.title, {"type": described.title_status}),
        (_author(one) for one in creators if is_creating(one)),
        (parent("respStmt", {}, leaf("resp", role), _name(agent)) for role, agent in others),
    )  # fmt: skip


def _author(creator: Creator) -> Element:
    claim = creator.attribution
    certainty = claim.certainty if claim is not None else None
    attributes = {"role": creator.role, "cert": certainty}
    name = _name(creator.agent, claim.status if claim else None, claim.evidence if claim else None)
    return parent("author", attributes, name)


def _name(agent: Agent, status: str | None = None, evidence: str | None = None) -> Content:
    attributes = {
        "type": status if status != "stated" else None,
        "evidence": evidence,
        "ref": uri_or_none(agent.id),
    }
    return leaf(_NAMES.get(agent.type or "", "name"), agent.name, attributes)


def _publication(record: Record) -> Element:
    described = record.description
    not_stated = empty("gap", {"reason": "not stated"})
    packager = described.packager
    publisher = parent("publisher", {}, not_stated if packager is None else _name(packager))
    licences = (_licence(layer) for layer in described.rights)
    return parent(
        "publicationStmt", {},
        publisher,
        leaves("idno", record.identifiers, {"type": "id"}),
        unless_empty(parent("availability", {}, licences)),
    )  # fmt: skip


def _licence(layer: RightsLayer) -> Content:
    return leaf(
        "licence", rights_text(layer), {"n": layer.layer, "target": uri_or_none(rights_uri(layer.statement))}
    )


def _notes(described: Description) -> Iterator[Content]:
    kinds: tuple[tuple[str, Iterable[str | None]], ...] = (
        ("attribution", attribution_notes(described)),
        ("translation", [translation_note(described)]),
        ("transcription", transcription_notes(described)),
        ("general", [described.note]),
    )
    for kind, texts in kinds:
        yield from leaves("note", texts, {"type": kind})


def _source(record: Record) -> Element:
    described = record.description
    annexes = [_annexe(place, annexe) for place, annexe in described.all_annexes()]
    inside = [
        source_bibl(record),
        _manuscript(described),
        unless_empty(parent("listBibl", {"type": "annexes"}, annexes)),
    ]
    known = [one for one in inside if one is not None]
    return parent("sourceDesc", {}, known or [leaf("p", "The source is not stated.")])


def _manuscript(described: Description) -> Element | None:
    """Return the original and its custody."""
    original = described.original
    if original is None and not described.custody:
        return None
    held_by = original.held_by.name if original is not None and original.held_by is not None else None
    shelfmark = original.shelfmark if original is not None else None
    identifier = [leaf("repository", held_by), leaf("idno", shelfmark)]
    is_known = any(one is not None for one in identifier)
    language = original.language if original is not None else None
    return parent(
        "msDesc", {},
        parent("msIdentifier", {}, identifier if is_known else [leaf("msName", described.title)]),
        parent("msContents", {}, empty("textLang", {"mainLang": language})) if language else None,
        unless_empty(parent("physDesc", {}, leaves("p", _appearance(described)))),
        unless_empty(parent("history", {}, map(_custody_event, described.custody))),
    )  # fmt: skip


def _appearance(described: Description) -> Iterator[str | None]:
    original = described.original
    if original is not None:
        yield {True: "signed", False: "unsigned", None: None}[original.signed]
        yield original.medium
        yield original.note


def _custody_event(event: CustodyEvent) -> Content:
    return leaf(
        "provenance", custody_note(event), {"type": _word(event.event), **date_attributes(event.date)}
    )


def _word(text: str) -> str | None:
    """Return a text that can be a value of `@type`; `None` for any other, such as several words."""
    return text if _WORD.fullmatch(text) else None


def _annexe(place: tuple[int, ...], annexe: Annexe) -> Element:
    outer = annexe_id(place[:-1]) if len(place) > 1 else None
    recipients = (parent("respStmt", {}, leaf("resp", "addressee"), _name(one)) for one in annexe.addressees)
    return parent(
        "bibl", {"xml:id": annexe_id(place), "corresp": f"#{outer}" if outer else None},
        leaf("title", annexe.title),
        (_author(one) for one in claimed(annexe.creators)),
        recipients,
        date_element(annexe.date),
        leaf("idno", annexe.number, {"type": "number"}),
        leaf("textLang", annexe.language, {"mainLang": annexe.language}),
        leaf("note", annexe_note(annexe)),
    )  # fmt: skip


def _correspondence(described: Description) -> Element | None:
    if not described.addressees:
        return None
    action = parent("correspAction", {"type": "received"}, map(_name, described.addressees))
    return parent("correspDesc", {}, action)


def _genre(genre: str | None) -> Element | None:
    if not genre:
        return None
    return parent("textClass", {}, parent("keywords", {}, leaf("term", genre)))
