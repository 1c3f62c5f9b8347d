"""Unpacks a bag from its archive: safely, whole or not at all. What it is like, `verify` says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archtool.archives.archive import Archive
from archtool.archives.limits import Limits
from archtool.bagit.layout import not_a_file
from archtool.errors import InputError, MaterialRefusedError, UsageError
from archtool.files.file_kinds import FileKind
from archtool.files.paths import shown
from archtool.files.writing.staging import stage_beside
from archtool.findings import Finding, Severity, has_errors
from archtool.operations.open_package.extraction import extract
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.unread import is_unread, refuse_unread
from archtool.operations.pack.targets import check_name
from archtool.progress import Progress
from archtool.results import Result

RESULT_SCHEMA = "archtool/unpack/1"


@dataclass(frozen=True, slots=True)
class UnpackRequest:
    """What to unpack, and whereto."""

    archive: Path
    target: Path
    limits: Limits = field(default_factory=Limits)
    sync: bool = True


def unpack(request: UnpackRequest, progress: Progress | None = None) -> Result:
    """Extract the one folder that is the bag.

    Raises:
        InputError: no archive that archtool reads, damaged, or no bag in it.
        MaterialRefusedError: something in it may do harm, or tools differ in what they extract from it.
        UsageError: the target exists, or is named like an archive.
        StorageError: the target cannot be written.
    """
    check_name(request.target, None)
    if request.target.exists() or request.target.is_symlink():
        raise UsageError(
            f"there is something at {shown(str(request.target))} already", hint="choose another place with -o"
        )
    with open_bag(request.archive, request.limits) as source:
        # (1) an archive, read to its end, of a bag
        if not isinstance(source, Archive):
            name = shown(str(request.archive))
            raise InputError(f"{name} is a folder, not an archive", hint="it needs no unpacking")
        # (2) with nothing in it that may do harm
        _refuse(request, (*source.findings, *_not_files(source)))
        if "bagit.txt" not in source.contents.index.members:
            refuse_unread(source, str(request.archive))
            raise InputError(
                f"there is no bag in {shown(str(request.archive))}: it has no bagit.txt",
                hint="unpack it with the tool that made it",
            )
        # (3) beside the target, flushed, and one rename
        with stage_beside(request.target) as stage:
            total_bytes = extract(source, stage.path, progress)
            _refuse(request, source.findings)
            stage.commit(sync=request.sync)
        facts = {
            "package": str(request.target),
            "archive": source.contents.format,
            "files": len(source.contents.index.members),
            "bytes": total_bytes,
        }
        return Result(RESULT_SCHEMA, str(request.archive), source.findings, {}, facts)


def _not_files(archive: Archive) -> Iterator[Finding]:
    for path, member in archive.contents.index.members.items():
        if member.kind is not FileKind.FILE:
            yield not_a_file(path, member.kind)


def _refuse(request: UnpackRequest, findings: tuple[Finding, ...]) -> None:
    if has_errors(findings):
        errors = tuple(f for f in findings if f.severity is Severity.ERROR)
        why = "cannot be read whole" if all(map(is_unread, errors)) else "is not safe to extract"
        raise MaterialRefusedError(
            f"not unpacked: {shown(str(request.archive))} {why}; nothing was written",
            errors,
            hint=f"see all that is in it with: archtool verify {shown(str(request.archive))}",
        )
