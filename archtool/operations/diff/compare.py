"""Compares two bags, folders or archives, step by step: `diff` is what the command calls.

What was read is compared, not what manifests claim, unless the request asks for just that. A file that is not
what its own manifest says is damaged, which is reported apart from a difference between two versions.
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
_BEST_FIRST = sorted(Algorithm, key=lambda algorithm: algorithm.hasher_size_bytes, reverse=True)


@dataclass(frozen=True, slots=True)
class DiffRequest:
    """Which two bags to compare, and how."""

    one: Path
    other: Path
    at: datetime
    """Aware: the moment that keys must be valid at."""
    trust: TrustRequest = field(default_factory=TrustRequest)
    by_manifest: bool = False
    """Whether to believe the payload manifests instead of reading the payload."""
    jobs: int = 1
    limits: Limits = field(default_factory=Limits)
    """How far an archive may go before it is refused."""
    sidecar: Path | None = None
    """Where the attestations beside ONE lie, if not in ONE.attestations."""
    other_sidecar: Path | None = None
    """Where the attestations beside OTHER lie, if not in OTHER.attestations."""


def diff(request: DiffRequest, progress: Progress | None = None) -> Result:
    """Compare two bags; whatever they are like is reported in the result.

    Raises:
        InputError: their manifests were to be believed, and share no algorithm.
    """
    sides: list[Side] = []
    unreadable: list[Finding] = []
    bags = (ONE, request.one, request.sidecar), (OTHER, request.other, request.other_sidecar)
    with ExitStack() as opened:
        for name, root, sidecar in bags:
            try:
                sides.append(opened.enter_context(open_side(name, root, sidecar, request.limits)))
            except InputError as error:
                message = f"{name}: {error.message}"
                unreadable.append(finding_kinds.SIDE_UNREADABLE.at(message, str(root), hint=error.hint))
        if unreadable:
            verdict = dict.fromkeys(("payload", "metadata", "trust"), NOT_COMPARED)
            facts = {"other": str(request.other), "compared": compared_by(by_bytes=not request.by_manifest)}
            return Result(RESULT_SCHEMA, str(request.one), tuple(unreadable), verdict, facts)
        comparison = _compare(request, sides[0], sides[1], progress or NoProgress())
        findings, facts = comparison_findings(comparison), comparison_facts(comparison, str(request.other))
        return Result(RESULT_SCHEMA, str(request.one), findings, comparison.verdict(), facts)


def _compare(request: DiffRequest, one: Side, other: Side, progress: Progress) -> Comparison:
    sides, by_bytes = (one, other), not request.by_manifest
    # (1) the algorithms of the payload's digests: one to read with, or all that both bags' manifests have
    algorithms = (_choose_algorithm(one, other),) if by_bytes else _algorithms_to_believe(one, other)
    # (2) read every file of both once: its digest, and whether its own manifests agree
    readings = _read(request, sides, algorithms[0] if by_bytes else None, progress)
    payload = [r.payload for r in readings] if by_bytes else [listed_payload(s, algorithms) for s in sides]
    # (3) what a manifest lists and its own bag does not hold
    lost = [lost for side in sides for lost in find_lost(side, with_payload=by_bytes)]
    # (4) who vouches for each
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
    """The best algorithm that both bags' manifests have; the default one if that proves nothing."""
    return next((a for a in _shared_algorithms(one, other) if not a.is_weak), DEFAULT_ALGORITHM)


def _algorithms_to_believe(one: Side, other: Side) -> tuple[Algorithm, ...]:
    shared = _shared_algorithms(one, other)
    if not shared:
        named = (", ".join(sorted(a.value for a in _algorithms(side))) or "none" for side in (one, other))
        raise InputError(
            "the payload manifests share no algorithm: ONE has {}, OTHER has {}".format(*named),
            hint="compare the bytes themselves: leave --by-manifest away",
        )
    return shared


def _shared_algorithms(one: Side, other: Side) -> tuple[Algorithm, ...]:
    """The algorithms of both bags' payload manifests, the best first."""
    shared = _algorithms(one) & _algorithms(other)
    return tuple(algorithm for algorithm in _BEST_FIRST if algorithm in shared)


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
