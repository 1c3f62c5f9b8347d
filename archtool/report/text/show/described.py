"""Writes the sections of `archtool show` that come from the description, in a fixed order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from archtool.description.model import CustodyEvent, Description, OtherFile, TranscriptionFile
from archtool.report.package_view import PackageView
from archtool.report.text.page import Page
from archtool.report.text.show.annexe_tree import write_annexes
from archtool.report.text.show.own_parts import write_own_parts
from archtool.report.text.show.phrases import (
    agent_lines,
    attribution,
    dated,
    in_language,
    language,
    names,
    rights,
)
from archtool.report.text_repair_words import repair_sentences

_TITLE_STATES = {"formal": "the document's own", "supplied": "supplied by the archivist"}


def write_description(page: Page, view: PackageView, description: Description) -> None:
    """Add all sections of a description that say something."""
    page.heading(description.title)
    _write_document(page, view, description)
    page.section("Source")
    page.optional("citation", view.citation)
    _write_translation(page, view, description)
    page.section("Text")
    for part in description.transcription:
        _write_part(page, view, part, part.language or description.language)
    _write_files(page, view, description)
    write_annexes(page, view, description.annexes)
    _write_custody(page, view, description)
    _write_rights(page, description)
    write_own_parts(page, description)
    _write_own_keys(page, description.extras)


def _write_document(page: Page, view: PackageView, description: Description) -> None:
    page.optional("title", _TITLE_STATES.get(description.title_status or "", description.title_status))
    page.optional("id", description.id)
    page.optional("genre", description.genre)
    page.optional("date", dated(description.date))
    page.optional("place", description.place)
    for creator in description.creators:
        doubt = f"\n{attribution(creator.attribution)}" if creator.attribution is not None else ""
        page.field(creator.role, agent_lines(creator.agent) + doubt)
    for agent in description.addressees:
        page.field("addressee", agent_lines(agent))
    _write_original(page, view, description)
    page.optional("abstract", description.abstract)
    page.optional("collection", description.collection)
    page.optional("note", description.note)


def _write_original(page: Page, view: PackageView, description: Description) -> None:
    original = description.original
    if original is None:
        return
    parts = [in_language(view, original.language)]
    parts.append({True: "signed", False: "unsigned", None: ""}[original.signed])
    parts.append(original.medium or "")
    parts.append(f"held by {original.held_by.name}" if original.held_by else "")
    parts.append(original.shelfmark or "")
    page.field("original", ", ".join(filter(None, parts)))
    page.optional("", original.note)


def _write_translation(page: Page, view: PackageView, description: Description) -> None:
    translation = description.translation
    if translation is None:
        return
    page.section("Translation")
    origin = f"from {language(view, translation.from_language)} " if translation.from_language else ""
    first = {True: ", the first in that language", False: ", not the first in that language", None: ""}
    to = language(view, translation.to_language)
    page.field("languages", f"{origin}to {to}{first[translation.first_in_language]}")
    page.optional("credit", translation.credit)
    page.optional("by", names(translation.translators))
    page.optional("date", dated(translation.date))
    page.optional("note", translation.note)


def _write_part(page: Page, view: PackageView, part: TranscriptionFile, tag: str | None) -> None:
    page.field("file", ", ".join(filter(None, [f"data/{part.file}", in_language(view, tag)])))
    page.optional("title", part.title)
    page.optional("id", part.id)
    page.optional("credit", part.credit)
    page.optional("method", part.method)
    page.optional("by", names(part.transcribers))
    page.optional("date", dated(part.date))
    page.optional("encoding", part.encoding)
    if part.repair is not None:
        page.field("repaired", "\n".join(repair_sentences(part.repair, view.repairs.get(part.file))))
    page.optional("note", part.note)


def _write_files(page: Page, view: PackageView, description: Description) -> None:
    if description.files or description.left_out:
        page.section("Files")
    for other in description.files:
        page.field(other.role, "\n".join(filter(None, _file_lines(view, other))))
    page.optional("left out", ", ".join(description.left_out))


def _file_lines(view: PackageView, other: OtherFile) -> list[str]:
    origin = f"derived from {other.derived_from}" if other.derived_from else ""
    made = [origin, other.method, dated(other.date)]
    return [
        ", ".join(filter(None, [f"data/{other.file}", in_language(view, other.language)])),
        other.title or "",
        f"id {other.id}" if other.id else "",
        f"of {other.of}" if other.of else "",
        "; ".join(filter(None, made)),
        f"credit: {other.credit}" if other.credit else "",
        other.note or "",
    ]


def _write_custody(page: Page, view: PackageView, description: Description) -> None:
    if not description.custody and not view.giver:
        return
    page.section("Custody")
    for event in description.custody:
        page.field(event.date or "undated", _custody_event(event))
    if view.giver:
        texts = [f"{label}: {value}" for label, value in view.giver]
        page.field("received", "\n".join(["in a bag whose bag-info.txt states:", *texts]))


def _custody_event(event: CustodyEvent) -> str:
    facts = [f"{event.label} ({event.event})"]
    if event.date is not None:
        facts.append(dated(event.date).removeprefix(event.date).strip(" ()"))
    facts.append(f"by {event.by.name}" if event.by else "")
    facts += [f"to {event.to.name}" if event.to else "", event.place or ""]
    facts.append(f"evidence: {', '.join(event.evidence)}" if event.evidence else "")
    text = "; ".join(filter(None, facts))
    return f"{text}\n{event.note}" if event.note else text


def _write_rights(page: Page, description: Description) -> None:
    page.section("Rights")
    shown_above = description.translation.credit if description.translation is not None else None
    for layer in description.rights:
        holder = f", held by {layer.holder}" if layer.holder else ""
        page.field(layer.layer, f"{rights(layer.statement)}{holder}")
        if layer.credit != shown_above:
            page.optional("", f"credit: {layer.credit}" if layer.credit else None)
        page.optional("", layer.note)
    if not description.rights:
        page.field("", "not stated")


def _write_own_keys(page: Page, extras: Mapping[str, Any]) -> None:
    if extras:
        page.section("Own keys")
    for key, value in extras.items():
        page.field(key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
