"""Formats the lines of a page as plain text: paragraphs are separated by an empty line."""

from __future__ import annotations

from collections.abc import Sequence

from archtool.pages.model import Line, LineKind

RULE = "* * *"


def format_text(lines: Sequence[Line]) -> str:
    """Return the text; an empty text has no line.

    A horizontal rule becomes a row of asterisks, unless it stands at the beginning or the end, or behind
    another rule.
    """
    parts: list[str] = []
    before: Line | None = None
    for line in _without_loose_rules(lines):
        if before is not None:
            parts.append("\n" if _is_close(before, line) else "\n\n")
        parts.append(RULE if line.kind is LineKind.RULE else _indented(line))
        before = line
    return "".join([*parts, "\n"]) if parts else ""


def _without_loose_rules(lines: Sequence[Line]) -> list[Line]:
    kept: list[Line] = []
    for line in lines:
        if line.kind is not LineKind.RULE or (kept and kept[-1].kind is not LineKind.RULE):
            kept.append(line)
    while kept and kept[-1].kind is LineKind.RULE:
        kept.pop()
    return kept


def _is_close(before: Line, line: Line) -> bool:
    """Whether no empty line is between two lines: in one paragraph, or between the items of a list."""
    is_list = bool(before.indent.strip() and line.indent.strip())
    return before.block == line.block or is_list or before.kind is LineKind.TERM


def _indented(line: Line) -> str:
    return f"{line.indent}{line.text}".rstrip(" ") if line.kind is not LineKind.VERBATIM else line.text
