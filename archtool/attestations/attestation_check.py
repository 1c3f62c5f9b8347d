"""One attestation at a time: its statement, its checksum list, its subject, its links."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from archtool.attestations import finding_kinds
from archtool.attestations.layout import AttestationFolder, is_payload_manifest
from archtool.attestations.statements.checksum_list import ListEntry, parse_checksum_list
from archtool.attestations.statements.events import is_known
from archtool.attestations.statements.statement import Statement
from archtool.attestations.statements.statement_reader import parse_statement
from archtool.errors import InputError, MaterialRefusedError
from archtool.files.hashing.digests import Digest
from archtool.findings import Finding

MAX_NAMED = 3  # attestations in one message; the others are counted


@dataclass(frozen=True, slots=True)
class ChecksumListCheck:
    """What was seen of a checksum list."""

    covered: frozenset[str]
    """The paths it names, of files that are there; those whose files differ are among the findings."""
    findings: tuple[Finding, ...]


def read_statement(
    folder: AttestationFolder, data: bytes | None
) -> tuple[Statement | None, tuple[Finding, ...]]:
    """Read an attestation's statement; what is wrong with it is a finding."""
    path = folder.statement_path
    if data is None:
        return None, (_missing(folder, path),)
    try:
        statement = parse_statement(data, path)
    except MaterialRefusedError as error:
        return None, error.findings
    except InputError as error:
        return None, (finding_kinds.STATEMENT_INVALID.at(error.message, path, hint=error.hint),)
    return statement, tuple(_check_event(folder, statement))


def _check_event(folder: AttestationFolder, statement: Statement) -> Iterator[Finding]:
    path = folder.statement_path
    if statement.event != folder.event:
        message = f"{path} claims {statement.event!r}, its folder says {folder.event!r}"
        yield finding_kinds.STATEMENT_INVALID.at(message, path)
    if not is_known(statement.event):
        yield finding_kinds.EVENT_UNKNOWN.at(
            f"{path} claims an event unknown here: {statement.event!r}", path
        )


def check_list(
    folder: AttestationFolder, data: bytes | None, digests: Mapping[str, Digest]
) -> ChecksumListCheck:
    """Hold the checksum list against the files that are there; every difference is a finding."""
    path = folder.list_path
    if data is None:
        return ChecksumListCheck(frozenset(), (_missing(folder, path),))
    try:
        entries = parse_checksum_list(data, path)
    except InputError as error:
        return ChecksumListCheck(
            frozenset(), (finding_kinds.LIST_INVALID.at(error.message, path, hint=error.hint),)
        )
    findings = [finding for entry in entries for finding in _check_entry(entry, path, digests)]
    named = {entry.path for entry in entries}
    if folder.statement_path not in named:
        message = f"{path} does not name its own statement, so no signature stands for it"
        findings.append(finding_kinds.LIST_INVALID.at(message, path))
    # files that are not there have no digests to check, and a hostile list may name any number
    return ChecksumListCheck(frozenset(path for path in named if path in digests), tuple(findings))


def _check_entry(entry: ListEntry, list_path: str, digests: Mapping[str, Digest]) -> Iterator[Finding]:
    where = f"{entry.path} ({list_path} line {entry.line})"
    found = digests.get(entry.path)
    if found is None:
        message = f"signed file is not among the package's tag files: {where}"
        yield finding_kinds.FILE_MISSING.at(message, list_path, entry.line)
    elif not found.matches(entry.digest):
        message = f"digest differs: {where}: expected {entry.digest.short}, found {found.short}"
        yield finding_kinds.CHECKSUM_MISMATCH.at(message, list_path, entry.line)


def check_subjects(
    folder: AttestationFolder, statement: Statement, digests: Mapping[str, Digest]
) -> Iterator[Finding]:
    """Hold the payload manifests that the statement speaks of against those in the package."""
    path = folder.statement_path
    for subject in statement.subjects:
        found = digests.get(subject.name) if is_payload_manifest(subject.name) else None
        if found is None:
            yield finding_kinds.SUBJECT_DIFFERS.at(
                f"{path} speaks of {subject.name}, which is not there", path
            )
        elif not found.matches(subject.digest):
            message = f"{path} speaks of another {subject.name}: {subject.digest.short}, found {found.short}"
            yield finding_kinds.SUBJECT_DIFFERS.at(message, path)


@dataclass(frozen=True, slots=True)
class EarlierAttestations:
    """The attestations that stand before one of a chain, without a copy of their names for each."""

    names: Sequence[str]
    """Of all attestations of the chain, in their order."""
    count: int
    """How many of them are earlier."""
    places: Mapping[str, int]
    """Where each name stands."""
    digests: Mapping[str, Digest | None]
    """Of the checksum lists, by the names of their attestations."""

    def digest(self, name: str) -> Digest | None:
        """That of an earlier attestation; `None` where there is none of this name, or no list in it."""
        return self.digests[name] if self.places.get(name, self.count) < self.count else None

    def unnamed(self, names: Collection[str]) -> tuple[list[str], int]:
        """Of those that are not among these names the first few, and how many there are."""
        named = sum(1 for name in names if self.places.get(name, self.count) < self.count)
        missing = (name for name in islice(self.names, self.count) if name not in names)
        return list(islice(missing, MAX_NAMED)), self.count - named


def check_links(
    folder: AttestationFolder, statement: Statement, earlier: EarlierAttestations
) -> Iterator[Finding]:
    """Hold the statement's links against the earlier attestations.

    Those that it says nothing of are one finding, however many: a chain of n attestations without links
    would have n² of them.
    """
    path = folder.statement_path
    links = {link.attestation: link.digest for link in statement.previous}
    for name, digest in links.items():
        found = earlier.digest(name)
        if found is None:
            yield finding_kinds.LINK_DIFFERS.at(
                f"{path} follows on {name}, which is not there before it", path
            )
        elif not found.matches(digest):
            message = f"{path} follows on another {name}: {digest.short}, found {found.short}"
            yield finding_kinds.LINK_DIFFERS.at(message, path)
    unnamed, count = earlier.unnamed(links)
    if count:
        others = f" and {count - len(unnamed):,} more" if count > len(unnamed) else ""
        message = f"{path} says nothing of {', '.join(unnamed)}{others}, which stand before it"
        if count == 1:
            message = f"{path} says nothing of {unnamed[0]}, which stands before it"
        yield finding_kinds.LINK_DIFFERS.at(message, path)


def _missing(folder: AttestationFolder, path: str) -> Finding:
    return finding_kinds.FILE_MISSING.at(f"{path} is missing from attestation {folder.name}", path)
