"""Joins boxes that say the same, when a history has more than a reader can look at.

Boxes are joined if they have the same shape, kind, facts and agents, and are related in the same way to boxes
that are joined or the same: ten thousand pages and their ten thousand transcriptions become two boxes.
Nothing is joined in a history that is small enough.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from archtool.report.provenance.layout.graph import Edge, Graph, Label, Node

MAX_NODES = 150  # about forty rows: more is not read as a picture
MAX_AGENTS = 30  # beside one box: a letter can have a thousand addressees
_MAX_ROUNDS = 12  # each round tells boxes apart that are one relation further away from a difference

_NUMBER = re.compile(r" ?\d")
Colours = dict[str, int]


@dataclass(frozen=True, slots=True)
class JoinedWords:
    """What a box for several things says, with `{count}`."""

    alike: str
    """For things with the same facts and agents."""
    different: str
    """For things with different ones."""


def condense(graph: Graph, words: JoinedWords) -> Graph:
    """Return the graph with at most `MAX_NODES` nodes, and at most `MAX_AGENTS` beside each."""
    graph = replace(graph, nodes=tuple(_with_few_agents(node, words) for node in graph.nodes))
    if len(graph.nodes) <= MAX_NODES:
        return graph
    colours = _refined(graph, _numbered({node.id: _sight(node) for node in graph.nodes}))
    if len(set(colours.values())) > MAX_NODES:
        colours = _numbered({node.id: (node.shape, _kind(node)) for node in graph.nodes})
    if len(set(colours.values())) > MAX_NODES:  # as many kinds: only a hostile history has them
        colours = _numbered({node.id: node.shape for node in graph.nodes})
    return _joined(graph, colours, words)


def _with_few_agents(node: Node, words: JoinedWords) -> Node:
    if len(node.agents) <= MAX_AGENTS:
        return node
    shown, more = node.agents[: MAX_AGENTS - 1], node.agents[MAX_AGENTS - 1 :]
    roles = dict.fromkeys(label.heading for label in more)
    heading = next(iter(roles)) if len(roles) == 1 else "…"
    rest = Label(heading, f"{more[0].name} … {more[-1].name}", (words.alike.format(count=len(more)),))
    return replace(node, agents=(*shown, rest))


def _sight(node: Node) -> object:
    return (node.shape, _kind(node), node.label.details, node.agents)


def _kind(node: Node) -> str:
    """Return the kind of a node without its number, as `178/c`."""
    return _NUMBER.split(node.label.heading, maxsplit=1)[0]


def _numbered(values: Mapping[str, object]) -> Colours:
    numbers: dict[object, int] = {}
    return {name: numbers.setdefault(value, len(numbers)) for name, value in values.items()}


def _refined(graph: Graph, colours: Colours) -> Colours:
    """Give nodes different colours that are related differently, until nothing changes."""
    for _ in range(_MAX_ROUNDS):
        around: dict[str, set[object]] = defaultdict(set)
        for edge in graph.edges:
            if edge.source in colours and edge.target in colours:
                around[edge.source].add((edge.relation, edge.marks_source, "to", colours[edge.target]))
                around[edge.target].add((edge.relation, edge.marks_source, "from", colours[edge.source]))
        refined = _numbered({name: (colour, frozenset(around[name])) for name, colour in colours.items()})
        if len(set(refined.values())) == len(set(colours.values())):
            return colours
        colours = refined
    return colours


def _joined(graph: Graph, colours: Colours, words: JoinedWords) -> Graph:
    groups: dict[int, list[Node]] = defaultdict(list)
    for node in graph.nodes:
        groups[colours[node.id]].append(node)
    nodes = {colour: _node_of(members, words) for colour, members in groups.items()}
    edges = dict.fromkeys(
        Edge(nodes[colours[e.source]].id, nodes[colours[e.target]].id, e.relation, e.marks_source)
        for e in graph.edges
        if e.source in colours and e.target in colours
    )
    return Graph(tuple(nodes.values()), tuple(edges))


def _node_of(members: list[Node], words: JoinedWords) -> Node:
    first, last = members[0], members[-1]
    if len(members) == 1:
        return first
    names = dict.fromkeys((first.label.name, last.label.name))
    heading = _kind(first) if all(_kind(one) == _kind(first) for one in members) else f"{_kind(first)} …"
    if all(_sight(one) == _sight(first) for one in members):
        details = (*first.label.details, words.alike.format(count=len(members)))
        return replace(first, label=Label(heading, " … ".join(names), details))
    details = (words.different.format(count=len(members)),)
    return replace(first, label=Label(heading, " … ".join(names), details), agents=())
