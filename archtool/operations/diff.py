"""Compares two bags, folders or archives: what is in the one and not, or not the same, in the other.

What was read is compared, never what manifests claim, unless somebody asks for just that. Where a file is
not what its own manifest says, that is damage, and it is told apart from a difference of two versions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archtool.errors import ExitCode, InputError
from archtool.findings import Finding
from archtool.fixity.digests import Algorithm
from archtool.operations import diff_kinds as kinds
from archtool.operations.diff_comparison import NOT_COMPARED, Comparison, SideSummary
from archtool.operations.diff_facts import compared, comparison_facts
from archtool.operations.diff_files import ONE, OTHER, NotCompared, compare_files
from archtool.operations.diff_findings import tell
from archtool.operations.diff_listing import (
    algorithm_to_read_with,
    algorithms_to_believe,
    find_lost,
    listed_payload,
)
from archtool.operations.diff_metadata import compare_metadata
from archtool.operations.diff_side import Reading, Side, open_side, plan_reading, read_side
from archtool.operations.diff_trust import compare_trust
from archtool.operations.trust_request import TrustRequest
from archtool.operations.trusting import check_trust
from archtool.progress import NoProgress, Progress
from archtool.results import Result
from archtool.serialisation.limits import Limits

RESULT_SCHEMA = "archtool/diff/1"


@dataclass(frozen=True, slots=True)
class DiffRequest:
    """Which two to compare, and how."""

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
    """The same for OTHER."""


def diff(request: DiffRequest, progress: Progress | None = None) -> Result:
    """Compare two bags; nothing is raised for what they are like.

    Raises:
        InputError: their manifests were to be believed, and share no algorithm.
    """
    with ExitStack() as held:
        sides: list[Side] = []
        findings: list[Finding] = []
        bags = (ONE, request.one, request.sidecar), (OTHER, request.other, request.other_sidecar)
        for name, root, sidecar in bags:
            try:
                sides.append(held.enter_context(open_side(name, root, sidecar, request.limits)))
            except InputError as error:
                message = f"{name}: {error.message}"
                findings.append(kinds.SIDE_UNREADABLE.at(message, str(root), hint=error.hint))
        if findings:
            return _unreadable(request, tuple(findings))
        comparison = _compare(request, sides[0], sides[1], progress or NoProgress())
    facts = comparison_facts(comparison, str(request.other))
    return Result(RESULT_SCHEMA, str(request.one), tell(comparison), comparison.verdict(), facts)


def _unreadable(request: DiffRequest, findings: tuple[Finding, ...]) -> Result:
    verdict = dict.fromkeys(("payload", "metadata", "trust"), NOT_COMPARED)
    facts = {"other": str(request.other), "compared": compared(by_bytes=not request.by_manifest)}
    return Result(RESULT_SCHEMA, str(request.one), findings, verdict, facts)


def _compare(request: DiffRequest, one: Side, other: Side, progress: Progress) -> Comparison:
    # (1) which digests serve both: without the payload's bytes, only those that both manifests have
    by_bytes = not request.by_manifest
    algorithms = _algorithms(one, other, by_bytes=by_bytes)
    # (2) every file of both, read once: its digest, and whether its own manifest agrees
    readings = _read(request, (one, other), algorithms[0] if by_bytes else None, progress)
    payload = tuple(
        reading.payload if by_bytes else listed_payload(side, algorithms)
        for side, reading in zip((one, other), readings, strict=True)
    )
    # (3) what one side's manifests list and that side does not hold
    lost = (*find_lost(one, with_payload=by_bytes), *find_lost(other, with_payload=by_bytes))
    # (4) who vouches for each
    reports = [
        check_trust(s.source, s.layout.files, request.trust, request.at, s.sidecar) for s in (one, other)
    ]
    attested = {attestation.path for report in reports for attestation in report.attestations}
    # (5) payload, metadata and trust, held against each other
    tag_files = (*readings[0].tag_files, *one.beside), (*readings[1].tag_files, *other.beside)
    unread = (*_unread_beside(one), *_unread_beside(other))
    return Comparison(
        by_bytes=by_bytes,
        algorithms=algorithms,
        sides=(_summary(one), _summary(other)),
        payload=compare_files(payload[0], payload[1]),
        metadata=compare_metadata(one, other, (readings[0], readings[1]), attested),
        trust=compare_trust(reports[0], reports[1], tag_files, unread),
        damaged=tuple(damage for reading in readings for damage in reading.damaged),
        lost=lost,
        read_files=sum(reading.read_files for reading in readings),
        read_bytes=sum(reading.read_bytes for reading in readings),
    )


def _algorithms(one: Side, other: Side, *, by_bytes: bool) -> tuple[Algorithm, ...]:
    if by_bytes:
        return (algorithm_to_read_with(one.bag, other.bag),)
    return algorithms_to_believe(one.bag, other.bag)


def _read(
    request: DiffRequest, sides: tuple[Side, Side], payload: Algorithm | None, progress: Progress
) -> list[Reading]:
    plans = [plan_reading(side, payload) for side in sides]
    progress.start("comparing", sum(task.size_bytes for plan in plans for task in plan))
    readings = [
        read_side(side, plan, payload, request.jobs, progress)
        for side, plan in zip(sides, plans, strict=True)
    ]
    progress.finish()
    return readings


def _unread_beside(side: Side) -> Iterator[NotCompared]:
    """What lies in a sidecar and could not be read."""
    if side.sidecar is None:
        return
    for finding in side.sidecar.unread:
        is_trouble = finding.exit_code is ExitCode.SURROUNDINGS
        yield NotCompared(str(side.sidecar.path), f"in {side.name}: {finding.message}", is_trouble)


def _summary(side: Side) -> SideSummary:
    payload = side.layout.payload
    return SideSummary(
        name=side.name,
        serialisation=side.source.serialisation,
        findings=(*side.source.findings, *(side.sidecar.findings if side.sidecar is not None else ())),
        sidecar=side.sidecar.path if side.sidecar is not None else None,
        is_whole=side.is_whole,
        payload_files=len(payload),
        payload_bytes=sum(payload.values()),
        bagit_version=".".join(map(str, side.bag.declaration.version)),
    )
