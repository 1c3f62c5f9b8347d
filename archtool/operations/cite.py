"""Reads what packages are cited by, checks it, and makes a bibliography in the requested style."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from archtool.archives.limits import Limits
from archtool.attestations.report import TrustReport, TrustVerdict
from archtool.bagit.limits import MAX_TAG_FILE_BYTES
from archtool.description.citation import check_citation
from archtool.description.citing.document_entry import make_document_entry
from archtool.description.citing.model import Entry
from archtool.description.model import Description
from archtool.errors import ArchtoolError, InputError, ReadFailedError
from archtool.exports.citations.bibliography import CSL_JSON, PLAIN, arrange
from archtool.exports.citations.styles import format_bibliography
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shell_word, shown
from archtool.findings import Finding, Severity
from archtool.operations import finding_kinds
from archtool.operations.content.package_reader import OpenPackage, open_package
from archtool.operations.open_package.package_paths import CITATION_PATH, find_sidecar
from archtool.operations.open_package.package_problem import package_problem
from archtool.operations.open_package.sidecar import read_sidecar
from archtool.operations.package_description import read_description
from archtool.operations.trust.trust_request import TrustRequest
from archtool.printable import escape_in_json, without_steering

_MAX_SHOWN_CODES = 10  # a hostile citation can contain any number


@dataclass(frozen=True, slots=True)
class CiteRequest:
    """What to cite, and how."""

    roots: tuple[Path, ...]
    """The packages: folders or archives."""
    style: str = PLAIN
    """One of `exports.citations.styles.STYLES`."""
    of_source: bool = False
    """Whether the source is cited, and not the document in it."""
    accessed: tuple[int, int, int] | None = None
    """The date of access: year, month and day."""
    is_transliterated: bool = False
    """Whether titles in Cyrillic or Greek are followed by their transliteration."""
    limits: Limits | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A bibliography of packages, with the findings about them."""

    text: str
    """In the requested style, without characters that control a terminal."""
    findings: tuple[Finding, ...] = ()
    """Contradictions by tag manifests or signatures, and characters that were left out."""


def cite(request: CiteRequest, at: datetime) -> Citation:
    """Read what packages are cited by, check it and make one bibliography; `at` is the current time, aware.

    The formatted bytes are the ones that are compared with the digests in the tag manifests. Signatures are
    checked as well, but not against an allowed_signers file. Only `verify` checks whether the citation agrees
    with the description.

    In CSL-JSON, control characters are escaped, so each value is exact. The other styles have no such
    escapes, and an escape code would become part of the title: there these characters are left out, with a
    finding. This also applies to files and pipes, which can be shown on a terminal later.

    One of several packages that cannot be read is a finding; the others are cited.

    Raises:
        InputError: no such package, no bag, no citation or description in it, or no permission to read it.
        MissingPartError: the style needs libraries that are not installed.
        ReadFailedError: the storage failed.
    """
    read = [_read_one_of(root, request, at) for root in request.roots]
    findings = tuple(finding for _, found in read for finding in found)
    cited = [entry for entry, _ in read if entry is not None]
    if not cited:
        return Citation("", findings)
    accessed = {"date-parts": [list(request.accessed)]} if request.accessed is not None else None
    entries = arrange(cited, accessed)
    formatted = format_bibliography(entries, request.style, is_transliterated=request.is_transliterated)
    if request.style == CSL_JSON:
        return Citation(escape_in_json(formatted), findings)
    text, removed = without_steering(formatted)
    is_of_one_file = request.of_source and len(request.roots) == 1
    file = CITATION_PATH if is_of_one_file else None
    return Citation(text, (*findings, *_removed_characters(removed, file)))


def _read_one_of(root: Path, request: CiteRequest, at: datetime) -> tuple[Entry | None, tuple[Finding, ...]]:
    """Read the entry of one of several packages, or why it cannot be read; an only package must be read."""
    if len(request.roots) == 1:
        return _read(root, request, at)
    try:
        entry, findings = _read(root, request, at)
    except ArchtoolError as error:
        entry, findings = None, (package_problem(finding_kinds.CITED_UNREADABLE, error),)
    return entry, _of_package(root, findings)


def _read(root: Path, request: CiteRequest, at: datetime) -> tuple[Entry, tuple[Finding, ...]]:
    """Read the entry of one package, with the findings about the files that it comes from."""
    sidecar_path = find_sidecar(root)
    with open_package(root, request.limits) as package:
        entry = read_entry(root, package, of_source=request.of_source)
        sidecar = read_sidecar(sidecar_path) if sidecar_path is not None else None
        trust = package.check_trust(TrustRequest(), at, sidecar)
        paths = (CITATION_PATH,) if request.of_source else (CITATION_PATH, package.metadata.description_path)
        differing = (finding for path in paths for finding in package.check_bytes_read(path))
        findings = (*package.source.findings, *package.unread, *differing, *contradictions(trust, *paths))
    return entry, findings


def _of_package(root: Path, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return findings that state which of several packages they are about."""
    name = shown(str(root))
    return tuple(
        f if f.message.startswith(name) else replace(f, message=f"{name}: {f.message}") for f in findings
    )


def read_entry(root: Path, package: OpenPackage, *, of_source: bool = False) -> Entry:
    """Return the entry of an open package for a bibliography; `root` is named in errors.

    Raises:
        InputError: the package has no citation, or no description, that can be read.
        ReadFailedError: the storage failed.
    """
    item = read_citation(package)
    if CITATION_PATH in package.metadata.unread:
        raise metadata_read_error(root, package, CITATION_PATH)
    if item is None:
        raise InputError(
            f"{shown(str(root))} has no readable citation ({CITATION_PATH})",
            hint=f"to see its metadata, run: archtool show {shell_word(str(root))}",
        )
    return Entry(item) if of_source else make_document_entry(_description(root, package), item)


def _description(root: Path, package: OpenPackage) -> Description:
    path = package.metadata.description_path
    if path in package.metadata.unread:
        raise metadata_read_error(root, package, path)
    description = read_description(package.metadata)
    if description is None:
        raise InputError(
            f"{shown(str(root))} has no readable description ({path}), which names the document",
            hint=f"to cite its source alone, run: archtool cite --source {shell_word(str(root))}",
        )
    return description


def metadata_read_error(root: Path, package: OpenPackage, path: str) -> InputError | ReadFailedError:
    """Return why a metadata file was not read; `package.source` keeps the error of its only reading."""
    reason = OSError("the reason is not known")
    try:
        package.source.read_bytes(path, MAX_TAG_FILE_BYTES)
    except OSError as error:
        reason = error
    message = f"{shown(str(root))}: {path} cannot be read: {reason.strerror or reason}"
    return cannot_read(message, reason, hint="check its permissions")


def contradictions(trust: TrustReport, *paths: str) -> tuple[Finding, ...]:
    """Return the findings that break the chain of attestations, and those about the files of `paths`."""
    is_broken = trust.verdict is TrustVerdict.BROKEN
    return tuple(
        f
        for f in trust.findings
        if (is_broken and f.severity is Severity.ERROR) or (f.place is not None and f.place.file in paths)
    )


def _removed_characters(codes: Sequence[str], file: str | None) -> Iterator[Finding]:
    """Report the characters that were left out; `file` is where they are, if that is known."""
    if codes:
        more = f" and {len(codes) - _MAX_SHOWN_CODES} more" if len(codes) > _MAX_SHOWN_CODES else ""
        message = f"left out of the citation: {', '.join(codes[:_MAX_SHOWN_CODES])}{more}"
        yield finding_kinds.CITATION_UNPRINTABLE.at(message, file)


def read_citation(package: OpenPackage) -> Mapping[str, Any] | None:
    """Return the CSL-JSON item of a package; `None` if there is none, or it is not usable."""
    try:
        items = package.metadata.json(CITATION_PATH)
    except InputError:
        return None
    if items is None or check_citation(items):
        return None
    item: Mapping[str, Any] = items[0]
    return item
