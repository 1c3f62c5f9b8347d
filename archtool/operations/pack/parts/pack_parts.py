"""Packs a document whose payload is too large for one package: as a group of parts, all of them or none.

Each part is a valid bag with the whole description. The steps are those of `pack`; the payload of all parts
is copied first, because each part lists the digests of all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from archtool.errors import UsageError
from archtool.files.hashing.digests import DEFAULT_ALGORITHM
from archtool.files.hashing.file_record import FileRecord
from archtool.files.paths import shown
from archtool.findings import Finding, has_errors
from archtool.operations.content.group import format_group_manifest
from archtool.operations.content.payload_content import PayloadChecks
from archtool.operations.describe.load_description import (
    DescribedDocument,
    InvalidDescription,
    read_description,
)
from archtool.operations.open_package.package_paths import GROUP_MANIFEST_PATH
from archtool.operations.pack.compose import (
    Files,
    PackagePlan,
    compose_metadata,
    compose_tag_files,
    package_name,
)
from archtool.operations.pack.copy_payload import CopiedPayload, CopyOptions, PayloadSource, copy_payload
from archtool.operations.pack.destination import (
    ArchiveDestination,
    Destination,
    DryDestination,
    FolderDestination,
)
from archtool.operations.pack.own_files import read_tag_files, write_placeholders
from archtool.operations.pack.pack import (
    check_times,
    find_formats,
    pack,
    refusal,
    refusal_of_all,
    refuse_faults,
    second_opinion,
)
from archtool.operations.pack.parts import part_targets
from archtool.operations.pack.parts.split import SplitSize
from archtool.operations.pack.predecessor import OldAttestations
from archtool.operations.pack.request import PackRequest
from archtool.operations.pack.result import PackedPart, pack_result, with_parts
from archtool.operations.pack.targets import check_target, check_writable
from archtool.operations.sources.expanded_sources import with_expanded_patterns
from archtool.operations.sources.survey import Survey, open_sources, survey_sources
from archtool.progress import NoProgress, Progress
from archtool.results import Result


@dataclass(frozen=True, slots=True)
class _Part:
    """One part: where it is made, what it becomes, and its files with their sizes."""

    number: int
    made: Path
    target: Path
    sizes_bytes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Group:
    """What is packed."""

    request: PackRequest
    described: DescribedDocument
    survey: Survey
    plan: PackagePlan


@dataclass(frozen=True, slots=True)
class _Made:
    """The parts in the staging folder."""

    payload: list[list[FileRecord]]
    """Of each part."""
    files: Files
    """The tag files of the last part; all parts have files of the same names."""
    findings: tuple[Finding, ...]


def pack_parts(request: PackRequest, split: SplitSize, progress: Progress | None = None) -> Result:
    """Make a group of packages, each within the limit; one ordinary package if the payload fits into it.

    Raises:
        MaterialRefusedError: the description or its files have faults; it contains all findings.
        UsageError: a file is larger than a part, a part exists, or an option does not go with parts.
        SourceChangedError: a source changed while being read.
        StorageError: the parts cannot be written, or a timestamp could not be obtained; none is in place.
    """
    _refuse_options(request)
    # (1) read the description and the library that it cites
    described = request.described or read_description(request.description_path, request.library)
    if isinstance(described, InvalidDescription):
        raise refusal(request, str(request.description_path), described.findings)
    if has_errors(described.findings):
        raise refusal_of_all(request, described)
    with open_sources(described, request.files_root) as tree:
        described = with_expanded_patterns(described, tree, tree.root)
        # (2) check the sources and the targets, and divide the payload
        survey = survey_sources(described, tree, tree.root)
        findings = (*described.findings, *survey.findings)
        refuse_faults(request, described, findings)
        divided = split.divide(survey.sizes_bytes)
        if len(divided) == 1:
            return pack(replace(request, described=described), progress)
        unfinished = _check_targets(request, None if described.is_shared else tree.root, len(divided))
        group = _Group(request, described, survey, _plan(request, described, survey))
        source = PayloadSource(tree, tree.root, tree)
        # (3) stage everything in a folder beside the targets; a dry run stages nothing, and does the rest
        if request.dry_run:
            check_writable(request.target, makes_parents=request.makes_parents)
            parts = _parts_of(request, divided, Path())
            made = _make(group, parts, source, findings, progress or NoProgress())
            return _result(group, parts, made, made.findings)
        with part_targets.stage_parts(request.target, unfinished) as stage:
            parts = _parts_of(request, divided, stage.path)
            made = _make(group, parts, source, findings, progress or NoProgress())
            findings = made.findings
            # (7) get a second opinion, if requested, before the parts appear
            for part, records in zip(parts, made.payload, strict=True) if request.second_opinion else ():
                findings += second_opinion(stage, part.made, records)
            # (8) flush to the disk, and rename each part once
            renames = [(part.made, part.target) for part in parts]
            part_targets.place_parts(stage, renames, unfinished, sync=request.sync)
    return _result(group, parts, made, findings)


def _result(group: _Group, parts: Sequence[_Part], made: _Made, findings: tuple[Finding, ...]) -> Result:
    whole = [record for records in made.payload for record in records]
    result = pack_result(group.request, group.plan, group.survey, whole, made.files, findings)
    return with_parts(result, group.plan.name, _packed(parts, group.survey))


def _make(
    group: _Group,
    parts: Sequence[_Part],
    source: PayloadSource,
    findings: tuple[Finding, ...],
    progress: Progress,
) -> _Made:
    request, plan = group.request, group.plan
    checks = PayloadChecks(group.described.description, plan.algorithms[0], root=source.payload_root)
    with ExitStack() as stack:
        destinations = [stack.enter_context(_open(request, plan, part, len(parts))) for part in parts]
        # (4) copy the payload: each file is copied, digested and checked in one read
        options = CopyOptions(request.concurrency, progress, request.keep_times)
        copied = []
        for part, destination in zip(parts, destinations, strict=True):
            of_part = replace(group.survey, sizes_bytes=part.sizes_bytes)
            copied.append(copy_payload(destination, plan.algorithms, of_part, source, checks, options))
        payload = [part.records for part in copied]
        whole = [record for records in payload for record in records]
        recognised = {path: found for part in copied for path, found in part.recognised.items()}
        formats, format_findings = find_formats(
            request, group.described, group.survey, CopiedPayload(whole, recognised, ())
        )
        findings += (*checks.findings(), *format_findings, *check_times(request, whole))
        refuse_faults(request, group.described, findings)
        placeholders = write_placeholders(destinations[-1], plan.algorithms, group.survey)
        payload[-1] += placeholders
        whole += placeholders
        # (5) compose the tag files of each part, (6) sign them and list them in the tag manifests
        listed = {GROUP_MANIFEST_PATH: format_group_manifest(payload).encode()}
        metadata = compose_metadata(replace(plan, formats=formats), whole, checks) | listed
        tag_files = read_tag_files(group.described.description, group.survey, source)
        plan = replace(plan, tag_files=tag_files)
        files: Files = {}
        for part, destination, records in zip(parts, destinations, payload, strict=True):
            files = compose_tag_files(plan, records, metadata, (part.number, len(parts)))
            for path in sorted(files):
                destination.write(path, files[path])
    return _Made(payload, files, findings)


def _check_targets(
    request: PackRequest, sources: Path | None, count: int
) -> tuple[part_targets.UnfinishedRun, ...]:
    """Check the paths of the parts; return killed runs whose parts are taken back."""
    first = part_targets.part_target(request.target, request.archive, 1, count)
    unfinished = part_targets.find_unfinished(request.target, request.archive)
    part_targets.refuse_existing(request.target, request.archive, unfinished)
    check_target(first, sources, request.archive, replace=True)  # an existing one is taken back
    return unfinished


def _packed(parts: Sequence[_Part], survey: Survey) -> list[PackedPart]:
    """Return what is in which part; the placeholders of empty folders are in the last one."""
    *others, last = (PackedPart(part.target, part.sizes_bytes) for part in parts)
    return [*others, replace(last, sizes_bytes={**last.sizes_bytes, **dict.fromkeys(survey.placeholders, 0)})]


def _refuse_options(request: PackRequest) -> None:
    if request.from_bag is not None:
        raise UsageError(
            "--split-size cannot divide the payload of another bag",
            hint="write its payload as plain files first (archtool unpack --payload-only), then pack them",
        )
    if request.profile is not None:
        raise UsageError(
            "--split-size and --profile contradict each other: a profile is checked for one package",
            hint="leave one of them out, and check the parts afterwards: archtool verify --profile FILE PART",
        )
    if request.has_crate:
        raise UsageError(
            "--split-size and --crate contradict each other: an RO-Crate is one folder with all its files",
            hint="leave one of them out",
        )
    if request.replace or request.old_attestations is not OldAttestations.REFUSE:
        raise UsageError(
            f"--split-size replaces no older package: {shown(str(request.target))}",
            hint="leave out --force, and remove the parts of the older packing yourself",
        )


def _plan(request: PackRequest, described: DescribedDocument, survey: Survey) -> PackagePlan:
    return PackagePlan(
        package_name(described.description),
        described,
        request.algorithms or (DEFAULT_ALGORITHM,),
        request.packaged_at,
        request.signers,
        request.software_version,
        timestamp_client=None if request.dry_run else request.timestamp_client,
        cms=request.cms,
        keeps_times=request.keep_times,
        placeholders=survey.placeholders,
    )


def _parts_of(request: PackRequest, divided: Sequence[Mapping[str, int]], staged: Path) -> list[_Part]:
    count = len(divided)
    targets = [
        part_targets.part_target(request.target, request.archive, n, count) for n in range(1, count + 1)
    ]
    return [
        _Part(number, staged / f"part-{number}", target, sizes)
        for number, (target, sizes) in enumerate(zip(targets, divided, strict=True), 1)
    ]


def _open(request: PackRequest, plan: PackagePlan, part: _Part, count: int) -> Destination:
    if request.dry_run:
        return DryDestination()
    if request.archive is None:
        part.made.mkdir()
        return FolderDestination(part.made)
    # each part has its own base folder: several archives can be extracted in one place
    base = part_targets.part_name(plan.name, part.number, count)
    return ArchiveDestination(part.made, request.archive, base, plan.packaged_at)
