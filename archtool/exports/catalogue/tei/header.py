"""Makes the `teiHeader`: title, responsibility, rights, notes, source, history, languages.

An attribution is on the name: `@cert`, `@evidence`, and `@type` for its status; its reasons are a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from archtool.description.citing.model import claimed
from archtool.description.model import (
    Agent,
    Annexe,
    Attribution,
    Creator,
    CustodyEvent,
    Description,
    RightsLayer,
)
from archtool.exports.catalogue.elements import Content, Element, empty, leaf, leaves, parent, unless_empty
from archtool.exports.catalogue.record import (
    Record,
    is_creating,
    kind_of_identifier,
    transcribers,
    translators,
    uri_or_none,
)
from archtool.exports.catalogue.sentences import (
    annexe_note,
    attribution_notes,
    custody_note,
    repair_note,
    rights_text,
    transcription_notes,
    translation_note,
)
from archtool.exports.catalogue.tei.dates import date_attributes, date_element
from archtool.exports.catalogue.tei.places import annexe_id
from archtool.exports.catalogue.tei.source import source_bibl
from archtool.provenance.vocabulary import rights_uri

_WORD = re.compile(r"[\w.:-]+")
Anchors = Mapping[str, str]
"""The pointers to parts of the description, by their ids."""
_NO_ANCHORS: Anchors = {}
_NAMES = {"person": "persName", "organization": "orgName"}
_LINES = (
    "Each lb begins a line of the file, and its number is that of the line; a line without words has no lb."
    " An ab is a stretch between such lines, and not necessarily a paragraph."
)


def header(record: Record) -> Element:
    """Return the header of a document."""
    described = record.description
    anchors = _anchors(described)
    languages = (leaf("language", tag, {"ident": tag}) for tag in record.languages)
    return parent(
        "teiHeader", {},
        parent(
            "fileDesc", {},
            _title_statement(described, anchors),
            _publication(record),
            unless_empty(parent("notesStmt", {}, _notes(described))),
            _source(record, anchors),
        ),
        parent(
            "encodingDesc", {},
            parent("editorialDecl", {}, leaf("p", _LINES), unless_empty(_normalization(described))),
        ),
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


def _normalization(described: Description) -> Element:
    """Return which texts were repaired; the changes are not marked in them."""
    notes = (f"{part.file}: {note}" for part in described.transcription if (note := repair_note(part)))
    return parent("normalization", {"method": "silent"}, leaves("p", notes))


def _title_statement(described: Description, anchors: Anchors) -> Element:
    return parent(
        "titleStmt", {},
        leaf("title", described.title, {"type": described.title_status}),
        _responsible(described.creators, anchors),
        (_responsibility("translator", agent) for agent in translators(described)),
        (_responsibility("transcriber", agent) for agent in transcribers(described)),
    )  # fmt: skip


def _anchors(described: Description) -> Anchors:
    """Return where the header describes the parts that an attribution can be based on."""
    return {annexe.id: f"#{annexe_id(place)}" for place, annexe in described.all_annexes() if annexe.id}


def _responsible(creators: tuple[Creator, ...], anchors: Anchors) -> list[Content]:
    """Return the authors, then those with other roles."""
    known = claimed(creators)
    authors = [_author(one, anchors) for one in known if is_creating(one)]
    others = [_other(one, anchors) for one in known if not is_creating(one)]
    return [*authors, *others]


def _responsibility(role: str, agent: Agent) -> Element:
    return parent("respStmt", {}, leaf("resp", role), _name(agent))


def _other(creator: Creator, anchors: Anchors) -> Element:
    claim = creator.attribution
    attributes = {"cert": claim.certainty if claim is not None else None}
    return parent("respStmt", attributes, leaf("resp", creator.role), _name(creator.agent, claim, anchors))


def _author(creator: Creator, anchors: Anchors) -> Element:
    claim = creator.attribution
    certainty = claim.certainty if claim is not None else None
    attributes = {"role": creator.role, "cert": certainty}
    return parent("author", attributes, _name(creator.agent, claim, anchors))


def _name(agent: Agent, claim: Attribution | None = None, anchors: Anchors = _NO_ANCHORS) -> Content:
    basis = claim.basis if claim is not None else ()
    attributes = {
        "type": claim.status if claim is not None and claim.status != "stated" else None,
        "evidence": claim.evidence if claim is not None else None,
        "source": " ".join(anchors[one] for one in basis if one in anchors),
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
        (leaf("idno", one, {"type": kind_of_identifier(one) or "id"}) for one in record.identifiers),
        unless_empty(parent("availability", {}, licences)),
    )  # fmt: skip


def _licence(layer: RightsLayer) -> Content:
    return leaf(
        "licence", rights_text(layer), {"n": layer.layer, "target": uri_or_none(rights_uri(layer.statement))}
    )


def _notes(described: Description) -> Iterator[Content]:
    kinds: tuple[tuple[str, Iterable[str | None]], ...] = (
        ("attribution", attribution_notes(described.creators)),
        ("translation", [translation_note(described)]),
        ("transcription", transcription_notes(described)),
        ("general", [described.note]),
    )
    for kind, texts in kinds:
        yield from leaves("note", texts, {"type": kind})


def _source(record: Record, anchors: Anchors) -> Element:
    described = record.description
    annexes = [_annexe(place, annexe, anchors) for place, annexe in described.all_annexes()]
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


def _annexe(place: tuple[int, ...], annexe: Annexe, anchors: Anchors) -> Element:
    outer = annexe_id(place[:-1]) if len(place) > 1 else None
    return parent(
        "bibl", {"xml:id": annexe_id(place), "corresp": f"#{outer}" if outer else None},
        leaf("title", annexe.title),
        _responsible(annexe.creators, anchors),
        (_responsibility("addressee", one) for one in annexe.addressees),
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
