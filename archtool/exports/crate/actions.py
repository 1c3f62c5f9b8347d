"""Describes the events of the history as actions of an RO-Crate.

Source: RO-Crate 1.2, Provenance of entities; schema.org Action and its types.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archtool.exports.crate.crate_graph import CrateGraph, fact, facts_of
from archtool.exports.crate.values import Node, iso_date, labelled, node, other_date, sentences
from archtool.provenance.model import ProvEvent

_TYPES = {
    "custody-transfer": "TransferAction",
    "transfer": "TransferAction",
    "transfer-of-custody": "TransferAction",
    "validation": "CheckAction",
}
_PROGRAM = "executing-program"
_HOLDER = "holder-afterwards"


def action_nodes(graph: CrateGraph) -> Iterator[Node]:
    """Yield each event, in chronological order as far as it is known."""
    for event in graph.history.events:
        kind = _TYPES.get(event.kind) or ("CreateAction" if event.generated else "Action")
        yield node(graph.identifier(event.id), kind, _action(graph, event))


def _action(graph: CrateGraph, event: ProvEvent) -> dict[str, Any]:
    performers = [agent for agent, role in event.agents if role not in (_PROGRAM, _HOLDER)]
    return {
        "name": event.label,
        "agent": graph.refer(performers),
        "instrument": graph.refer(agent for agent, role in event.agents if role == _PROGRAM),
        "recipient": graph.refer(agent for agent, role in event.agents if role == _HOLDER),
        "object": graph.refer(used for used, _ in event.used),
        "result": graph.refer(event.generated),
        "endTime": iso_date(event.date),
        "location": fact(event, "place"),
        "additionalType": event.type_uri,
        "subjectOf": graph.refer(facts_of(event, "evidence")),
        "description": sentences(
            labelled("date (EDTF)", other_date(event.date)),
            labelled("method", fact(event, "method")),
            labelled("credit", fact(event, "credit")),
            labelled("evidence", fact(event, "evidence-in-words")),
            labelled("changes", ", ".join(facts_of(event, "rule-set"))),
            labelled("change log", fact(event, "change-log")),
            fact(event, "note"),
        ),
    }
