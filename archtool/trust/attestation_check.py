"""One attestation at a time: its statement, its checksum list, its subject, its links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archtool.errors import InputError, MaterialRefusedError
from archtool.findings import Finding
from archtool.fixity.digests import Digest
from archtool.trust import kinds
from archtool.trust.checksum_list import ListEntry, parse_checksum_list
from archtool.trust.events import is_known
from archtool.trust.layout import Folder, is_payload_manifest
from archtool.trust.statement import Statement
from archtool.trust.statement_reader import parse_statement


@dataclass(frozen=True, slots=True)
class ListSeen:
    """What was seen of a checksum list."""

    covered: frozenset[str]
    """The paths it names; those whose files differ are among the findings."""
    findings: tuple[Finding, ...]


def read_statement(folder: Folder, data: bytes | None) -> tuple[Statement | None, tuple[Finding, ...]]:
    """Read an attestation's statement; what is wrong with it is a finding."""
    path = folder.statement_path
    if data is None:
        return None, (_missing(folder, path),)
    try:
        statement = parse_statement(data, path)
    except MaterialRefusedError as error:
        return None, error.findings
    except InputError as error:
        return None, (kinds.STATEMENT_INVALID.at(error.message, path, hint=error.hint),)
    return statement, tuple(_check_event(folder, statement))


def _check_event(folder: Folder, statement: Statement) -> Iterator[Finding]:
    path = folder.statement_path
    if statement.event != folder.event:
        message = f"{path} claims {statement.event!r}, its folder says {folder.event!r}"
        yield kinds.STATEMENT_INVALID.at(message, path)
    if not is_known(statement.event):
        yield kinds.EVENT_UNKNOWN.at(f"{path} claims an event unknown here: {statement.event!r}", path)


def check_list(folder: Folder, data: bytes | None, digests: Mapping[str, Digest]) -> ListSeen:
    """Hold the checksum list against the files that are there; every difference is a finding."""
    path = folder.list_path
    if data is None:
        return ListSeen(frozenset(), (_missing(folder, path),))
    try:
        entries = parse_checksum_list(data, path)
    except InputError as error:
        return ListSeen(frozenset(), (kinds.LIST_INVALID.at(error.message, path, hint=error.hint),))
    findings = [finding for entry in entries for finding in _check_entry(entry, path, digests)]
    named = {entry.path for entry in entries}
    if folder.statement_path not in named:
        message = f"{path} does not name its own statement, so no signature stands for it"
        findings.append(kinds.LIST_INVALID.at(message, path))
    return ListSeen(frozenset(named), tuple(findings))


def _check_entry(entry: ListEntry, list_path: str, digests: Mapping[str, Digest]) -> Iterator[Finding]:
    where = f"{entry.path} ({list_path} line {entry.line})"
    found = digests.get(entry.path)
    if found is None:
        message = f"signed file is not among the package's tag files: {where}"
        yield kinds.FILE_MISSING.at(message, list_path, entry.line)
    elif not found.matches(entry.digest):
        message = f"digest differs: {where}: expected {entry.digest.short}, found {found.short}"
        yield kinds.CHECKSUM_MISMATCH.at(message, list_path, entry.line)


def check_subjects(folder: Folder, statement: Statement, digests: Mapping[str, Digest]) -> Iterator[Finding]:
    """Hold the payload manifests that the statement speaks of against those in the package."""
    path = folder.statement_path
    for subject in statement.subjects:
        found = digests.get(subject.name) if is_payload_manifest(subject.name) else None
        if found is None:
            yield kinds.SUBJECT_DIFFERS.at(f"{path} speaks of {subject.name}, which is not there", path)
        elif not found.matches(subject.digest):
            message = f"{path} speaks of another {subject.name}: {subject.digest.short}, found {found.short}"
            yield kinds.SUBJECT_DIFFERS.at(message, path)


def check_links(
    folder: Folder, statement: Statement, earlier: Mapping[str, Digest | None]
) -> Iterator[Finding]:
    """Hold the statement's links against the earlier attestations: name → digest of the checksum list."""
    path = folder.statement_path
    links = {link.attestation: link.digest for link in statement.previous}
    for name, digest in links.items():
        found = earlier.get(name)
        if found is None:
            yield kinds.LINK_DIFFERS.at(f"{path} follows on {name}, which is not there before it", path)
        elif not found.matches(digest):
            message = f"{path} follows on another {name}: {digest.short}, found {found.short}"
            yield kinds.LINK_DIFFERS.at(message, path)
    for name in earlier:
        if name not in links:
            yield kinds.LINK_DIFFERS.at(f"{path} says nothing of {name}, which stands before it", path)


def _missing(folder: Folder, path: str) -> Finding:
    return kinds.FILE_MISSING.at(f"{path} is missing from attestation {folder.name}", path)
