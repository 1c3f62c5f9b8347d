"""The parts of a PREMIS document that point from one thing to another: ids, links, relationships, rights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeVar

from archtool.provenance.model import (
    Attribution,
    Derivation,
    History,
    Membership,
    Rights,
    Specialisation,
)
from archtool.provenance.terms import is_licence, rights_uri
from archtool.provenance.xmltext import HOLE, Element, Filled, Part, Pattern

_Relation = TypeVar("_Relation")

_PRESERVATION = "http://id.loc.gov/vocabulary/preservation/"
_CODES_OF_BASES = {"license": "lic", "other": "oth"}


def coded(element: str, words: str, vocabulary: str, code: str | None) -> Filled:
    """A term with the vocabulary that it comes from, or only the term where it has no code there."""
    uri = None if code is None else f"{_PRESERVATION}{vocabulary}/{code}"
    return term(element, words, vocabulary, uri)


@lru_cache(maxsize=256)  # the same few stand with every file
def term(element: str, words: str, vocabulary: str = "", uri: str | None = None) -> Filled:
    """A word that stands in the same way again and again, with its URI if it has one."""
    attributes = {} if uri is None else {"authority": vocabulary, "valueURI": uri}
    return Pattern(Element(element, HOLE, attributes=attributes)).filled(words)


def identifier(of: str, value: str) -> Filled:
    """`objectIdentifier`, `eventIdentifier` …: every id of ours is a URI."""
    return _identifier(of).filled(value)


@cache
def _identifier(of: str) -> Pattern:
    return Pattern(Element(f"{of}Identifier", children=_id_parts(of, HOLE)))


def _id_parts(of: str, value: str) -> tuple[Element, Element]:
    return Element(f"{of}IdentifierType", "URI"), Element(f"{of}IdentifierValue", value)


def linking(to: str, value: str, roles: Iterable[Filled] = ()) -> Filled:
    """`linkingAgentIdentifier`, `linkingObjectIdentifier`, with the roles of what is linked."""
    return _linking(to, tuple(roles)).filled(value)


@lru_cache(maxsize=256)
def _linking(to: str, roles: tuple[Filled, ...]) -> Pattern:
    children: list[Part] = [*_id_parts(f"linking{to}", HOLE), *roles]
    return Pattern(Element(f"linking{to}Identifier", children=children))


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


def relationships(entity: str, links: Links, base: str) -> Iterable[Part]:
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


def _relationship(kind: str, sub_kind: str, *others: str, event: str | None = None) -> Part:
    if len(others) == 1:
        pattern = _to_one(kind, sub_kind, has_event=event is not None)
        return pattern.filled(*others) if event is None else pattern.filled(*others, event)
    return _element(kind, sub_kind, others, event)


@cache
def _to_one(kind: str, sub_kind: str, *, has_event: bool) -> Pattern:
    return Pattern(_element(kind, sub_kind, (HOLE,), HOLE if has_event else None))


def _element(kind: str, sub_kind: str, others: Iterable[str], event: str | None) -> Element:
    children: list[Part] = [
        coded("relationshipType", kind, "relationshipType", _CODES[kind]),
        coded("relationshipSubType", sub_kind, "relationshipSubType", _CODES[sub_kind]),
        *(_related("Object", other) for other in others),
    ]
    if event:
        children.append(_related("Event", event))
    return Element("relationship", children=tuple(children))


def _related(to: str, value: str) -> Element:
    return Element(f"related{to}Identifier", children=_id_parts(f"related{to}", value))


def _derivation(derived: Derivation, base: str) -> Part:
    event = base + derived.event if derived.event else None
    return _relationship("derivation", "has source", base + derived.source, event=event)


def rights_statement(rights: Rights, base: str) -> Element:
    """A layer of rights; an SPDX identifier is a licence, everything else is rested on what was stated."""
    information = _licence(rights) if is_licence(rights.statement) else _other_rights(rights)
    basis = "license" if is_licence(rights.statement) else "other"
    statement = Element(
        "rightsStatement",
        children=(
            identifier("rightsStatement", base + rights.id),
            coded("rightsBasis", basis, "rightsBasis", _CODES_OF_BASES[basis]),
            information,
            *(linking("Object", base + entity) for entity in rights.entities),
        ),
    )
    return Element("rights", children=(statement,))


def _notes(rights: Rights) -> Iterable[str]:
    yield f"layer: {rights.layer}"
    for name, text in (("holder", rights.holder), ("credit", rights.credit), ("note", rights.note)):
        if text:
            yield f"{name}: {text}"


def _licence(rights: Rights) -> Element:
    children: list[Part] = [
        identifier("licenseDocumentation", rights_uri(rights.statement) or ""),
        Element("licenseTerms", rights.statement),
        *(Element("licenseNote", note) for note in _notes(rights)),
    ]
    return Element("licenseInformation", children=tuple(children))


def _other_rights(rights: Rights) -> Element:
    uri = rights_uri(rights.statement)
    children: list[Part] = [
        *([identifier("otherRightsDocumentation", uri)] if uri else []),
        Element("otherRightsBasis", "rights statement"),
        Element("otherRightsNote", f"statement: {rights.statement}"),
        *(Element("otherRightsNote", note) for note in _notes(rights)),
    ]
    return Element("otherRightsInformation", children=tuple(children))
