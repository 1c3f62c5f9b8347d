"""The annexe inventory: what each annexe and enclosure is, where it is, and on whose word.

An annexe can hold annexes; one of them can be the packaged document itself; some exist only as a title.
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
"""On whose word a status stands where nobody else is named: the archivist's, in the description."""

FileFacts = Callable[[Annexe], Mapping[str, Any]]
"""Where the text of a reproduced annexe is, with its digests: known only once the files were read."""


def check_inventory(description: Description) -> Iterator[tuple[tuple[int, ...], Finding]]:
    """Hold the inventory against itself; each finding with the annexe's place in the tree."""
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
    if within is not None and within.to_line is not None and within.to_line < within.from_line:
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
    """Say which are missing, where the enclosures are simply numbered from 1."""
    if not numbers or stated > 1000 or not all(n.isdecimal() for n in numbers):
        return ""
    missing = [str(n) for n in range(1, stated + 1) if str(n) not in numbers]
    return f"; missing: {', '.join(missing)}" if missing else ""


def _named(annexe: Annexe) -> str:
    return f"annexe “{annexe.title[:60]}{'…' if len(annexe.title) > 60 else ''}”"


def inventory_record(description: Description, file_facts: FileFacts) -> dict[str, Any]:
    """The inventory for `metadata/annexes.json`, the digests of each reproduced text included."""
    return {
        "schema": INVENTORY_SCHEMA,
        "document": {"id": description.id, "title": description.title},
        "counts": dict(count_states(description)),
        "annexes": [_record(a, DESCRIBED_BY, file_facts) for a in description.annexes],
    }


def _record(annexe: Annexe, word: str, file_facts: FileFacts) -> dict[str, Any]:
    stated_by = annexe.according_to or word
    facts: dict[str, Any] = {
        "id": annexe.id,
        "number": annexe.number,
        "title": annexe.title,
        "date": annexe.date,
        "language": annexe.language,
        "status": annexe.status.value,
        "according-to": stated_by,
        "creators": [_creator_record(c) for c in annexe.creators],
        "addressees": [_agent_record(a) for a in annexe.addressees],
        "note": annexe.note,
        "text": dict(file_facts(annexe)) or None,
        "enclosures-stated": annexe.enclosures_stated,
    }
    record = {key: value for key, value in facts.items() if value not in (None, [])}
    if annexe.enclosures or annexe.enclosures_stated is not None:
        # an enclosure is listed by the annexe that holds it, unless somebody else is named
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
    """How many annexes and enclosures are in each state, in the order of the states' definition."""
    if not description.annexes:  # often
        return Counter()
    seen = Counter(annexe.status for _, annexe in description.all_annexes())
    return Counter({state.value: seen[state] for state in AnnexeStatus if seen[state]})


def summarise_inventory(description: Description) -> str:
    """The inventory in one line for bag-info.txt."""
    if not description.annexes:
        return "none described"
    top = len(description.annexes)
    inner = sum(1 for place, _ in description.all_annexes() if len(place) > 1)
    parts = [f"{top} {'annexe' if top == 1 else 'annexes'}"]
    parts += [f"{inner} {'enclosure' if inner == 1 else 'enclosures'}"] if inner else []
    states = ", ".join(f"{count} {state}" for state, count in count_states(description).items())
    return f"{' with '.join(parts)}: {states}"
