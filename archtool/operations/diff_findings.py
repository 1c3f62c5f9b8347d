"""Says what a comparison saw, as findings: never more of one kind than anybody reads.

Pure. The facts of the result hold the full lists.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from archtool.errors import ExitCode
from archtool.findings import Finding, in_reading_order
from archtool.fixity.filekinds import FileKind
from archtool.fixity.paths import shown
from archtool.operations import diff_kinds as kinds
from archtool.operations.diff_comparison import Comparison
from archtool.operations.diff_files import Alone, FilesComparison, NotCompared
from archtool.operations.diff_listing import Lost
from archtool.operations.diff_metadata import FileChange, How, MetadataComparison
from archtool.operations.diff_side import Damage
from archtool.operations.diff_trees import Change, Difference
from archtool.operations.diff_trust import AttestationChange, TrustComparison

MAX_FINDINGS_OF_ONE_KIND = 1_000  # two bags can differ in millions of files; the next one counts the rest
_SHOWN_CHARS = 200  # of one value; the facts have it whole
_ATTESTATION_KINDS = {
    Change.MISSING: (kinds.ATTESTATION_MISSING, "only ONE carries it"),
    Change.ADDED: (kinds.ATTESTATION_ADDED, "only OTHER carries it"),
}


def tell(comparison: Comparison) -> tuple[Finding, ...]:
    """Every finding about the two, in reading order; of a kind that overflows, the rest is counted."""
    findings = [
        *_tell_payload(comparison.payload),
        *_tell_metadata(comparison.metadata),
        *_tell_trust(comparison.trust),
        *_tell_unread((*comparison.payload.not_compared, *comparison.metadata.files.not_compared)),
        *_tell_unread(comparison.trust.not_compared),
        *map(_tell_damage, comparison.damaged),
        *map(_tell_lost, comparison.lost),
        *_tell_sides(comparison),
    ]
    return tuple(_bounded(in_reading_order(findings)))


def _bounded(findings: Iterable[Finding]) -> Iterator[Finding]:
    seen: Counter[str] = Counter()
    last: dict[str, Finding] = {}
    for finding in findings:
        seen[finding.code] += 1
        if seen[finding.code] <= MAX_FINDINGS_OF_ONE_KIND:
            yield finding
        else:
            last[finding.code] = finding
    for code, finding in last.items():
        rest = seen[code] - MAX_FINDINGS_OF_ONE_KIND
        message = f"and {rest:,} more of this kind: the facts of --json list them"
        yield replace(finding, message=message, place=None)


def _tell_payload(files: FilesComparison) -> Iterator[Finding]:
    for changed in files.changed:
        one, other = changed.pair.one, changed.pair.other
        sizes = "" if one.size_bytes is None else f" ({one.size_bytes:,} bytes, then {other.size_bytes:,})"
        note = _note("it now has the bytes of", changed.equals)
        yield kinds.PAYLOAD_CHANGED.at(f"{shown(one.path)} has other bytes{sizes}{note}", one.path)
    for alone in files.missing:
        yield kinds.PAYLOAD_MISSING.at(_alone("only ONE holds", alone), alone.seen.path)
    for alone in files.added:
        yield kinds.PAYLOAD_ADDED.at(_alone("only OTHER holds", alone), alone.seen.path)
    for pair in files.moved:
        message = f"{shown(pair.one.path)} is {shown(pair.other.path)} in OTHER, with the same bytes"
        yield kinds.PAYLOAD_MOVED.at(message, pair.one.path)
    yield from _tell_names(files)


def _tell_names(files: FilesComparison) -> Iterator[Finding]:
    for pair in files.renamed:
        # as code points: on the screen the two may look the same
        yield kinds.NAME_FORM.at(f"{pair.one.path!a} is {pair.other.path!a} in OTHER", pair.one.path)
    for pair in files.kinds:
        both = f"{pair.one.kind.value} in ONE, {pair.other.kind.value} in OTHER"
        yield kinds.FILE_KIND.at(f"{shown(pair.one.path)}: {both}", pair.one.path)
    for side, path in files.empty_folders:
        yield kinds.EMPTY_FOLDER.at(f"{shown(path)}/ is an empty folder, in {side} only", path)


def _alone(says: str, alone: Alone) -> str:
    kind = "" if alone.seen.kind is FileKind.FILE else f" ({alone.seen.kind.value})"
    return f"{says} {shown(alone.seen.path)}{kind}{_note('the same bytes are in', alone.equals)}"


def _note(says: str, path: str | None) -> str:
    return f"; {says} {shown(path)}" if path is not None else ""


def _tell_unread(not_compared: Iterable[NotCompared]) -> Iterator[Finding]:
    for unknown in not_compared:
        message = f"{shown(unknown.path)} was not compared: {unknown.reason}"
        seen = kinds.NOT_COMPARED.at(message, unknown.path)
        if unknown.is_trouble:
            hint = "check the disk or the connection to it, then run the same command again"
            seen = replace(seen, error_exit_code=ExitCode.SURROUNDINGS, hint=hint)
        yield seen


def _tell_damage(damage: Damage) -> Finding:
    where = f"{shown(damage.path)} ({damage.said.manifest} line {damage.said.line})"
    digests = f"expected {damage.said.digest.short}, found {damage.found.short}"
    return kinds.DAMAGED.at(f"in {damage.side}, digest differs: {where}: {digests}", damage.path)


def _tell_lost(lost: Lost) -> Finding:
    where = f"{shown(lost.path)} is listed in {lost.manifest} (line {lost.line})"
    if lost.is_to_fetch:
        return kinds.NOT_FETCHED.at(f"in {lost.side}, {where} and was not fetched yet", lost.path)
    return kinds.LOST.at(f"in {lost.side}, {where} and is not there", lost.path)


def _tell_sides(comparison: Comparison) -> Iterator[Finding]:
    for side in comparison.sides:
        if not side.is_whole:
            message = f"{side.name} could not be read to its end, or ends without its end mark"
            yield kinds.SIDE_NOT_WHOLE.at(message)
        for finding in side.findings:
            yield replace(finding, message=f"in {side.name}: {finding.message}")
    if all(algorithm.is_weak for algorithm in comparison.algorithms):
        names = ", ".join(algorithm.value for algorithm in comparison.algorithms)
        yield kinds.WEAK_ALGORITHM.at(f"the manifests were compared by {names} only")


def _tell_metadata(metadata: MetadataComparison) -> Iterator[Finding]:
    for alone in metadata.files.missing:
        yield kinds.METADATA_MISSING.at(_alone("only ONE has", alone), alone.seen.path)
    for alone in metadata.files.added:
        yield kinds.METADATA_ADDED.at(_alone("only OTHER has", alone), alone.seen.path)
    for pair in metadata.files.moved:
        message = f"{shown(pair.one.path)} is {shown(pair.other.path)} in OTHER, with the same bytes"
        yield kinds.METADATA_MOVED.at(message, pair.one.path)
    for change in metadata.changes:
        yield from _tell_change(change)
    yield from _tell_names(metadata.files)


def _tell_change(change: FileChange) -> Iterator[Finding]:
    name = shown(change.file)
    name += f" ({shown(change.other_file)} in OTHER)" if change.other_file != change.file else ""
    if change.how is How.FORM:
        yield kinds.METADATA_FORM.at(f"{name} is written otherwise and says the same", change.file)
    elif change.how is How.BYTES:
        yield kinds.METADATA_CHANGED.at(f"{name} has other bytes", change.file)
    for difference in change.differences.kept:
        yield kinds.METADATA_CHANGED.at(f"{name}: {in_words(difference)}", change.file)
    if change.differences.more:
        message = f"{name}: and {change.differences.more:,} more differences"
        yield kinds.METADATA_CHANGED.at(message, change.file)


def in_words(difference: Difference) -> str:
    """One difference as a clause: where, and the values of both sides."""
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


def _tell_trust(trust: TrustComparison) -> Iterator[Finding]:
    words = f"trust: {trust.one.value} in ONE, {trust.other.value} in OTHER"
    if trust.rise < 0:
        yield kinds.TRUST_LOWER.at(words)
    elif trust.one is not trust.other:
        yield kinds.TRUST_HIGHER.at(words)
    for change in trust.attestations:
        yield _tell_attestation(change)


def _tell_attestation(change: AttestationChange) -> Finding:
    name = f"attestation {change.path.rpartition('/')[2]}"
    name += f" (by {', '.join(map(shown, change.who))})" if change.who else ""
    if change.change in _ATTESTATION_KINDS:
        kind, says = _ATTESTATION_KINDS[change.change]
        return kind.at(f"{name}: {says}", change.path)
    first, *others = change.differences.kept
    count = len(others) + change.differences.more
    more = f"; and {count:,} more" if count else ""
    return kinds.ATTESTATION_CHANGED.at(f"{name} differs: {in_words(first)}{more}", change.path)
