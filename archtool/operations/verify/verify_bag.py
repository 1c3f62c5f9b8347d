"""Verifies an open bag, in numbered steps.

The first steps follow RFC 8493 §3 (complete, valid); then come the checks that archtool adds: content, trust,
a second opinion and a profile.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archtool.bagit import finding_kinds as bag_kinds
from archtool.bagit.completeness import explain_oxum
from archtool.bagit.layout import BagLayout
from archtool.bagit.limits import MAX_INFO_BYTES
from archtool.bagit.model import Bag, Manifest
from archtool.errors import SourceChangedError
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.hash_file import hash_file
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
from archtool.operations.verify.renamed_files import layout_with_renamed_files
from archtool.operations.verify.request import RESULT_SCHEMA, Depth, VerifyRequest
from archtool.operations.verify.verify_fixity import FixityReport, ReadRequirements, check_fixity
from archtool.progress import Progress
from archtool.results import Result

if TYPE_CHECKING:  # lazy: 5 ms, only profiles and evidence records need them
    from archtool.bagit.profile import Profile
    from archtool.timestamps.report import ProvedTime

# fmt: off
_BAG_FAMILIES = frozenset((
    "declaration", "bag", "manifest", "tagmanifest", "baginfo", "oxum", "fetch", "complete", "fixity", "name",
    "archive",
))
# fmt: on
TRUST_NOT_CHECKED = "not-asked"
"""The trust verdict if no trusted keys were given and nothing is signed."""
_UNREADABLE, _CONSISTENT = "unreadable", "consistent"
_CONTENT_NOT_READ = Content(NOT_DESCRIBED, {})
"""The content verdict if the description could not be read."""


def verify_bag(request: VerifyRequest, source: ReadOnceSource, progress: Progress) -> Result:
    """Verify an open bag; each of its files is read once, and a second time only if it differs.

    Raises:
        NotABagError: there is no bag.
    """
    is_full = request.depth is Depth.FULL
    # (1) list the files and parse the tag files
    opened = read_opened_bag(request.root, source, with_sizes=not is_full)
    if is_full:
        opened = replace(opened, layout=layout_with_renamed_files(opened, request.concurrency))
    bag, layout, findings = opened.bag, opened.layout, opened.findings
    tag_files = {path: layout.files[path] for path in layout.tag_files}
    # (2) valid: every file agrees with each of its digests
    content_check = _open_content_check(source, bag, layout, replays=request.replays_repairs)
    evidence = read_records(source, tag_files) if is_full else EvidenceRecords()
    requirements = ReadRequirements(content_check, evidence.algorithms)
    fixity = check_fixity(request, source, bag, layout, requirements, progress)
    findings += (*fixity.findings, *source.findings)
    # (3) complete: every listed file exists, and every file is listed
    findings += opened.check_complete()
    # (4) drop the findings that rest on files that could not be read
    unread = find_unread(source, findings)
    findings = unread.without_conclusions(findings)
    # (5) consistent: the metadata agrees with the payload and with itself
    content = _check_content(content_check, fixity, unread)
    findings += content.findings
    findings = explain_oxum(findings, bag, layout) if is_full else findings
    # (6) trusted: evidence records, attestations and signatures, in the bag and in its sidecar
    proof = EvidenceProofs((), tuple(evidence.findings))
    trust = _trust_unreadable(request)
    if not unread.tag_files:
        digests = FileDigests(source, layout.files, fixity.records)
        proof = evidence.check(digests, request.trust.authorities, request.at)
        trust = _check_trust(request, source, tag_files, proof.proved_times())
    # (7) unchanged: no file that the verdicts rest on was written to meanwhile
    changed = opened.check_unchanged()
    trust = _trust_unreadable(request) if changed else trust
    findings += tuple(f for f in (*proof.findings, *trust.findings, *changed) if not unread.repeats(f))
    bag_verdict = "unreadable" if unread.names else _bag_verdict(findings, request.depth)
    # (8) the opinion of another validator
    if request.second_opinion:
        is_valid = bag_verdict == request.depth.value
        findings += _second_opinion(request.root, source, layout, is_valid=is_valid)
    verdict = {"bag": bag_verdict, "content": content.verdict, "trust": trust.verdict, **trust.policy}
    # (9) the rules of a profile
    if request.profile is not None and not unread.description:
        unmet = _check_profile(request.profile, bag, layout, source, request.root.name)
        findings += unmet
        verdict["profile"] = "not-met" if unmet else "met"
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
    if request.with_manifests:
        facts["manifests"] = _manifest_digests(source, bag.manifests)
        facts["tag_manifests"] = _manifest_digests(source, bag.tag_manifests)
    kept, set_aside = request.selection.divide(in_reading_order(bounded(findings)))
    return Result(RESULT_SCHEMA, str(request.root), kept, verdict, facts, request.strict, set_aside)


def _open_content_check(
    source: ReadOnceSource, bag: Bag, layout: BagLayout, *, replays: bool
) -> ContentCheck:
    """Return the check of the package's content; for a bag without a description, one that checks nothing."""
    if not has_description(bag, layout):
        return NoContentCheck()
    from archtool.operations.content.package_content import (  # lazy: only described packages need it
        read_package_content,
    )

    return read_package_content(source, bag, layout, replays=replays)


@dataclass(frozen=True, slots=True)
class _Trust:
    """The trust verdict, with the facts and findings that it rests on."""

    verdict: str
    attestations: Sequence[Mapping[str, Any]] = ()
    findings: tuple[Finding, ...] = ()
    head: str | None = None
    policy: Mapping[str, str] = field(default_factory=dict)
    """The verdict about the policy, if one was given."""


_UNCHECKED = _Trust(TRUST_NOT_CHECKED)


def _trust_unreadable(request: VerifyRequest) -> _Trust:
    """Return the trust verdict if tag files could not be read, or changed while they were read."""
    policy = {} if request.trust.policy is None else {"policy": "not-met"}
    return _UNCHECKED if request.trust.is_empty else _Trust(_UNREADABLE, policy=policy)


def _check_content(content_check: ContentCheck, fixity: FixityReport, unread: Unread) -> Content:
    """Return the content verdict; never `consistent` if a file that it rests on could not be read."""
    if unread.description:
        return _CONTENT_NOT_READ
    if (unread.names or unread.sizes) and not isinstance(content_check, NoContentCheck):
        return Content(_UNREADABLE, {})  # a file that seems to be missing can be in a closed folder
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
        return _UNCHECKED
    from archtool.operations.open_package.sidecar import read_sidecar  # lazy: 6 ms, only signed bags need it
    from archtool.operations.trust.trust_check import (  # lazy: 6 ms, only signed bags need it
        check_trust,
        trust_facts,
    )

    sidecar = read_sidecar(request.sidecar) if request.sidecar is not None else None
    report = check_trust(source, files, request.trust, request.at, sidecar, proved)
    head = str(report.head) if report.head is not None else None
    sidecar_findings = sidecar.findings if sidecar is not None else ()
    policy = {} if report.meets_policy is None else {"policy": "met" if report.meets_policy else "not-met"}
    findings = (*report.findings, *sidecar_findings)
    return _Trust(report.verdict.value, trust_facts(report), findings, head, policy)


def _check_profile(
    profile: Profile, bag: Bag, layout: BagLayout, source: FileSource, name: str
) -> tuple[Finding, ...]:
    # lazy: 5 ms, only --profile needs it
    from archtool.bagit.profile_check import check_profile, facts_of_bag, read_tag_infos

    facts = replace(
        facts_of_bag(bag, layout, source.serialisation),
        archive_name=name,
        folder_name=source.folder_name,
        tag_infos=read_tag_infos(
            profile, lambda path: source.read_bytes(path, MAX_INFO_BYTES), bag.declaration.encoding
        ),
    )
    return tuple(check_profile(profile, facts))


def _second_opinion(
    root: Path, source: FileSource, layout: BagLayout, *, is_valid: bool
) -> tuple[Finding, ...]:
    if source.serialisation is not None:
        return (bag_kinds.SECOND_OPINION_NONE.at("it cannot read an archive"),)
    from archtool.bagit.second_opinion import (  # lazy: runs another program
        compare_verdicts,
        run_second_opinion,
    )

    return compare_verdicts(run_second_opinion(root), is_valid=is_valid, paths=layout.payload)


def _bag_verdict(findings: Sequence[Finding], depth: Depth) -> str:
    about_bag = [
        f for f in findings if f.severity is Severity.ERROR and f.code.partition(".")[0] in _BAG_FAMILIES
    ]
    errors = {f.code for f in about_bag}
    if not errors:
        return depth.value
    if all(map(is_unread, about_bag)):  # any other error proves that the bag is not valid
        return "unreadable"
    missing = {bag_kinds.FILE_MISSING.code, bag_kinds.FETCH_HOLE.code}
    # a missing file changes the oxum as well; together they are no proof of damage
    if errors & missing and errors <= missing | {bag_kinds.OXUM_DIFFERS.code}:
        return "incomplete"
    return "invalid"


def _manifest_digests(source: FileSource, manifests: Iterable[Manifest]) -> dict[str, str]:
    """Return the SHA-512 of each manifest; one that cannot be read is reported by its own finding."""
    digests = {}
    for manifest in manifests:
        with contextlib.suppress(OSError, SourceChangedError):
            record = hash_file(source, manifest.name, (Algorithm.SHA512,))
            digests[manifest.name] = str(record.digest(Algorithm.SHA512))
    return digests


def _bag_facts(bag: Bag, layout: BagLayout) -> dict[str, Any]:
    files, size_bytes = layout.payload_totals
    algorithms = [m.algorithm.value for m in bag.manifests if m.algorithm is not None]
    return {
        "bagit_version": ".".join(map(str, bag.declaration.version)),
        "algorithms": algorithms,
        "payload": {"files": files, "bytes": size_bytes},
        "tag_files": len(layout.tag_files),
    }
