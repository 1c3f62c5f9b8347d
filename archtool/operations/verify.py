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
from archtool.bag.fixity import FixityTask, check_file, plan_fixity
from archtool.bag.layout import Layout, lay_out
from archtool.bag.model import Bag
from archtool.bag.profile import Profile, check_profile
from archtool.bag.reader import read_bag
from archtool.bag.second_opinion import ask_second_opinion, compare_opinion
from archtool.findings import Finding, Severity, in_reading_order
from archtool.fixity.parallel import for_each_file
from archtool.fixity.paths import shown
from archtool.fixity.records import FileRecord
from archtool.fixity.transfer import hash_file
from archtool.fixity.tree import FileKind, FoundFile, Tree
from archtool.operations.consistency import check_content, read_metadata
from archtool.operations.line_claims import LineLook, look_into_lines
from archtool.operations.selection import Selection
from archtool.operations.trusting import TrustRequest, check_trust, trust_facts
from archtool.progress import NoProgress, Progress
from archtool.results import Result

RESULT_SCHEMA = "archtool/verify/1"
# fmt: off
_BAG_FAMILIES = frozenset((
    "declaration", "bag", "manifest", "tagmanifest", "baginfo", "oxum", "fetch", "complete", "fixity", "name",
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
    profile: Profile | None = None
    """Somebody's rules for bags, given from outside; they have a verdict of their own."""


def verify(request: VerifyRequest, progress: Progress | None = None) -> Result:
    """Look at everything in one bag. Nothing is raised for what a bag is like, however bad it is."""
    subject = str(request.root)
    if not request.root.is_dir():
        return _unreadable(subject, "there is no such folder", request)
    try:
        with Tree(request.root) as tree:
            return _verify(request, tree, progress or NoProgress())
    except OSError as error:
        return _unreadable(subject, f"the folder cannot be opened: {error.strerror}", request)


def _unreadable(subject: str, why: str, request: VerifyRequest) -> Result:
    finding = bag_kinds.BAG_UNREADABLE.at(f"{shown(subject)}: {why}", subject)
    verdict = {"bag": "unreadable", "content": "not-described", "trust": "not-asked"}
    return Result(RESULT_SCHEMA, subject, (finding,), verdict, {}, request.strict)


def _verify(request: VerifyRequest, tree: Tree, progress: Progress) -> Result:
    # (1) what is there, (2) what its tag files say
    found = list(tree.walk())
    bag, findings = read_bag(tree, found)
    # (3) complete: all that is listed is there, and nothing besides
    layout, seen = lay_out(bag, found)
    findings += seen
    findings += check_completeness(bag, layout) + check_oxum(bag, layout) + check_tag_manifests(bag, layout)
    # (4) valid: every file is what each of its digests says
    metadata = read_metadata(tree, layout.files)
    lines = look_into_lines(metadata)
    records, seen = _check_fixity(request, _tasks(bag, layout, request.depth), lines, progress)
    findings += seen
    # (5) consistent: the metadata agrees with the payload and with itself
    content, seen = check_content(metadata, bag, layout, lines.findings(_unchanged(records, seen)))
    findings += seen
    # (6) trusted: who vouches for it
    trust = check_trust(tree, layout.files, request.trust, request.at)
    findings += trust.findings
    bag_verdict = _bag_verdict(findings, request.depth)
    # (7) a second opinion
    if request.second_opinion:
        opinion = ask_second_opinion(request.root)
        is_valid = bag_verdict == request.depth.value
        findings += compare_opinion(opinion, ours_is_valid=is_valid, paths=layout.payload)
    verdict = {"bag": bag_verdict, "content": content.verdict.value, "trust": trust.verdict.value}
    # (8) the rules of a profile
    if request.profile is not None:
        seen = tuple(check_profile(request.profile, bag, layout))
        findings += seen
        verdict["profile"] = "not-met" if seen else "met"
    facts = {
        **_bag_facts(bag, layout, found),
        "depth": request.depth.name.lower(),
        "checked": {"files": len(records), "bytes": sum(r.size_bytes for r in records)},
        "content": dict(content.facts),
        "attestations": trust_facts(trust),
    }
    kept, set_aside = request.selection.divide(in_reading_order(findings))
    return Result(RESULT_SCHEMA, str(request.root), kept, verdict, facts, request.strict, set_aside)


def _check_fixity(
    request: VerifyRequest, tasks: Sequence[FixityTask], lines: LineLook, progress: Progress
) -> tuple[list[FileRecord], tuple[Finding, ...]]:
    def check_one(tree: Tree, task: FixityTask) -> tuple[FileRecord | None, tuple[Finding, ...]]:
        return check_file(task, lambda path, wanted: hash_file(tree, path, wanted, lines.sinks(path)))

    progress.start("verifying", sum(task.size_bytes for task in tasks))
    records: list[FileRecord] = []
    findings: list[Finding] = []
    for task, (record, seen) in zip(
        tasks, for_each_file(request.root, tasks, check_one, request.jobs), strict=True
    ):
        records += [record] if record is not None else []
        findings += seen
        progress.advance(task.size_bytes)
    progress.finish()
    return records, tuple(findings)


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


def _bag_facts(bag: Bag, layout: Layout, found: Sequence[FoundFile]) -> dict[str, Any]:
    payload = layout.payload
    algorithms = [m.algorithm.value for m in bag.manifests if m.algorithm is not None]
    return {
        "bagit_version": ".".join(map(str, bag.declaration.version)),
        "algorithms": algorithms,
        "payload": {"files": len(payload), "bytes": sum(payload.values())},
        "tag_files": sum(1 for f in found if f.kind is FileKind.FILE) - len(payload),
    }
