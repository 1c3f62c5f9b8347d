"""Lists as comments what a page says about itself, and which of its lines are not in the text file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archtool.findings import Finding, clip
from archtool.operations.importing import finding_kinds
from archtool.operations.importing.draft_format import DraftValues
from archtool.operations.importing.limits import MAX_OFFERED_CHARACTERS
from archtool.pages.elements import HIDDEN
from archtool.pages.model import Line
from archtool.pages.page import Page, verbatim_lines

_MAX_REMARK_CHARACTERS = 300
_MAX_META_CHARACTERS = 1_000
_AUTHORS = frozenset(["author", "dc.creator", "dcterms.creator", "creator", "article:author"])
_OFTEN_ANOTHER = " (often who made the page, not who wrote the text)"
_NUMBERED = 10  # lines whose numbers are printed


def line_name(number: int | None) -> str:
    """Return `line 12`, or other words if the line is not known."""
    return f"line {number}" if number is not None else "the page"


def add_remarks(draft: DraftValues, page: Page, source: str, text_file: str) -> list[Finding]:
    """Add the comments to a draft; return the findings."""
    draft.about_file += _about(page)
    draft.not_in_text += _lines_not_in_text(page)
    return list(_findings(page, source, text_file))


def _about(page: Page) -> Iterator[str]:
    for remark in page.parsed.head.remarks:
        warning = _OFTEN_ANOTHER if remark.what.lower() in _AUTHORS else ""
        text = clip(remark.text, _MAX_META_CHARACTERS)
        yield f"{line_name(remark.number)}: meta {remark.what}: {text}{warning}"
    for remark in page.parsed.remarks:
        yield f"{line_name(remark.number)}: {remark.what}: {clip(remark.text, _MAX_REMARK_CHARACTERS)}"
    if page.parsed.formatting:
        shown = ", ".join(f"{name} {count:,}×" for name, count in page.parsed.formatting)
        yield f"plain text does not show: {shown}"


def _lines_not_in_text(page: Page) -> list[str]:
    lines = [(field.number, text) for field in page.header for text in verbatim_lines(page, field)]
    lines += [(line.number, f"navigation: {line.text}") for line in page.left_out]
    lines.sort(key=lambda item: item[0] or 0)
    return [f"{line_name(number)}: {clip(text, MAX_OFFERED_CHARACTERS)}" for number, text in lines]


def _findings(page: Page, source: str, text_file: str) -> Iterator[Finding]:
    for remark in page.parsed.remarks:
        if remark.what == HIDDEN:
            yield finding_kinds.HIDDEN.at(f"hidden text: {clip(remark.text, 200)}", source, remark.number)
    for name, count in page.steering:
        yield finding_kinds.HIDDEN.at(
            f"the text has the invisible character {name}, {count:,} times", text_file
        )
    if page.left_out:
        yield finding_kinds.NOT_IN_TEXT.at(_not_in_text(page.left_out), source)
    if not page.text:
        yield finding_kinds.NO_TEXT.at("the page has no text", source)


def _not_in_text(left_out: Sequence[Line]) -> str:
    numbers = [str(line.number) for line in left_out[:_NUMBERED] if line.number]
    if len(left_out) == 1:
        return f"a line of navigation is not in the text file (line {', '.join(numbers)})"
    more = ", …" if len(left_out) > _NUMBERED else ""
    listed = ", ".join(numbers) + more
    return f"{len(left_out):,} lines of navigation are not in the text file (lines {listed})"
