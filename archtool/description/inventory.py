"""Checks, records and summarises the annexe inventory: what and where each annexe is, and who states that.

An annexe can contain annexes. One of them can be the packaged document itself. Some are known only by title.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from archtool.description import finding_kinds
from archtool.description.model import Agent, Annexe, AnnexeStatus, Creator, Description
from archtool.findings import Finding

INVENTORY_SCHEMA = "urn:archtool:schema:annexes:1"
DESCRIBED_BY = "description"
"""Who states a status if no other source is named: the archivist, in the description."""

FileFacts = Callable[[Annexe], Mapping[str, Any]]
"""Returns the file and the digests of a reproduced annexe; they are known only after the files were read."""


def check_inventory(description: Description) -> Iterator[tuple[tuple[int, ...], Finding]]:
    """Check the inventory for contradictions; yield each finding with the annexe's place in the tree."""
    for place, annexe in description.all_annexes():
        for finding in (*_check_place(annexe), *_check_enclosures(annexe)):
            yield place, finding


def _check_place(annexe: Annexe) -> Iterator[Finding]:
    has_text = annexe.file is not None or annexe.within is not None
    if annexe.file is not None and annexe.within is not None:
        yield finding_kinds.FILE_AND_WITHIN.at(f"{_named(annexe)} has both `file` and `within`")
    if annexe.status is AnnexeStatus.REPRODUCED and not has_text:
        yield finding_kinds.REPRODUCED_WHERE.at(f"{_named(annexe)} is `reproduced`, but no file is named")
    if annexe.status is not AnnexeStatus.REPRODUCED and has_text:
        yield finding_kinds.NOT_REPRODUCED_FILE.at(
            f"{_named(annexe)} is `{annexe.status.value}`, but has a file"
        )
    within = annexe.within
    if within is not None and within.is_backwards:
        message = f"{_named(annexe)}: lines {within.from_line} to {within.to_line}"
        yield finding_kinds.LINES_BACKWARDS.at(message)


def _check_enclosures(annexe: Annexe) -> Iterator[Finding]:
    stated, listed = annexe.enclosures_stated, len(annexe.enclosures)
    numbers = [e.number for e in annexe.enclosures if e.number is not None]
    if stated is not None and stated != listed:
        missing = _missing_numbers(numbers, stated)
        message = f"{_named(annexe)} states {stated} enclosures, {listed} are listed{missing}"
        yield finding_kinds.COUNT_DIFFERS.at(message)
    for number, count in Counter(numbers).items():
        if count > 1:
            message = f"{_named(annexe)} has {count} enclosures with the number {number}"
            yield finding_kinds.NUMBER_TWICE.at(message)


def _missing_numbers(numbers: list[str], stated: int) -> str:
    """Return the missing numbers as text, if the enclosures are numbered from 1."""
    if not numbers or stated > 1000 or not all(n.isdecimal() for n in numbers):
        return ""
    missing = [str(n) for n in range(1, stated + 1) if str(n) not in numbers]
    return f"; missing: {', '.join(missing)}" if missing else ""


def _named(annexe: Annexe) -> str:
    return f"annexe “{annexe.title[:60]}{'…' if len(annexe.title) > 60 else ''}”"


def inventory_record(description: Description, file_facts: FileFacts) -> dict[str, Any]:
    """Return the content of `metadata/annexes.json`, including the digests of each reproduced text."""
    return {
        "schema": INVENTORY_SCHEMA,
        "document": {"id": description.id, "title": description.title},
        "counts": dict(count_states(description)),
        "annexes": [_record(a, DESCRIBED_BY, file_facts) for a in description.annexes],
    }


def _record(annexe: Annexe, stated_by: str, file_facts: FileFacts) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "id": annexe.id,
        "number": annexe.number,
        "title": annexe.title,
        "date": annexe.date,
        "language": annexe.language,
        "status": annexe.status.value,
        "according-to": annexe.according_to or stated_by,
        "creators": [_creator_record(c) for c in annexe.creators],
        "addressees": [_agent_record(a) for a in annexe.addressees],
        "note": annexe.note,
        "text": dict(file_facts(annexe)) or None,
        "enclosures-stated": annexe.enclosures_stated,
    }
    record = {key: value for key, value in facts.items() if value not in (None, [])}
    if annexe.enclosures or annexe.enclosures_stated is not None:
        # the annexe that contains an enclosure states it, unless another source is named
        inner = annexe.id or annexe.title
        record["enclosures"] = [_record(e, inner, file_facts) for e in annexe.enclosures]
    return record


def _creator_record(creator: Creator) -> dict[str, str]:
    record = {**_agent_record(creator.agent), "role": creator.role}
    if creator.attribution is not None:
        record["attribution"] = creator.attribution.status
    return record


def _agent_record(agent: Agent) -> dict[str, str]:
    facts = {"name": agent.name, "type": agent.type, "id": agent.id}
    return {key: value for key, value in facts.items() if value is not None}


def count_states(description: Description) -> Counter[str]:
    """Count annexes and enclosures by status, in the order in which the statuses are defined."""
    if not description.annexes:
        return Counter()
    counts = Counter(annexe.status for _, annexe in description.all_annexes())
    return Counter({status.value: counts[status] for status in AnnexeStatus if counts[status]})


def summarise_inventory(description: Description) -> str:
    """Summarise the inventory in one line for bag-info.txt."""
    if not description.annexes:
        return "none described"
    top = len(description.annexes)
    inner = sum(1 for place, _ in description.all_annexes() if len(place) > 1)
    parts = [f"{top} {'annexe' if top == 1 else 'annexes'}"]
    parts += [f"{inner} {'enclosure' if inner == 1 else 'enclosures'}"] if inner else []
    states = ", ".join(f"{count} {state}" for state, count in count_states(description).items())
    return f"{' with '.join(parts)}: {states}"
