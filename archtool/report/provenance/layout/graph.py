"""Defines what a drawing shows: boxes for entities and events, agents beside them, relations between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Shape(Enum):
    """The shape of a box; it alone tells what the box stands for."""

    ENTITY = "entity"
    EVENT = "event"
    AGENT = "agent"


class Relation(Enum):
    """The kinds of lines."""

    FLOW = "flow"
    """An event used an entity, or an entity came from an event or from another entity."""
    PART = "part"
    """An entity is a part of another."""
    COPY = "copy"
    """An entity is a particular copy or form of another."""
    EVIDENCE = "evidence"
    """An entity is the evidence for a claim, or what the claim is about."""


@dataclass(frozen=True, slots=True)
class Label:
    """The text in a box."""

    heading: str
    """What the thing is: its kind, or an agent's role."""
    name: str
    details: tuple[str, ...] = ()
    """Short facts, each on lines of its own."""


@dataclass(frozen=True, slots=True)
class Node:
    """An entity or an event, with the agents that are drawn beside it."""

    id: str
    shape: Shape
    label: Label
    agents: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation between two nodes, drawn from `source` in a higher row to `target` in a lower one."""

    source: str
    target: str
    relation: Relation
    marks_source: bool = False
    """Whether the arrow or mark is at the source instead of the target."""


@dataclass(frozen=True, slots=True)
class Graph:
    """All that is drawn."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
