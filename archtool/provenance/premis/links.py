"""Formats the cross-references in a PREMIS document: identifiers, links, relationships and rights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeVar

from archtool.provenance.model import (
    Derivation,
    History,
    Membership,
    ProvAttribution,
    Rights,
    Specialisation,
)
from archtool.provenance.vocabulary import is_licence, rights_uri
from archtool.xml_text import format_attributes, parent_element, text_element

_Relation = TypeVar("_Relation")

_PRESERVATION = "http://id.loc.gov/vocabulary/preservation/"
_PART, _STATEMENT, _INFORMATION = 2, 2, 3  # depths of these elements


class Term(NamedTuple):
    """A term of a vocabulary in an element, with its URI if it has one."""

    element: str
    text: str
    vocabulary: str = ""
    uri: str | None = None


def coded(element: str, text: str, vocabulary: str, code: str | None) -> Term:
    """Return a term with its vocabulary and URI, or without a URI if it has no code."""
    uri = None if code is None else f"{_PRESERVATION}{vocabulary}/{code}"
    return Term(element, text, vocabulary, uri)


@lru_cache(maxsize=256)  # the same few terms recur with every file
def format_term(term: Term, depth: int) -> str:
    """Format a term as an element at a depth."""
    stated = {} if term.uri is None else {"authority": term.vocabulary, "valueURI": term.uri}
    return text_element(depth, term.element, term.text, format_attributes(stated))


def identifier(of: str, value: str, depth: int = _PART) -> str:
    """Format `objectIdentifier`, `eventIdentifier` …; every id is a URI."""
    return parent_element(
        depth,
        f"{of}Identifier",
        text_element(depth + 1, f"{of}IdentifierType", "URI"),
        text_element(depth + 1, f"{of}IdentifierValue", value),
    )


def linking(to: str, value: str, roles: tuple[Term, ...] = (), depth: int = _PART) -> str:
    """Format `linkingAgentIdentifier` or `linkingObjectIdentifier`, with the roles of the linked thing."""
    name = f"linking{to}Identifier"
    return parent_element(
        depth,
        name,
        text_element(depth + 1, f"{name}Type", "URI"),
        text_element(depth + 1, f"{name}Value", value),
        *[format_term(role, depth + 1) for role in roles],
    )


@dataclass(frozen=True, slots=True)
class Links:
    """The relations of a history, grouped by the entity under which they are written."""

    derivations: Mapping[str, Sequence[Derivation]]
    specialisations: Mapping[str, Sequence[Specialisation]]
    memberships: Mapping[str, Sequence[Membership]]
    attributions: Mapping[str, Sequence[ProvAttribution]]

    @classmethod
    def of(cls, history: History) -> Links:
        """Group the relations of a history."""
        return cls(
            _grouped_by(history.derivations, lambda derived: derived.entity),
            _grouped_by(history.specialisations, lambda special: special.entity),
            _grouped_by(history.memberships, lambda part: part.collection),
            _grouped_by(history.attributions, lambda claim: claim.entity),
        )


def _grouped_by(
    relations: Iterable[_Relation], entity_of: Callable[[_Relation], str]
) -> Mapping[str, Sequence[_Relation]]:
    by_entity: dict[str, list[_Relation]] = {}
    for relation in relations:
        by_entity.setdefault(entity_of(relation), []).append(relation)
    return by_entity


def relationships(entity: str, links: Links, base: str) -> Iterable[str]:
    """Yield the relationships of an object: its sources, general forms, parts and documentation."""
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


def _relationship(kind: str, sub_kind: str, *others: str, event: str | None = None) -> str:
    types = coded("relationshipType", kind, "relationshipType", _CODES[kind])
    sub_types = coded("relationshipSubType", sub_kind, "relationshipSubType", _CODES[sub_kind])
    related = [identifier("relatedObject", other, _PART + 1) for other in others]
    if event is not None:
        related.append(identifier("relatedEvent", event, _PART + 1))
    terms = [format_term(term, _PART + 1) for term in (types, sub_types)]
    return parent_element(_PART, "relationship", *terms, *related)


def _derivation(derived: Derivation, base: str) -> str:
    event = base + derived.event if derived.event else None
    return _relationship("derivation", "has source", base + derived.source, event=event)


def rights_statement(rights: Rights, base: str) -> str:
    """Format a layer of rights: an SPDX identifier as a licence, any other statement as other rights."""
    is_licensed = is_licence(rights.statement)
    statement = parent_element(
        _STATEMENT,
        "rightsStatement",
        identifier("rightsStatement", base + rights.id, _STATEMENT + 1),
        format_term(_LICENSED if is_licensed else _OTHERWISE, _STATEMENT + 1),
        _licence(rights) if is_licensed else _other_rights(rights),
        *[linking("Object", base + entity, depth=_STATEMENT + 1) for entity in rights.entities],
    )
    return parent_element(_STATEMENT - 1, "rights", statement)


_LICENSED = coded("rightsBasis", "license", "rightsBasis", "lic")
_OTHERWISE = coded("rightsBasis", "other", "rightsBasis", "oth")


def _notes(rights: Rights) -> Iterable[str]:
    yield f"layer: {rights.layer}"
    for name, text in (("holder", rights.holder), ("credit", rights.credit), ("note", rights.note)):
        if text:
            yield f"{name}: {text}"


def _licence(rights: Rights) -> str:
    return parent_element(
        _INFORMATION,
        "licenseInformation",
        identifier("licenseDocumentation", rights_uri(rights.statement) or "", _INFORMATION + 1),
        text_element(_INFORMATION + 1, "licenseTerms", rights.statement),
        *[text_element(_INFORMATION + 1, "licenseNote", note) for note in _notes(rights)],
    )


def _other_rights(rights: Rights) -> str:
    uri = rights_uri(rights.statement)
    notes = [f"statement: {rights.statement}", *_notes(rights)]
    return parent_element(
        _INFORMATION,
        "otherRightsInformation",
        *([identifier("otherRightsDocumentation", uri, _INFORMATION + 1)] if uri else []),
        text_element(_INFORMATION + 1, "otherRightsBasis", "rights statement"),
        *[text_element(_INFORMATION + 1, "otherRightsNote", note) for note in notes],
    )
