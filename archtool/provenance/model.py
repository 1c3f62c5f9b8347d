"""The history of one document, as values: agents, entities, events and what ties them together.

The shapes are those of W3C PROV and of PREMIS; `provjson` and `premis` write the same `History` as the one
and as the other. Nothing here knows descriptions, bags or disks. Texts are verbatim, dates are EDTF, and what
nobody stated is None or absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

Facts = Mapping[str, str | tuple[str, ...]]
"""Our own property names (`terms`) to what was stated, in the order in which it is told."""


class EntityKind(Enum):
    """What sort of thing a history speaks of."""

    ORIGINAL = "original"
    """The document as it first existed."""
    ATTRIBUTION = "attribution"
    """A claim that somebody made something: it is argued, and can itself be wrong."""
    ANNEXE = "annexe"
    ENCLOSURE = "enclosure"
    """An annexe inside an annexe."""
    EDITION = "edition"
    """The publication that the text was taken from."""
    SOURCE = "source"
    """What the text was taken from, where it is not known to be a publication."""
    TRANSLATION = "translation"
    FILE = "file"
    FOLDER = "folder"
    """Files that are described as one thing: facsimiles by the hundred."""
    PACKAGE = "package"
    INVENTORY = "inventory"
    """The list of the annexes."""
    ADOPTED_BAG = "adopted-bag"
    """The bag of somebody else that the payload was taken from."""
    PREDECESSOR = "predecessor"
    """The package that this one replaces, and which is kept."""


@dataclass(frozen=True, slots=True)
class ProvAgent:
    """Somebody or something that bears a part in the history."""

    id: str
    name: str
    type: str | None = None
    """person | organization | software, where it was stated."""
    identifier: str | None = None
    """An identifier elsewhere, as a URI."""
    version: str | None = None
    """Of a program."""
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
    """Something that happened."""

    id: str
    kind: str
    """Our own word, or the archivist's: creation, transfer, publication, packaging …"""
    label: str
    type_uri: str | None = None
    """The Library of Congress preservation event type, where one surely fits."""
    date: str | None = None
    """EDTF, or RFC 3339 in UTC; None where nobody stated it."""
    used: tuple[tuple[str, str | None], ...] = ()
    """Ids of entities, and the role in which each was used."""
    generated: tuple[str, ...] = ()
    agents: tuple[tuple[str, str], ...] = ()
    """Ids of agents, each with its role."""
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProvAttribution:
    """Who is held to have made an entity, and how firmly.

    Source: TEI att.editLike (@evidence, @cert), RiC-O isEvidencedBy.
    """

    entity: str
    agent: str
    role: str
    status: str
    """stated | attributed | disputed | rejected"""
    claim: str | None = None
    """The id of the entity that carries the argument, where one was given."""
    evidence: str | None = None
    certainty: str | None = None
    basis: tuple[str, ...] = ()
    """Ids of the entities that carry the evidence."""
    basis_in_words: tuple[str, ...] = ()
    """Evidence that is named but is no entity of this history."""
    by: str | None = None
    """The id of the agent who makes the claim."""
    note: str | None = None

    @property
    def is_rejected(self) -> bool:
        """Whether the claim is on record only as refuted."""
        return self.status == "rejected"


@dataclass(frozen=True, slots=True)
class Derivation:
    """One entity was made from another."""

    entity: str
    source: str
    kind: str
    """publication | translation | text | facsimile | derived | evidence | adopted | replacement"""
    event: str | None = None
    """The id of the event that did it."""
    from_line: int | None = None
    """Where the source's text begins in the file; lines count from 1."""
    to_line: int | None = None
    """The last line of it; the end of the file where it was not stated."""


@dataclass(frozen=True, slots=True)
class Specialisation:
    """One entity is a particular copy or form of another."""

    entity: str
    general: str


@dataclass(frozen=True, slots=True)
class Membership:
    """One entity belongs to another that is made of parts."""

    collection: str
    member: str


@dataclass(frozen=True, slots=True)
class Rights:
    """What may be done with some entities."""

    id: str
    layer: str
    """original | edition | translation | transcription | annexes | facsimiles | package"""
    statement: str
    """As it was written: a RightsStatements.org or SPDX identifier, a URI, or words."""
    entities: tuple[str, ...]
    holder: str | None = None
    credit: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Everything that is known of how a document came into its package, in the order of its telling."""

    package_id: str
    """The package's own identifier: all other ids are unique inside it only."""
    agents: tuple[ProvAgent, ...] = ()
    entities: tuple[ProvEntity, ...] = ()
    events: tuple[ProvEvent, ...] = ()
    attributions: tuple[ProvAttribution, ...] = ()
    derivations: tuple[Derivation, ...] = ()
    specialisations: tuple[Specialisation, ...] = ()
    memberships: tuple[Membership, ...] = ()
    rights: tuple[Rights, ...] = ()

    def labels(self) -> dict[str, str]:
        """What each id stands for, in words."""
        labels = {entity.id: entity.label for entity in self.entities}
        labels |= {event.id: event.label for event in self.events}
        return labels | {agent.id: agent.name for agent in self.agents}
