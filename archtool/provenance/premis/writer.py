"""Writes a history as PREMIS 3 XML, for the repository that ingests the package.

The ids are the same URIs as in the PROV-JSON, so that the two can be compared. PREMIS links agents only to
events: the agent that is claimed to have made a document is linked to the event of its creation, with the
degree of certainty as an additional role, and the document has the complete claim. A rejected claim creates
no link.

Source: PREMIS Data Dictionary 3.0 and its XML schema (Library of Congress, 2016); Library of Congress
preservation vocabularies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from archtool.files.hashing.digests import Algorithm, Digest
from archtool.provenance.file_formats import format_of_name
from archtool.provenance.model import (
    EntityKind,
    Facts,
    History,
    ProvAgent,
    ProvAttribution,
    ProvEntity,
    ProvEvent,
)
from archtool.provenance.premis.links import (
    Links,
    Term,
    coded,
    format_term,
    identifier,
    linking,
    relationships,
    rights_statement,
)
from archtool.provenance.vocabulary import (
    EVENT_TYPE_LABELS,
    EVENT_TYPES,
    REFERENCE_FACTS,
    RELATOR_TERMS,
    package_uri,
    relator_uri,
)
from archtool.xml_text import DECLARATION, format_attributes, parent_element, text_element

PREMIS_NAMESPACE = "http://www.loc.gov/premis/v3"
DATE_NOT_STATED = "XXXX"
"""EDTF for an unknown year: PREMIS requires a date of every event."""

ALGORITHM_NAMES = {
    Algorithm.MD5: "MD5",
    Algorithm.SHA1: "SHA-1",
    Algorithm.SHA224: "SHA-224",
    Algorithm.SHA256: "SHA-256",
    Algorithm.SHA384: "SHA-384",
    Algorithm.SHA512: "SHA-512",
    Algorithm.SHA3_256: "SHA3-256",
    Algorithm.SHA3_512: "SHA3-512",
    Algorithm.BLAKE2B: "BLAKE2b-512",
    Algorithm.BLAKE2S: "BLAKE2s-256",
}
_ALGORITHMS_OF_LOC = frozenset({"md5", "sha1", "sha256", "sha384", "sha512"})
_FORMAT_NOTE = "taken from the file's name only; the file was not opened to find out"
_WRITTEN_ELSEWHERE = frozenset(
    {"path", "size-bytes", "digest"}
    | {"media-type", "format-key", "format-name", "format-version", "format-basis", "format-warning"}
)
_STATUS_ROLES: dict[str, tuple[tuple[str, str | None], ...]] = {
    "attributed": (("attributed name", f"{RELATOR_TERMS}att"),),
    "disputed": (("disputed", None),),
}


def format_premis(history: History) -> str:
    """Format a history as PREMIS; the same history always becomes the same text."""
    return "".join(_lines_of(history))


def is_premis_of(history: History, data: bytes) -> bool:
    """Whether a file equals the output of `format_premis`; the text is never in memory as a whole."""
    place = 0
    for part in _lines_of(history):
        expected = part.encode("utf-8", "surrogatepass")
        if not data.startswith(expected, place):
            return False
        place += len(expected)
    return place == len(data)


def _lines_of(history: History) -> Iterator[str]:
    """Yield the document in parts: its first lines, each object, event, agent and right, its last line."""
    base, labels, links = package_uri(history.package_id), history.labels(), Links.of(history)
    yield f"{DECLARATION}<premis{_ROOT}>\n"
    for entity in history.entities:
        if entity.kind is not EntityKind.ATTRIBUTION:
            yield f"{_object(entity, links, base, labels)}\n"
    for event in history.events:
        yield f"{_event(event, links, base, labels)}\n"
    for agent in history.agents:
        yield f"{_agent(agent, base)}\n"
    for layer in history.rights:
        yield f"{rights_statement(layer, base)}\n"
    yield "</premis>\n"


_ROOT = format_attributes(
    {
        "xmlns": PREMIS_NAMESPACE,
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "version": "3.0",
    }
)
_SUBJECT, _PART = 1, 2  # depths of these elements
_FILE = format_attributes({"xsi:type": "file"})
_INTELLECTUAL = format_attributes({"xsi:type": "intellectualEntity"})


def _object(entity: ProvEntity, links: Links, base: str, labels: dict[str, str]) -> str:
    parts = [identifier("object", base + entity.id)]
    parts += _properties(entity, links.attributions.get(entity.id, ()), labels)
    parts += _lines(entity.id, links, labels)
    is_file = entity.kind is EntityKind.FILE
    if is_file:
        parts.append(_characteristics(entity.facts))
        parts.append(text_element(_PART, "originalName", entity.label))
        parts.append(_storage(_first(entity.facts, "path")))
    parts += relationships(entity.id, links, base)
    return parent_element(_SUBJECT, "object", *parts, attributes=_FILE if is_file else _INTELLECTUAL)


def _storage(path: str) -> str:
    """Format the location of a file: its path in the package, as in the manifests."""
    location = parent_element(
        _PART + 1,
        "contentLocation",
        text_element(_PART + 2, "contentLocationType", "path in the package"),
        text_element(_PART + 2, "contentLocationValue", path),
    )
    return parent_element(_PART, "storage", location)


def _first(facts: Facts, name: str) -> str:
    return next(iter(_values(facts, name)), "")


def _values(facts: Facts, name: str) -> tuple[str, ...]:
    stated = facts.get(name, ())
    return (stated,) if isinstance(stated, str) else stated


def _properties(
    entity: ProvEntity, claims: Iterable[ProvAttribution], labels: dict[str, str]
) -> Iterable[str]:
    yield _property("kind", entity.kind.value)
    if "title" not in entity.facts:
        yield _property("label", entity.label)
    for name, text in _fact_texts(entity.facts, labels):
        yield _property(name, text)
    for claim in claims:
        yield _property("attribution", _claim_text(claim, labels))


def _lines(entity: str, links: Links, labels: dict[str, str]) -> Iterable[str]:
    """Yield which lines of a file contain which document; PREMIS relationships cannot express it."""
    for derived in links.derivations.get(entity, ()):
        if derived.from_line is not None:
            end = derived.to_line if derived.to_line is not None else "the end"
            source = f"{labels.get(derived.source, derived.source)} ({derived.source})"
            yield _property("lines", f"{derived.from_line} to {end}: {source}")


def _fact_texts(facts: Facts, labels: dict[str, str]) -> Iterable[tuple[str, str]]:
    """Yield the name and text of each fact; a reference is written as the label and id of its target."""
    for name in facts:
        for text in () if name in _WRITTEN_ELSEWHERE else _values(facts, name):
            yield name, f"{labels.get(text, text)} ({text})" if name in REFERENCE_FACTS else text


def _property(name: str, text: str) -> str:
    return parent_element(
        _PART,
        "significantProperties",
        text_element(_PART + 1, "significantPropertiesType", name),
        text_element(_PART + 1, "significantPropertiesValue", text),
    )


def _claim_text(claim: ProvAttribution, labels: dict[str, str]) -> str:
    """Return `Christian Rakovsky, author: attributed; evidence: external; certainty: high; basis: …`."""
    basis = [f"{labels.get(entity, entity)} ({entity})" for entity in claim.basis]
    parts = [
        f"{labels.get(claim.agent, claim.agent)}, {claim.role}: {claim.status}",
        f"evidence: {claim.evidence}" if claim.evidence else "",
        f"certainty: {claim.certainty}" if claim.certainty else "",
        *(f"basis: {text}" for text in (*basis, *claim.basis_in_words)),
        f"according to: {labels.get(claim.by, claim.by)}" if claim.by else "",
        f"note: {claim.note}" if claim.note else "",
    ]
    return "; ".join(part for part in parts if part)


def _characteristics(facts: Facts) -> str:
    return parent_element(
        _PART,
        "objectCharacteristics",
        *[_fixity(Digest.parse(text)) for text in _values(facts, "digest")],
        text_element(_PART + 1, "size", _first(facts, "size-bytes")),
        _format(facts) if "format-basis" in facts else _format_of_name(format_of_name(_first(facts, "path"))),
    )


def _fixity(digest: Digest) -> str:
    algorithm = digest.algorithm
    code = algorithm.value if algorithm.value in _ALGORITHMS_OF_LOC else None
    name = coded("messageDigestAlgorithm", ALGORITHM_NAMES[algorithm], "cryptographicHashFunctions", code)
    return parent_element(
        _PART + 1,
        "fixity",
        format_term(name, _PART + 2),
        text_element(_PART + 2, "messageDigest", digest.hex),
    )


def _format(facts: Facts) -> str:
    """Format what is known about a file's format, with its key in a registry if a tool found one."""
    media_type, key = _first(facts, "media-type"), _first(facts, "format-key")
    registry, _, number = key.partition(" ")
    version, warning = _first(facts, "format-version"), _first(facts, "format-warning")
    designation = [text_element(_PART + 3, "formatName", _first(facts, "format-name") or media_type)]
    designation += [text_element(_PART + 3, "formatVersion", version)] if version else []
    parts = [parent_element(_PART + 2, "formatDesignation", *designation)]
    if key:
        stated = (("formatRegistryName", registry), ("formatRegistryKey", number))
        names = [text_element(_PART + 3, element, text) for element, text in stated]
        parts.append(parent_element(_PART + 2, "formatRegistry", *names))
        parts.append(text_element(_PART + 2, "formatNote", f"media type: {media_type}"))
    parts.append(text_element(_PART + 2, "formatNote", f"identified by: {_first(facts, 'format-basis')}"))
    parts += [text_element(_PART + 2, "formatNote", f"warning: {warning}")] if warning else []
    return parent_element(_PART + 1, "format", *parts)


@lru_cache(maxsize=256)  # more than the number of known formats
def _format_of_name(name: str) -> str:
    return parent_element(
        _PART + 1,
        "format",
        parent_element(_PART + 2, "formatDesignation", text_element(_PART + 3, "formatName", name)),
        text_element(_PART + 2, "formatNote", _FORMAT_NOTE),
    )


def _event(event: ProvEvent, links: Links, base: str, labels: dict[str, str]) -> str:
    code = event.type_uri.removeprefix(EVENT_TYPES) if event.type_uri else None
    kind = coded("eventType", EVENT_TYPE_LABELS.get(code or "", event.kind), "eventType", code)
    details = [event.label]
    if not event.date:
        details.append("date: not stated in the description")
    details += [f"{name}: {text}" for name, text in _fact_texts(event.facts, labels)]
    parts = [identifier("event", base + event.id), format_term(kind, _PART)]
    parts.append(text_element(_PART, "eventDateTime", event.date or DATE_NOT_STATED))
    parts += map(_detail, details)
    parts += [linking("Agent", base + agent, _roles(role)) for agent, role in event.agents]
    parts += _makers(event, links, base)
    for entity, role in event.used:
        used_as = Term("linkingObjectRole", role) if role else _SOURCE
        parts.append(linking("Object", base + entity, (used_as,)))
    parts += [linking("Object", base + entity, (_OUTCOME,)) for entity in event.generated]
    return parent_element(_SUBJECT, "event", *parts)


def _detail(text: str) -> str:
    return parent_element(_PART, "eventDetailInformation", text_element(_PART + 1, "eventDetail", text))


_SOURCE = coded("linkingObjectRole", "source", "eventRelatedObjectRole", "sou")
_OUTCOME = coded("linkingObjectRole", "outcome", "eventRelatedObjectRole", "out")


def _makers(event: ProvEvent, links: Links, base: str) -> Iterable[str]:
    """Yield links to the agents claimed to have made the entities of a creation, with the certainty."""
    if event.kind != "creation":
        return
    for claim in (claim for entity in event.generated for claim in links.attributions.get(entity, ())):
        if not claim.is_rejected:
            yield linking("Agent", base + claim.agent, _roles_of(claim))


def _roles_of(claim: ProvAttribution) -> tuple[Term, ...]:
    """Return the roles of a claim; a role that is not stated gets no code, so that it is not read as fact."""
    if claim.status == "stated":
        return _roles(claim.role)
    doubts = [_role(text, uri) for text, uri in _STATUS_ROLES.get(claim.status, ((claim.status, None),))]
    return (*doubts, _role(claim.role, None))


@lru_cache(maxsize=256)
def _roles(role: str) -> tuple[Term, ...]:
    if role == "executing-program":
        return (coded("linkingAgentRole", "executing program", "eventRelatedAgentRole", "exe"),)
    return (_role(role, relator_uri(role)),)


def _role(text: str, uri: str | None) -> Term:
    return Term("linkingAgentRole", text, "marcrelator", uri)


def _agent(agent: ProvAgent, base: str) -> str:
    parts = [identifier("agent", base + agent.id)]
    if agent.identifier:
        parts.append(identifier("agent", agent.identifier))
    parts.append(text_element(_PART, "agentName", agent.name))
    if agent.type:
        codes = {"person": "per", "organization": "org", "software": "sof"}
        parts.append(format_term(coded("agentType", agent.type, "agentType", codes.get(agent.type)), _PART))
    if agent.version:
        parts.append(text_element(_PART, "agentVersion", agent.version))
    parts += [text_element(_PART, "agentNote", note) for note in agent.notes]
    return parent_element(_SUBJECT, "agent", *parts)
