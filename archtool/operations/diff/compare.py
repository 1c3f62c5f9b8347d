"""Compares two bags, folders or archives, step by step.

The bytes of the files are compared; the claims of the manifests only if the request says so. A file that
differs from its own manifest is damaged; this is reported separately from a difference between two versions.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.errors import InputError
from archtool.files.hashing.digests import DEFAULT_ALGORITHM, Algorithm
from archtool.findings import Finding
from archtool.operations.diff import finding_kinds
from archtool.operations.diff.findings import comparison_findings
from archtool.operations.diff.metadata import compare_metadata
from archtool.operations.diff.pairing import ONE, OTHER, compare_files
from archtool.operations.diff.result import NOT_COMPARED, Comparison, compared_by, comparison_facts
from archtool.operations.diff.side import (
    ReadBag,
    Side,
    find_lost,
    listed_payload,
    open_side,
    plan_reading,
    read_side,
)
from archtool.operations.diff.trust import compare_trust
from archtool.operations.trust.trust_check import check_trust
from archtool.operations.trust.trust_request import TrustRequest
from archtool.progress import NoProgress, Progress
from archtool.results import Result

RESULT_SCHEMA = "archtool/diff/1"
# the longest digests first; of equal length, in the order in which they are declared
_STRONGEST_FIRST = sorted(Algorithm, key=lambda algorithm: algorithm.hasher_size_bytes, reverse=True)


@dataclass(frozen=True, slots=True)
class DiffRequest:
    """Which two bags to compare, and how."""

    one: Path
    other: Path
    at: datetime
    """Aware: the time at which keys must be valid."""
    trust: TrustRequest = field(default_factory=TrustRequest)
    by_manifest: bool = False
    """Whether to compare the payload manifests instead of reading the payload."""
    jobs: int = 1
    limits: Limits = field(default_factory=Limits)
    """An archive beyond these limits is refused."""
    sidecar: Path | None = None
    """The sidecar of ONE, if it is not ONE.attestations."""
    other_sidecar: Path | None = None
    """The sidecar of OTHER, if it is not OTHER.attestations."""


def diff(request: DiffRequest, progress: Progress | None = None) -> Result:
    """Compare two bags; their faults are findings in the result.

    Raises:
        InputError: their manifests were to be compared, and share no algorithm.
    """
    progress = progress or NoProgress()
    sides: list[Side] = []
    unreadable: list[Finding] = []
    bags = (ONE, request.one, request.sidecar), (OTHER, request.other, request.other_sidecar)
    with ExitStack() as opened:
        for name, root, sidecar in bags:
            try:
                sides.append(opened.enter_context(open_side(name, root, sidecar, request.limits, progress)))
            except InputError as error:
                message = f"{name}: {error.message}"
                unreadable.append(finding_kinds.DIFF_SIDE_UNREADABLE.at(message, str(root), hint=error.hint))
        if unreadable:
            verdict = dict.fromkeys(("payload", "metadata", "trust"), NOT_COMPARED)
            facts = {"other": str(request.other), "compared": compared_by(by_bytes=not request.by_manifest)}
            return Result(RESULT_SCHEMA, str(request.one), tuple(unreadable), verdict, facts)
        comparison = _compare(request, sides[0], sides[1], progress)
        findings, facts = comparison_findings(comparison), comparison_facts(comparison, str(request.other))
        return Result(RESULT_SCHEMA, str(request.one), findings, comparison.verdict(), facts)


def _compare(request: DiffRequest, one: Side, other: Side, progress: Progress) -> Comparison:
    sides, by_bytes = (one, other), not request.by_manifest
    # (1) choose the algorithms: one to read the payload with, or all that the manifests of both bags share
    algorithms = (_choose_algorithm(one, other),) if by_bytes else _algorithms_of_manifests(one, other)
    # (2) read every file of both bags once, and compare it with its own manifests
    readings = _read(request, sides, algorithms[0] if by_bytes else None, progress)
    payload = [r.payload for r in readings] if by_bytes else [listed_payload(s, algorithms) for s in sides]
    # (3) find the files that a manifest lists and its own bag lacks
    lost = [lost for side in sides for lost in find_lost(side, with_payload=by_bytes)]
    # (4) check the attestations of each
    report, other_report = (
        check_trust(s.source, s.layout.files, request.trust, request.at, s.sidecar) for s in sides
    )
    attested = {attestation.path for attestation in (*report.attestations, *other_report.attestations)}
    # (5) compare payload, metadata and trust
    return Comparison(
        by_bytes=by_bytes,
        algorithms=algorithms,
        readings=readings,
        lost=tuple(lost),
        payload=compare_files(*payload),
        metadata=compare_metadata(readings[0], readings[1], attested),
        trust=compare_trust((report, other_report), readings),
    )


def _choose_algorithm(one: Side, other: Side) -> Algorithm:
    """Return the strongest algorithm that the manifests of both bags share, or the default if it is weak."""
    return next((a for a in _shared_algorithms(one, other) if not a.is_weak), DEFAULT_ALGORITHM)


def _algorithms_of_manifests(one: Side, other: Side) -> tuple[Algorithm, ...]:
    shared = _shared_algorithms(one, other)
    if not shared:
        named = (", ".join(sorted(a.value for a in _algorithms(side))) or "none" for side in (one, other))
        raise InputError(
            "the payload manifests share no algorithm: ONE has {}, OTHER has {}".format(*named),
            hint="compare the bytes: run the command without --by-manifest",
        )
    return shared


def _shared_algorithms(one: Side, other: Side) -> tuple[Algorithm, ...]:
    """Return the algorithms that the payload manifests of both bags share, the strongest first."""
    shared = _algorithms(one) & _algorithms(other)
    return tuple(algorithm for algorithm in _STRONGEST_FIRST if algorithm in shared)


def _algorithms(side: Side) -> set[Algorithm]:
    return {manifest.algorithm for manifest in side.bag.manifests if manifest.algorithm is not None}


def _read(
    request: DiffRequest, sides: tuple[Side, Side], payload: Algorithm | None, progress: Progress
) -> tuple[ReadBag, ReadBag]:
    one, other = sides
    plan, other_plan = plan_reading(one, payload), plan_reading(other, payload)
    progress.start("comparing", sum(task.size_bytes for task in (*plan, *other_plan)))
    readings = (
        read_side(one, plan, payload, request.jobs, progress),
        read_side(other, other_plan, payload, request.jobs, progress),
    )
    progress.finish()
    return readings
