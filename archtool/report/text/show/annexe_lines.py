"""Formats ranges of lines with their first and last words, so that a person sees what was declared.

Each quotation has a line of its own and follows a word in Latin letters: a terminal then shows Hebrew or
Arabic text between its own quotation marks.
"""

from __future__ import annotations

from collections.abc import Iterator

from archtool.files.paths import shown
from archtool.report.annexe_lines import AnnexeLines
from archtool.report.text.columns import cut_end, cut_start
from archtool.report.text.page import MIN_WIDTH, one_line, wrap

_MARKS = 2  # columns of the quotation marks


def format_annexe_lines(lines: AnnexeLines, width: int) -> Iterator[str]:
    """Yield the name of the annexe with its lines, and the quotations."""
    name = lines.annexe or lines.title
    text = f"annexe {one_line(name)}: {line_range(lines)} of {shown(lines.file)}{empty_lines(lines)}"
    yield from wrap(text, max(width, MIN_WIDTH), hanging=2)
    yield from (f"  {line}" for line in quotations(lines, max(width, MIN_WIDTH) - 2))


def line_range(lines: AnnexeLines) -> str:
    """Return the numbers of the lines."""
    if lines.from_line == lines.to_line:
        return f"line {lines.from_line}"
    return f"lines {lines.from_line}–{lines.to_line}"


def empty_lines(lines: AnnexeLines) -> str:
    """Return how many lines at the edges are empty; nothing if none is."""
    edges = [(lines.empty_lines_at_start, "first"), (lines.empty_lines_at_end, "last")]
    if not lines.begins:
        return " (no words)"
    texts = [
        f"the {place} {'is' if count == 1 else str(count) + ' are'} empty" for count, place in edges if count
    ]
    return f" ({', '.join(texts)})" if texts else ""


def quotations(lines: AnnexeLines, width: int) -> list[str]:
    """Return the lines with the quotations; a short text is quoted once."""
    if not lines.begins:
        return []
    room = width - len("begins ") - _MARKS
    first, last = one_line(cut_end(lines.begins, room)), one_line(cut_start(lines.ends, room))
    if lines.begins == lines.ends:
        return [f"text   “{first}”"]
    return [f"begins “{first}”", f"ends   “{last}”"]
