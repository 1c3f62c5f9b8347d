"""Packs one described document: the steps are numbered as in `schemas/README.md`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from archtool.description.model import Description
from archtool.errors import MaterialRefusedError
from archtool.files.hashing.file_record import FileRecord
from archtool.files.paths import shown
from archtool.files.source_views import Subtree
from archtool.files.writing.staging import Stage, stage_beside
from archtool.files.writing.tree_operations import remove_folder
from archtool.findings import Finding, exit_code_of, has_errors
from archtool.operations.content.payload_content import PayloadChecks
from archtool.operations.describe.load_description import (
    DescribedDocument,
    EmbeddedDescription,
    InvalidDescription,
    read_description,
)
from archtool.operations.pack.compose import Files, PackagePlan, compose_package
from archtool.operations.pack.copy_payload import CopyOptions, PayloadSource, copy_payload
from archtool.operations.pack.destination import ArchiveDestination, Destination, FolderDestination
from archtool.operations.pack.predecessor import (
    OldAttestations,
    PackageReplacement,
    discarded,
    read_predecessor,
    read_stray_sidecar,
    refuse_to_lose,
)
from archtool.operations.pack.request import PackRequest
from archtool.operations.pack.result import dry_result, packed_result
from archtool.operations.pack.targets import check_target
from archtool.operations.sources.survey import Survey, open_sources, survey_sources
from archtool.progress import NoProgress, Progress
from archtool.provenance.ids import readable_id
from archtool.results import Result

if TYPE_CHECKING:
    from archtool.operations.history.replacement import ReplacedPackage
    from archtool.operations.pack.adopted_bag import AdoptedBag

_ARCHIVE_NAME = "package"  # in the staging folder


def pack(request: PackRequest, progress: Progress | None = None) -> Result:
    """Make a package. The target appears whole, or not at all; the sources are never changed.

    Raises:
        MaterialRefusedError: the description or its files are not as they must be; all findings are in it.
        UsageError: the target exists, or lies inside the sources.
        SourceChangedError: a source changed while being read.
        StorageError: the package cannot be written, or a timestamp could not be had.
    """
    # (1) the description, whole
    described = request.described or read_description(request.description_path, request.library)
    if isinstance(described, InvalidDescription):
        raise _refusal(str(request.description_path), described.findings)
    with _open_material(request, described) as material:
        return _pack(request, described, material, progress or NoProgress())


@contextmanager
def _open_material(request: PackRequest, described: DescribedDocument) -> Iterator[PayloadSource]:
    if request.from_bag is None:
        with open_sources(described, request.files_root) as tree:
            yield PayloadSource(tree, tree.root)
    else:
        from archtool.operations.pack.adopted_bag import adopt

        with adopt(request.from_bag) as adopted:
            yield PayloadSource(Subtree(adopted.source, "data"), request.from_bag, adopted)


def _pack(
    request: PackRequest, described: DescribedDocument, material: PayloadSource, progress: Progress
) -> Result:
    # (2) the sources: all that is declared is there, and nothing else
    adopted = material.adopted
    sources = None if described.is_shared else material.root
    check_target(request.target, sources, request.archive, replace=request.replace)
    succession = _succession(request)
    # the description may lie among its own files, but not in somebody else's bag
    survey = survey_sources(described, material.files, None if adopted else material.root)
    findings = (*described.findings, *survey.findings, *(adopted.findings if adopted else ()))
    if exit_code_of(findings, strict=request.strict):
        raise _refusal(described.name, findings, described.given)
    plan = _plan(request, described, adopted, succession)
    if succession is not None and request.old_attestations is OldAttestations.DISCARD:
        findings = (*findings, *discarded(succession.predecessor))
    if request.dry_run:
        return dry_result(request, plan, survey, findings)
    # (3) everything into a folder beside the target
    with stage_beside(request.target, clear=request.clear_leftovers) as stage:
        with _destination(request, stage, plan) as destination:
            payload, files, seen = _fill(
                destination, plan, survey, material, CopyOptions(request.concurrency, progress)
            )
        if exit_code_of(seen, strict=request.strict):
            raise _refusal(described.name, (*findings, *seen), described.given)
        # (7) a second opinion, if it was asked for, before anybody can see the package
        opinion = _second_opinion(request, stage, payload) if request.second_opinion else ()
        # (8) flush, and one rename
        _commit(request, stage, succession)
    return packed_result(request, plan, survey, payload, files, (*findings, *seen, *opinion))


def _succession(request: PackRequest) -> PackageReplacement | None:
    """How what stands at the target, or is left of it, is replaced; `None` where there is nothing."""
    is_there = os.path.lexists(request.target)
    predecessor = (
        read_predecessor(request.target, is_unfinished=request.is_finishing)
        if is_there
        else read_stray_sidecar(request.target)
    )
    if predecessor is None:
        return None
    refuse_to_lose(predecessor, request.old_attestations)
    return PackageReplacement(predecessor, request.old_attestations)


def _commit(request: PackRequest, stage: Stage, succession: PackageReplacement | None) -> None:
    made = stage.path / _ARCHIVE_NAME if request.archive else None
    replacing = succession.replacement() if succession is not None else None
    try:
        stage.commit(replacing=replacing, sync=request.sync, together=request.together, file=made)
    finally:
        if succession is not None and not stage.replaced:
            succession.undo()
    if succession is not None:
        succession.finish()


def _plan(
    request: PackRequest,
    described: DescribedDocument,
    adopted: AdoptedBag | None,
    succession: PackageReplacement | None,
) -> PackagePlan:
    return PackagePlan(
        _name_of(described.description),
        described,
        request.algorithms,
        request.packaged_at,
        request.signers,
        request.software_version,
        adopted.kept if adopted else None,
        request.timestamp_client,
        request.cms,
        _replaced(succession),
    )


def _replaced(succession: PackageReplacement | None) -> ReplacedPackage | None:
    """What the provenance says of a package that is kept beside the new one."""
    if succession is None or succession.kept_at is None:
        return None
    from archtool.operations.history.replacement import ReplacedPackage

    old, beside = succession.predecessor, succession.kept_sidecar
    sidecar = beside.name if beside is not None else None
    return ReplacedPackage(succession.kept_at.name, old.manifests, old.head, sidecar)


def _destination(request: PackRequest, stage: Stage, plan: PackagePlan) -> Destination:
    if request.archive is None:
        return FolderDestination(stage.path)
    # not named after its file: two builds would differ
    return ArchiveDestination(stage.path / _ARCHIVE_NAME, request.archive, plan.name, plan.packaged_at)


def _name_of(description: Description) -> str:
    """What the package is called inside itself: never by its folder, which may be renamed any day."""
    return description.id or readable_id(description.title, "package")


def _refusal(
    name: str, findings: Sequence[Finding], given: EmbeddedDescription | None = None
) -> MaterialRefusedError:
    again = (
        f"look again with: archtool check {shown(name)}" if given is None else "run the same command again"
    )
    return MaterialRefusedError(
        f"not packed: {shown(name)} or its files are not as they must be; nothing was written",
        tuple(findings),
        hint=f"mend what is named above, then {again}",
    )


def _fill(
    destination: Destination, plan: PackagePlan, survey: Survey, material: PayloadSource, work: CopyOptions
) -> tuple[list[FileRecord], Files, tuple[Finding, ...]]:
    look = PayloadChecks(plan.described.description, plan.algorithms[0])
    # (4) the payload, each file in one read: copied, digested and looked into
    payload, differing = copy_payload(destination, plan.algorithms, survey, material, look, work)
    seen = (*differing, *look.findings())
    if has_errors(seen):
        return payload, {}, seen
    # (5) what is said of it, (6) signed and listed
    files = compose_package(plan, payload, look)
    for path in sorted(files):
        destination.write(path, files[path])
    return payload, files, seen


def _second_opinion(request: PackRequest, stage: Stage, payload: Sequence[FileRecord]) -> tuple[Finding, ...]:
    """What another tool says of the package while nobody can see it yet."""
    from archtool.archives.archive import Archive
    from archtool.archives.limits import Limits
    from archtool.bagit.second_opinion import ask_second_opinion, compare_opinion
    from archtool.operations.open_package.extraction import extract

    root = stage.path
    if request.archive is not None:  # it reads folders only
        root = stage.path / "unpacked"
        with Archive(stage.path / _ARCHIVE_NAME, Limits()) as archive:
            extract(archive, root)
    opinion = ask_second_opinion(root)
    remove_folder(stage.path / "unpacked")
    return compare_opinion(opinion, ours_is_valid=True, paths=[r.path for r in payload])
