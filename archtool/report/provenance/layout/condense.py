"""Joins boxes that say the same, when a history has more than a reader can look at.

Boxes are joined if they have the same shape, kind, facts and agents, and are related in the same way to boxes
that are joined or the same: ten thousand pages and their ten thousand transcriptions become two boxes.
Nothing is joined in a history that is small enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from archtool.report.provenance.layout.graph import Edge, Graph, Label, Node

MAX_NODES = 150  # about forty rows: more is not read as a picture
_MAX_ROUNDS = 12  # each round tells boxes apart that are one relation further away from a difference

Colours = dict[str, int]


def condense(graph: Graph, more: str) -> Graph:
    """Return the graph with at most about `MAX_NODES` nodes; `more` is a sentence with `{count}`."""
    if len(graph.nodes) <= MAX_NODES:
        return graph
    colours = _refined(graph, _numbered({node.id: _sight(node) for node in graph.nodes}))
    if len(set(colours.values())) > MAX_NODES:
        colours = _numbered({node.id: (node.shape, _kind(node)) for node in graph.nodes})
    return _joined(graph, colours, more)


def _sight(node: Node) -> object:
    return (node.shape, _kind(node), node.label.details, node.agents)


def _kind(node: Node) -> str:
    """Return the kind of a node without its number."""
    return node.label.heading.rstrip("0123456789").rstrip()


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


def _joined(graph: Graph, colours: Colours, more: str) -> Graph:
    groups: dict[int, list[Node]] = defaultdict(list)
    for node in graph.nodes:
        groups[colours[node.id]].append(node)
    nodes = {colour: _node_of(members, more) for colour, members in groups.items()}
    edges = dict.fromkeys(
        Edge(nodes[colours[e.source]].id, nodes[colours[e.target]].id, e.relation, e.marks_source)
        for e in graph.edges
        if e.source in colours and e.target in colours
    )
    return Graph(tuple(nodes.values()), tuple(edges))


def _node_of(members: list[Node], more: str) -> Node:
    first, last = members[0], members[-1]
    if len(members) == 1:
        return first
    details = first.label.details if all(m.label.details == first.label.details for m in members) else ()
    names = dict.fromkeys((first.label.name, last.label.name))
    label = Label(_kind(first), " … ".join(names), (*details, more.format(count=len(members))))
    agents = first.agents if all(member.agents == first.agents for member in members) else ()
    return replace(first, label=label, agents=agents)
