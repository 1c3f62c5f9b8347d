"""Formats a history for Graphviz, whose `dot` draws it.

Entities are notes, events octagons, agents houses; arrows have the names and directions of PROV.

Source: Graphviz, The DOT Language (quoted strings, escapes in labels).
"""

from __future__ import annotations

import re
import textwrap

from archtool.exports.provenance.relations import event_label, named_relations
from archtool.printable import without_steering
from archtool.provenance.model import History

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\r": " ", "\n": " ", "\t": " "}
_LABEL_WIDTH = 30  # Graphviz does not break lines, and titles are long
_SPECIAL = re.compile(r"""["\\\r\n\t]|[\ud800-\udfff\ufffe\uffff]""")


def format_dot(history: History) -> str:
    """Return the graph; the same history gives the same text."""
    lines = [
        f"digraph {_quoted(history.package_id)} {{",
        '  rankdir=BT; charset="UTF-8";',
        '  node [fontname="DejaVu Sans,sans-serif"]; edge [fontname="DejaVu Sans,sans-serif", fontsize=10];',
    ]
    lines += [_node(one.id, "note", f"{one.kind.value}: {one.label}") for one in history.entities]
    lines += [_node(one.id, "octagon", event_label(one)) for one in history.events]
    lines += [_node(agent.id, "house", agent.name) for agent in history.agents]
    for one in named_relations(history):
        lines.append(f"  {_quoted(one.source)} -> {_quoted(one.target)} [label={_quoted(one.label)}];")
    return "\n".join([*lines, "}"]) + "\n"


def _node(name: str, shape: str, label: str) -> str:
    lines = textwrap.wrap(without_steering(label)[0], _LABEL_WIDTH, break_long_words=False) or [""]
    wrapped = "\\n".join(_quoted(line)[1:-1] for line in lines)
    return f'  {_quoted(name)} [shape={shape}, label="{wrapped}"];'


def _quoted(text: str) -> str:
    """Return a quoted string; a backslash is doubled, because labels have escapes."""
    plain = without_steering(text)[0]
    return '"' + _SPECIAL.sub(lambda found: _ESCAPES.get(found[0], "\ufffd"), plain) + '"'
