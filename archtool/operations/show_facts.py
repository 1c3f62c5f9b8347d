"""Returns what `archtool show` presents as facts for JSON; later versions add keys and never rename them."""

from __future__ import annotations

from typing import Any

from archtool.description.inventory import inventory_record
from archtool.description.model import Agent, Creator, CustodyEvent, Description, TranscriptionFile
from archtool.operations.open_package.package_paths import CRATE_PATH
from archtool.operations.trust.trust_check import trust_facts
from archtool.report.date_words import date_in_words
from archtool.report.package_view import PackageView
from archtool.report.rights_words import rights_in_words

Facts = dict[str, Any]


def view_facts(view: PackageView) -> Facts:
    """Return the facts of the view for JSON."""
    facts: Facts = {
        "payload": {"files": view.payload_files, "bytes": view.payload_bytes},
        "metadata_holds": view.metadata_holds,
        "attestations": trust_facts(view.trust),
        "head": str(view.trust.head) if view.trust.head is not None else None,
        "bag_info": [{"label": label, "value": value} for label, value in view.info],
        "formats": [{"format": label, "files": count} for label, count in view.formats],
        "giver": [{"label": label, "value": value} for label, value in view.giver],
    }
    return facts if view.description is None else facts | _described(view, view.description)


def _described(view: PackageView, description: Description) -> Facts:
    translation, original = description.translation, description.original
    return {
        "id": description.id,
        "title": description.title,
        "title_status": description.title_status,
        "genre": description.genre,
        "date": description.date,
        "date_words": date_in_words(description.date) if description.date else None,
        "place": description.place,
        "abstract": description.abstract,
        "note": description.note,
        "language": description.language,
        "languages": dict(view.language_names),
        "collection": description.collection,
        "packager": _agent(description.packager),
        "citation": view.citation,
        "creators": [_creator(creator) for creator in description.creators],
        "addressees": [_agent(agent) for agent in description.addressees],
        "original": None if original is None else _known(
            language=original.language, signed=original.signed, medium=original.medium,
            held_by=_agent(original.held_by), shelfmark=original.shelfmark, note=original.note,
        ),
        "translation_credit": translation.credit if translation is not None else None,
        "translation": None if translation is None else _known(
            from_language=translation.from_language, to_language=translation.to_language,
            credit=translation.credit, translators=[_agent(agent) for agent in translation.translators],
            date=translation.date, first_in_language=translation.first_in_language, note=translation.note,
        ),
        "transcription": _transcription(view, description),
        "files": _files(description),
        "left_out": list(description.left_out),
        "line_ranges": [item.facts() for item in view.lines.values()],
        "annexes": inventory_record(description, lambda _: {})["annexes"],
        "custody": [_custody_event(event) for event in description.custody],
        "rights": {layer.layer: layer.statement for layer in description.rights},
        "rights_layers": _rights(description),
        "own_labels": {label: list(values) for label, values in description.bag_info.items()},
        "own_keys": dict(description.extras),
        "placeholders": list(view.placeholders),
        "crate": CRATE_PATH if view.has_crate else None,
        "tag_files": [{"path": one.path, "file": one.file} for one in description.tag_files],
    }  # fmt: skip


def _known(**facts: Any) -> Facts:
    """Return the facts that are known."""
    return {key: value for key, value in facts.items() if value not in (None, [], ())}


def _agent(agent: Agent | None) -> Facts | None:
    return None if agent is None else _known(name=agent.name, type=agent.type, id=agent.id, note=agent.note)


def _creator(creator: Creator) -> Facts:
    stated = creator.attribution
    return {
        "name": creator.agent.name,
        "role": creator.role,
        "attribution": stated.status if stated else "stated",
        **_known(type=creator.agent.type, id=creator.agent.id, note=creator.agent.note),
    }


def _repair(part: TranscriptionFile, view: PackageView) -> Facts | None:
    """Return the repair of a text: what the change log records, or the original alone if it is unreadable."""
    if part.repair is None:
        return None
    recorded = view.repairs.get(part.file, {"original": f"data/{part.repair.original}"})
    return {**recorded, **_known(note=part.repair.note)}


def _transcription(view: PackageView, description: Description) -> list[Facts]:
    return [
        _known(
            file=f"data/{part.file}", id=part.id, title=part.title,
            language=part.language or description.language, credit=part.credit, method=part.method,
            transcribers=[_agent(agent) for agent in part.transcribers], date=part.date,
            encoding=part.encoding, repair=_repair(part, view), note=part.note,
        )
        for part in description.transcription
    ]  # fmt: skip


def _files(description: Description) -> list[Facts]:
    return [
        _known(
            file=f"data/{other.file}", role=other.role, id=other.id, title=other.title,
            language=other.language, of=other.of, derived_from=other.derived_from, method=other.method,
            date=other.date, credit=other.credit, note=other.note,
        )
        for other in description.files
    ]  # fmt: skip


def _custody_event(event: CustodyEvent) -> Facts:
    return _known(
        event=event.event, label=event.label, date=event.date, by=_agent(event.by), to=_agent(event.to),
        place=event.place, evidence=list(event.evidence), note=event.note,
    )  # fmt: skip


def _rights(description: Description) -> list[Facts]:
    return [
        _known(
            layer=layer.layer, statement=layer.statement, words=rights_in_words(layer.statement),
            holder=layer.holder, credit=layer.credit, note=layer.note,
        )
        for layer in description.rights
    ]  # fmt: skip
