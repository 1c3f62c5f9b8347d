"""Reads a description from disk, with the library of citations that it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from archtool.description.citation import make_citation
from archtool.description.document.nodes import MAX_DESCRIPTION_BYTES, Places
from archtool.description.library import Library
from archtool.description.loading import LoadedDescription, load_description, load_wrapped
from archtool.description.model import Description, Source
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.findings import Finding, has_errors, in_reading_order
from archtool.operations.describe.inputs import read_input
from archtool.operations.describe.libraries import read_library


@dataclass(frozen=True, slots=True)
class EmbeddedDescription:
    """A description that is no file of its own: a row of a table, a line of a file with many."""

    data: bytes
    """Its text, as the package keeps it; or the line that it stands in."""
    is_json: bool
    folder: Path
    """Where its files are, and where paths count from."""
    places: Places
    """Where each of its values was said."""
    name: str
    """What it is called in messages: `letters.csv, row 12`."""
    folder_name: str
    """What says its folder: `letters.csv, row 12, column folder`."""
    is_wrapped: bool = False
    """Whether the line says more, and has the description under a key."""
    is_shared: bool = False
    """Whether its folder holds files of others too: what it does not declare is then no concern of its."""
    findings: tuple[Finding, ...] = ()
    """What is wrong with it before its text is read."""


@dataclass(frozen=True, slots=True)
class DescribedDocument:
    """One document as the archivist describes it, ready to be packed."""

    path: Path
    """The file of the description; where it is none of its own, the file that it stands in."""
    loaded: LoadedDescription
    description: Description
    citation: Mapping[str, Any]
    library: Path | None
    findings: tuple[Finding, ...]
    given: EmbeddedDescription | None = None

    @property
    def folder(self) -> Path:
        """Where its files are, if nobody says otherwise."""
        return self.path.parent if self.given is None else self.given.folder

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return str(self.path) if self.given is None else self.given.name

    @property
    def is_json(self) -> bool:
        """Whether its text is JSON, not YAML."""
        return self.path.suffix.lower() == ".json" if self.given is None else self.given.is_json

    @property
    def is_shared(self) -> bool:
        """Whether its folder holds files of others too."""
        return self.given is not None and self.given.is_shared


@dataclass(frozen=True, slots=True)
class InvalidDescription:
    """A description that cannot be used, and everything that is wrong with it."""

    path: Path
    findings: tuple[Finding, ...]
    data: bytes
    """As it was read."""


def read_description(path: Path, library: Path | None = None) -> DescribedDocument | InvalidDescription:
    """Read a description; `library` overrides the one that it names.

    Raises:
        InputError: the file, or the library, is missing or cannot be read.
    """
    data = read_input(path, MAX_DESCRIPTION_BYTES, "the description")
    loaded = load_description(data, str(path), is_json=path.suffix.lower() == ".json")
    return _described(path, loaded, library, None)


def read_embedded_description(
    path: Path, given: EmbeddedDescription, library: Path | None = None
) -> DescribedDocument | InvalidDescription:
    """The same for a description that stands in a file with others.

    Raises:
        InputError: the library is missing or cannot be read.
    """
    read = load_wrapped if given.is_wrapped else partial(load_description, is_json=given.is_json)
    loaded = read(given.data, str(path), places=given.places)
    if given.findings:
        # a cell that was complained of and left out is not also missing
        known = {_cell(finding) for finding in given.findings}
        others = (finding for finding in loaded.findings if _cell(finding) not in known)
        found = in_reading_order((*given.findings, *others))
        # two wrong cells can leave the same text: what is wrong belongs to what was read
        return InvalidDescription(path, found, given.data + repr(given.findings).encode("utf-8", "replace"))
    try:
        return _described(path, loaded, library, given)
    except InputError as error:
        place = given.places.at(("source", "library"), None)
        raise InputError(f"{shown(str(place))}: {error.message}", hint=error.hint) from error


def _cell(finding: Finding) -> object:
    place = finding.place
    return place and (place.file, place.sheet, place.row, place.column_name)


def _described(
    path: Path, loaded: LoadedDescription, library: Path | None, given: EmbeddedDescription | None
) -> DescribedDocument | InvalidDescription:
    # a row that moves is complained of at its new place
    read = loaded.data if given is None else loaded.data + given.name.encode("utf-8", "replace")
    if loaded.description is None:
        return InvalidDescription(path, loaded.findings, read)
    source = loaded.description.source
    folder = path.parent if given is None else given.folder
    library_path = library or _library_path(folder, source)
    citation, problems = make_citation(source, _library_of(library_path) if source.cite else None)
    findings = (*loaded.findings, *_placed(loaded, source, problems))
    if citation is None or has_errors(findings):
        return InvalidDescription(path, findings, read)
    return DescribedDocument(path, loaded, loaded.description, citation, library_path, findings, given)


def _placed(loaded: LoadedDescription, source: Source, problems: Sequence[Finding]) -> tuple[Finding, ...]:
    place = ("source", "cite") if source.cite else ("source",)
    return tuple(loaded.placed(place, finding) for finding in problems)


def _library_path(folder: Path, source: Source) -> Path | None:
    return folder / source.library if source.library is not None else None


def _library_of(path: Path | None) -> Library | None:
    if path is None:
        raise InputError(
            "the source is cited by a key, but no library is named",
            hint="add `library: FILE` beside `cite`, or give --library FILE (CSL-JSON, as Zotero exports it)",
        )
    return read_library(path)
