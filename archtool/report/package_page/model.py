"""Defines `PackagePage`: everything that the page of a package shows, read and checked before.

The texts are untrusted: the templates escape them, and no value becomes markup, a style or the target of a
link without a check of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from archtool.description.citing.model import Entry
from archtool.provenance.model import History
from archtool.report.annexe_lines import Place
from archtool.report.package_view import PackageView
from archtool.results import Result


class FileState(Enum):
    """How a payload file compares with the manifests."""

    AS_LISTED = "as listed"
    DIFFERS = "differs from its digest"
    MISSING = "missing"
    UNLISTED = "in no manifest"
    NOT_READ = "not read"
    NOT_COMPARED = "listed, not compared"

    @property
    def is_fault(self) -> bool:
        """Whether a reader must be warned."""
        return self not in (FileState.AS_LISTED, FileState.NOT_COMPARED)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The lines of a text that are an annexe; lines count from 1."""

    place: Place
    """The place of the annexe in the tree."""
    title: str
    first: int
    last: int | None
    """`None` means the end of the file."""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class ShownText:
    """A file of the payload that can be read on the page."""

    file: str
    """Its path below `data/`."""
    title: str | None
    """The title of its transcription or annexe, if it has one."""
    language: str | None
    lines: tuple[str, ...]
    state: FileState
    notes: tuple[str, ...] = ()
    """What a reader must know: where it was cut off, what could not be decoded, why it is not shown."""
    is_whole: bool = True
    """Whether all lines of the file are here."""
    credit: str | None = None
    repair: tuple[str, ...] = ()
    """What is known of the repair of the text, if it was repaired."""
    annexe: Place | None = None
    """The place of the annexe that this file is; `None` for a transcription."""
    stretches: tuple[Stretch, ...] = ()
    ids: frozenset[str] = frozenset()
    """The names by which facsimiles can refer to it."""


@dataclass(frozen=True, slots=True)
class ShownImage:
    """An image of the payload that is part of the page."""

    file: str
    media_type: str
    data: bytes
    width: int
    height: int
    state: FileState
    title: str | None = None
    note: str | None = None
    of: str | None = None
    """The id of the part that it shows."""


@dataclass(frozen=True, slots=True)
class ImageNotShown:
    """A facsimile that is not part of the page."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Facsimiles:
    """The facsimiles of a package."""

    files: int = 0
    """How many there are."""
    is_wanted: bool = False
    """Whether they were to be shown."""
    images: tuple[ShownImage, ...] = ()
    not_shown: tuple[ImageNotShown, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file of the payload, as the manifests list it."""

    path: str
    size_bytes: int | None
    """`None` if it is missing."""
    digests: tuple[tuple[str, str], ...]
    """Algorithms with digests in hexadecimal."""
    format: str
    """The recorded format; empty if none is recorded."""
    state: FileState


@dataclass(frozen=True, slots=True)
class Payload:
    """The files of the payload: the first of them, and totals of all."""

    files: tuple[ListedFile, ...]
    count: int
    size_bytes: int
    manifests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadyCitation:
    """A citation that can be copied as it is."""

    introduction: str
    """What it is the citation of."""
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What was given to check the package by; what was not given was not asked."""

    keys: bool = False
    revoked: bool = False
    authorities: bool = False
    policy: bool = False
    head: bool = False
    profile: str | None = None
    """The identifier of the profile."""
    second_opinion: bool = False
    strict: bool = False


@dataclass(frozen=True, slots=True)
class PackagePage:
    """Everything that the page of a package shows."""

    name: str
    """The name of the package's folder or archive."""
    view: PackageView
    result: Result
    """What `verify` found."""
    asked: Asked
    made_at: datetime | None
    """`None` for a page without a date, which has the same bytes whenever it is made."""
    is_date_given: bool
    """Whether a person chose the date; otherwise it is the time of the check."""
    version: str
    entry: Entry | None = None
    """What a bibliography states about the document; `None` without a description or a citation."""
    citations: tuple[ReadyCitation, ...] = ()
    texts: tuple[ShownText, ...] = ()
    facsimiles: Facsimiles = Facsimiles()
    payload: Payload = Payload((), 0, 0, ())
    history: History | None = None
    instructions: str = ""
    """How the package is checked with common tools, in the form of VERIFY.txt."""
    page_lines: int = 200
    """Lines of a text in one part of the page."""
