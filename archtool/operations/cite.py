"""Reads the citation of a package's source, and formats it in the requested style."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from archtool.archives.limits import Limits
from archtool.attestations.report import TrustReport, TrustVerdict
from archtool.bagit.limits import MAX_TAG_FILE_BYTES
from archtool.description.citation import check_citation
from archtool.errors import InputError, ReadFailedError
from archtool.exports.bibtex import format_bibtex
from archtool.exports.csl import format_csl_json
from archtool.exports.plain import format_plain
from archtool.exports.ris import format_ris
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shell_word, shown
from archtool.findings import Finding, Severity
from archtool.operations import finding_kinds
from archtool.operations.content.package_reader import OpenPackage, open_package
from archtool.operations.open_package.package_paths import CITATION_PATH, find_sidecar
from archtool.operations.open_package.sidecar import read_sidecar
from archtool.operations.trust.trust_request import TrustRequest
from archtool.printable import escape_in_json, without_steering

STYLES = {
    "plain": lambda item: format_plain(item) + "\n",
    "csl-json": format_csl_json,
    "bibtex": format_bibtex,
    "ris": format_ris,
}
"""The function that formats each style."""
_MAX_SHOWN_CODES = 10  # a hostile citation can contain any number


@dataclass(frozen=True, slots=True)
class Citation:
    """The citation of a package, with the findings about it."""

    text: str
    """In the requested style, without characters that control a terminal."""
    findings: tuple[Finding, ...] = ()
    """Contradictions by tag manifests or signatures, and characters that were left out."""


def cite(root: Path, style: str, at: datetime, limits: Limits | None = None) -> Citation:
    """Read the citation of a package, and check it; `at` is the current time, aware.

    The formatted bytes are the ones that are compared with the digests in the tag manifests. Signatures are
    checked as well, but not against an allowed_signers file. Only `verify` checks whether the citation agrees
    with the description.

    In CSL-JSON, control characters are escaped, so each value is exact. Plain text, BibTeX and RIS have no
    such escapes, and an escape code would become part of the title: there these characters are left out, with
    a finding. This also applies to files and pipes, which can be shown on a terminal later.

    Raises:
        InputError: no such package, no bag, no citation in it, or no permission to read it.
        ReadFailedError: the storage failed.
    """
    sidecar_path = find_sidecar(root)
    with open_package(root, limits) as package:
        item = read_citation(package)
        if CITATION_PATH in package.metadata.unread:
            raise _read_error(root, package)
        if item is None:
            raise InputError(
                f"{shown(str(root))} has no readable citation ({CITATION_PATH})",
                hint=f"to see its metadata, run: archtool show {shell_word(str(root))}",
            )
        sidecar = read_sidecar(sidecar_path) if sidecar_path is not None else None
        trust = package.check_trust(TrustRequest(), at, sidecar)
        findings = (*package.source.findings, *package.unread, *package.check_bytes_read(CITATION_PATH))
    findings += contradictions(trust, CITATION_PATH)
    if style == "csl-json":
        return Citation(escape_in_json(STYLES[style](item)), findings)
    text, removed = without_steering(STYLES[style](item))
    return Citation(text, (*findings, *_removed_characters(removed)))


def _read_error(root: Path, package: OpenPackage) -> InputError | ReadFailedError:
    """Return why the citation was not read; `package.source` keeps the error of its only reading."""
    reason = OSError("the reason is not known")
    try:
        package.source.read_bytes(CITATION_PATH, MAX_TAG_FILE_BYTES)
    except OSError as error:
        reason = error
    message = f"{shown(str(root))}: {CITATION_PATH} cannot be read: {reason.strerror or reason}"
    return cannot_read(message, reason, hint="check its permissions")


def contradictions(trust: TrustReport, path: str | None = None) -> tuple[Finding, ...]:
    """Return the findings that break the chain of attestations; with `path`, also those about that file."""
    is_broken = trust.verdict is TrustVerdict.BROKEN
    return tuple(
        f
        for f in trust.findings
        if (is_broken and f.severity is Severity.ERROR)
        or (path is not None and f.place is not None and f.place.file == path)
    )


def _removed_characters(codes: Sequence[str]) -> Iterator[Finding]:
    if codes:
        more = f" and {len(codes) - _MAX_SHOWN_CODES} more" if len(codes) > _MAX_SHOWN_CODES else ""
        message = f"left out of the citation: {', '.join(codes[:_MAX_SHOWN_CODES])}{more}"
        yield finding_kinds.CITATION_UNPRINTABLE.at(message, CITATION_PATH)


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
