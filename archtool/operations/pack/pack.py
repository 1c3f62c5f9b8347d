"""Packs one described document; the numbers of the steps are those in `schemas/README.md`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from archtool.archives.limits import Limits
from archtool.errors import InputError, MaterialRefusedError
from archtool.files.file_times import format_time
from archtool.files.hashing.digests import DEFAULT_ALGORITHM
from archtool.files.hashing.file_record import FileRecord
from archtool.files.paths import shell_word, shown
from archtool.files.writing.staging import Stage, stage_beside
from archtool.files.writing.tree_operations import remove_folder
from archtool.findings import Finding, exit_code_of, has_errors
from archtool.operations.content.payload_content import PayloadChecks
from archtool.operations.describe.load_description import (
    DescribedDocument,
    InvalidDescription,
    read_description,
    unused_library,
)
from archtool.operations.finding_kinds import PAYLOAD_TIME_UNKNOWN
from archtool.operations.formats.format_facts import add_folders, identify_formats
from archtool.operations.history.formats import FormatFacts
from archtool.operations.history.replacement import ReplacedPackage
from archtool.operations.pack.compose import PackagePlan, compose_package, package_name
from archtool.operations.pack.copy_payload import CopiedPayload, CopyOptions, PayloadSource, copy_payload
from archtool.operations.pack.crate_file import check_crate_names, write_crate
from archtool.operations.pack.destination import (
    ArchiveDestination,
    Destination,
    DryDestination,
    FolderDestination,
)
from archtool.operations.pack.own_files import read_tag_files, write_placeholders
from archtool.operations.pack.payload_faults import find_payload_faults
from archtool.operations.pack.payload_source import open_payload_source
from archtool.operations.pack.predecessor import (
    OldAttestations,
    PackageReplacement,
    read_predecessor,
    read_stray_sidecar,
    refuse_to_lose,
    report_discarded,
)
from archtool.operations.pack.request import PackRequest
from archtool.operations.pack.result import pack_result
from archtool.operations.pack.targets import check_target, check_writable, make_parents
from archtool.operations.sources.declared_files import about_file
from archtool.operations.sources.expanded_sources import with_expanded_patterns
from archtool.operations.sources.survey import Survey, sources_unusable, survey_sources
from archtool.progress import NoProgress, Progress
from archtool.results import Result

if TYPE_CHECKING:
    from archtool.operations.pack.adopted_bag import AdoptedBag

_ARCHIVE_NAME = "package"  # in the staging folder


def pack(request: PackRequest, progress: Progress | None = None) -> Result:
    """Make a package. The target appears complete or not at all; the sources are never changed.

    Raises:
        MaterialRefusedError: the description or its files have faults; it contains all findings.
        UsageError: the target exists, or is inside the sources.
        SourceChangedError: a source changed while being read.
        StorageError: the package cannot be written, or a timestamp could not be obtained.
    """
    # (1) read the description and the library that it cites
    described = request.described or read_description(request.description_path, request.library)
    if isinstance(described, InvalidDescription):
        raise refusal(request, str(request.description_path), described.findings)
    if has_errors(described.findings):
        raise refusal_of_all(request, described)
    with open_payload_source(described, request.files_root, request.from_bag, progress) as source:
        described = with_expanded_patterns(described, source.files, None if source.adopted else source.root)
        # (2) check the target, the package that it replaces, and the sources
        replacement, survey, plan, findings = _check_inputs(request, described, source)
        # (3) stage everything in a folder beside the target; a dry run stages nothing, and does the rest
        with _open_stage(request) as stage:
            with _open_destination(request, stage, plan) as destination:
                # (4) copy the payload: each file is copied, digested and checked in one read
                checks = PayloadChecks(described.description, plan.algorithms[0], root=source.payload_root)
                options = CopyOptions(request.concurrency, progress or NoProgress(), request.keep_times)
                copied = copy_payload(destination, plan.algorithms, survey, source, checks, options)
                payload = copied.records
                formats, format_findings = find_formats(request, described, survey, copied)
                findings += (*copied.findings, *checks.findings(), *format_findings)
                findings += (*check_times(request, payload),)
                refuse_faults(request, described, findings)
                payload += write_placeholders(destination, plan.algorithms, survey)
                tag_files = read_tag_files(described.description, survey, source)
                plan = replace(plan, formats=formats, tag_files=tag_files)
                payload += write_crate(destination, plan, payload)
                # (5) compose the tag files, (6) sign them and list them in the tag manifests
                files = compose_package(plan, payload, checks)
                for path in sorted(files):
                    destination.write(path, files[path])
            if stage is None:
                return pack_result(request, plan, survey, payload, files, findings)
            # (7) get a second opinion, if requested, before the package appears
            if request.second_opinion:
                findings += second_opinion(stage, _made_in(request, stage), payload)
            # (8) flush to the disk, and rename once
            _commit(request, stage, replacement)
    return pack_result(request, plan, survey, payload, files, findings)


def check_times(request: PackRequest, payload: Sequence[FileRecord]) -> Iterator[Finding]:
    """Yield a finding for each file whose time is to be recorded and cannot be."""
    for record in payload if request.keep_times else ():
        if record.modified_at_ns is None or format_time(record.modified_at_ns) is None:
            name = record.path.removeprefix("data/")
            yield PAYLOAD_TIME_UNKNOWN.at(f"{shown(name)} has a time that no calendar has", name)


def refusal_of_all(request: PackRequest, described: DescribedDocument) -> MaterialRefusedError:
    """Return the refusal of a faulty description, with the faults of the files that it declares."""
    findings = described.findings
    try:
        with open_payload_source(described, request.files_root, request.from_bag) as source:
            root, tag_source = (None, source.tag_files) if source.adopted else (source.root, None)
            described = with_expanded_patterns(described, source.files, root)
            survey = survey_sources(described, source.files, root, tag_source)
            faults = find_payload_faults(described, source, survey, only_texts=True).findings
            bag_findings = source.adopted.findings if source.adopted else ()
            findings = (*described.findings, *survey.findings, *bag_findings, *faults)
    except InputError as error:
        findings = (*findings, sources_unusable(error))
    return refusal(request, described.name, findings, is_checkable=described.embedded is None)


def _check_inputs(
    request: PackRequest, described: DescribedDocument, source: PayloadSource
) -> tuple[PackageReplacement | None, Survey, PackagePlan, tuple[Finding, ...]]:
    if source.adopted is not None:
        source.adopted.refuse_unless_adoptable()
    sources_root = None if described.is_shared else source.root
    check_target(request.target, sources_root, request.archive, replace=request.replace)
    replacement = _plan_replacement(request)
    adopted = source.adopted
    # the description can be in the folder of its files, but not in an adopted bag
    root, tag_source = (None, source.tag_files) if adopted else (source.root, None)
    survey = survey_sources(described, source.files, root, tag_source)
    notes = () if request.described is not None else unused_library(described, request.library)
    findings = (*described.findings, *notes, *survey.findings, *(adopted.findings if adopted else ()))
    if request.has_crate:
        findings += check_crate_names(described.description, survey, adopted.tasks if adopted else ())
    plan = _plan(request, described, adopted, replacement, survey)
    if request.profile is not None:
        # lazy: 5 ms, only --profile needs it
        from archtool.operations.pack.profile.plan_check import check_plan, plan_for_profile
        from archtool.operations.pack.profile.planned_bag import TargetForm  # lazy: with the line above

        form = TargetForm(request.archive, request.target.name, request.makes_archives)
        plan, of_plan = plan_for_profile(plan, request.profile, request.algorithms)
        findings += (*of_plan, *check_plan(request.profile, plan, survey, source.tag_files, form))
    if exit_code_of(findings, strict=request.strict):
        findings += find_payload_faults(described, source, survey, only_texts=True).findings
    refuse_faults(request, described, findings)
    if replacement is not None and request.old_attestations is OldAttestations.DISCARD:
        findings = (*findings, *report_discarded(replacement.predecessor))
    return replacement, survey, plan, findings


def find_formats(
    request: PackRequest, described: DescribedDocument, survey: Survey, copied: CopiedPayload
) -> tuple[FormatFacts, list[Finding]]:
    """Return the formats of the files: from a tool if requested, else from names and first bytes."""
    root = request.files_root or described.folder if request.from_bag is None else None
    report = request.formats
    if request.uses_fido:
        # lazy: subprocess, only --formats fido needs it
        from archtool.formats.fido import identify_with_fido

        report = identify_with_fido(
            root or described.folder, [survey.name_on_disk(p) for p in survey.sizes_bytes]
        )
    texts = {part.file for part in described.description.transcription}
    facts, findings = identify_formats(copied.records, copied.recognised, texts, report, root)
    folders = {f"data/{folder}" for folder in described.description.payload_folders()}
    findings = [about_file(described, finding) for finding in findings]
    return add_folders(facts, folders, [record.path for record in copied.records]), findings


def _plan_replacement(request: PackRequest) -> PackageReplacement | None:
    """Return how the package or stray sidecar at the target is replaced; `None` if there is none."""
    if os.path.lexists(request.target):
        predecessor = read_predecessor(request.target, is_unfinished=request.is_finishing)
    elif (found := read_stray_sidecar(request.target)) is not None:
        predecessor = found
    else:
        return None
    refuse_to_lose(predecessor, request.old_attestations)
    return PackageReplacement(predecessor, request.old_attestations)


def _plan(
    request: PackRequest,
    described: DescribedDocument,
    adopted: AdoptedBag | None,
    replacement: PackageReplacement | None,
    survey: Survey,
) -> PackagePlan:
    return PackagePlan(
        package_name(described.description),
        described,
        request.algorithms or (DEFAULT_ALGORITHM,),
        request.packaged_at,
        request.signers,
        request.software_version,
        adopted.tag_files if adopted else None,
        None if request.dry_run else request.timestamp_client,
        request.cms,
        _replaced_package(replacement),
        keeps_times=request.keep_times,
        placeholders=survey.placeholders,
        has_crate=request.has_crate,
    )


def _replaced_package(replacement: PackageReplacement | None) -> ReplacedPackage | None:
    """Return the facts of the old package for the provenance, if it is kept beside the new one."""
    if replacement is None or replacement.kept_at is None:
        return None
    old, kept_sidecar = replacement.predecessor, replacement.kept_sidecar
    sidecar = kept_sidecar.name if kept_sidecar is not None else None
    return ReplacedPackage(replacement.kept_at.name, old.manifests, old.head, sidecar)


@contextmanager
def _open_stage(request: PackRequest) -> Iterator[Stage | None]:
    if request.dry_run:
        check_writable(request.target, makes_parents=request.makes_parents)
        yield None
        return
    if request.makes_parents:
        make_parents(request.target)
    with stage_beside(request.target, clear=request.clear_leftovers) as stage:
        yield stage


def _open_destination(request: PackRequest, stage: Stage | None, plan: PackagePlan) -> Destination:
    if stage is None:
        return DryDestination()
    if request.archive is None:
        return FolderDestination(stage.path)
    # the base folder is not named after the archive file: two builds would differ
    return ArchiveDestination(stage.path / _ARCHIVE_NAME, request.archive, plan.name, plan.packaged_at)


def refuse_faults(request: PackRequest, described: DescribedDocument, findings: Sequence[Finding]) -> None:
    """Refuse a description or files with errors, or with warnings under `--strict`.

    Raises:
        MaterialRefusedError: there are any; it contains all findings.
    """
    if exit_code_of(findings, strict=request.strict):
        is_checkable = described.embedded is None and request.profile is None
        raise refusal(request, described.name, findings, is_checkable=is_checkable)


def refusal(
    request: PackRequest, name: str, findings: Sequence[Finding], *, is_checkable: bool = True
) -> MaterialRefusedError:
    """Return the error; `archtool check` alone finds the same if the description is a file of its own."""
    check = f"run: archtool check {shell_word(name)}" if is_checkable else "run the same command again"
    if request.from_bag is not None and is_checkable:
        check += f" --from-bag {shown(str(request.from_bag))}"
    return MaterialRefusedError(
        f"not packed: {shown(name)} or its files have faults; nothing was written",
        tuple(findings),
        hint=f"correct the faults listed above, then {check}",
    )


def second_opinion(stage: Stage, made: Path, payload: Sequence[FileRecord]) -> tuple[Finding, ...]:
    """Validate a staged package, a folder or an archive, with another tool."""
    # lazy: tarfile, zipfile and subprocess, only --second-opinion needs them
    from archtool.archives.archive import Archive
    from archtool.bagit.second_opinion import compare_verdicts, run_second_opinion
    from archtool.operations.open_package.extraction import extract

    root = made
    if not made.is_dir():  # the other tool reads folders only
        root = stage.path / "unpacked"
        with Archive(made, Limits()) as archive:
            extract(archive, root)
    opinion = run_second_opinion(root)
    remove_folder(stage.path / "unpacked")
    return compare_verdicts(opinion, is_valid=True, paths=[r.path for r in payload])


def _made_in(request: PackRequest, stage: Stage) -> Path:
    return stage.path if request.archive is None else stage.path / _ARCHIVE_NAME


def _commit(request: PackRequest, stage: Stage, replacement: PackageReplacement | None) -> None:
    file = stage.path / _ARCHIVE_NAME if request.archive else None
    replacing = replacement.for_stage() if replacement is not None else None
    try:
        stage.commit(replacing=replacing, sync=request.sync, together=request.together, file=file)
    finally:
        if replacement is not None and not stage.has_replaced:
            replacement.undo()
    if replacement is not None:
        replacement.finish()
