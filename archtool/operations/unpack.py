"""Unpacks a bag from its archive, completely or not at all; it does not verify the bag."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archtool.archives.archive import Archive
from archtool.archives.limits import Limits
from archtool.bagit.layout import not_a_file
from archtool.errors import InputError, MaterialRefusedError
from archtool.files.file_kinds import FileKind
from archtool.files.paths import shell_word, shown
from archtool.files.writing.staging import stage_beside
from archtool.findings import Finding, Severity, has_errors
from archtool.operations.open_package.extraction import extract
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.unread import is_unread, refuse_unread
from archtool.operations.pack.targets import check_new_folder
from archtool.progress import Progress
from archtool.results import Result

RESULT_SCHEMA = "archtool/unpack/1"


@dataclass(frozen=True, slots=True)
class UnpackRequest:
    """Which archive to unpack, and where."""

    archive: Path
    """For the payload alone, also a folder."""
    target: Path
    limits: Limits = field(default_factory=Limits)
    """An archive beyond these limits is refused."""
    sync: bool = True
    """Whether the files are flushed to the disk before the final rename."""


def unpack(request: UnpackRequest, progress: Progress | None = None) -> Result:
    """Extract the folder of the bag from an archive.

    Raises:
        InputError: not an archive that archtool reads, a damaged one, or no bag in it.
        MaterialRefusedError: a member is dangerous, or tools differ in what they extract from the archive.
        UsageError: the target exists, or is named like an archive.
        StorageError: the target cannot be written.
    """
    check_new_folder(request.target)
    with open_bag(request.archive, request.limits, progress) as source:
        # (1) check that it is an archive, and read it to its end
        if not isinstance(source, Archive):
            name = shown(str(request.archive))
            raise InputError(
                f"{name} is a folder, not an archive",
                hint="a folder needs no unpacking; to write its payload as plain files, use --payload-only",
            )
        # (2) refuse dangerous members
        _refuse(request, (*source.findings, *_check_kinds(source)))
        if "bagit.txt" not in source.contents.index.members:
            refuse_unread(source, str(request.archive))
            raise InputError(
                f"there is no bag in {shown(str(request.archive))}: it has no bagit.txt",
                hint="unpack it with the tool that made it",
            )
        # (3) extract beside the target, flush, and rename
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


def _check_kinds(archive: Archive) -> Iterator[Finding]:
    for path, member in archive.contents.index.members.items():
        if member.kind is not FileKind.FILE:
            yield not_a_file(path, member.kind)


def _refuse(request: UnpackRequest, findings: tuple[Finding, ...]) -> None:
    if has_errors(findings):
        errors = tuple(f for f in findings if f.severity is Severity.ERROR)
        reason = "cannot be read whole" if all(map(is_unread, errors)) else "is not safe to extract"
        raise MaterialRefusedError(
            f"not unpacked: {shown(str(request.archive))} {reason}; nothing was written",
            errors,
            hint=f"for all findings, run: archtool verify {shell_word(str(request.archive))}",
        )
