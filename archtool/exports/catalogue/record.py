"""Defines `Record`: what an export knows about one package, and what several formats say in the same words.

All statements about the document come from the description, and from nothing else. What it does not state is
not in the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from archtool.description.model import (
    Agent,
    Annexe,
    AnnexeStatus,
    Creator,
    CustodyEvent,
    Description,
    RightsLayer,
)
from archtool.files.hashing.digests import Digest

# no character that RFC 3986 excludes, and a percent sign only before two digits
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?@!$&'()*+,;=#-]|%[0-9A-Fa-f]{2})+")
_CREATING_ROLES = frozenset({"author", "compiler", "creator", "illustrator", "issuing-body", "photographer"})
SUPPLIED = "supplied"
"""The `title-status` of a title that the archivist gave (DACS 2.3)."""
SUPPLIED_TITLE = "The title is supplied by the archivist."
_IDENTIFIER = "external-identifier"
_STATUS_WORDS = {
    AnnexeStatus.REPRODUCED: "its text is in the package",
    AnnexeStatus.LISTED: "only listed",
    AnnexeStatus.NOT_REPRODUCED: "not reproduced in the source",
    AnnexeStatus.LOST: "lost",
    AnnexeStatus.THIS_DOCUMENT: "this document itself",
    AnnexeStatus.UNKNOWN: "it is not known where its text is",
}


@dataclass(frozen=True, slots=True)
class PayloadFile:
    """A payload file, as the manifests and the recorded provenance state it."""

    path: str
    """Relative to the package's root."""
    digests: tuple[Digest, ...] = ()
    """From the payload manifests, the strongest first."""
    size_bytes: int | None = None
    """`None` if the file is not in the package."""
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A transcription that was read from the payload."""

    lines: tuple[str, ...] = ()
    """Without line ends."""
    problem: str | None = None
    """Why the text could not be read; `None` if it was."""


@dataclass(frozen=True, slots=True)
class Premis:
    """The package's metadata/premis.xml."""

    path: str
    size_bytes: int
    digest: Digest | None
    """From the tag manifests, which it agrees with; `None` if there is no such manifest."""
    xml: str | None
    """The root element, if the document can be embedded: well-formed, without a document type."""


@dataclass(frozen=True, slots=True)
class Record:
    """What an export knows about one package."""

    name: str
    """The name of the folder, or of the archive without its suffix."""
    description: Description
    item: Mapping[str, Any] | None = None
    """The source in CSL-JSON."""
    citation: str | None = None
    """The source as a line of text."""
    packed_on: str | None = None
    """The day of packing (`Bagging-Date`), year-month-day."""
    files: tuple[PayloadFile, ...] = ()
    texts: Mapping[str, Text] = field(default_factory=dict)
    """By the path below `data/`; only for formats that contain the text."""
    premis: Premis | None = None
    """Only for formats that contain it."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the transcription, each once."""
        stated = [part.language for part in self.description.transcription]
        return tuple(dict.fromkeys(filter(None, [self.description.language, *stated])))

    @property
    def identifiers(self) -> tuple[str, ...]:
        """The identifiers of the document: its id, and those among its own labels for bag-info.txt."""
        labels = self.description.bag_info.items()
        own = [value for label, values in labels if label.casefold() == _IDENTIFIER for value in values]
        return tuple(dict.fromkeys(filter(None, [self.description.id, *own])))

    def media_types(self) -> tuple[str, ...]:
        """Return the media types of the transcription's files, each once."""
        types = {file.path: file.media_type for file in self.files}
        own = [types.get(f"data/{part.file}") for part in self.description.transcription]
        return tuple(dict.fromkeys(filter(None, own)))


def claimed(creators: tuple[Creator, ...]) -> tuple[Creator, ...]:
    """Return the creators that the description claims: an attribution that it rejects is no creator."""
    return tuple(one for one in creators if one.attribution is None or one.attribution.status != "rejected")


def is_creating(creator: Creator) -> bool:
    """Whether the role is one of those who made the document, and not of a contributor."""
    return creator.role.casefold() in _CREATING_ROLES


def names_of(creators: tuple[Creator, ...], *, creating: bool) -> tuple[str, ...]:
    """Return the names of the claimed creators, or of the other contributors, each once."""
    names = [one.agent.name for one in claimed(creators) if is_creating(one) is creating]
    return tuple(dict.fromkeys(names))


def translators(description: Description) -> tuple[Agent, ...]:
    """Return the translators that are named; a credit line is not a name."""
    return description.translation.translators if description.translation is not None else ()


def transcribers(description: Description) -> tuple[Agent, ...]:
    """Return the transcribers, each once."""
    return tuple(dict.fromkeys(agent for part in description.transcription for agent in part.transcribers))


def attribution_notes(description: Description) -> Iterator[str]:
    """Yield a sentence for each attribution: who is claimed or rejected as what, and on which evidence."""
    for creator in description.creators:
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
    """Yield the credit, the method, the date and the note of each transcription file that has any."""
    for part in description.transcription:
        words = [text for text in (part.credit, part.method, part.date, part.note) if text]
        if words:
            yield f"Transcription ({part.file}): {'; '.join(words)}"


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


def annexe_title(annexe: Annexe) -> str:
    """Return the title of an annexe with its number."""
    return f"{annexe.number}: {annexe.title}" if annexe.number else annexe.title


def annexe_note(annexe: Annexe) -> str:
    """Return where the text of an annexe is, who states it, and the remark about it."""
    parts = [_STATUS_WORDS[annexe.status]]
    if annexe.within is not None:
        last = annexe.within.to_line or "the end"
        parts.append(f"lines {annexe.within.from_line} to {last} of data/{annexe.within.file}")
    parts += [f"data/{annexe.file}"] if annexe.file else []
    parts += [f"according to {annexe.according_to}"] if annexe.according_to else []
    parts += [annexe.note] if annexe.note else []
    return "; ".join(parts)


def uri_or_none(text: str | None) -> str | None:
    """Return a text that every reader of XML accepts as a URI; `None` for any other."""
    return text if text is not None and _URI.fullmatch(text) else None


def relative_url(path: str) -> str:
    """Return a path in the package as a URL relative to the package's root."""
    return quote(path, safe="/-._~", errors="surrogatepass")
