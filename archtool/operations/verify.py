"""Verifies one package or foreign bag: three separate answers, and every finding, not the first.

The steps follow RFC 8493 §3 (complete, valid) and then what archtool adds: content and trust.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from archtool.bag import kinds as bag_kinds
from archtool.bag.completeness import check_completeness, check_oxum, check_tag_manifests
from archtool.bag.fixity import FixityTask, plan_fixity
from archtool.bag.layout import Layout, lay_out
from archtool.bag.model import Bag
from archtool.bag.profile import Profile, check_profile
from archtool.bag.reader import read_bag
from archtool.bag.second_opinion import ask_second_opinion, compare_opinion
from archtool.errors import InputError
from archtool.findings import Finding, Severity, in_reading_order
from archtool.fixity.records import FileRecord
from archtool.fixity.source import FileSource
from archtool.operations.consistency import check_content, read_metadata
from archtool.operations.evidence import also_for, check_evidence, claims_of, read_evidence
from archtool.operations.fixity_check import check_files
from archtool.operations.line_claims import look_into_lines
from archtool.operations.opening import open_bag
from archtool.operations.quick import Quick, go_quickly
from archtool.operations.selection import Selection
from archtool.operations.trusting import TrustRequest, check_trust, trust_facts
from archtool.progress import NoProgress, Progress
from archtool.results import Result
from archtool.serialisation.limits import Limits

RESULT_SCHEMA = "archtool/verify/1"
# fmt: off
_BAG_FAMILIES = frozenset((
    "declaration", "bag", "manifest", "tagmanifest", "baginfo", "oxum", "fetch", "complete", "fixity", "name",
    "archive",
))
# fmt: on


class Depth(Enum):
    """How much of a bag is read; the value is the verdict on a bag in which nothing wrong was seen."""

    FULL = "valid"
    COMPLETE = "complete"
    """Presence and sizes of the payload; every tag file is read, and no payload."""
    FAST = "not-read"
    """The form of the tag files and the oxum: no file is held against a digest."""


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """What to look at, and how."""

    root: Path
    at: datetime
    """Aware: the moment that keys must be valid at."""
    trust: TrustRequest
    jobs: int = 1
    strict: bool = False
    second_opinion: bool = False
    depth: Depth = Depth.FULL
    selection: Selection = field(default_factory=Selection)
    limits: Limits = field(default_factory=Limits)
    """How far an archive may go before it is refused."""
    profile: Profile | None = None
    """Somebody's rules for bags, given from outside; they have a verdict of their own."""


def verify(request: VerifyRequest, progress: Progress | None = None) -> Result:
    """Look at everything in one bag, a folder or an archive of one.

    Nothing is raised for what a bag is like, however bad it is.
    """
    try:
        with open_bag(request.root, request.limits) as source:
            return _verify(request, source, progress or NoProgress())
    except InputError as error:
        return _unreadable(request, error.message)


def _unreadable(request: VerifyRequest, why: str) -> Result:
    finding = bag_kinds.BAG_UNREADABLE.at(why, str(request.root))
    verdict = {"bag": "unreadable", "content": "not-described", "trust": "not-asked"}
    return Result(RESULT_SCHEMA, str(request.root), (finding,), verdict, {}, request.strict)


def _verify(request: VerifyRequest, source: FileSource, progress: Progress) -> Result:
    # (0) most bags need no thought: their payload is gone through, and only what is left is looked at
    quick = _go_quickly(request, source, progress)
    is_clean = quick is not None and quick.is_clean
    # (1) what is there, (2) what its tag files say
    found = list(quick.at_root if quick and is_clean else source.walk())
    bag, findings = read_bag(source, found, dict(quick.proof.manifests) if quick and is_clean else None)
    # (3) complete: all that is listed is there, and nothing besides
    layout, seen = lay_out(bag, found)
    layout = quick.laid_out(layout) if quick else layout
    findings += seen
    findings += check_completeness(bag, layout) + check_oxum(bag, layout) + check_tag_manifests(bag, layout)
    # (4) valid: every file is what each of its digests says
    metadata = read_metadata(source, layout.files)
    lines = look_into_lines(metadata)
    claims, unused = claims_of(read_evidence(source, layout), layout)
    tasks = also_for(_tasks(bag, layout, request.depth), claims)
    tasks = quick.left(tasks) if quick else tasks
    records, seen = check_files(source, tasks, lines.sinks, request.jobs, progress)
    findings += (*seen, *source.findings)
    # (5) consistent: the metadata agrees with the payload and with itself
    told = (*lines.findings(_unchanged(records, seen)), *unused, *check_evidence(records, claims))
    content, seen = check_content(metadata, bag, layout, told)
    findings += seen
    # (6) trusted: who vouches for it
    trust = check_trust(source, layout.files, request.trust, request.at)
    findings += trust.findings
    bag_verdict = _bag_verdict(findings, request.depth) if source.is_whole else "unreadable"
    # (7) a second opinion
    if request.second_opinion:
        is_valid = bag_verdict == request.depth.value
        findings += _second_opinion(request.root, source, layout, is_valid=is_valid)
    verdict = {"bag": bag_verdict, "content": content.verdict.value, "trust": trust.verdict.value}
    # (8) the rules of a profile
    if request.profile is not None:
        seen = tuple(check_profile(request.profile, bag, layout, source.serialisation))
        findings += seen
        verdict["profile"] = "not-met" if seen else "met"
    facts = {
        **_bag_facts(bag, layout),
        "serialisation": source.serialisation,
        "depth": request.depth.name.lower(),
        "checked": _checked(records, quick.already(layout) if quick else (0, 0)),
        "content": dict(content.facts),
        "attestations": trust_facts(trust),
    }
    kept, set_aside = request.selection.divide(in_reading_order(findings))
    return Result(RESULT_SCHEMA, str(request.root), kept, verdict, facts, request.strict, set_aside)


def _go_quickly(request: VerifyRequest, source: FileSource, progress: Progress) -> Quick | None:
    """Not where somebody wants to know the names: a profile, or the one who explains a second opinion."""
    if request.depth is not Depth.FULL or request.profile is not None or request.second_opinion:
        return None
    return go_quickly(source, request.jobs, progress)


def _checked(records: Sequence[FileRecord], already: tuple[int, int]) -> dict[str, int]:
    files, size_bytes = already
    return {"files": files + len(records), "bytes": size_bytes + sum(r.size_bytes for r in records)}


def _second_opinion(root: Path, source: FileSource, layout: Layout, *, is_valid: bool) -> tuple[Finding, ...]:
    if source.serialisation is not None:
        return (bag_kinds.SECOND_OPINION_NONE.at("it cannot look into an archive"),)
    return compare_opinion(ask_second_opinion(root), ours_is_valid=is_valid, paths=layout.payload)


def _tasks(bag: Bag, layout: Layout, depth: Depth) -> list[FixityTask]:
    """The files to read: all, the tag files only, or none."""
    if depth is Depth.FAST:
        return []
    tasks = plan_fixity(bag, layout)
    return [task for task in tasks if depth is Depth.FULL or not task.path.startswith("data/")]


def _unchanged(records: Sequence[FileRecord], findings: Sequence[Finding]) -> frozenset[str]:
    """The files that were read whole and are what every digest says."""
    damaged = {finding.place.file for finding in findings if finding.place is not None}
    return frozenset(record.path for record in records) - damaged


def _bag_verdict(findings: Sequence[Finding], depth: Depth) -> str:
    errors = {
        f.code for f in findings if f.severity is Severity.ERROR and f.code.partition(".")[0] in _BAG_FAMILIES
    }
    if not errors:
        return depth.value
    missing = {bag_kinds.FILE_MISSING.code, bag_kinds.FETCH_HOLE.code}
    # a file that is missing changes the oxum too: that alone is no damage
    if errors & missing and errors <= missing | {bag_kinds.OXUM_DIFFERS.code}:
        return "incomplete"
    return "invalid"


def _bag_facts(bag: Bag, layout: Layout) -> dict[str, Any]:
    files, size_bytes = layout.payload_totals
    algorithms = [m.algorithm.value for m in bag.manifests if m.algorithm is not None]
    return {
        "bagit_version": ".".join(map(str, bag.declaration.version)),
        "algorithms": algorithms,
        "payload": {"files": files, "bytes": size_bytes},
        "tag_files": sum(1 for path in layout.files if not path.startswith("data/")),
    }
