"""Reads a description from disk together with the library of citations that it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archtool.description.citation import make_citation
from archtool.description.document.nodes import Places
from archtool.description.library import Library
from archtool.description.limits import MAX_DESCRIPTION_BYTES
from archtool.description.loading import LoadedDescription, load_description, load_wrapped
from archtool.description.model import Description, Source
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.findings import Finding, has_errors, in_reading_order
from archtool.operations.describe.inputs import read_input
from archtool.operations.describe.libraries import read_library


@dataclass(frozen=True, slots=True)
class EmbeddedDescription:
    """A description that is part of a larger file: a row of a table, or a line of JSON Lines."""

    data: bytes
    """Its text as the package keeps it; or the line that contains it."""
    is_json: bool
    folder: Path
    """The folder of its files; paths are relative to it."""
    places: Places
    """The place of each of its values in the larger file."""
    name: str
    """Its name in messages: `letters.csv, row 12`."""
    folder_name: str
    """The place that states its folder: `letters.csv, row 12, column folder`."""
    is_wrapped: bool = False
    """Whether the line has the description under a key, beside other keys."""
    is_shared: bool = False
    """Whether its folder has files of other packages too, which it need not declare."""
    findings: tuple[Finding, ...] = ()
    """Faults that were found before its text is parsed."""


@dataclass(frozen=True, slots=True)
class DescribedDocument:
    """One document as the archivist describes it, ready to be packed."""

    path: Path
    """The file of the description, or the larger file that contains it."""
    loaded: LoadedDescription
    description: Description
    citation: Mapping[str, Any]
    library: Path | None
    findings: tuple[Finding, ...]
    embedded: EmbeddedDescription | None = None
    """The description as part of a larger file, if it is one."""

    @property
    def folder(self) -> Path:
        """The folder of its files, unless the caller names another."""
        return self.path.parent if self.embedded is None else self.embedded.folder

    @property
    def name(self) -> str:
        """Its name in messages."""
        return str(self.path) if self.embedded is None else self.embedded.name

    @property
    def is_json(self) -> bool:
        """Whether its text is JSON, not YAML."""
        return self.path.suffix.lower() == ".json" if self.embedded is None else self.embedded.is_json

    @property
    def is_shared(self) -> bool:
        """Whether its folder has files of other packages too."""
        return self.embedded is not None and self.embedded.is_shared


@dataclass(frozen=True, slots=True)
class InvalidDescription:
    """A description that cannot be used, with all findings about it."""

    path: Path
    findings: tuple[Finding, ...]
    data: bytes
    """Its bytes as read, with its name and findings if it is part of a larger file."""


def read_description(path: Path, library: Path | None = None) -> DescribedDocument | InvalidDescription:
    """Read a description; `library` overrides the one that it names.

    Raises:
        InputError: the file, or the library, is missing or cannot be read.
    """
    data = read_input(path, MAX_DESCRIPTION_BYTES, "the description")
    loaded = load_description(data, str(path), is_json=path.suffix.lower() == ".json")
    return _add_citation(path, loaded, library, None)


def read_embedded_description(
    path: Path, embedded: EmbeddedDescription, library: Path | None = None
) -> DescribedDocument | InvalidDescription:
    """Read a description that is part of a larger file; `library` overrides the one that it names.

    Raises:
        InputError: the library is missing or cannot be read.
    """
    if embedded.is_wrapped:
        loaded = load_wrapped(embedded.data, str(path), places=embedded.places)
    else:
        loaded = load_description(embedded.data, str(path), is_json=embedded.is_json, places=embedded.places)
    if embedded.findings:
        # a faulty cell was left out of the text: do not report it as missing too
        reported = {_cell(finding) for finding in embedded.findings}
        others = (finding for finding in loaded.findings if _cell(finding) not in reported)
        findings = in_reading_order((*embedded.findings, *others))
        # different faulty cells can leave the same text: the findings distinguish them
        data = embedded.data + repr(embedded.findings).encode("utf-8", "replace")
        return InvalidDescription(path, findings, data)
    try:
        return _add_citation(path, loaded, library, embedded)
    except InputError as error:
        place = embedded.places.at(("source", "library"), None)
        raise InputError(f"{shown(str(place))}: {error.message}", hint=error.hint) from error


def _cell(finding: Finding) -> object:
    place = finding.place
    return place and (place.file, place.sheet, place.row, place.column_name)


def _add_citation(
    path: Path, loaded: LoadedDescription, library: Path | None, embedded: EmbeddedDescription | None
) -> DescribedDocument | InvalidDescription:
    # with its name: a row that moves is reported again, at its new place
    data = loaded.data if embedded is None else loaded.data + embedded.name.encode("utf-8", "replace")
    if loaded.description is None:
        return InvalidDescription(path, loaded.findings, data)
    source = loaded.description.source
    folder = path.parent if embedded is None else embedded.folder
    library_path = library or _library_path(folder, source)
    citation, faults = make_citation(source, _read_named_library(library_path) if source.cite else None)
    findings = (*loaded.findings, *_placed(loaded, source, faults))
    if citation is None or has_errors(findings):
        return InvalidDescription(path, findings, data)
    return DescribedDocument(path, loaded, loaded.description, citation, library_path, findings, embedded)


def _placed(loaded: LoadedDescription, source: Source, faults: Sequence[Finding]) -> tuple[Finding, ...]:
    place = ("source", "cite") if source.cite else ("source",)
    return tuple(loaded.placed(place, finding) for finding in faults)


def _library_path(folder: Path, source: Source) -> Path | None:
    return folder / source.library if source.library is not None else None


def _read_named_library(path: Path | None) -> Library:
    if path is None:
        raise InputError(
            "the source is cited by a key, but no library is named",
            hint="add `library: FILE` beside `cite`, or use --library FILE (CSL-JSON, as exported by Zotero)",
        )
    return read_library(path)
