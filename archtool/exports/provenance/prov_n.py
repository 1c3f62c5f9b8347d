"""Formats a provenance manifest as PROV-N, the notation of PROV for people and for reasoners.

The input is PROV-JSON that conforms to archtool's schema; each of its statements becomes one expression.

Source: PROV-N: The Provenance Notation (W3C Recommendation, 2013) §3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Record = Mapping[str, Any]

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_SPECIAL = re.compile(r"""["\\\n\r\t\b\f]|[\ud800-\udfff]""")
_PREDEFINED = frozenset({"prov", "xsd"})
"""Prefixes that every document has, and that must not be declared (§3.7.1)."""
_TIME = "prov:time"
# the positional arguments of each relation, `-` where none is stated; all others are attributes
_ARGUMENTS = {
    "used": ("prov:activity", "prov:entity", _TIME),
    "wasGeneratedBy": ("prov:entity", "prov:activity", _TIME),
    "wasAssociatedWith": ("prov:activity", "prov:agent", "prov:plan"),
    "wasAttributedTo": ("prov:entity", "prov:agent"),
    "wasDerivedFrom": (
        "prov:generatedEntity", "prov:usedEntity", "prov:activity", "prov:generation", "prov:usage",
    ),
    "specializationOf": ("prov:specificEntity", "prov:generalEntity"),
    "hadMember": ("prov:collection", "prov:entity"),
}  # fmt: skip


def format_prov_n(document: Record) -> str:
    """Return the document; the same manifest gives the same text."""
    lines = (f"  {line}" if line else "" for line in _expressions(document))
    return "\n".join(["document", *lines, "endDocument"]) + "\n"


def _expressions(document: Record) -> Iterator[str]:
    for prefix, uri in document["prefix"].items():
        if prefix not in _PREDEFINED:
            yield f"prefix {prefix} <{uri}>"
    yield ""
    elements: dict[str, Callable[[Record], tuple[str, ...]]] = {
        "entity": lambda _: (),
        "activity": lambda record: (record.get("prov:startTime", "-"), "-"),
        "agent": lambda _: (),
    }
    for section, arguments in elements.items():
        for name, record in document.get(section, {}).items():
            yield _expression(section, (_name(name), *arguments(record)), record, {"prov:startTime"})
    for section, names in _ARGUMENTS.items():
        for record in document.get(section, {}).values():
            stated = tuple(_argument(name, record.get(name)) for name in names)
            yield _expression(section, stated, record, set(names))


def _argument(name: str, value: Any) -> str:
    if value is None:
        return "-"
    return str(value) if name == _TIME else _name(str(value))


def _expression(kind: str, arguments: tuple[str, ...], record: Record, done: set[str]) -> str:
    attributes = [
        f"{_name(name)}={_literal(value)}"
        for name, values in record.items()
        if name not in done
        for value in (values if isinstance(values, list) else [values])
    ]
    listed = f", [{', '.join(attributes)}]" if attributes else ""
    return f"{kind}({', '.join(arguments)}{listed})"


def _name(name: str) -> str:
    """Return a qualified name; a full stop at the end is escaped (§3.7.1, PN_CHARS_ESC)."""
    return f"{name[:-1]}\\." if name.endswith(".") else name


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return f'"{str(value).lower()}" %% xsd:boolean'
    if isinstance(value, Mapping):
        if value["type"] == "xsd:QName":
            return f"'{_name(str(value['$']))}'"
        return f"{_quoted(str(value['$']))} %% {value['type']}"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    return '"' + _SPECIAL.sub(lambda found: _ESCAPES.get(found[0], "\ufffd"), text) + '"'
