"""Reports a comparison as findings, up to a maximum of each kind; the facts of the result list all.

It reads no files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from archtool.exit_codes import ExitCode
from archtool.files.file_kinds import FileKind
from archtool.files.paths import shown
from archtool.findings import Finding, Kind, bounded, in_reading_order
from archtool.operations.diff import finding_kinds
from archtool.operations.diff.documents import Change, Difference
from archtool.operations.diff.metadata import MetadataComparison, TagFileChange, TagFileChangeKind
from archtool.operations.diff.pairing import FilesComparison, NotCompared, Pair, Unmatched
from archtool.operations.diff.result import Comparison
from archtool.operations.diff.side import DamagedFile, LostFile
from archtool.operations.diff.trust import AttestationChange, TrustComparison
from archtool.operations.limits import MAX_FINDINGS_OF_ONE_KIND

_SHOWN_CHARS = 200  # of one value; the facts have all of it
_NOT_READ_HINT = "check the disk or the connection to it, then run the same command again"


def comparison_findings(comparison: Comparison) -> tuple[Finding, ...]:
    """Return every difference and fault in reading order; beyond the maximum of a kind, their number."""
    payload, metadata, trust = comparison.payload, comparison.metadata, comparison.trust
    findings = [
        *_payload_findings(payload),
        *_metadata_findings(metadata),
        *_trust_findings(trust),
        *map(_not_compared, (*payload.not_compared, *metadata.files.not_compared, *trust.not_compared)),
        *map(_damaged, comparison.damaged),
        *map(_lost, comparison.lost),
        *_side_findings(comparison),
    ]
    ordered = in_reading_order(findings)
    return tuple(bounded(ordered, MAX_FINDINGS_OF_ONE_KIND, listed_in="the facts of --json"))


def _payload_findings(files: FilesComparison) -> Iterator[Finding]:
    for pair in files.changed:
        one, other = pair.one, pair.other
        sizes = "" if one.size_bytes is None else f" ({one.size_bytes:,} bytes, then {other.size_bytes:,})"
        note = _note("it now has the bytes of", pair.equals)
        message = f"{shown(one.path)} has different bytes{sizes}{note}"
        yield finding_kinds.DIFF_PAYLOAD_CHANGED.at(message, one.path)
    yield from _unmatched(finding_kinds.DIFF_PAYLOAD_MISSING, "only ONE has", files.missing)
    yield from _unmatched(finding_kinds.DIFF_PAYLOAD_ADDED, "only OTHER has", files.added)
    yield from _moved(finding_kinds.DIFF_PAYLOAD_MOVED, files.moved)
    yield from _name_findings(files)


def _metadata_findings(metadata: MetadataComparison) -> Iterator[Finding]:
    yield from _unmatched(finding_kinds.DIFF_METADATA_MISSING, "only ONE has", metadata.files.missing)
    yield from _unmatched(finding_kinds.DIFF_METADATA_ADDED, "only OTHER has", metadata.files.added)
    yield from _moved(finding_kinds.DIFF_METADATA_MOVED, metadata.files.moved)
    for change in metadata.changes:
        yield from _tag_file_findings(change)
    yield from _name_findings(metadata.files)


def _unmatched(kind: Kind, label: str, files: Iterable[Unmatched]) -> Iterator[Finding]:
    for unmatched in files:
        entry = unmatched.entry
        suffix = "" if entry.kind is FileKind.FILE else f" ({entry.kind.value})"
        note = _note("the same bytes are in", unmatched.equals)
        yield kind.at(f"{label} {shown(entry.path)}{suffix}{note}", entry.path)


def _note(label: str, path: str | None) -> str:
    return f"; {label} {shown(path)}" if path is not None else ""


def _moved(kind: Kind, pairs: Iterable[Pair]) -> Iterator[Finding]:
    for pair in pairs:
        message = f"{shown(pair.one.path)} is named {shown(pair.other.path)} in OTHER, with the same bytes"
        yield kind.at(message, pair.one.path)


def _name_findings(files: FilesComparison) -> Iterator[Finding]:
    for pair in files.renamed:
        # escaped, because the two can look the same on the screen
        message = f"{pair.one.path!a} is named {pair.other.path!a} in OTHER"
        yield finding_kinds.DIFF_NAME_FORM.at(message, pair.one.path)
    for pair in files.other_kind:
        both = f"{pair.one.kind.value} in ONE, {pair.other.kind.value} in OTHER"
        yield finding_kinds.DIFF_FILE_KIND.at(f"{shown(pair.one.path)}: {both}", pair.one.path)
    for side, path in files.empty_folders:
        yield finding_kinds.DIFF_EMPTY_FOLDER.at(
            f"{shown(path)}/ is an empty folder that only {side} has", path
        )


def _tag_file_findings(change: TagFileChange) -> Iterator[Finding]:
    name = shown(change.file)
    name += f" ({shown(change.other_file)} in OTHER)" if change.other_file != change.file else ""
    if change.kind is TagFileChangeKind.FORM:
        yield finding_kinds.DIFF_METADATA_FORM.at(
            f"{name} has the same content, but different bytes", change.file
        )
    elif change.kind is TagFileChangeKind.BYTES:
        yield finding_kinds.DIFF_METADATA_CHANGED.at(f"{name} has different bytes", change.file)
    for difference in change.differences.kept:
        yield finding_kinds.DIFF_METADATA_CHANGED.at(f"{name}: {_describe(difference)}", change.file)
    if change.differences.more:
        message = f"{name}: and {change.differences.more:,} more differences"
        yield finding_kinds.DIFF_METADATA_CHANGED.at(message, change.file)


def _describe(difference: Difference) -> str:
    where = shown(difference.path) or "the document"
    if difference.change is Change.ORDER:
        return f"{where}: the same items in another order"
    if difference.change is Change.CHANGED:
        return f"{where}: {_brief(difference.one)} → {_brief(difference.other)}"
    if difference.change is Change.MISSING:
        return f"{where} is only in ONE: {_brief(difference.one)}"
    return f"{where} is only in OTHER: {_brief(difference.other)}"


def _brief(value: Any) -> str:
    text = shown(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _SHOWN_CHARS else text[:_SHOWN_CHARS] + "…"


def _trust_findings(trust: TrustComparison) -> Iterator[Finding]:
    if trust.one is not trust.other:
        kind = finding_kinds.DIFF_TRUST_LOWER if trust.is_lower else finding_kinds.DIFF_TRUST_HIGHER
        yield kind.at(f"trust: {trust.one.value} in ONE, {trust.other.value} in OTHER")
    for change in trust.attestations:
        yield _attestation_finding(change)


def _attestation_finding(change: AttestationChange) -> Finding:
    name = f"attestation {change.path.rpartition('/')[2]}"
    name += f" (by {', '.join(map(shown, change.claimants))})" if change.claimants else ""
    if change.change is Change.MISSING:
        return finding_kinds.DIFF_ATTESTATION_MISSING.at(f"{name}: only ONE has it", change.path)
    if change.change is Change.ADDED:
        return finding_kinds.DIFF_ATTESTATION_ADDED.at(f"{name}: only OTHER has it", change.path)
    first, *others = change.differences.kept
    count = len(others) + change.differences.more
    more = f"; and {count:,} more" if count else ""
    return finding_kinds.DIFF_ATTESTATION_CHANGED.at(f"{name} differs: {_describe(first)}{more}", change.path)


def _not_compared(unknown: NotCompared) -> Finding:
    finding = finding_kinds.DIFF_NOT_COMPARED.at(
        f"{shown(unknown.path)} was not compared: {unknown.reason}", unknown.path
    )
    if not unknown.is_system_error:
        return finding
    return replace(finding, error_exit_code=ExitCode.SURROUNDINGS, hint=_NOT_READ_HINT)


def _damaged(damaged: DamagedFile) -> Finding:
    expected = damaged.expected
    where = f"{shown(damaged.path)} ({expected.manifest} line {expected.line})"
    digests = f"expected {expected.digest.short}, found {damaged.found.short}"
    return finding_kinds.DIFF_DAMAGED.at(
        f"in {damaged.side}, digest differs: {where}: {digests}", damaged.path
    )


def _lost(lost: LostFile) -> Finding:
    where = f"in {lost.side}, {shown(lost.path)} is listed in {lost.manifest} (line {lost.line})"
    if lost.is_to_fetch:
        return finding_kinds.DIFF_NOT_FETCHED.at(f"{where} and has not been fetched yet", lost.path)
    return finding_kinds.DIFF_LOST.at(f"{where} and is missing", lost.path)


def _side_findings(comparison: Comparison) -> Iterator[Finding]:
    for side in comparison.sides:
        if not side.is_whole:
            message = f"{side.name} could not be read to its end, or has no end mark"
            yield finding_kinds.DIFF_SIDE_NOT_WHOLE.at(message)
        for finding in side.findings:
            yield replace(finding, message=f"in {side.name}: {finding.message}")
    if all(algorithm.is_weak for algorithm in comparison.algorithms):
        names = ", ".join(algorithm.value for algorithm in comparison.algorithms)
        yield finding_kinds.DIFF_WEAK_ALGORITHM.at(f"the manifests were compared only by {names}")
