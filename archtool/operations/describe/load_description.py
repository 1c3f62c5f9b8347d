"""Reads a description from disk together with the library of citations that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from archtool.description import finding_kinds
from archtool.description.citation import make_citation
from archtool.description.document.nodes import Places
from archtool.description.library import Library
from archtool.description.limits import MAX_DESCRIPTION_BYTES
from archtool.description.loading import LoadedDescription, load_description, load_wrapped
from archtool.description.model import Description, Source
from archtool.description.sound_parts import NO_DOUBTS, Doubts
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.findings import Finding, has_errors, in_reading_order
from archtool.operations.describe.inputs import read_input
from archtool.operations.describe.libraries import read_library
from archtool.operations.describe.tables import table_instead
from archtool.schemas import SchemaPath

_VERSION_KEY = b"archtool"
"""The key that each description has."""


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
    """One document as the archivist describes it; it can be packed if no finding is an error."""

    path: Path
    """The file of the description, or the larger file that contains it."""
    loaded: LoadedDescription
    description: Description
    """With faults: what can be used of it."""
    citation: Mapping[str, Any]
    """The source as CSL-JSON; empty if it cannot be made."""
    library: Path | None
    """The library of the citation, if it could be read."""
    findings: tuple[Finding, ...]
    embedded: EmbeddedDescription | None = None
    """The description as part of a larger file, if it is one."""
    doubts: Doubts = NO_DOUBTS
    """The faulty parts of the description."""
    origins: tuple[int, ...] | None = None
    """For each of its `files` the number of the item in the text, if patterns were expanded."""

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
    """A description of which no part can be used, with all findings about it."""

    path: Path
    findings: tuple[Finding, ...]
    data: bytes
    """Its bytes as read, with its name and findings if it is part of a larger file."""


def read_description(path: Path, library: Path | None = None) -> DescribedDocument | InvalidDescription:
    """Read a description; `library` overrides the one that it names.

    Raises:
        InputError: the file is missing or cannot be read.
    """
    data = read_input(path, MAX_DESCRIPTION_BYTES, "the description")
    table = table_instead(path)
    if table is not None and _VERSION_KEY not in data:  # parsing a large table would take long
        return InvalidDescription(path, (table,), data)
    loaded = load_description(data, str(path), is_json=path.suffix.lower() == ".json")
    if table is not None and loaded.description is None:
        return InvalidDescription(path, (table,), data)
    return _add_citation(path, loaded, library, None)


def read_embedded_description(
    path: Path, embedded: EmbeddedDescription, library: Path | None = None
) -> DescribedDocument | InvalidDescription:
    """Read a description that is part of a larger file; `library` overrides the one that it names."""
    if embedded.is_wrapped:
        loaded = load_wrapped(embedded.data, str(path), places=embedded.places)
    else:
        loaded = load_description(embedded.data, str(path), is_json=embedded.is_json, places=embedded.places)
    if embedded.findings:
        # a faulty cell was left out of the text: do not report it as missing too
        reported = {_cell(finding) for finding in embedded.findings}
        others = (
            f for f in loaded.findings if _cell(f) not in reported and not _follows(f, embedded.findings)
        )
        loaded = replace(loaded, findings=in_reading_order((*embedded.findings, *others)))
    return _add_citation(path, loaded, library, embedded)


def _follows(finding: Finding, faults: Sequence[Finding]) -> bool:
    """Whether a finding is only the consequence of a faulty cell."""
    if finding.code != finding_kinds.MISSING_KEY.code:
        return finding.code in _OF_OTHER_CELLS
    column = finding.place.column_name if finding.place is not None else None
    wholes = (fault.place.column_name for fault in faults if fault.place is not None)
    return column is not None and any(column.startswith(f"{whole}.") for whole in wholes)


# an annexe whose cells have a fault can be missing among the enclosures of another
_OF_OTHER_CELLS = frozenset([finding_kinds.COUNT_DIFFERS.code])


def _cell(finding: Finding) -> object:
    place = finding.place
    return place and (place.file, place.sheet, place.row, place.column_name)


def _add_citation(
    path: Path, loaded: LoadedDescription, library: Path | None, embedded: EmbeddedDescription | None
) -> DescribedDocument | InvalidDescription:
    description, doubts = loaded.description, NO_DOUBTS
    if loaded.sound is not None:
        description, doubts = loaded.sound.description, loaded.sound.doubts
    if description is None:
        return InvalidDescription(path, loaded.findings, _data_of_faulty(loaded, embedded))
    folder = path.parent if embedded is None else embedded.folder
    citation, library_path, faults = _cite(loaded, description.source, doubts, folder, library)
    findings = (*loaded.findings, *faults)
    if has_errors(findings):
        if embedded is not None and embedded.findings:
            doubts = replace(doubts, texts=(*doubts.texts, "*"))  # a faulty cell can leave out any file
        loaded = replace(loaded, data=_data_of_faulty(loaded, embedded))
    return DescribedDocument(
        path, loaded, description, citation or {}, library_path, findings, embedded, doubts
    )


def _data_of_faulty(loaded: LoadedDescription, embedded: EmbeddedDescription | None) -> bytes:
    """Return what must change before a batch tries a faulty description again."""
    if embedded is None:
        return loaded.data
    # different faulty cells can leave the same text, and a row that moves is reported at its new place
    return loaded.data + f"{embedded.name}{embedded.findings!r}".encode("utf-8", "replace")


def _cite(
    loaded: LoadedDescription, source: Source, doubts: Doubts, folder: Path, library: Path | None
) -> tuple[Mapping[str, Any] | None, Path | None, tuple[Finding, ...]]:
    """Return the citation, the library that it comes from, and the findings about both."""
    library_path = library or _library_path(folder, source)
    if source.cite is None:
        if doubts.concern(("source",)):
            return None, None, ()
        citation, faults = make_citation(source, None)
        return citation, library_path, _placed(loaded, ("source",), [*faults, *_unused_library(source)])
    if doubts.concern(("source", "library")):
        return None, None, ()
    try:
        items = _read_named_library(library_path)
    except InputError as error:
        finding = finding_kinds.LIBRARY.at(error.message, hint=error.hint)
        place = ("source", "library") if source.library is not None else ("source", "cite")
        return None, None, _placed(loaded, place, (finding,))
    citation, faults = make_citation(source, items)
    if doubts.concern(("source",)):  # the fields that are added to the item can be missing
        faults = [fault for fault in faults if fault.code in _ABOUT_CITE]
    return citation, library_path, _placed(loaded, ("source", "cite"), faults)


def _unused_library(source: Source) -> Iterator[Finding]:
    if source.library is not None:
        message = f"the library {shown(source.library)} is ignored: the source has no `cite`"
        yield finding_kinds.LIBRARY_UNUSED.at(message)


def unused_library(described: DescribedDocument, library: Path | None) -> tuple[Finding, ...]:
    """Return the note about a library that was named by the caller, if the description cites no key."""
    source = described.description.source
    if library is None or source.cite is not None or described.doubts.concern(("source",)):
        return ()
    message = f"the library {shown(str(library))} is ignored: the source has no `cite`"
    return (described.loaded.placed(("source",), finding_kinds.LIBRARY_UNUSED.at(message)),)


_ABOUT_CITE = frozenset(
    kind.code
    for kind in (finding_kinds.CITE_UNKNOWN, finding_kinds.CITE_AMBIGUOUS, finding_kinds.CITE_KEY_TWICE)
)


def _placed(loaded: LoadedDescription, path: SchemaPath, faults: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(loaded.placed(path, finding) for finding in faults)


def _library_path(folder: Path, source: Source) -> Path | None:
    return folder / source.library if source.library is not None else None


def _read_named_library(path: Path | None) -> Library:
    if path is None:
        raise InputError(
            "the source is cited by a key, but no library is named",
            hint="add `library: FILE` beside `cite`, or use --library FILE (CSL-JSON, as exported by Zotero)",
        )
    return read_library(path)
