"""Verifies an open bag, in numbered steps.

The steps follow RFC 8493 §3 (complete, valid) and then what archtool adds: content and trust.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archtool.bagit import finding_kinds as bag_kinds
from archtool.bagit.completeness import explain_oxum
from archtool.bagit.layout import BagLayout
from archtool.bagit.model import Bag
from archtool.files.read_once import ReadOnceSource
from archtool.files.source import FileSource
from archtool.findings import Finding, Severity, bounded, in_reading_order
from archtool.operations.content.content_check import (
    NOT_DESCRIBED,
    Content,
    ContentCheck,
    NoContentCheck,
    has_description,
)
from archtool.operations.open_package.opened_bag import read_opened_bag
from archtool.operations.open_package.package_paths import has_signatures
from archtool.operations.open_package.unread import Unread, find_unread, is_unread
from archtool.operations.trust.evidence_records import (
    EvidenceProofs,
    EvidenceRecords,
    FileDigests,
    read_records,
)
from archtool.operations.verify.renamed_files import with_renamed
from archtool.operations.verify.request import RESULT_SCHEMA, Depth, VerifyRequest
from archtool.operations.verify.verify_fixity import FixityInterest, FixityReport, check_fixity
from archtool.progress import Progress
from archtool.results import Result

if TYPE_CHECKING:
    from archtool.bagit.profile import Profile
    from archtool.timestamps.report import ProvedTime

# fmt: off
_BAG_FAMILIES = frozenset((
    "declaration", "bag", "manifest", "tagmanifest", "baginfo", "oxum", "fetch", "complete", "fixity", "name",
    "archive",
))
# fmt: on
NOT_ASKED = "not-asked"
"""The answer about trust where no keys were given and nothing is signed."""
_UNREADABLE, _CONSISTENT = "unreadable", "consistent"
_NOT_READ = Content(NOT_DESCRIBED, {})
"""The answer about the content where the archive hides it."""


def verify_bag(request: VerifyRequest, source: ReadOnceSource, progress: Progress) -> Result:
    """Verify an open bag; each of its files is read once, and a second time only if it differs.

    Raises:
        NotABagError: there is no bag.
    """
    is_full = request.depth is Depth.FULL
    # (1) what is there, and what its tag files say
    opened = read_opened_bag(request.root, source, with_sizes=not is_full)
    if is_full:
        opened = replace(opened, layout=with_renamed(opened, request.concurrency))
    bag, layout, findings = opened.bag, opened.layout, opened.findings
    # (2) valid: every file is what each of its digests says
    content_check: ContentCheck = NoContentCheck()
    if has_description(bag, layout):
        # foreign bags do not pay for what reads descriptions
        from archtool.operations.content.package_content import read_package_content

        content_check = read_package_content(source, bag, layout)
    tag_files = {path: layout.files[path] for path in layout.tag_files}
    evidence = read_records(source, tag_files) if is_full else EvidenceRecords()
    fixity = check_fixity(
        request, source, bag, layout, FixityInterest(content_check, evidence.algorithms), progress
    )
    findings += (*fixity.findings, *source.findings)
    # (3) complete: all that is listed is there, and nothing besides
    findings += opened.check_complete()
    # (4) nothing is concluded from what could not be read
    unread = find_unread(source, findings)
    findings = unread.without_conclusions(findings)
    # (5) consistent: the metadata agrees with the payload and with itself
    content = _judge_content(content_check, fixity, unread)
    findings += content.findings
    findings = explain_oxum(findings, bag, layout) if is_full else findings
    # (6) trusted: since when it is there, and who vouches for it, in the bag and beside it
    digests = FileDigests(source, layout.files, fixity.records)
    proof = EvidenceProofs((), tuple(evidence.findings))
    trust = _not_known(request)
    if not unread.tag_files:
        proof = evidence.judge(digests, request.trust.authorities, request.at)
        trust = _check_trust(request, source, tag_files, proof.proved())
    # (6a) nothing of it was written to meanwhile
    changed = opened.check_unchanged()
    trust = _not_known(request) if changed else trust
    findings += tuple(f for f in (*proof.findings, *trust.findings, *changed) if not unread.repeats(f))
    bag_verdict = "unreadable" if unread.names else _bag_verdict(findings, request.depth)
    # (7) a second opinion
    if request.second_opinion:
        is_valid = bag_verdict == request.depth.value
        findings += _second_opinion(request.root, source, layout, is_valid=is_valid)
    verdict = {"bag": bag_verdict, "content": content.verdict, "trust": trust.verdict, **trust.policy}
    # (8) the rules of a profile
    if request.profile is not None and not unread.description:
        seen = _check_profile(request.profile, bag, layout, source.serialisation)
        findings += seen
        verdict["profile"] = "not-met" if seen else "met"
    facts = {
        **_bag_facts(bag, layout),
        "serialisation": source.serialisation,
        "depth": request.depth.name.lower(),
        "checked": fixity.counts(),
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


def _judge_content(content_check: ContentCheck, fixity: FixityReport, unread: Unread) -> Content:
    """The content verdict; never `consistent` where not all that it rests on could be read."""
    if unread.description:
        return _NOT_READ
    content = content_check.check(fixity.records, fixity.findings)
    if content.verdict == NOT_DESCRIBED or not unread.files:
        return content
    if unread.metadata:
        return Content(_UNREADABLE, {})
    return replace(content, verdict=_UNREADABLE) if content.verdict == _CONSISTENT else content


def _check_trust(
    request: VerifyRequest, source: FileSource, files: Mapping[str, int], proved: Mapping[str, ProvedTime]
) -> _Trust:
    if request.trust.is_empty and request.sidecar is None and not has_signatures(files):
        return _NOT_JUDGED
    # a bag that is not signed is verified without them: they take 6 of the 90 ms of a small command
    from archtool.operations.open_package.sidecar import read_sidecar
    from archtool.operations.trust.trust_check import check_trust, trust_facts

    sidecar = read_sidecar(request.sidecar) if request.sidecar is not None else None
    report = check_trust(source, files, request.trust, request.at, sidecar, proved)
    head = str(report.head) if report.head is not None else None
    odd = sidecar.findings if sidecar is not None else ()
    policy = {} if report.meets_policy is None else {"policy": "met" if report.meets_policy else "not-met"}
    return _Trust(report.verdict.value, trust_facts(report), (*report.findings, *odd), head, policy)


def _check_profile(
    profile: Profile, bag: Bag, layout: BagLayout, serialisation: str | None
) -> tuple[Finding, ...]:
    from archtool.bagit.profile import check_profile

    return tuple(check_profile(profile, bag, layout, serialisation))


def _second_opinion(
    root: Path, source: FileSource, layout: BagLayout, *, is_valid: bool
) -> tuple[Finding, ...]:
    if source.serialisation is not None:
        return (bag_kinds.SECOND_OPINION_NONE.at("it cannot look into an archive"),)
    from archtool.bagit.second_opinion import compare_verdicts, run_second_opinion

    return compare_verdicts(run_second_opinion(root), is_valid=is_valid, paths=layout.payload)


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


def _bag_facts(bag: Bag, layout: BagLayout) -> dict[str, Any]:
    files, size_bytes = layout.payload_totals
    algorithms = [m.algorithm.value for m in bag.manifests if m.algorithm is not None]
    return {
        "bagit_version": ".".join(map(str, bag.declaration.version)),
        "algorithms": algorithms,
        "payload": {"files": files, "bytes": size_bytes},
        "tag_files": len(layout.tag_files),
    }
