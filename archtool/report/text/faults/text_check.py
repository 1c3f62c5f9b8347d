"""Formats what is wrong with a text: for each kind its count, its first places in their lines, the remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archtool.files.paths import shown
from archtool.report.numbers import counted, format_size
from archtool.report.text.batch import Line, Style
from archtool.report.text.page import MIN_WIDTH, one_line, wrap
from archtool.results import Result

_VARIANTS_SHOWN = 12
_INDENT = "    "


def format_text_check(result: Result, width: int, repair_command: str | None) -> Iterator[Line]:
    """Yield a block for each kind that was found, then a line about the whole text.

    `repair_command` previews the repair of all that rule sets can mend; `None` if they can mend nothing.
    """
    width = max(width, MIN_WIDTH)
    for fault in result.facts["faults"]:
        yield from _fault_lines(fault, width)
        yield from _remedy(fault, width)
        yield Line("")
    yield from (Line(line) for line in wrap(_summary(result), width, hanging=2))
    if repair_command is not None:
        yield Line("  to see the repair, run:")
        yield Line(f"  {repair_command}")


def _fault_lines(fault: Mapping[str, Any], width: int) -> Iterator[Line]:
    title = f"{fault['count']:,} {fault['noun']} [{fault['code']}]"
    if not fault["places"]:
        title = f"{one_line(fault['detail'] or fault['noun'])} [{fault['code']}]"
    elif fault["detail"]:
        title += f": {one_line(fault['detail'])}"
    yield from (Line(line, Style.BAD) for line in wrap(title, width, hanging=2))
    variants = [v for v in fault["variants"] if len(fault["variants"]) > 1 or v["text"] not in ("", "…")]
    if variants:
        named = [f"{one_line(v['text'])}\u00a0{v['count']:,}" for v in variants[:_VARIANTS_SHOWN]]
        named += [f"and {len(variants) - _VARIANTS_SHOWN} more"] if len(variants) > _VARIANTS_SHOWN else []
        yield from (Line(line) for line in wrap(", ".join(named), width, "  "))
    positions = [f"{place['line']}:{place['column']}" for place in fault["places"]]
    room = max(map(len, positions), default=0)
    for place, position in zip(fault["places"], positions, strict=True):
        lead = f"{_INDENT}{position:>{room}}  "
        yield Line(lead + _in_context(place, width - len(lead)))
    left = fault["count"] - len(fault["places"])
    if left and fault["places"]:
        yield Line(f"{_INDENT}{'':>{room}}  and {left:,} more (--all lists them)", Style.QUIET)


def _in_context(place: Mapping[str, Any], room: int) -> str:
    """Return a place between brackets in as much of its line as there is room for."""
    marked = f"[{one_line(place['shown']) or place['shown']}]"
    before, after = _visible(place["before"]), _visible(place["after"])
    half = max((room - len(marked)) // 2, 0)
    left = max(half, room - len(marked) - len(after))
    right = max(half, room - len(marked) - len(before))
    before = before if len(before) <= left else f"…{before[-(left - 1) :]}" if left > 1 else ""
    after = after if len(after) <= right else f"{after[: right - 1]}…" if right > 1 else ""
    return f"{before}{marked}{after}"


def _visible(text: str) -> str:
    """Return a part of a line with its spaces as they are: doubled ones are what is shown."""
    return "".join(
        char if char.isprintable() or char == "\u00a0" else shown(char) for char in text.replace("\t", " ")
    )


def _remedy(fault: Mapping[str, Any], width: int) -> Iterator[Line]:
    text = f"hint: {fault['advice']}"
    if fault["rule_set"] is not None:
        text += f" (rule set {fault['rule_set']})"
    yield from (Line(line, Style.QUIET) for line in wrap(text, width, "  ", hanging=8))


def _summary(result: Result) -> str:
    facts = result.facts
    faults = facts["faults"]
    found = sum(fault["count"] for fault in faults)
    parts = [f"{counted(found, 'place')} of {counted(len(faults), 'kind')}" if faults else "nothing found"]
    parts += [counted(facts["lines"], "line"), format_size(facts["size_bytes"]), facts["encoding"]]
    if facts["language"] is not None:
        parts.append(f"language: {facts['language']}")
    return f"{shown(result.subject)}: {' · '.join(parts)}"
