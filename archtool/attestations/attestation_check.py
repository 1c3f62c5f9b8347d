"""Checks one attestation: its statement, its checksum list, its subjects and its links."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from archtool.attestations import finding_kinds
from archtool.attestations.layout import AttestationFolder, is_payload_manifest
from archtool.attestations.limits import MAX_NAMED
from archtool.attestations.statements.checksum_list import ListEntry, parse_checksum_list
from archtool.attestations.statements.events import is_known
from archtool.attestations.statements.statement import Statement
from archtool.attestations.statements.statement_reader import parse_statement
from archtool.errors import InputError, MaterialRefusedError
from archtool.files.hashing.digests import Digest
from archtool.findings import Finding


@dataclass(frozen=True, slots=True)
class ChecksumListCheck:
    """The result of checking a checksum list."""

    covered: frozenset[str]
    """The paths that the list names and that exist; files that differ are reported in the findings."""
    findings: tuple[Finding, ...]


def read_statement(
    folder: AttestationFolder, data: bytes | None
) -> tuple[Statement | None, tuple[Finding, ...]]:
    """Read an attestation's statement; return `None` and findings if it cannot be read."""
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
        message = f"{path} claims {statement.event!r}, but its folder is named for {folder.event!r}"
        yield finding_kinds.STATEMENT_INVALID.at(message, path)
    if not is_known(statement.event):
        yield finding_kinds.EVENT_UNKNOWN.at(
            f"{path} claims an event that this version does not know: {statement.event!r}", path
        )


def check_list(
    folder: AttestationFolder, data: bytes | None, digests: Mapping[str, Digest]
) -> ChecksumListCheck:
    """Compare the checksum list with the files of the package; each difference is a finding."""
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
        message = f"{path} does not name its own statement, so no signature covers the statement"
        findings.append(finding_kinds.LIST_INVALID.at(message, path))
    # missing files are left out: a hostile list can name any number of them
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
    """Compare the payload manifests that the statement names with those in the package."""
    path = folder.statement_path
    for subject in statement.subjects:
        found = digests.get(subject.name) if is_payload_manifest(subject.name) else None
        if found is None:
            yield finding_kinds.SUBJECT_DIFFERS.at(
                f"{path} is about {subject.name}, which is missing from the package", path
            )
        elif not found.matches(subject.digest):
            message = (
                f"{path} is about a different {subject.name}: "
                f"expected {subject.digest.short}, found {found.short}"
            )
            yield finding_kinds.SUBJECT_DIFFERS.at(message, path)


@dataclass(frozen=True, slots=True)
class EarlierAttestations:
    """The attestations before a given one; the names of the whole chain are shared, not copied."""

    names: Sequence[str]
    """The names of all attestations of the chain, in order."""
    count: int
    """The number of attestations that are earlier: the first `count` of `names`."""
    positions: Mapping[str, int]
    """The index of each name in `names`."""
    digests: Mapping[str, Digest | None]
    """The digest of each attestation's checksum list, by the attestation's name."""

    def digest_of(self, name: str) -> Digest | None:
        """Return the digest of an earlier attestation's list; `None` if either of them is missing."""
        return self.digests[name] if self._is_earlier(name) else None

    def unlinked(self, names: Collection[str]) -> tuple[list[str], int]:
        """Return the first `MAX_NAMED` earlier attestations that are not in `names`, and their number."""
        linked = sum(1 for name in names if self._is_earlier(name))
        missing = (name for name in islice(self.names, self.count) if name not in names)
        return list(islice(missing, MAX_NAMED)), self.count - linked

    def _is_earlier(self, name: str) -> bool:
        return self.positions.get(name, self.count) < self.count


def check_links(
    folder: AttestationFolder, statement: Statement, earlier: EarlierAttestations
) -> Iterator[Finding]:
    """Compare the statement's links with the earlier attestations.

    All missing links of a statement are one finding: a chain of n attestations without links would
    otherwise have n² findings.
    """
    path = folder.statement_path
    links = {link.attestation: link.digest for link in statement.previous}
    for name, digest in links.items():
        found = earlier.digest_of(name)
        if found is None:
            yield finding_kinds.LINK_DIFFERS.at(
                f"{path} links to {name}, which is not among the earlier attestations", path
            )
        elif not found.matches(digest):
            message = f"{path} links to a different {name}: expected {digest.short}, found {found.short}"
            yield finding_kinds.LINK_DIFFERS.at(message, path)
    unlinked, count = earlier.unlinked(links)
    if count:
        others = f" and {count - len(unlinked):,} more" if count > len(unlinked) else ""
        noun = "attestation" if count == 1 else "attestations"
        message = f"{path} has no link to the earlier {noun} {', '.join(unlinked)}{others}"
        yield finding_kinds.LINK_DIFFERS.at(message, path)


def _missing(folder: AttestationFolder, path: str) -> Finding:
    return finding_kinds.FILE_MISSING.at(f"{path} is missing from attestation {folder.name}", path)
