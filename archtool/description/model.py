"""The description: what the archivist says of one document, as values.

Nothing here knows YAML, files on disk or BagIt. Texts are kept exactly as they were written; dates are
EDTF (`archtool.description.dates`), languages BCP 47 tags (`archtool.description.languages`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class AnnexeStatus(Enum):
    """Where an annexe or enclosure is, seen from the package."""

    REPRODUCED = "reproduced"
    """Its text is in the package."""
    LISTED = "listed"
    """Only its title is known here."""
    NOT_REPRODUCED = "not-reproduced"
    """The source says that it leaves it out."""
    LOST = "lost"
    """It existed and is not known to exist any more."""
    THIS_DOCUMENT = "this-document"
    """It is the packaged document itself."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Agent:
    """A person or a body, named as the archivist names them."""

    name: str
    type: str | None = None
    """`person` or `organization`, where it was said."""
    id: str | None = None
    """An identifier elsewhere (VIAF, ISNI, Wikidata …), as a URI."""
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Why somebody is held to be the creator.

    Source: TEI att.editLike (@evidence, @cert), RiC-O isEvidencedBy.
    """

    status: str
    """stated | attributed | disputed | rejected"""
    evidence: str | None = None
    """internal | external | conjecture"""
    certainty: str | None = None
    """high | medium | low | unknown"""
    basis: tuple[str, ...] = ()
    """Ids, in this description, of what carries the evidence."""
    by: Agent | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Creator:
    """Somebody with a part in the making of a document."""

    agent: Agent
    role: str
    attribution: Attribution | None = None


@dataclass(frozen=True, slots=True)
class Original:
    """The document as it first existed, before any edition or translation."""

    language: str | None = None
    signed: bool | None = None
    medium: str | None = None
    held_by: Agent | None = None
    shelfmark: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """What this text was taken from, as the description says it; `citation` makes CSL-JSON of it.

    Exactly one of `text`, `fields`, `cite` says what the source is; `fields` may add to `cite`.
    """

    text: str | None = None
    """A citation in words, kept verbatim."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """CSL variables, by their CSL names (`date`, `place` and `pages` already translated)."""
    cite: str | None = None
    """The key of an item in a CSL-JSON library."""
    library: str | None = None
    """The library's file, relative to the description."""
    container_title_translated: str | None = None


@dataclass(frozen=True, slots=True)
class Translation:
    """The translation of the text, with its credit line verbatim."""

    to_language: str
    from_language: str | None = None
    credit: str | None = None
    translators: tuple[Agent, ...] = ()
    date: str | None = None
    first_in_language: bool | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class TranscriptionFile:
    """A file that holds the text, or a part of it."""

    file: str
    """Relative to the folder of the description, with `/`; the same below `data/`."""
    id: str | None = None
    title: str | None = None
    language: str | None = None
    credit: str | None = None
    method: str | None = None
    transcribers: tuple[Agent, ...] = ()
    date: str | None = None
    encoding: str | None = None
    """`utf-8` unless it was said otherwise."""
    note: str | None = None


@dataclass(frozen=True, slots=True)
class OtherFile:
    """What is neither transcription nor annexe: facsimiles, derived files, permissions; one or a folder."""

    file: str
    """As in `TranscriptionFile`; with a `/` at its end every file below that folder, as one thing."""
    role: str
    """facsimile | derived | permission | supplement | other"""
    id: str | None = None
    title: str | None = None
    language: str | None = None
    of: str | None = None
    """The id of what it shows or accompanies."""
    derived_from: str | None = None
    """The id or the file of the payload file that it was made from."""
    method: str | None = None
    date: str | None = None
    credit: str | None = None
    note: str | None = None

    @property
    def is_folder(self) -> bool:
        """Whether a whole folder is described in one line."""
        return self.file.endswith("/")


@dataclass(frozen=True, slots=True)
class Within:
    """A stretch of lines in a file that holds more than one document; lines count from 1."""

    file: str
    from_line: int
    to_line: int | None = None
    """The last line that belongs to it; the end of the file where it was not said."""


@dataclass(frozen=True, slots=True)
class Annexe:
    """An annexe or, inside another annexe, an enclosure; they nest."""

    title: str
    status: AnnexeStatus
    id: str | None = None
    number: str | None = None
    date: str | None = None
    language: str | None = None
    creators: tuple[Creator, ...] = ()
    addressees: tuple[Agent, ...] = ()
    according_to: str | None = None
    """On whose word the status stands: an id of this description, or a name."""
    file: str | None = None
    within: Within | None = None
    enclosures_stated: int | None = None
    """How many enclosures the annexe itself says it has."""
    enclosures: tuple[Annexe, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CustodyEvent:
    """Something that happened to the document on its way here."""

    event: str
    label: str
    date: str | None = None
    by: Agent | None = None
    to: Agent | None = None
    """Who had it afterwards."""
    place: str | None = None
    evidence: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class RightsLayer:
    """What may be done with one layer: a RightsStatements.org or SPDX identifier, or words."""

    layer: str
    """original | edition | translation | transcription | annexes | facsimiles | package"""
    statement: str
    """As written: `InC`, `CC0-1.0`, a URI, or a sentence."""
    holder: str | None = None
    credit: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """One document and its package, as the archivist describes them."""

    title: str
    source: Source
    transcription: tuple[TranscriptionFile, ...]
    id: str | None = None
    title_status: str | None = None
    """formal | supplied (DACS 2.3)"""
    genre: str | None = None
    language: str | None = None
    """The language of the transcription, where there is only one."""
    date: str | None = None
    place: str | None = None
    abstract: str | None = None
    creators: tuple[Creator, ...] = ()
    addressees: tuple[Agent, ...] = ()
    original: Original | None = None
    translation: Translation | None = None
    annexes: tuple[Annexe, ...] = ()
    files: tuple[OtherFile, ...] = ()
    left_out: tuple[str, ...] = ()
    """Files of the folder that were left out on purpose, as glob patterns."""
    custody: tuple[CustodyEvent, ...] = ()
    rights: tuple[RightsLayer, ...] = ()
    collection: str | None = None
    packager: Agent | None = None
    note: str | None = None
    extras: Mapping[str, Any] = field(default_factory=dict)
    """The `x-…` keys, kept as they are."""

    def all_annexes(self) -> Iterator[tuple[tuple[int, ...], Annexe]]:
        """Every annexe and enclosure with its place in the tree, parents before children."""
        if not self.annexes:  # often, and this is asked again and again
            return
        stack: list[tuple[tuple[int, ...], Annexe]] = [
            ((i,), annexe) for i, annexe in reversed(list(enumerate(self.annexes)))
        ]
        while stack:
            place, annexe = stack.pop()
            yield place, annexe
            inner = list(enumerate(annexe.enclosures))
            stack.extend(((*place, i), enclosure) for i, enclosure in reversed(inner))

    def payload_files(self) -> tuple[str, ...]:
        """Every file that is declared by its own name, each once, in the order of their mention."""
        names = [part.file for part in self.transcription]
        for _, annexe in self.all_annexes():
            names += [annexe.file] if annexe.file else []
            names += [annexe.within.file] if annexe.within else []
        names += [other.file for other in self.files if not other.is_folder]
        return tuple(dict.fromkeys(names))

    def payload_folders(self) -> tuple[str, ...]:
        """Every folder that is declared as a whole, with its `/`."""
        return tuple(dict.fromkeys(other.file for other in self.files if other.is_folder))
