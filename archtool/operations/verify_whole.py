"""The whole look at one bag, in numbered steps: for every bag that has something to be thought about.

The steps follow RFC 8493 §3 (complete, valid) and then what archtool adds: content and trust.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archtool.bag import kinds as bag_kinds
from archtool.bag.completeness import check_completeness, check_oxum, check_tag_manifests, explain_oxum
from archtool.bag.fixity import FixityTask, plan_fixity
from archtool.bag.layout import Layout, lay_out
from archtool.bag.model import Bag
from archtool.bag.reader import read_bag
from archtool.findings import Finding, Severity, bounded, in_reading_order
from archtool.fixity.read_once import ReadOnce
from archtool.fixity.records import FileRecord
from archtool.fixity.source import FileSource
from archtool.fixity.tree import FoundFile, Tree
from archtool.operations.changed_meanwhile import check_unchanged
from archtool.operations.evidence_records import FileDigests, Records, RecordsSeen, read_records
from archtool.operations.fixity_check import check_files
from archtool.operations.inside import Content, Inside, look_inside
from archtool.operations.nearby_bags import refuse_unless_bag
from archtool.operations.ordinary_bag import NOT_ASKED, NOT_DESCRIBED
from archtool.operations.quick import Quick
from archtool.operations.renamed_files import with_renamed
from archtool.operations.sidecar import read_sidecar
from archtool.operations.trusting import check_trust, has_signatures, trust_facts
from archtool.operations.unread import Unread, find_unread, is_unread
from archtool.operations.verify_request import RESULT_SCHEMA, Depth, VerifyRequest
from archtool.progress import Progress
from archtool.results import Result

if TYPE_CHECKING:
    from archtool.bag.profile import Profile
    from archtool.trust.report import ProvedTime

# fmt: off
_BAG_FAMILIES = frozenset((
    "declaration", "bag", "manifest", "tagmanifest", "baginfo", "oxum", "fetch", "complete", "fixity", "name",
    "archive",
))
# fmt: on
_UNREADABLE, _CONSISTENT = "unreadable", "consistent"
_NOT_READ = Content(NOT_DESCRIBED, {})
"""The answer about the content where the archive hides it."""


def verify_whole(request: VerifyRequest, source: ReadOnce, quick: Quick | None, progress: Progress) -> Result:
    """Look at everything that the quick way, if it was gone, has left to look at."""
    # (0) what the quick way has proved is not read again
    is_clean = quick is not None and quick.is_clean
    refuse_unless_bag(request.root, source.inner)
    source.remember(quick.texts if quick is not None else {})
    # (1) what is there, (2) what its tag files say: each is read once
    found = list(_at_root(source.inner) if is_clean else source.walk())
    bag, findings = read_bag(source, found, dict(quick.proof.manifests) if quick and is_clean else None)
    # (3) complete: all that is listed is there, and nothing besides
    layout, seen = lay_out(bag, found)
    layout = quick.laid_out(layout) if quick else layout
    if request.depth is Depth.FULL and not is_clean:
        layout = with_renamed(source, bag, layout, request.effort)
    findings += seen
    findings += check_completeness(bag, layout) + check_oxum(bag, layout) + check_tag_manifests(bag, layout)
    # (4) valid: every file is what each of its digests says
    inside = look_inside(source, bag, layout)
    evidence = read_records(source, layout.files) if request.depth is Depth.FULL else Records()
    tasks = evidence.also_for(inside.also_for(_tasks(bag, layout, request.depth)))
    tasks = quick.left(tasks) if quick else tasks
    records, seen = check_files(source, tasks, inside, request.effort, progress)
    findings += (*seen, *source.findings)
    # (4a) nothing is concluded from what could not be read
    unread = find_unread(source, findings)
    findings = unread.without_conclusions(findings)
    # (5) consistent: the metadata agrees with the payload and with itself
    content = _judge_content(inside, records, seen, unread)
    findings += content.findings
    findings = explain_oxum(findings, bag, layout) if request.depth is Depth.FULL else findings
    # (6) trusted: since when it is there, and who vouches for it, in the bag and beside it
    digests = FileDigests(source, layout.files, records)
    proof = RecordsSeen((), tuple(evidence.findings))
    trust = _not_known(request)
    if not unread.tag_files:
        proof = evidence.judge(digests, request.trust.authorities, request.at)
        trust = _ask_for_trust(request, source, layout.files, proof.proved())
    # (6a) nothing of it was written to meanwhile
    changed = check_unchanged(source.inner, found, at_root=is_clean)
    trust = _not_known(request) if changed else trust
    findings += tuple(f for f in (*proof.findings, *trust.findings, *changed) if not unread.tells(f))
    bag_verdict = "unreadable" if unread.names else _bag_verdict(findings, request.depth)
    # (7) a second opinion
    if request.second_opinion:
        is_valid = bag_verdict == request.depth.value
        findings += _second_opinion(request.root, source, layout, is_valid=is_valid)
    verdict = {"bag": bag_verdict, "content": content.verdict, "trust": trust.verdict, **trust.policy}
    # (8) the rules of a profile
    if request.profile is not None and not unread.description:
        seen = _hold_against(request.profile, bag, layout, source.serialisation)
        findings += seen
        verdict["profile"] = "not-met" if seen else "met"
    facts = {
        **_bag_facts(bag, layout),
        "serialisation": source.serialisation,
        "depth": request.depth.name.lower(),
        "checked": _checked(records, quick.already(layout) if quick else (0, 0)),
        "content": dict(content.facts),
        "attestations": list(trust.attestations),
        "head": trust.head,
        "sidecar": str(request.sidecar) if request.sidecar is not None else None,
        "evidence": proof.facts(),
    }
    kept, set_aside = request.selection.divide(in_reading_order(bounded(findings)))
    return Result(RESULT_SCHEMA, str(request.root), kept, verdict, facts, request.strict, set_aside)


@dataclass(frozen=True, slots=True)
class _Trust:
    verdict: str
    attestations: Sequence[Mapping[str, Any]] = ()
    findings: tuple[Finding, ...] = ()
    head: str | None = None
    policy: Mapping[str, str] = field(default_factory=dict)
    """The answer to a policy, where one was given."""


_NOT_JUDGED = _Trust(NOT_ASKED)


def _not_known(request: VerifyRequest) -> _Trust:
    """The answer where what it rests on could not be read, or has changed meanwhile."""
    policy = {} if request.trust.policy is None else {"policy": "not-met"}
    return _NOT_JUDGED if request.trust.is_empty else _Trust(_UNREADABLE, policy=policy)


def _judge_content(
    inside: Inside, records: Sequence[FileRecord], seen: Sequence[Finding], unread: Unread
) -> Content:
    """The content verdict; never `consistent` where not all that it rests on could be read."""
    if unread.description:
        return _NOT_READ
    content = inside.hold(records, seen)
    if content.verdict == NOT_DESCRIBED or not unread.files:
        return content
    if unread.metadata:
        return Content(_UNREADABLE, {})
    return replace(content, verdict=_UNREADABLE) if content.verdict == _CONSISTENT else content


def _ask_for_trust(
    request: VerifyRequest, source: FileSource, files: Mapping[str, int], proved: Mapping[str, ProvedTime]
) -> _Trust:
    if request.trust.is_empty and request.sidecar is None and not has_signatures(files):
        return _NOT_JUDGED  # no signature and no trust option: the trust package is not imported
    sidecar = read_sidecar(request.sidecar) if request.sidecar is not None else None
    report = check_trust(source, files, request.trust, request.at, sidecar, proved)
    head = str(report.head) if report.head is not None else None
    odd = sidecar.findings if sidecar is not None else ()
    policy = {} if report.meets_policy is None else {"policy": "met" if report.meets_policy else "not-met"}
    return _Trust(report.verdict.value, trust_facts(report), (*report.findings, *odd), head, policy)


def _hold_against(
    profile: Profile, bag: Bag, layout: Layout, serialisation: str | None
) -> tuple[Finding, ...]:
    from archtool.bag.profile import check_profile

    return tuple(check_profile(profile, bag, layout, serialisation))


def _checked(records: Sequence[FileRecord], already: tuple[int, int]) -> dict[str, int]:
    files, size_bytes = already
    return {"files": files + len(records), "bytes": size_bytes + sum(r.size_bytes for r in records)}


def _second_opinion(root: Path, source: FileSource, layout: Layout, *, is_valid: bool) -> tuple[Finding, ...]:
    if source.serialisation is not None:
        return (bag_kinds.SECOND_OPINION_NONE.at("it cannot look into an archive"),)
    from archtool.bag.second_opinion import ask_second_opinion, compare_opinion

    return compare_opinion(ask_second_opinion(root), ours_is_valid=is_valid, paths=layout.payload)


def _at_root(source: FileSource) -> list[FoundFile]:
    """What lies beside a payload that the quick way, which goes through folders only, has proved."""
    return source.at_root() if isinstance(source, Tree) else []


def _tasks(bag: Bag, layout: Layout, depth: Depth) -> list[FixityTask]:
    """The files to read: all, the tag files only, or none."""
    if depth is Depth.FAST:
        return []
    tasks = plan_fixity(bag, layout)
    return [task for task in tasks if depth is Depth.FULL or not task.path.startswith("data/")]


def _bag_verdict(findings: Sequence[Finding], depth: Depth) -> str:
    seen = [f for f in findings if f.severity is Severity.ERROR and f.code.partition(".")[0] in _BAG_FAMILIES]
    errors = {f.code for f in seen}
    if not errors:
        return depth.value
    if all(map(is_unread, seen)):  # what else was seen shows that it is not valid
        return "unreadable"
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
