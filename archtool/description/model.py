"""Defines `Description`: what the archivist states about one document.

The model is independent of YAML, files on disk and BagIt. Texts are kept exactly as written; dates are
EDTF (`archtool.description.dates`), languages BCP 47 tags (`archtool.description.languages`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class AnnexeStatus(Enum):
    """Where the text of an annexe or enclosure is."""

    REPRODUCED = "reproduced"
    """Its text is in the package."""
    LISTED = "listed"
    """Only its title is known."""
    NOT_REPRODUCED = "not-reproduced"
    """The source states that it leaves the annexe out."""
    LOST = "lost"
    """It existed, and no copy is known any more."""
    THIS_DOCUMENT = "this-document"
    """It is the packaged document itself."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Agent:
    """A person or an organisation, named as the archivist names it."""

    name: str
    type: str | None = None
    """`person` or `organization`, if stated."""
    id: str | None = None
    """An identifier elsewhere (VIAF, ISNI, Wikidata …), as a URI."""
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Why an agent is considered to be the creator.

    Source: TEI att.editLike (@evidence, @cert), RiC-O isEvidencedBy.
    """

    status: str
    """stated | attributed | disputed | rejected"""
    evidence: str | None = None
    """internal | external | conjecture"""
    certainty: str | None = None
    """high | medium | low | unknown"""
    basis: tuple[str, ...] = ()
    """Ids of the parts of this description that contain the evidence."""
    by: Agent | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Creator:
    """An agent with a role in the making of a document."""

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
    """The source of the text, as the description states it; `make_citation` converts it to CSL-JSON.

    The source is given by `text`, by `fields`, or by `cite`; `fields` can add to `cite`.
    """

    text: str | None = None
    """A citation as text, kept verbatim."""
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
class TextRepair:
    """How a repaired text was made of the text as it arrived."""

    original: str
    """The file as it arrived; it is in the payload, beside the repaired copy."""
    changes: str
    """The change log in the folder; it becomes a tag file."""
    note: str | None = None


@dataclass(frozen=True, slots=True)
class TranscriptionFile:
    """A file that contains the text, or a part of it."""

    file: str
    """The path relative to the folder of the description, with `/`; also the path below `data/`."""
    id: str | None = None
    title: str | None = None
    language: str | None = None
    credit: str | None = None
    method: str | None = None
    transcribers: tuple[Agent, ...] = ()
    date: str | None = None
    encoding: str | None = None
    """The character encoding; `None` means UTF-8."""
    note: str | None = None
    repair: TextRepair | None = None
    """How the text was repaired, if it was."""
    accept_text: tuple[str, ...] = ()
    """Kinds of faults in the text that are there on purpose, such as `line-end-hyphens`."""


@dataclass(frozen=True, slots=True)
class OtherFile:
    """A file or folder that is neither transcription nor annexe: facsimiles, derived files, permissions."""

    file: str
    """The path as in `TranscriptionFile`; with a final `/`, every file below that folder."""
    role: str
    """facsimile | derived | permission | supplement | other"""
    id: str | None = None
    title: str | None = None
    language: str | None = None
    of: str | None = None
    """The id of the part that it shows or accompanies."""
    derived_from: str | None = None
    """The id or the path of the payload file that it was made from."""
    method: str | None = None
    date: str | None = None
    credit: str | None = None
    note: str | None = None

    @property
    def is_folder(self) -> bool:
        """Whether this describes a folder."""
        return self.file.endswith("/")


@dataclass(frozen=True, slots=True)
class TagFile:
    """A file of the folder that becomes a tag file, beside the payload."""

    file: str
    """The path relative to the folder of the description, as in `TranscriptionFile`."""
    path: str
    """The path in the package."""


@dataclass(frozen=True, slots=True)
class Within:
    """A range of lines in a file that contains more than one document; lines count from 1."""

    file: str
    from_line: int
    to_line: int | None = None
    """The last line of the range; `None` means the end of the file."""

    @property
    def is_backwards(self) -> bool:
        """Whether it ends before it begins."""
        return self.to_line is not None and self.to_line < self.from_line


@dataclass(frozen=True, slots=True)
class Annexe:
    """An annexe, or an enclosure inside another annexe; annexes nest."""

    title: str
    status: AnnexeStatus
    id: str | None = None
    number: str | None = None
    date: str | None = None
    language: str | None = None
    creators: tuple[Creator, ...] = ()
    addressees: tuple[Agent, ...] = ()
    according_to: str | None = None
    """Who states the status: an id of this description, or a name."""
    file: str | None = None
    within: Within | None = None
    enclosures_stated: int | None = None
    """The number of enclosures that the annexe itself states."""
    enclosures: tuple[Annexe, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CustodyEvent:
    """An event in the history of the document before it was packaged."""

    event: str
    label: str
    date: str | None = None
    by: Agent | None = None
    to: Agent | None = None
    """The agent that held the document afterwards."""
    place: str | None = None
    evidence: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class RightsLayer:
    """The rights in one layer: a RightsStatements.org or SPDX identifier, a URI, or a sentence."""

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
    """The language of the transcription, if it has only one."""
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
    """Glob patterns of files in the folder that are deliberately not packed."""
    keeps_empty_folders: bool = False
    """Whether each empty folder below a declared folder gets a placeholder file."""
    tag_files: tuple[TagFile, ...] = ()
    custody: tuple[CustodyEvent, ...] = ()
    rights: tuple[RightsLayer, ...] = ()
    collection: str | None = None
    packager: Agent | None = None
    bag_info: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Own labels of bag-info.txt with their values, in order."""
    note: str | None = None
    extras: Mapping[str, Any] = field(default_factory=dict)
    """The `x-…` keys, kept unchanged; those of a part are named with its path: `creators.1.x-viaf`."""

    def all_annexes(self) -> Iterator[tuple[tuple[int, ...], Annexe]]:
        """Yield every annexe and enclosure with its place in the tree, parents before children."""
        if not self.annexes:  # the usual case; this is called often
            return
        stack: list[tuple[tuple[int, ...], Annexe]] = [
            ((i,), annexe) for i, annexe in reversed(list(enumerate(self.annexes)))
        ]
        while stack:
            place, annexe = stack.pop()
            yield place, annexe
            inner = list(enumerate(annexe.enclosures))
            stack.extend(((*place, i), enclosure) for i, enclosure in reversed(inner))

    def repairs(self) -> Iterator[tuple[TranscriptionFile, TextRepair]]:
        """Yield the repaired texts, each with its repair."""
        return ((part, part.repair) for part in self.transcription if part.repair is not None)

    def payload_files(self) -> tuple[str, ...]:
        """Return the files that are declared individually, each once, in the order of the description."""
        names = [part.file for part in self.transcription]
        names += [repair.original for _, repair in self.repairs()]
        for _, annexe in self.all_annexes():
            names += [annexe.file] if annexe.file else []
            names += [annexe.within.file] if annexe.within else []
        names += [other.file for other in self.files if not other.is_folder]
        return tuple(dict.fromkeys(filter(None, names)))  # the sound parts of a faulty one have empty names

    def tag_file_sources(self) -> tuple[str, ...]:
        """Return the files of the folder that become tag files, each once."""
        logs = (repair.changes for _, repair in self.repairs())
        return tuple(dict.fromkeys(filter(None, (*(one.file for one in self.tag_files), *logs))))

    def named_files(self) -> tuple[str, ...]:
        """Return every file of the folder that is declared individually, for the payload or as a tag file."""
        return (*self.payload_files(), *self.tag_file_sources())

    def payload_folders(self) -> tuple[str, ...]:
        """Return the folders that are declared, each with a final `/`."""
        return tuple(dict.fromkeys(other.file for other in self.files if other.is_folder))
