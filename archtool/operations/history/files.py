"""Tells of the payload files: what each is, how it was made, and what it was made from."""

from __future__ import annotations

from typing import Any

from archtool.description.model import OtherFile, TranscriptionFile
from archtool.operations.history.editions import primary_language, translation_order
from archtool.operations.history.material import HistoryMaterial, ids_of, known_files
from archtool.provenance import model as prov
from archtool.provenance.builder import stated_facts
from archtool.provenance.model import EntityKind, ProvEvent


def add_files(t: HistoryMaterial) -> None:
    """Each payload file with its digests, how it was made, and what it was made from."""
    parts = {part.file: part for part in t.description.transcription}
    others = {other.file: other for other in t.description.files}
    for name, record in t.files.items():
        stated = _file_facts(t, parts.get(name), others.get(name))
        facts = {
            "path": record.path,
            **stated,
            "size-bytes": record.size_bytes,
            "digest": [str(digest) for digest in record.digests],
        }
        t.history.entity(t.file_ids[name], EntityKind.FILE, name, facts)
    for name, folder in t.folders.items():
        facts = {
            "folder": folder.path,
            **_file_facts(t, None, others[name]),
            "file-count": folder.file_count,
            "total-bytes": folder.total_bytes,
            "manifest-lines": [str(digest) for digest in folder.lines],
        }
        t.history.entity(t.file_ids[name], EntityKind.FOLDER, name, facts)
    for part in t.description.transcription:
        if part.file in t.file_ids:
            _tell_transcription(t, part)
    _tell_annexe_texts(t)
    for other in t.description.files:
        if other.file in t.file_ids:
            _tell_other_file(t, other)


def _file_facts(
    t: HistoryMaterial, part: TranscriptionFile | None, other: OtherFile | None
) -> dict[str, Any]:
    if part:
        return {
            "role": "transcription",
            "title": part.title,
            "language": part.language or t.description.language,
            "encoding": part.encoding,
            "note": part.note,
        }
    if other:
        origin, subject = ids_of(other.derived_from), ids_of(other.of)
        return {
            "role": other.role,
            "title": other.title,
            "language": other.language,
            "of": () if _shows(other) else t.known(subject),
            "of-in-words": t.unknown(subject),
            "derived-from-in-words": [name for name in t.unknown(origin) if name not in t.file_ids],
            "note": other.note,
        }
    return {}


def _shows(other: OtherFile) -> bool:
    """Whether it was made from what it is of; a permission or a supplement only accompanies it."""
    return other.role in ("facsimile", "derived")


def _tell_transcription(t: HistoryMaterial, part: TranscriptionFile) -> None:
    entity, sources = t.file_ids[part.file], _sources_of(t, part)
    agents = tuple((t.agent(agent), "transcriber") for agent in part.transcribers)
    event = _tell_file_making(t, part, "transcription", sources, agents)
    for source in sources:
        t.history.derive(prov.Derivation(entity, source, "text", event))


def _sources_of(t: HistoryMaterial, part: TranscriptionFile) -> tuple[str, ...]:
    """The last link of the chain before this file; both, where the order of the two is not known."""
    if t.translation is None or t.description.translation is None:
        return (t.source,)
    order, stated = translation_order(t), primary_language(part.language or t.description.language)
    untranslated = stated and stated != primary_language(t.description.translation.to_language)
    if order == "in-source" or untranslated:
        return (t.source,)
    return (t.translation,) if order == "from-source" else (t.translation, t.source)


def _tell_file_making(
    t: HistoryMaterial,
    stated: TranscriptionFile | OtherFile,
    kind: str,
    sources: tuple[str, ...],
    agents: tuple[tuple[str, str], ...] = (),
) -> str | None:
    """How a file was made, as an event, if anything is stated of it."""
    facts = stated_facts({"method": stated.method, "credit": stated.credit})
    if not (facts or agents or stated.date):
        return None
    entity = t.file_ids[stated.file]
    return t.history.event(
        ProvEvent(
            t.history.new_id(f"making-of-{entity}"),
            kind,
            f"{kind}: {stated.file}",
            date=stated.date,
            used=tuple((source, None) for source in sources),
            generated=(entity,),
            agents=agents,
            facts=facts,
        )
    )


def _tell_annexe_texts(t: HistoryMaterial) -> None:
    """An annexe has a file to itself, or some lines in one that it shares."""
    for place, annexe in t.description.all_annexes():
        entity = t.annexe_ids[place]
        if annexe.file and annexe.file in t.file_ids:
            t.history.derive(prov.Derivation(t.file_ids[annexe.file], entity, "text"))
        if annexe.within and annexe.within.file in t.file_ids:
            lines = (annexe.within.from_line, annexe.within.to_line)
            t.history.derive(prov.Derivation(t.file_ids[annexe.within.file], entity, "text", None, *lines))


def _tell_other_file(t: HistoryMaterial, other: OtherFile) -> None:
    entity = t.file_ids[other.file]
    shown = t.known(ids_of(other.of)) if _shows(other) else ()
    origin = ids_of(other.derived_from)
    origins = t.known(origin) or known_files(t, origin)
    event = _tell_file_making(t, other, other.role, (*origins, *shown))
    for source in origins:
        t.history.derive(prov.Derivation(entity, source, "derived", event))
    for source in shown:
        t.history.derive(prov.Derivation(entity, source, other.role, event))
