"""Adds to the history the payload files: the facts about each, how it was made, and from what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from archtool.description.model import OtherFile, TranscriptionFile
from archtool.files.file_times import format_time
from archtool.files.hashing.file_record import FileRecord
from archtool.operations.history.editions import primary_language, translation_order
from archtool.operations.history.formats import FormatFacts
from archtool.operations.history.material import HistoryMaterial, as_tuple, known_file_ids
from archtool.operations.history.repairs import add_repair, original_facts, ranges_of
from archtool.operations.open_package.package_paths import CRATE_PATH
from archtool.provenance import model as prov
from archtool.provenance.builder import stated_facts
from archtool.provenance.model import EntityKind, ProvEvent

PLACEHOLDER_ROLE = "placeholder"
"""The role of a file that archtool wrote to keep an empty folder."""
CRATE_ROLE = "ro-crate-metadata"
"""The role of the file that archtool wrote to make the payload an RO-Crate."""
CRATE_NAME = CRATE_PATH.removeprefix("data/")
_PLACEHOLDER_NOTE = (
    "an empty file written to keep its folder, which is empty in the sources; it is not content"
)
_CRATE_NOTE = "the metadata of the payload as an RO-Crate, made from the description; it is not content"


def written_files(placeholders: Iterable[str], *, has_crate: bool) -> dict[str, dict[str, str]]:
    """Return the role and a note of each file that archtool wrote into the payload, by name."""
    placeholder = {"role": PLACEHOLDER_ROLE, "note": _PLACEHOLDER_NOTE}
    crate = {CRATE_NAME: {"role": CRATE_ROLE, "note": _CRATE_NOTE}} if has_crate else {}
    return {**dict.fromkeys(placeholders, placeholder), **crate}


def add_files(material: HistoryMaterial, formats: FormatFacts) -> None:
    """Add each payload file with its digests, how it was made, and what it was made from."""
    parts = {part.file: part for part in material.description.transcription}
    originals = {repair.original: part for part, repair in material.description.repairs()}
    others = {other.file: other for other in material.description.files}
    for name, record in material.files.items():
        stated = _file_facts(material, parts.get(name), others.get(name))
        if name in material.written:
            stated = dict(material.written[name])
        elif name in originals and name not in parts:
            stated = original_facts(material, originals[name])
        facts: dict[str, Any] = {
            "path": record.path,
            **stated,
            "file-system-modified-at": _time_of(record),
            "size-bytes": record.size_bytes,
            **formats.get(record.path, {}),
            "digest": [str(digest) for digest in record.digests],
        }
        material.builder.entity(material.file_ids[name], EntityKind.FILE, name, facts)
    for name, folder in material.folders.items():
        facts = {
            "folder": folder.path,
            **_file_facts(material, None, others[name]),
            "file-count": folder.file_count,
            "total-bytes": folder.total_bytes,
            **formats.get(folder.path, {}),
            "manifest-lines": [str(digest) for digest in folder.lines],
        }
        material.builder.entity(material.file_ids[name], EntityKind.FOLDER, name, facts)
    for part in material.description.transcription:
        if part.file in material.file_ids:
            _add_transcription(material, part)
    _add_annexe_texts(material)
    for other in material.description.files:
        if other.file in material.file_ids:
            _add_other_file(material, other)


def _time_of(record: FileRecord) -> str | None:
    return format_time(record.modified_at_ns) if record.modified_at_ns is not None else None


def _file_facts(
    material: HistoryMaterial, part: TranscriptionFile | None, other: OtherFile | None
) -> dict[str, Any]:
    if part:
        return {
            "role": "transcription",
            "title": part.title,
            "language": part.language or material.description.language,
            "encoding": part.encoding,
            "note": part.note,
        }
    if other:
        origin, subject = as_tuple(other.derived_from), as_tuple(other.of)
        return {
            "role": other.role,
            "title": other.title,
            "language": other.language,
            "of": () if _is_made_from_subject(other) else material.known_ids(subject),
            "of-in-words": material.unknown_ids(subject),
            "derived-from-in-words": [
                name for name in material.unknown_ids(origin) if name not in material.file_ids
            ],
            "note": other.note,
        }
    return {}


def _is_made_from_subject(other: OtherFile) -> bool:
    """Return whether a file was made from its subject (`of`); a permission or supplement accompanies it."""
    return other.role in ("facsimile", "derived")


def _add_transcription(material: HistoryMaterial, part: TranscriptionFile) -> None:
    """Add how a text was made; what was transcribed is the original of a repaired text, not its copy."""
    file = part.file
    if part.repair is not None and part.repair.original in material.file_ids:
        file = part.repair.original
    entity, sources = material.file_ids[file], _sources_of(material, part)
    agents = tuple((material.agent_id(agent), "transcriber") for agent in part.transcribers)
    event = _add_file_making(material, replace(part, file=file), "transcription", sources, agents)
    for source in sources:
        material.builder.derive(prov.Derivation(entity, source, "text", event))
    add_repair(material, part)


def _sources_of(material: HistoryMaterial, part: TranscriptionFile) -> tuple[str, ...]:
    """Return the text that this file was copied from; both candidates if their order is unknown."""
    if material.translation_id is None or material.description.translation is None:
        return (material.source_id,)
    order, stated = (
        translation_order(material),
        primary_language(part.language or material.description.language),
    )
    untranslated = stated and stated != primary_language(material.description.translation.to_language)
    if order == "in-source" or untranslated:
        return (material.source_id,)
    return (
        (material.translation_id,)
        if order == "from-source"
        else (material.translation_id, material.source_id)
    )


def _add_file_making(
    material: HistoryMaterial,
    stated: TranscriptionFile | OtherFile,
    kind: str,
    sources: tuple[str, ...],
    agents: tuple[tuple[str, str], ...] = (),
) -> str | None:
    """Add the making of a file as an event, if anything is stated about it; return the event's id."""
    facts = stated_facts({"method": stated.method, "credit": stated.credit})
    if not (facts or agents or stated.date):
        return None
    entity = material.file_ids[stated.file]
    return material.builder.event(
        ProvEvent(
            material.builder.new_id(f"making-of-{entity}"),
            kind,
            f"{kind}: {stated.file}",
            date=stated.date,
            used=tuple((source, None) for source in sources),
            generated=(entity,),
            agents=agents,
            facts=facts,
        )
    )


def _add_annexe_texts(material: HistoryMaterial) -> None:
    """Add where the text of each annexe is: a separate file, or some lines of a shared file."""
    for place, annexe in material.description.all_annexes():
        entity = material.annexe_ids[place]
        if annexe.file and annexe.file in material.file_ids:
            material.builder.derive(prov.Derivation(material.file_ids[annexe.file], entity, "text"))
        for within in ranges_of(material, annexe.within) if annexe.within else ():
            lines = (within.from_line, within.to_line)
            material.builder.derive(
                prov.Derivation(material.file_ids[within.file], entity, "text", None, *lines)
            )


def _add_other_file(material: HistoryMaterial, other: OtherFile) -> None:
    entity = material.file_ids[other.file]
    subjects = material.known_ids(as_tuple(other.of)) if _is_made_from_subject(other) else ()
    origin = as_tuple(other.derived_from)
    origins = material.known_ids(origin) or known_file_ids(material, origin)
    event = _add_file_making(material, other, other.role, (*origins, *subjects))
    for source in origins:
        material.builder.derive(prov.Derivation(entity, source, "derived", event))
    for source in subjects:
        material.builder.derive(prov.Derivation(entity, source, other.role, event))
