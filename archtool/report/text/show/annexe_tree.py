"""Draws the inventory of annexes and enclosures as a tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archtool.description.model import Agent, Annexe, Creator
from archtool.report.annexe_lines import AnnexeLines, Place
from archtool.report.numbers import counted
from archtool.report.package_view import PackageView
from archtool.report.text.page import Page
from archtool.report.text.show.annexe_lines import empty_lines, quotations
from archtool.report.text.show.phrases import attribution, dated, in_language, names
from archtool.report.text.tree import Branch, draw_tree

_INDENT, _LEVEL = 5, 3  # columns of the drawing
_STATES = {
    "reproduced": "reproduced here",
    "listed": "listed, not in this text",
    "not-reproduced": "not reproduced in the source",
    "lost": "lost",
    "this-document": "this document itself",
    "unknown": "unknown",
}


def write_annexes(page: Page, view: PackageView, annexes: Sequence[Annexe]) -> None:
    """Add the section with the annexes."""
    page.section("Annexes")
    if not annexes:
        page.field("", "none described")
    branches = [_branch(page, view, annexe, (i,)) for i, annexe in enumerate(annexes)]
    page.lines += [f"  {line}" for line in draw_tree(branches)]


def _branch(page: Page, view: PackageView, annexe: Annexe, place: Place) -> Branch:
    room = _INDENT + _LEVEL * len(place)
    is_counted = annexe.number is not None and annexe.number.isdecimal()
    title = f"{annexe.number}. {annexe.title}" if is_counted else annexe.title
    texts = [title, _facts(view, annexe, is_counted=is_counted), *_doubts(annexe.creators)]
    seen = view.lines.get(place)
    texts += [_state(annexe, seen)]
    if seen is not None:
        texts += quotations(seen, page.width - room)
    texts += [annexe.note or ""]
    lines = [line for text in texts if text for line in page.wrapped(text, room)]
    inner = tuple(_branch(page, view, e, (*place, i)) for i, e in enumerate(annexe.enclosures))
    return Branch(tuple(lines), inner)


def _facts(view: PackageView, annexe: Annexe, *, is_counted: bool) -> str:
    facts = [f"no. {annexe.number}" if annexe.number and not is_counted else "", dated(annexe.date)]
    facts += [", ".join(_named(creator.agent) for creator in annexe.creators)]
    facts += [f"to {names(annexe.addressees)}" if annexe.addressees else ""]
    facts += [in_language(view, annexe.language), f"id {annexe.id}" if annexe.id else ""]
    return ", ".join(filter(None, facts))


def _named(agent: Agent) -> str:
    return f"{agent.name} ({agent.note})" if agent.note else agent.name


def _doubts(creators: Sequence[Creator]) -> Iterator[str]:
    for creator in creators:
        if creator.attribution is not None:
            yield f"{creator.agent.name}: {attribution(creator.attribution)}"


def _state(annexe: Annexe, seen: AnnexeLines | None) -> str:
    state = f"[{_STATES[annexe.status.value]}]"
    if annexe.file is not None:
        state += f" data/{annexe.file}"
    if annexe.within is not None:
        last = f" to {annexe.within.to_line}" if annexe.within.to_line is not None else " to the end"
        numbers = f"lines {annexe.within.from_line}{last}"
        more = empty_lines(seen) if seen is not None else ""
        state += f" data/{annexe.within.file}, {numbers}{more}"
    if annexe.according_to is not None:
        state += f" (according to {annexe.according_to})"
    if annexe.enclosures_stated is not None:
        state += f"; states {counted(annexe.enclosures_stated, 'enclosure')}"
    return state
