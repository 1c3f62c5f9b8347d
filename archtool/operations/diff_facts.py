"""A comparison as facts for JSON: every list whole, every path as it is."""

from __future__ import annotations

from typing import Any

from archtool.fixity.filekinds import FileKind
from archtool.operations.diff_comparison import Comparison, SideSummary
from archtool.operations.diff_files import Alone, FilesComparison
from archtool.operations.diff_listing import Lost
from archtool.operations.diff_metadata import FileChange
from archtool.operations.diff_pairing import Pair, Seen
from archtool.operations.diff_side import Damage
from archtool.operations.diff_trees import Differences
from archtool.operations.diff_trust import AttestationChange

Facts = dict[str, Any]


def comparison_facts(comparison: Comparison, other: str) -> Facts:
    """All that was seen; keys are added in later versions, never renamed."""
    one_side, other_side = comparison.sides
    trust = comparison.trust
    return {
        "other": other,
        "compared": compared(by_bytes=comparison.by_bytes),
        "algorithms": [algorithm.value for algorithm in comparison.algorithms],
        "one_bag": _side(one_side),
        "other_bag": _side(other_side),
        "checked": {"files": comparison.read_files, "bytes": comparison.read_bytes},
        "payload": _files(comparison.payload),
        "damaged": [_damage(damage) for damage in comparison.damaged],
        "lost": [_lost(lost) for lost in comparison.lost],
        "metadata": {
            **_files(comparison.metadata.files),
            "changed": [_change(change) for change in comparison.metadata.changes],
        },
        "trust": {
            "one": trust.one.value,
            "other": trust.other.value,
            "attestations": [_attestation(change) for change in trust.attestations],
            "not_compared": [{"path": n.path, "reason": n.reason} for n in trust.not_compared],
        },
    }


def compared(*, by_bytes: bool) -> str:
    """What was held against each other: the bytes of the payload, or what manifests say of them."""
    return "bytes" if by_bytes else "manifests"


def _side(side: SideSummary) -> Facts:
    return {
        "serialisation": side.serialisation,
        "is_whole": side.is_whole,
        "bagit_version": side.bagit_version,
        "payload": {"files": side.payload_files, "bytes": side.payload_bytes},
        "sidecar": str(side.sidecar) if side.sidecar is not None else None,
    }


def _files(files: FilesComparison) -> Facts:
    return {
        "same": len(files.same),
        "changed": [
            {**_pair(changed.pair), **_sizes(changed.pair), "equals": changed.equals}
            for changed in files.changed
        ],
        "missing": [_alone(alone) for alone in files.missing],
        "added": [_alone(alone) for alone in files.added],
        "moved": [{**_pair(pair), "size_bytes": pair.one.size_bytes} for pair in files.moved],
        "other_kind": [
            {**_pair(pair), "kind": pair.one.kind.value, "other_kind": pair.other.kind.value}
            for pair in files.kinds
        ],
        "other_name_form": [_pair(pair) for pair in files.renamed],
        "not_compared": [{"path": n.path, "reason": n.reason} for n in files.not_compared],
        "empty_folders": [{"side": side, "path": path} for side, path in files.empty_folders],
    }


def _pair(pair: Pair) -> Facts:
    return {"path": pair.one.path, "other_path": pair.other.path}


def _sizes(pair: Pair) -> Facts:
    return {"size_bytes": pair.one.size_bytes, "other_size_bytes": pair.other.size_bytes}


def _alone(alone: Alone) -> Facts:
    seen = alone.seen
    return {"path": seen.path, "size_bytes": _size(seen), "kind": seen.kind.value, "equals": alone.equals}


def _size(seen: Seen) -> int | None:
    return seen.size_bytes if seen.kind is FileKind.FILE else None


def _damage(damage: Damage) -> Facts:
    return {
        "side": damage.side,
        "path": damage.path,
        "manifest": damage.said.manifest,
        "line": damage.said.line,
        "expected": str(damage.said.digest),
        "found": str(damage.found),
    }


def _lost(lost: Lost) -> Facts:
    return {
        "side": lost.side,
        "path": lost.path,
        "manifest": lost.manifest,
        "line": lost.line,
        "is_to_fetch": lost.is_to_fetch,
    }


def _change(change: FileChange) -> Facts:
    return {
        "file": change.file,
        "other_file": change.other_file,
        "how": change.how.value,
        **_differences(change.differences),
    }


def _attestation(change: AttestationChange) -> Facts:
    return {
        "path": change.path,
        "event": change.event,
        "claimants": list(change.who),
        "change": change.change.value,
        **_differences(change.differences),
    }


def _differences(differences: Differences) -> Facts:
    kept = [
        {"path": d.path, "change": d.change.value, "one": d.one, "other": d.other} for d in differences.kept
    ]
    return {"differences": kept, "more": differences.more}
