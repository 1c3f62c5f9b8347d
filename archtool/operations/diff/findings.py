"""Reports a comparison as findings, of each kind as many as can be read; the facts of the result list all.

Pure.
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

MAX_FINDINGS_OF_ONE_KIND = 1_000  # two bags can differ in millions of files
_SHOWN_CHARS = 200  # of one value; the facts have it whole
_UNREAD_HINT = "check the disk or the connection to it, then run the same command again"


def comparison_findings(comparison: Comparison) -> tuple[Finding, ...]:
    """Report every difference and every fault in reading order; of a kind that overflows, count the rest."""
    payload, metadata, trust = comparison.payload, comparison.metadata, comparison.trust
    findings = [
        *_payload_findings(payload),
        *_metadata_findings(metadata),
        *_trust_findings(trust),
        *map(_unread, (*payload.not_compared, *metadata.files.not_compared, *trust.not_compared)),
        *map(_damage, comparison.damaged),
        *map(_loss, comparison.lost),
        *_side_findings(comparison),
    ]
    ordered = in_reading_order(findings)
    return tuple(bounded(ordered, MAX_FINDINGS_OF_ONE_KIND, listed_in="the facts of --json"))


def _payload_findings(files: FilesComparison) -> Iterator[Finding]:
    for pair in files.changed:
        one, other = pair.one, pair.other
        sizes = "" if one.size_bytes is None else f" ({one.size_bytes:,} bytes, then {other.size_bytes:,})"
        note = _note("it now has the bytes of", pair.equals)
        yield finding_kinds.PAYLOAD_CHANGED.at(f"{shown(one.path)} has other bytes{sizes}{note}", one.path)
    yield from _unmatched(finding_kinds.PAYLOAD_MISSING, "only ONE holds", files.missing)
    yield from _unmatched(finding_kinds.PAYLOAD_ADDED, "only OTHER holds", files.added)
    yield from _moved(finding_kinds.PAYLOAD_MOVED, files.moved)
    yield from _odd_names(files)


def _metadata_findings(metadata: MetadataComparison) -> Iterator[Finding]:
    yield from _unmatched(finding_kinds.METADATA_MISSING, "only ONE has", metadata.files.missing)
    yield from _unmatched(finding_kinds.METADATA_ADDED, "only OTHER has", metadata.files.added)
    yield from _moved(finding_kinds.METADATA_MOVED, metadata.files.moved)
    for change in metadata.changes:
        yield from _tag_file_findings(change)
    yield from _odd_names(metadata.files)


def _unmatched(kind: Kind, says: str, files: Iterable[Unmatched]) -> Iterator[Finding]:
    for unmatched in files:
        entry = unmatched.entry
        what = "" if entry.kind is FileKind.FILE else f" ({entry.kind.value})"
        note = _note("the same bytes are in", unmatched.equals)
        yield kind.at(f"{says} {shown(entry.path)}{what}{note}", entry.path)


def _note(says: str, path: str | None) -> str:
    return f"; {says} {shown(path)}" if path is not None else ""


def _moved(kind: Kind, pairs: Iterable[Pair]) -> Iterator[Finding]:
    for pair in pairs:
        message = f"{shown(pair.one.path)} is {shown(pair.other.path)} in OTHER, with the same bytes"
        yield kind.at(message, pair.one.path)


def _odd_names(files: FilesComparison) -> Iterator[Finding]:
    for pair in files.renamed:
        # as code points: on the screen the two may look the same
        yield finding_kinds.NAME_FORM.at(f"{pair.one.path!a} is {pair.other.path!a} in OTHER", pair.one.path)
    for pair in files.other_kind:
        both = f"{pair.one.kind.value} in ONE, {pair.other.kind.value} in OTHER"
        yield finding_kinds.FILE_KIND.at(f"{shown(pair.one.path)}: {both}", pair.one.path)
    for side, path in files.empty_folders:
        yield finding_kinds.EMPTY_FOLDER.at(f"{shown(path)}/ is an empty folder, in {side} only", path)


def _tag_file_findings(change: TagFileChange) -> Iterator[Finding]:
    name = shown(change.file)
    name += f" ({shown(change.other_file)} in OTHER)" if change.other_file != change.file else ""
    if change.how is TagFileChangeKind.FORM:
        yield finding_kinds.METADATA_FORM.at(f"{name} is written otherwise and says the same", change.file)
    elif change.how is TagFileChangeKind.BYTES:
        yield finding_kinds.METADATA_CHANGED.at(f"{name} has other bytes", change.file)
    for difference in change.differences.kept:
        yield finding_kinds.METADATA_CHANGED.at(f"{name}: {_in_words(difference)}", change.file)
    if change.differences.more:
        message = f"{name}: and {change.differences.more:,} more differences"
        yield finding_kinds.METADATA_CHANGED.at(message, change.file)


def _in_words(difference: Difference) -> str:
    where = shown(difference.path) or "the whole"
    if difference.change is Change.ORDER:
        return f"{where}: the same items in another order"
    if difference.change is Change.CHANGED:
        return f"{where}: {_brief(difference.one)} → {_brief(difference.other)}"
    if difference.change is Change.MISSING:
        return f"{where} only in ONE: {_brief(difference.one)}"
    return f"{where} only in OTHER: {_brief(difference.other)}"


def _brief(value: Any) -> str:
    text = shown(json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _SHOWN_CHARS else text[:_SHOWN_CHARS] + "…"


def _trust_findings(trust: TrustComparison) -> Iterator[Finding]:
    if trust.one is not trust.other:
        kind = finding_kinds.TRUST_LOWER if trust.is_lower else finding_kinds.TRUST_HIGHER
        yield kind.at(f"trust: {trust.one.value} in ONE, {trust.other.value} in OTHER")
    for change in trust.attestations:
        yield _attestation_finding(change)


def _attestation_finding(change: AttestationChange) -> Finding:
    name = f"attestation {change.path.rpartition('/')[2]}"
    name += f" (by {', '.join(map(shown, change.claimants))})" if change.claimants else ""
    if change.change is Change.MISSING:
        return finding_kinds.ATTESTATION_MISSING.at(f"{name}: only ONE carries it", change.path)
    if change.change is Change.ADDED:
        return finding_kinds.ATTESTATION_ADDED.at(f"{name}: only OTHER carries it", change.path)
    first, *others = change.differences.kept
    count = len(others) + change.differences.more
    more = f"; and {count:,} more" if count else ""
    return finding_kinds.ATTESTATION_CHANGED.at(f"{name} differs: {_in_words(first)}{more}", change.path)


def _unread(unknown: NotCompared) -> Finding:
    finding = finding_kinds.NOT_COMPARED.at(
        f"{shown(unknown.path)} was not compared: {unknown.reason}", unknown.path
    )
    if not unknown.is_trouble:
        return finding
    return replace(finding, error_exit_code=ExitCode.SURROUNDINGS, hint=_UNREAD_HINT)


def _damage(damaged: DamagedFile) -> Finding:
    said = damaged.expected
    where = f"{shown(damaged.path)} ({said.manifest} line {said.line})"
    digests = f"expected {said.digest.short}, found {damaged.found.short}"
    return finding_kinds.DAMAGED.at(f"in {damaged.side}, digest differs: {where}: {digests}", damaged.path)


def _loss(lost: LostFile) -> Finding:
    where = f"in {lost.side}, {shown(lost.path)} is listed in {lost.manifest} (line {lost.line})"
    if lost.is_to_fetch:
        return finding_kinds.NOT_FETCHED.at(f"{where} and was not fetched yet", lost.path)
    return finding_kinds.LOST.at(f"{where} and is not there", lost.path)


def _side_findings(comparison: Comparison) -> Iterator[Finding]:
    for side in comparison.sides:
        if not side.is_whole:
            message = f"{side.name} could not be read to its end, or ends without its end mark"
            yield finding_kinds.SIDE_NOT_WHOLE.at(message)
        for finding in side.findings:
            yield replace(finding, message=f"in {side.name}: {finding.message}")
    if all(algorithm.is_weak for algorithm in comparison.algorithms):
        names = ", ".join(algorithm.value for algorithm in comparison.algorithms)
        yield finding_kinds.WEAK_ALGORITHM.at(f"the manifests were compared by {names} only")
