"""Reads a description from disk, with the library of citations that it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archtool.description.citation import MAX_LIBRARY_BYTES, make_citation, parse_library
from archtool.description.loading import LoadedDescription, load_description
from archtool.description.model import Description, Source
from archtool.description.nodes import MAX_DESCRIPTION_BYTES
from archtool.errors import InputError
from archtool.findings import Finding, has_errors
from archtool.fixity.paths import shown
from archtool.operations.inputs import read_input


@dataclass(frozen=True, slots=True)
class Described:
    """One document as the archivist describes it, ready to be packed."""

    path: Path
    loaded: LoadedDescription
    description: Description
    citation: Mapping[str, Any]
    library: Path | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Undescribed:
    """A description that cannot be used, and everything that is wrong with it."""

    path: Path
    findings: tuple[Finding, ...]
    data: bytes
    """As it was read."""


def describe(path: Path, library: Path | None = None) -> Described | Undescribed:
    """Read a description; `library` overrides the one that it names.

    Raises:
        InputError: the file, or the library, is missing or cannot be read.
    """
    data = read_input(path, MAX_DESCRIPTION_BYTES, "the description")
    loaded = load_description(data, str(path), is_json=path.suffix.lower() == ".json")
    if loaded.description is None:
        return Undescribed(path, loaded.findings, data)
    source = loaded.description.source
    library_path = library or _library_path(path, source)
    citation, problems = make_citation(source, _read_library(library_path) if source.cite else None)
    findings = (*loaded.findings, *_placed(loaded, source, problems))
    if citation is None or has_errors(findings):
        return Undescribed(path, findings, data)
    return Described(path, loaded, loaded.description, citation, library_path, findings)


def _placed(loaded: LoadedDescription, source: Source, problems: Sequence[Finding]) -> tuple[Finding, ...]:
    place = ("source", "cite") if source.cite else ("source",)
    return tuple(loaded.placed(place, finding) for finding in problems)


def _library_path(path: Path, source: Source) -> Path | None:
    return path.parent / source.library if source.library is not None else None


def _read_library(path: Path | None) -> Mapping[str, Mapping[str, Any]] | None:
    if path is None:
        raise InputError(
            "the source is cited by a key, but no library is named",
            hint="add `library: FILE` beside `cite`, or give --library FILE (CSL-JSON, as Zotero exports it)",
        )
    return parse_library(read_input(path, MAX_LIBRARY_BYTES, "the library"), shown(str(path)))
