"""Formats a history as a Mermaid flowchart, which wikis and code hosts draw.

Entities are rectangles, events hexagons, agents rounded; arrows have the names and directions of PROV.

Source: Mermaid, flowchart syntax (shapes, quoted texts with entity codes).
"""

from __future__ import annotations

import re

from archtool.exports.provenance.relations import event_label, named_relations
from archtool.printable import without_steering
from archtool.provenance.model import History

_SPECIAL = re.compile(r"""["#&<>`\\\r\n\t*_~\[\]{}()|]|[\ud800-\udfff\ufffe\uffff]""")


def format_mermaid(history: History) -> str:
    """Return the flowchart; the same history gives the same text."""
    ids = {name: f"n{number}" for number, name in enumerate(history.labels(), 1)}
    lines = ["flowchart TB"]
    lines += [f'  {ids[one.id]}["{_text(f"{one.kind.value}: {one.label}")}"]' for one in history.entities]
    lines += [f'  {ids[one.id]}{{{{"{_text(event_label(one))}"}}}}' for one in history.events]
    lines += [f'  {ids[one.id]}(["{_text(one.name)}"])' for one in history.agents]
    for one in named_relations(history):
        lines.append(f'  {ids[one.source]} -->|"{_text(one.label)}"| {ids[one.target]}')
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    """Escape all characters that Mermaid or HTML could take for markup; line ends become spaces."""
    return _SPECIAL.sub(lambda found: _code(found[0]), without_steering(text)[0])


def _code(char: str) -> str:
    if char in "\r\n\t":
        return " "
    return f"#{ord(char)};" if ord(char) < 0x80 else "\ufffd"
