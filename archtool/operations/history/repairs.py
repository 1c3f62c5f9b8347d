"""Adds to the history the repair of a text: a normalization, from the original to the repaired copy.

What was changed, by which rule sets and by whom, is what the change log states.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archtool.description.model import TranscriptionFile, Within
from archtool.encodings import DEFAULT_ENCODING
from archtool.operations.history.material import HistoryMaterial
from archtool.provenance import model as prov
from archtool.provenance.builder import stated_facts
from archtool.provenance.model import ProvEvent
from archtool.provenance.vocabulary import event_type_uri

if TYPE_CHECKING:  # lazy: 10 ms, only repaired texts need it
    from archtool.text.repairing.change_log import ChangeLog

NORMALIZATION = "normalization"
"""The Library of Congress term for a copy in a form that is easier to use, made of a file that is kept."""
ORIGINAL_ROLE = "original-extraction"
"""The role of a text as it arrived, of which a repaired copy was made."""
REVIEWER = "reviewer"


def original_facts(material: HistoryMaterial, part: TranscriptionFile) -> dict[str, Any]:
    """Return the facts about the original of a repaired text."""
    text = material.repairs.by_copy.get(part.file)
    return {
        "role": ORIGINAL_ROLE,
        "language": part.language or material.description.language,
        "encoding": text.log.encoding if text is not None and text.log.encoding != DEFAULT_ENCODING else None,
    }


def add_repair(material: HistoryMaterial, part: TranscriptionFile) -> None:
    """Add the repair of a text, if it was repaired and both files are in the payload."""
    repair = part.repair
    if repair is None or repair.original not in material.file_ids:
        return
    text = material.repairs.by_copy.get(part.file)
    original, copy = material.file_ids[repair.original], material.file_ids[part.file]
    facts: dict[str, Any] = {} if text is None else {"change-log": text.log_path, **_log_facts(text.log)}
    facts |= {"decided-changes": text.decided or None} if text is not None else {}
    event = material.builder.event(
        ProvEvent(
            material.builder.new_id(f"{NORMALIZATION}-of-{copy}"),
            NORMALIZATION,
            f"{NORMALIZATION}: {part.file}",
            event_type_uri(NORMALIZATION),
            text.log.date.isoformat(timespec="seconds") if text is not None else None,
            used=((original, None),),
            generated=(copy,),
            agents=tuple(_agents(material, text.log)) if text is not None else (),
            facts=stated_facts({**facts, "note": repair.note}),
        )
    )
    material.builder.derive(prov.Derivation(copy, original, NORMALIZATION, event))


def _log_facts(log: ChangeLog) -> dict[str, Any]:
    return {
        "rule-set": [f"{name}: {count}" for name, count in log.counts.items()],
        "change-count": log.change_count,
        "open-places": log.open_places,
        "word-list": [f"{words.name} (sha512:{words.sha512})" for words in log.word_lists],
    }


def _agents(material: HistoryMaterial, log: ChangeLog) -> Iterator[tuple[str, str]]:
    """Yield the program and the person, with their roles; the log names the program with its version."""
    name, _, version = log.software.rpartition(" ")
    program = material.builder.agent(name or log.software, "software", version=version if name else None)
    yield program, "executing-program"
    if log.reviewer is not None:
        yield material.builder.agent(log.reviewer, "person"), REVIEWER


def ranges_of(material: HistoryMaterial, within: Within) -> Iterator[Within]:
    """Yield where the lines of an annexe are: in the repaired copy and its original, or in one file."""
    ranges = material.repairs.ranges(within)
    found = (within,) if ranges is None else (ranges.copy, ranges.original)
    yield from (one for one in found if one is not None and one.file in material.file_ids)
