"""Defines the history of one document: agents, entities, events and their relations.

The model follows W3C PROV and PREMIS; `prov_json` and `premis` write the same `History` in the two formats.
It is independent of descriptions, bags and disks. Texts are verbatim, dates are EDTF, and values that were
not stated are `None` or absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

Facts = Mapping[str, str | tuple[str, ...]]
"""Values by archtool's own property names, in output order."""


class EntityKind(Enum):
    """The type of an entity in a history."""

    ORIGINAL = "original"
    """The document as it first existed."""
    ATTRIBUTION = "attribution"
    """A claim that an agent made something: it has arguments, and it can be wrong."""
    ANNEXE = "annexe"
    ENCLOSURE = "enclosure"
    """An annexe inside an annexe."""
    EDITION = "edition"
    """The publication that the text was taken from."""
    SOURCE = "source"
    """What the text was taken from, if it is not known to be a publication."""
    TRANSLATION = "translation"
    FILE = "file"
    FOLDER = "folder"
    """Files that are described together, for instance hundreds of facsimiles."""
    PACKAGE = "package"
    INVENTORY = "inventory"
    """The list of the annexes."""
    ADOPTED_BAG = "adopted-bag"
    """The existing bag that the payload was taken from."""
    PREDECESSOR = "predecessor"
    """The package that this one replaces, and that is kept."""


@dataclass(frozen=True, slots=True)
class ProvAgent:
    """A person, an organisation or a program with a role in the history."""

    id: str
    name: str
    type: str | None = None
    """person | organization | software, if stated."""
    identifier: str | None = None
    """An identifier elsewhere, as a URI."""
    version: str | None = None
    """The version of a program."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProvEntity:
    """A thing: a document, a claim, a file, the package."""

    id: str
    kind: EntityKind
    label: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProvEvent:
    """An event in the history."""

    id: str
    kind: str
    """archtool's term or the archivist's: creation, transfer, publication, packaging …"""
    label: str
    type_uri: str | None = None
    """The Library of Congress preservation event type, if one certainly fits."""
    date: str | None = None
    """EDTF, or RFC 3339 in UTC; `None` if not stated."""
    used: tuple[tuple[str, str | None], ...] = ()
    """Ids of entities, and the role in which each was used."""
    generated: tuple[str, ...] = ()
    agents: tuple[tuple[str, str], ...] = ()
    """Ids of agents, each with its role."""
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProvAttribution:
    """A claim that an agent made an entity, and how certain it is.

    Source: TEI att.editLike (@evidence, @cert), RiC-O isEvidencedBy.
    """

    entity: str
    agent: str
    role: str
    status: str
    """stated | attributed | disputed | rejected"""
    claim: str | None = None
    """The id of the entity with the arguments, if there are any."""
    evidence: str | None = None
    certainty: str | None = None
    basis: tuple[str, ...] = ()
    """Ids of the entities that contain the evidence."""
    basis_in_words: tuple[str, ...] = ()
    """Evidence that is named but is not an entity of this history."""
    by: str | None = None
    """The id of the agent who makes the claim."""
    note: str | None = None

    @property
    def is_rejected(self) -> bool:
        """Whether the claim is recorded as refuted."""
        return self.status == "rejected"


@dataclass(frozen=True, slots=True)
class Derivation:
    """One entity was made from another."""

    entity: str
    source: str
    kind: str
    """publication | translation | text | facsimile | derived | evidence | adopted | replacement"""
    event: str | None = None
    """The id of the event that made it."""
    from_line: int | None = None
    """The first line of the source's text in the file; lines count from 1."""
    to_line: int | None = None
    """The last line of the text; `None` means the end of the file."""


@dataclass(frozen=True, slots=True)
class Specialisation:
    """One entity is a particular copy or form of another."""

    entity: str
    general: str


@dataclass(frozen=True, slots=True)
class Membership:
    """One entity is a part of another."""

    collection: str
    member: str


@dataclass(frozen=True, slots=True)
class Rights:
    """The rights in some entities."""

    id: str
    layer: str
    """original | edition | translation | transcription | annexes | facsimiles | package"""
    statement: str
    """As written: a RightsStatements.org or SPDX identifier, a URI, or a sentence."""
    entities: tuple[str, ...]
    holder: str | None = None
    credit: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """All known facts about how a document came into its package, in output order."""

    package_id: str
    """The identifier of the package: all other ids are unique only inside it."""
    agents: tuple[ProvAgent, ...] = ()
    entities: tuple[ProvEntity, ...] = ()
    events: tuple[ProvEvent, ...] = ()
    attributions: tuple[ProvAttribution, ...] = ()
    derivations: tuple[Derivation, ...] = ()
    specialisations: tuple[Specialisation, ...] = ()
    memberships: tuple[Membership, ...] = ()
    rights: tuple[Rights, ...] = ()

    def labels(self) -> dict[str, str]:
        """Return the labels of entities, events and agents by their ids."""
        labels = {entity.id: entity.label for entity in self.entities}
        labels |= {event.id: event.label for event in self.events}
        return labels | {agent.id: agent.name for agent in self.agents}
