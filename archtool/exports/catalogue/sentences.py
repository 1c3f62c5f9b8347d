"""Says in sentences what a format has no field for; several formats use the same words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archtool.description.model import (
    Annexe,
    AnnexeStatus,
    Creator,
    CustodyEvent,
    Description,
    RightsLayer,
    TranscriptionFile,
)
from archtool.provenance.vocabulary import rights_uri

_STATUS_WORDS = {
    AnnexeStatus.REPRODUCED: "its text is in the package",
    AnnexeStatus.LISTED: "only listed",
    AnnexeStatus.NOT_REPRODUCED: "not reproduced in the source",
    AnnexeStatus.LOST: "lost",
    AnnexeStatus.THIS_DOCUMENT: "this document itself",
    AnnexeStatus.UNKNOWN: "it is not known where its text is",
}
SUPPLIED_TITLE = "The title is supplied by the archivist."


def attribution_notes(creators: Iterable[Creator]) -> Iterator[str]:
    """Yield a sentence for each attribution: who is claimed or rejected as what, and on which evidence."""
    for creator in creators:
        claim = creator.attribution
        if claim is None:
            continue
        parts = [f"{creator.agent.name} ({creator.role}): {claim.status}"]
        parts += [f"evidence: {claim.evidence}"] if claim.evidence else []
        parts += [f"certainty: {claim.certainty}"] if claim.certainty else []
        parts += [f"basis: {', '.join(claim.basis)}"] if claim.basis else []
        parts += [f"by {claim.by.name}"] if claim.by else []
        parts += [claim.note] if claim.note else []
        yield "; ".join(parts)


def translation_note(description: Description) -> str | None:
    """Return the translation with its credit, in a sentence."""
    translation = description.translation
    if translation is None:
        return None
    languages = f"to {translation.to_language}"
    if translation.from_language:
        languages = f"from {translation.from_language} {languages}"
    parts = [f"Translated {languages}", translation.credit, translation.date, translation.note]
    if translation.first_in_language:
        parts.append("first translation into this language")
    return "; ".join(part for part in parts if part)


def transcription_notes(description: Description) -> Iterator[str]:
    """Yield the credit, the method, the date, the repair and the note of each file that has any."""
    for part in description.transcription:
        words = [text for text in (part.credit, part.method, part.date, repair_note(part), part.note) if text]
        if words:
            yield f"Transcription ({part.file}): {'; '.join(words)}"


def repair_note(part: TranscriptionFile) -> str | None:
    """Return what a text was repaired from; the provenance of the package says what was changed."""
    if part.repair is None:
        return None
    note = f" ({part.repair.note})" if part.repair.note else ""
    return f"repaired from {part.repair.original}, which is kept, with a log of all changes{note}"


def custody_notes(description: Description) -> Iterator[str]:
    """Yield each event of the custody in a sentence."""
    yield from map(custody_note, description.custody)


def custody_note(event: CustodyEvent) -> str:
    """Return an event of the custody in a sentence."""
    parts = [event.label, event.date, event.place]
    parts += [f"by {event.by.name}"] if event.by else []
    parts += [f"to {event.to.name}"] if event.to else []
    parts += [f"evidence: {', '.join(event.evidence)}"] if event.evidence else []
    return "; ".join(part for part in (*parts, event.note) if part)


def original_note(description: Description) -> str | None:
    """Return what is stated about the original, in a sentence."""
    original = description.original
    if original is None:
        return None
    signed = {True: "signed", False: "unsigned", None: None}[original.signed]
    parts = [f"language {original.language}" if original.language else None, signed, original.medium]
    parts += [f"held by {original.held_by.name}" if original.held_by else None, original.shelfmark]
    words = [part for part in (*parts, original.note) if part]
    return f"Original: {'; '.join(words)}" if words else None


def rights_text(layer: RightsLayer) -> str:
    """Return the rights in one layer, in a sentence."""
    parts = [f"{layer.layer}: {layer.statement}", layer.credit, layer.note]
    parts += [f"holder: {layer.holder}"] if layer.holder else []
    return "; ".join(part for part in parts if part)


def rights_with_uri(layer: RightsLayer) -> str:
    """Return the rights in one layer with the address of their meaning, for a format of texts only."""
    uri = rights_uri(layer.statement)
    is_new = uri is not None and uri != layer.statement
    return f"{rights_text(layer)} ({uri})" if is_new else rights_text(layer)


def annexe_title(annexe: Annexe) -> str:
    """Return the title of an annexe with its number."""
    return f"{annexe.number}: {annexe.title}" if annexe.number else annexe.title


def annexe_note(annexe: Annexe) -> str:
    """Return where the text of an annexe is, who states it, attributions, and the remark about it."""
    parts = [_STATUS_WORDS[annexe.status]]
    if annexe.within is not None:
        last = annexe.within.to_line or "the end"
        parts.append(f"lines {annexe.within.from_line} to {last} of data/{annexe.within.file}")
    parts += [f"data/{annexe.file}"] if annexe.file else []
    parts += [f"according to {annexe.according_to}"] if annexe.according_to else []
    parts += attribution_notes(annexe.creators)
    parts += [annexe.note] if annexe.note else []
    return "; ".join(parts)


def annexe_sentence(annexe: Annexe) -> str:
    """Return all that is stated of an annexe but its language, for a format without fields for it."""
    creators = (one for one in annexe.creators if one.attribution is None)
    parts = [annexe_title(annexe), *(f"{one.role}: {one.agent.name}" for one in creators)]
    parts += [f"to {agent.name}" for agent in annexe.addressees]
    parts += [annexe.date] if annexe.date else []
    return "; ".join([*parts, annexe_note(annexe)])
