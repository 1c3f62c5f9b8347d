"""The parts of a PREMIS document that point from one thing to another: ids, links, relationships, rights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple, TypeVar

from archtool.provenance.model import (
    Attribution,
    Derivation,
    History,
    Membership,
    Rights,
    Specialisation,
)
from archtool.provenance.terms import is_licence, rights_uri
from archtool.provenance.xmltext import HOLE, Element, Frame, Pattern, Written, write_element

_Relation = TypeVar("_Relation")

_PRESERVATION = "http://id.loc.gov/vocabulary/preservation/"
_FEW = 16
_PART, _PART_OF_RIGHTS, _PART_OF_INFORMATION = 2, 3, 4  # how deep they stand


class Term(NamedTuple):
    """A word of some vocabulary as it stands in an element, with its URI there if it has one."""

    element: str
    words: str
    vocabulary: str = ""
    uri: str | None = None


def coded(element: str, words: str, vocabulary: str, code: str | None) -> Term:
    """A term with the vocabulary that it comes from, or only the term where it has no code there."""
    uri = None if code is None else f"{_PRESERVATION}{vocabulary}/{code}"
    return Term(element, words, vocabulary, uri)


@lru_cache(maxsize=256)  # the same few stand with every file
def write_term(term: Term, depth: int) -> Written:
    """A term as it stands at that depth."""
    return write_element(_element_of(term), depth)


def _element_of(term: Term) -> Element:
    attributes = {} if term.uri is None else {"authority": term.vocabulary, "valueURI": term.uri}
    return Element(term.element, term.words, attributes=attributes)


def identifier(of: str, value: str, depth: int = _PART) -> Written:
    """`objectIdentifier`, `eventIdentifier` …: every id of ours is a URI."""
    return _identifier(of, depth).filled(value)


@cache
def _identifier(of: str, depth: int) -> Pattern:
    return Pattern(Element(f"{of}Identifier", children=_id_parts(of, HOLE)), depth)


def _id_parts(of: str, value: str) -> tuple[Element, Element]:
    return Element(f"{of}IdentifierType", "URI"), Element(f"{of}IdentifierValue", value)


def linking(to: str, value: str, roles: tuple[Term, ...] = (), depth: int = _PART) -> Written:
    """`linkingAgentIdentifier`, `linkingObjectIdentifier`, with the roles of what is linked."""
    return _linking(to, roles, depth).filled(value)


@lru_cache(maxsize=256)
def _linking(to: str, roles: tuple[Term, ...], depth: int) -> Pattern:
    children = [*_id_parts(f"linking{to}", HOLE), *map(_element_of, roles)]
    return Pattern(Element(f"linking{to}Identifier", children=children), depth)


@dataclass(frozen=True, slots=True)
class Links:
    """The relations of a history by the entity that they are told with, so that each is looked at once."""

    derivations: Mapping[str, Sequence[Derivation]]
    specialisations: Mapping[str, Sequence[Specialisation]]
    memberships: Mapping[str, Sequence[Membership]]
    attributions: Mapping[str, Sequence[Attribution]]

    @classmethod
    def of(cls, history: History) -> Links:
        """Sort the relations of a history."""
        return cls(
            _sorted_by(history.derivations, lambda derived: derived.entity),
            _sorted_by(history.specialisations, lambda special: special.entity),
            _sorted_by(history.memberships, lambda part: part.collection),
            _sorted_by(history.attributions, lambda claim: claim.entity),
        )


def _sorted_by(
    relations: Iterable[_Relation], entity_of: Callable[[_Relation], str]
) -> Mapping[str, Sequence[_Relation]]:
    by_entity: dict[str, list[_Relation]] = {}
    for relation in relations:
        by_entity.setdefault(entity_of(relation), []).append(relation)
    return by_entity


def relationships(entity: str, links: Links, base: str) -> Iterable[Written]:
    """What an object was made from, is a form of, consists of, and is documented in."""
    for derived in links.derivations.get(entity, ()):
        yield _derivation(derived, base)
    for special in links.specialisations.get(entity, ()):
        yield _relationship("logical", "specializes", base + special.general)
    parts = [base + part.member for part in links.memberships.get(entity, ())]
    if parts:
        yield _relationship("structural", "has part", *parts)
    for claim in links.attributions.get(entity, ()):
        for evidence in claim.basis:
            yield _relationship("reference", "is documented in", base + evidence)


_CODES = {
    "derivation": "der",
    "logical": "log",
    "structural": "str",
    "reference": "ref",
    "has source": "hss",
    "specializes": "spe",
    "has part": "hsp",
    "is documented in": "idc",
}


def _relationship(kind: str, sub_kind: str, *others: str, event: str | None = None) -> Written:
    # a package may have a million parts: only what comes again and again is kept
    relating = _relating if len(others) <= _FEW else _relating.__wrapped__
    pattern = relating(kind, sub_kind, len(others), has_event=event is not None)
    return pattern.filled(*others) if event is None else pattern.filled(*others, event)


@cache
def _relating(kind: str, sub_kind: str, count: int, *, has_event: bool) -> Pattern:
    children = [
        _element_of(coded("relationshipType", kind, "relationshipType", _CODES[kind])),
        _element_of(coded("relationshipSubType", sub_kind, "relationshipSubType", _CODES[sub_kind])),
        *[_related("Object")] * count,
        *[_related("Event")] * has_event,
    ]
    return Pattern(Element("relationship", children=children), _PART)


def _related(to: str) -> Element:
    return Element(f"related{to}Identifier", children=_id_parts(f"related{to}", HOLE))


def _derivation(derived: Derivation, base: str) -> Written:
    event = base + derived.event if derived.event else None
    return _relationship("derivation", "has source", base + derived.source, event=event)


def rights_statement(rights: Rights, base: str) -> Written:
    """A layer of rights; an SPDX identifier is a licence, everything else is rested on what was stated."""
    is_licensed = is_licence(rights.statement)
    parts = [
        identifier("rightsStatement", base + rights.id, _PART_OF_RIGHTS),
        write_term(_LICENSED if is_licensed else _OTHERWISE, _PART_OF_RIGHTS),
        _licence(rights) if is_licensed else _other_rights(rights),
    ]
    parts += [linking("Object", base + entity, depth=_PART_OF_RIGHTS) for entity in rights.entities]
    return _RIGHTS.around([_STATEMENT.around(parts)])


_LICENSED = coded("rightsBasis", "license", "rightsBasis", "lic")
_OTHERWISE = coded("rightsBasis", "other", "rightsBasis", "oth")
_RIGHTS, _STATEMENT = Frame("rights", 1), Frame("rightsStatement", 2)
_LICENCE = Frame("licenseInformation", _PART_OF_RIGHTS)
_TERMS = Pattern(Element("licenseTerms", HOLE), _PART_OF_INFORMATION)
_LICENCE_NOTE = Pattern(Element("licenseNote", HOLE), _PART_OF_INFORMATION)
_OTHER = Frame("otherRightsInformation", _PART_OF_RIGHTS)
_OTHER_BASIS = write_element(Element("otherRightsBasis", "rights statement"), _PART_OF_INFORMATION)
_OTHER_NOTE = Pattern(Element("otherRightsNote", HOLE), _PART_OF_INFORMATION)


def _notes(rights: Rights) -> Iterable[str]:
    yield f"layer: {rights.layer}"
    for name, text in (("holder", rights.holder), ("credit", rights.credit), ("note", rights.note)):
        if text:
            yield f"{name}: {text}"


def _licence(rights: Rights) -> Written:
    uri = rights_uri(rights.statement) or ""
    documentation = identifier("licenseDocumentation", uri, _PART_OF_INFORMATION)
    return _LICENCE.around(
        [documentation, _TERMS.filled(rights.statement), *map(_LICENCE_NOTE.filled, _notes(rights))]
    )


def _other_rights(rights: Rights) -> Written:
    uri = rights_uri(rights.statement)
    documentation = [identifier("otherRightsDocumentation", uri, _PART_OF_INFORMATION)] if uri else []
    stated = _OTHER_NOTE.filled(f"statement: {rights.statement}")
    return _OTHER.around([*documentation, _OTHER_BASIS, stated, *map(_OTHER_NOTE.filled, _notes(rights))])
