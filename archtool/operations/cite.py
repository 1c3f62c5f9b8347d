"""The citation of a package's source, in the style that was asked for."""

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
from archtool.exports.citations import format_bibtex, format_csl_json, format_plain, format_ris
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shown
from archtool.findings import Finding, Severity
from archtool.operations import finding_kinds
from archtool.operations.content.package_reader import OpenPackage, open_package
from archtool.operations.open_package.package_paths import CITATION_PATH, find_sidecar
from archtool.operations.open_package.sidecar import read_sidecar
from archtool.operations.trust.trust_check import check_trust
from archtool.operations.trust.trust_request import TrustRequest
from archtool.printable import escape_in_json, without_steering

STYLES = {
    "plain": lambda item: format_plain(item) + "\n",
    "csl-json": format_csl_json,
    "bibtex": format_bibtex,
    "ris": format_ris,
}
"""Style → how it is written."""
_MOST_CODES = 10  # of a citation that was made to be odd; a reader needs no more of them


@dataclass(frozen=True, slots=True)
class Citation:
    """The citation of a package, with findings that contradict or restrict it."""

    text: str
    """In the style that was asked for, without characters that steer a terminal."""
    findings: tuple[Finding, ...] = ()
    """Where the tag manifests or the signatures contradict it, what was left out of it."""


def cite(root: Path, style: str, at: datetime, limits: Limits | None = None) -> Citation:
    """Read the citation out of a package, and check it; `at` is now, aware.

    The bytes that are formatted are the bytes that the tag manifests' digests are compared with. Signatures
    are checked too, but not against an allowed_signers file. Whether the citation is the one that the
    description gives, only `verify` checks.

    In CSL-JSON control characters and the like are escaped, so each value is exact. Plain text, BibTeX and
    RIS have no such escapes, and a code would become a part of the title: there they are left out, with a
    finding. That holds for a file or a pipe too, whose reader may be a terminal in the end.

    Raises:
        InputError: no such package, no bag, or no citation in it; or it may not be read.
        ReadFailedError: the system does not give it.
    """
    beside = find_sidecar(root)
    with open_package(root, limits) as package:
        item = citation_of(package)
        if CITATION_PATH in package.metadata.unread:
            raise _unread(root, package)
        if item is None:
            raise InputError(
                f"{shown(str(root))} has no citation that can be read ({CITATION_PATH})",
                hint=f"see what it has: archtool show {shown(str(root))}",
            )
        sidecar = read_sidecar(beside) if beside is not None else None
        trust = check_trust(package.source, package.layout.files, TrustRequest(), at, sidecar)
        findings = (*package.source.findings, *package.unread, *package.check_bytes_read(CITATION_PATH))
    findings += contradictions(trust, CITATION_PATH)
    if style == "csl-json":
        return Citation(escape_in_json(STYLES[style](item)), findings)
    text, taken = without_steering(STYLES[style](item))
    return Citation(text, (*findings, *_left_out(taken)))


def _unread(root: Path, package: OpenPackage) -> InputError | ReadFailedError:
    """Why the citation was not read: `source` remembers how its only reading ended."""
    why = OSError("the reason was not kept")
    try:
        package.source.read_bytes(CITATION_PATH, MAX_TAG_FILE_BYTES)
    except OSError as error:
        why = error
    message = f"{shown(str(root))}: {CITATION_PATH} cannot be read: {why.strerror or why}"
    return cannot_read(message, why, hint="check its permissions")


def contradictions(trust: TrustReport, path: str | None = None) -> tuple[Finding, ...]:
    """Findings of attestations that do not hold; with `path`, those about that file as well."""
    is_broken = trust.verdict is TrustVerdict.BROKEN
    return tuple(
        f
        for f in trust.findings
        if (is_broken and f.severity is Severity.ERROR)
        or (path is not None and f.place is not None and f.place.file == path)
    )


def _left_out(codes: Sequence[str]) -> Iterator[Finding]:
    if codes:
        more = f" and {len(codes) - _MOST_CODES} more" if len(codes) > _MOST_CODES else ""
        message = f"left out of the citation: {', '.join(codes[:_MOST_CODES])}{more}"
        yield finding_kinds.CITATION_UNPRINTABLE.at(message, CITATION_PATH)


def citation_of(package: OpenPackage) -> Mapping[str, Any] | None:
    """The one CSL-JSON item of a package; `None` where there is none that can be used."""
    try:
        items = package.metadata.json(CITATION_PATH)
    except InputError:
        return None
    if items is None or check_citation(items):
        return None
    item: Mapping[str, Any] = items[0]
    return item
