"""The comparison of two bags, with its three verdicts and its facts for JSON.

It reads no files. The facts list everything; later versions can add keys, and never rename them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from archtool.files.file_kinds import FileKind
from archtool.files.hashing.digests import Algorithm
from archtool.operations.diff.documents import Differences
from archtool.operations.diff.metadata import MetadataComparison, TagFileChange
from archtool.operations.diff.pairing import FilesComparison, NotCompared, Pair, Unmatched
from archtool.operations.diff.side import DamagedFile, LostFile, ReadBag, Side
from archtool.operations.diff.trust import AttestationChange, TrustComparison

SAME, DIFFERENT, NOT_COMPARED = "same", "different", "not-compared"
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The complete comparison of two bags."""

    by_bytes: bool
    """Whether the payload was read; otherwise its manifests were compared."""
    algorithms: tuple[Algorithm, ...]
    """The algorithms by which payload files were compared, the strongest first."""
    readings: tuple[ReadBag, ReadBag]
    lost: tuple[LostFile, ...]
    payload: FilesComparison
    metadata: MetadataComparison
    trust: TrustComparison

    @property
    def sides(self) -> tuple[Side, Side]:
        """The two bags."""
        return self.readings[0].side, self.readings[1].side

    @property
    def damaged(self) -> tuple[DamagedFile, ...]:
        """The files of both sides that differ from their own manifests."""
        return tuple(damaged for reading in self.readings for damaged in reading.damaged)

    def verdict(self) -> dict[str, str]:
        """Return the verdicts on payload, metadata and trust: `same` only if everything was compared."""
        is_whole = all(side.is_whole for side in self.sides)
        payload, metadata, trust = self.payload, self.metadata, self.trust
        return {
            "payload": _verdict(payload.differs, is_whole and not payload.not_compared),
            "metadata": _verdict(metadata.differs, is_whole and not metadata.files.not_compared),
            "trust": _verdict(trust.differs, is_whole and not trust.not_compared),
        }


def _verdict(differs: bool, is_complete: bool) -> str:
    if differs:
        return DIFFERENT
    return SAME if is_complete else NOT_COMPARED


def comparison_facts(comparison: Comparison, other: str) -> Facts:
    """Return the facts of the comparison, for JSON."""
    one_side, other_side = comparison.sides
    metadata, trust = comparison.metadata, comparison.trust
    return {
        "other": other,
        "compared": compared_by(by_bytes=comparison.by_bytes),
        "algorithms": [algorithm.value for algorithm in comparison.algorithms],
        "one_bag": _side_facts(one_side),
        "other_bag": _side_facts(other_side),
        "checked": {
            "files": sum(reading.read_files for reading in comparison.readings),
            "bytes": sum(reading.read_bytes for reading in comparison.readings),
        },
        "payload": _files_facts(comparison.payload),
        "damaged": [_damaged_facts(damaged) for damaged in comparison.damaged],
        "lost": [_lost_facts(lost) for lost in comparison.lost],
        "metadata": {
            **_files_facts(metadata.files),
            "changed": [_tag_file_facts(change) for change in metadata.changes],
        },
        "trust": {
            "one": trust.one.value,
            "other": trust.other.value,
            "attestations": [_attestation_facts(change) for change in trust.attestations],
            "not_compared": _not_compared_facts(trust.not_compared),
        },
    }


def compared_by(*, by_bytes: bool) -> str:
    """Return what was compared of the payload: its bytes, or its manifests."""
    return "bytes" if by_bytes else "manifests"


def _side_facts(side: Side) -> Facts:
    files, size_bytes = side.layout.payload_totals
    return {
        "serialisation": side.source.serialisation,
        "is_whole": side.is_whole,
        "bagit_version": ".".join(map(str, side.bag.declaration.version)),
        "payload": {"files": files, "bytes": size_bytes},
        "sidecar": str(side.sidecar.path) if side.sidecar is not None else None,
    }


def _files_facts(files: FilesComparison) -> Facts:
    return {
        "same": len(files.same),
        "changed": [{**_paths(pair), **_sizes(pair), "equals": pair.equals} for pair in files.changed],
        "missing": [_unmatched_facts(unmatched) for unmatched in files.missing],
        "added": [_unmatched_facts(unmatched) for unmatched in files.added],
        "moved": [{**_paths(pair), "size_bytes": pair.one.size_bytes} for pair in files.moved],
        "other_kind": [
            {**_paths(pair), "kind": pair.one.kind.value, "other_kind": pair.other.kind.value}
            for pair in files.other_kind
        ],
        "other_name_form": [_paths(pair) for pair in files.renamed],
        "not_compared": _not_compared_facts(files.not_compared),
        "empty_folders": [{"side": side, "path": path} for side, path in files.empty_folders],
    }


def _paths(pair: Pair) -> Facts:
    return {"path": pair.one.path, "other_path": pair.other.path}


def _sizes(pair: Pair) -> Facts:
    return {"size_bytes": pair.one.size_bytes, "other_size_bytes": pair.other.size_bytes}


def _unmatched_facts(unmatched: Unmatched) -> Facts:
    entry = unmatched.entry
    return {
        "path": entry.path,
        "size_bytes": entry.size_bytes if entry.kind is FileKind.FILE else None,
        "kind": entry.kind.value,
        "equals": unmatched.equals,
    }


def _not_compared_facts(not_compared: Iterable[NotCompared]) -> list[Facts]:
    return [{"path": unknown.path, "reason": unknown.reason} for unknown in not_compared]


def _damaged_facts(damaged: DamagedFile) -> Facts:
    return {
        "side": damaged.side,
        "path": damaged.path,
        "manifest": damaged.expected.manifest,
        "line": damaged.expected.line,
        "expected": str(damaged.expected.digest),
        "found": str(damaged.found),
    }


def _lost_facts(lost: LostFile) -> Facts:
    return {
        "side": lost.side,
        "path": lost.path,
        "manifest": lost.manifest,
        "line": lost.line,
        "is_to_fetch": lost.is_to_fetch,
    }


def _tag_file_facts(change: TagFileChange) -> Facts:
    return {
        "file": change.file,
        "other_file": change.other_file,
        "how": change.kind.value,
        **_differences_facts(change.differences),
    }


def _attestation_facts(change: AttestationChange) -> Facts:
    return {
        "path": change.path,
        "event": change.event,
        "claimants": list(change.claimants),
        "change": change.change.value,
        **_differences_facts(change.differences),
    }


def _differences_facts(differences: Differences) -> Facts:
    kept = [
        {"path": d.path, "change": d.change.value, "one": d.one, "other": d.other} for d in differences.kept
    ]
    return {"differences": kept, "more": differences.more}
