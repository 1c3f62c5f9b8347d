"""Packs one described document: the steps are numbered as in `schemas/README.md`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from archtool.bag.second_opinion import ask_second_opinion, compare_opinion
from archtool.description.model import Description
from archtool.errors import InputError, MaterialRefusedError, UsageError
from archtool.findings import Finding, exit_code_of, has_errors
from archtool.fixity.digests import DEFAULT_ALGORITHM, Algorithm
from archtool.fixity.paths import shown
from archtool.fixity.records import FileRecord
from archtool.fixity.staging import Stage, stage_beside
from archtool.fixity.tree import Tree
from archtool.fixity.whole_folders import remove_folder
from archtool.operations.content import ContentLook
from archtool.operations.describing import Undescribed, describe
from archtool.operations.destination import ArchiveDestination, Destination, FolderDestination
from archtool.operations.package import Files, PackagePlan, compose_package
from archtool.operations.sources import Survey, survey_sources
from archtool.operations.unpack import extract
from archtool.progress import NoProgress, Progress
from archtool.provenance.ids import readable_id
from archtool.results import Result
from archtool.serialisation.archive import Archive
from archtool.serialisation.limits import Limits
from archtool.serialisation.writing import FORMATS
from archtool.trust.attestation import Signer

RESULT_SCHEMA = "archtool/pack/1"
_ARCHIVE_NAME = "package"  # in the staging folder


@dataclass(frozen=True, slots=True)
class PackRequest:
    """What to pack, whereto, and how."""

    description_path: Path
    target: Path
    packaged_at: datetime
    """Aware; the one date that the package bears."""
    software_version: str
    archive: str | None = None
    """`tar` or `zip`: one file in the place of a folder."""
    files_root: Path | None = None
    library: Path | None = None
    algorithms: tuple[Algorithm, ...] = (DEFAULT_ALGORITHM,)
    signers: tuple[Signer, ...] = ()
    replace: bool = False
    sync: bool = True
    dry_run: bool = False
    second_opinion: bool = False
    strict: bool = False


def pack(request: PackRequest, progress: Progress | None = None) -> Result:
    """Make a package. The target appears whole, or not at all; the sources are never changed.

    Raises:
        MaterialRefusedError: the description or its files are not as they must be; all findings are in it.
        UsageError: the target exists, or lies inside the sources.
        SourceChangedError: a source changed while being read.
        StorageError: the package cannot be written.
    """
    # (1) the description, whole
    described = describe(request.description_path, request.library)
    if isinstance(described, Undescribed):
        raise _refusal(request.description_path, described.findings)
    # (2) the folder of the sources: all that is declared is there, and nothing else
    survey = survey_sources(described, request.files_root)
    _check_target(request, survey.root)
    findings = (*described.findings, *survey.findings)
    if exit_code_of(findings, strict=request.strict):
        raise _refusal(request.description_path, findings)
    plan = PackagePlan(
        _name_of(described.description),
        described,
        request.algorithms,
        request.packaged_at,
        request.signers,
        request.software_version,
    )
    if request.dry_run:
        return _dry_result(request, plan, survey, findings)
    # (3) everything into a folder beside the target
    with stage_beside(request.target) as stage:
        with _destination(request, stage, plan) as destination:
            payload, files, seen = _fill(destination, plan, survey, progress or NoProgress())
        if exit_code_of(seen, strict=request.strict):
            raise _refusal(request.description_path, (*findings, *seen))
        # (7) a second opinion, if it was asked for, before anybody can see the package
        opinion = _second_opinion(request, stage, payload) if request.second_opinion else ()
        # (8) flush, and one rename
        made = stage.path / _ARCHIVE_NAME if request.archive else None
        stage.commit(replace=request.replace, sync=request.sync, file=made)
    return _result(request, plan, payload, files, (*findings, *seen, *opinion))


def _destination(request: PackRequest, stage: Stage, plan: PackagePlan) -> Destination:
    if request.archive is None:
        return FolderDestination(stage.path)
    # not named after its file: two builds would differ
    return ArchiveDestination(stage.path / _ARCHIVE_NAME, request.archive, plan.name, plan.packaged_at)


def _name_of(description: Description) -> str:
    """What the package is called inside itself: never by its folder, which may be renamed any day."""
    return description.id or readable_id(description.title, "package")


def _refusal(path: Path, findings: Sequence[Finding]) -> MaterialRefusedError:
    return MaterialRefusedError(
        f"not packed: {shown(str(path))} or its files are not as they must be; nothing was written",
        tuple(findings),
        hint=f"mend what is named above, then look again with: archtool check {shown(str(path))}",
    )


def _check_target(request: PackRequest, sources: Path) -> None:
    """Refuse a target that would change the sources, or something that is no package.

    Raises:
        UsageError: see above.
    """
    target, name = request.target, shown(str(request.target))
    _check_suffix(target, request.archive)
    if _lies_in(target, sources):
        raise UsageError(
            f"the package would lie inside the folder of its own sources: {name}",
            hint=f"choose a place outside {shown(str(sources.resolve()))}",
        )
    if not target.exists() and not target.is_symlink():
        return
    if not request.replace:
        raise UsageError(
            f"there is something at {name} already",
            hint="choose another place with -o, or replace an old package with --force",
        )
    if target.is_symlink() or not _is_package(target, request.archive):
        what = f"{request.archive} archives of packages" if request.archive else "packages"
        raise UsageError(
            f"--force replaces {what} only, and {name} is none (it has no bagit.txt)",
            hint="choose another place with -o, or remove it yourself",
        )


def _check_suffix(target: Path, archive: str | None) -> None:
    """Refuse a name that says something else than what is made: it would mislead for years.

    Raises:
        UsageError: see above.
    """
    said = next((name for name in FORMATS if target.name.lower().endswith(f".{name}")), None)
    if said is not None and said != archive:
        made = f"a {archive}" if archive else "a folder"
        raise UsageError(
            f"{shown(target.name)} is named like a {said}, and would be {made}",
            hint=f"give --archive {said}, or choose another name with -o",
        )


def _is_package(target: Path, archive: str | None) -> bool:
    if archive is None:
        return (target / "bagit.txt").is_file()
    if not target.is_file():
        return False
    try:
        with Archive(target, Limits()) as there:
            return there.known.format == archive and "bagit.txt" in there.known.index.members
    except (OSError, InputError):
        return False


def _lies_in(target: Path, folder: Path) -> bool:
    real, above = target.resolve(), folder.resolve()
    return real == above or above in real.parents


def _fill(
    destination: Destination, plan: PackagePlan, survey: Survey, progress: Progress
) -> tuple[list[FileRecord], Files, tuple[Finding, ...]]:
    look = ContentLook(plan.described.description, plan.algorithms[0])
    # (4) the payload, each file in one read: copied, digested and looked into
    payload = _copy_payload(destination, plan, survey, look, progress)
    seen = tuple(look.findings())
    if has_errors(seen):
        return payload, {}, seen
    # (5) what is said of it, (6) signed and listed
    files = compose_package(plan, payload, look)
    for path in sorted(files):
        destination.write(path, files[path])
    return payload, files, seen


def _copy_payload(
    destination: Destination, plan: PackagePlan, survey: Survey, look: ContentLook, progress: Progress
) -> list[FileRecord]:
    records = []
    progress.start("packing", sum(survey.sizes_bytes.values()))
    with Tree(survey.root) as tree:
        for path, size_bytes in survey.sizes_bytes.items():
            name = f"data/{path}"
            try:
                record = destination.copy(tree, path, name, size_bytes, plan.algorithms, look.sinks(path))
            except OSError as error:
                raise _unreadable(path, error) from error
            records.append(replace(record, path=name))
            progress.advance(record.size_bytes)
    progress.finish()
    return records


def _unreadable(path: str, error: OSError) -> InputError:
    return InputError(
        f"{shown(path)} cannot be read: {error.strerror or error}",
        hint="check the file and its permissions; nothing was written",
    )


def _second_opinion(request: PackRequest, stage: Stage, payload: Sequence[FileRecord]) -> tuple[Finding, ...]:
    """What another tool says of the package while nobody can see it yet."""
    root = stage.path
    if request.archive is not None:  # it reads folders only
        root = stage.path / "unpacked"
        with Archive(stage.path / _ARCHIVE_NAME, Limits()) as archive:
            extract(archive, root)
    opinion = ask_second_opinion(root)
    remove_folder(stage.path / "unpacked")
    return compare_opinion(opinion, ours_is_valid=True, paths=[r.path for r in payload])


def _dry_result(
    request: PackRequest, plan: PackagePlan, survey: Survey, findings: tuple[Finding, ...]
) -> Result:
    files = [{"path": f"data/{path}", "size_bytes": size} for path, size in survey.sizes_bytes.items()]
    facts = {**_facts(request, plan), "dry_run": True, "payload": files}
    return Result(RESULT_SCHEMA, str(request.target), findings, {}, facts, request.strict)


def _result(
    request: PackRequest,
    plan: PackagePlan,
    payload: Sequence[FileRecord],
    files: Files,
    findings: tuple[Finding, ...],
) -> Result:
    facts = {
        **_facts(request, plan),
        "dry_run": False,
        "payload": [
            {
                "path": record.path,
                "size_bytes": record.size_bytes,
                "digests": {d.algorithm.value: d.hex for d in record.digests},
            }
            for record in payload
        ],
        "tag_files": sorted(files),
    }
    return Result(RESULT_SCHEMA, str(request.target), findings, {}, facts, request.strict)


def _facts(request: PackRequest, plan: PackagePlan) -> dict[str, Any]:
    description = plan.described.description
    return {
        "package": str(request.target),
        "archive": request.archive,
        "id": description.id,
        "title": description.title,
        "packaged_at": plan.packaged_at.isoformat(),
        "algorithms": [a.value for a in plan.algorithms],
        "signers": [
            {"principal": s.principal, "key": s.key.public.fingerprint, "key_type": s.key.public.key_type}
            for s in plan.signers
        ],
    }
