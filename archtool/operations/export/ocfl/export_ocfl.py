"""Exports packages as objects of an OCFL storage root: all of them, or none.

Each line of editions becomes one object, and each edition one of its versions, with all files of the package.

Source: OCFL 1.1 (https://ocfl.io/1.1/spec/).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from archtool.exports.ocfl.layout import EXTENSION, object_path, root_files
from archtool.files.paths import shown
from archtool.files.writing.staging import Stage, stage_beside
from archtool.findings import Finding, in_reading_order
from archtool.operations.export.ocfl import finding_kinds
from archtool.operations.export.ocfl.lines_of_editions import Line, find_lines
from archtool.operations.export.ocfl.object_builder import ObjectBuilder, VersionFacts, write_texts
from archtool.operations.export.ocfl.storage_root import add_objects, check_root, refuse_existing_object
from archtool.operations.export.request import FolderExport
from archtool.operations.export.sound_bag import open_sound_bag
from archtool.operations.open_package.package_paths import find_sidecar
from archtool.progress import NoProgress, Progress
from archtool.results import Result

RESULT_SCHEMA = "archtool/export-ocfl/1"
_FOLDER = "root"  # in the staging folder: an object can have the name of a file of the stage


def export_ocfl(request: FolderExport, progress: Progress | None = None) -> Result:
    """Write the packages as objects into a storage root; an object that exists is never changed.

    Raises:
        InputError: a package, or the storage root, cannot be read.
        MaterialRefusedError: a package is damaged, or its metadata contradicts it; nothing is written.
        UsageError: the target is no storage root, has an object, or the order of packages is unknown.
        StorageError: the storage root cannot be written.
    """
    # (1) check the target, and find out which packages are versions of one object
    exists = check_root(request.target)
    lines = find_lines(request.packages, request.at, request.limits)
    paths = [object_path(line[-1].identifier) for line in lines]
    for path, line in zip(paths, lines, strict=True):
        refuse_existing_object(request.target, path, line[-1].identifier)
    # (2) copy every package beside the target, compare it with its manifests, and read it back
    findings = [*_notes(lines)]
    with stage_beside(request.target) as stage:
        folder = stage.path / _FOLDER
        objects = []
        for path, line in zip(paths, lines, strict=True):
            builder, found = _build(request, line, folder / path, progress or NoProgress())
            findings += found
            objects.append(_object_facts(path, builder))
        # (3) flush, and rename
        _place(request, stage, folder, paths, exists=exists)
    facts = {"storage_root": str(request.target), "layout": EXTENSION, "objects": objects}
    return Result(RESULT_SCHEMA, str(request.target), tuple(in_reading_order(findings)), {}, facts)


def _build(
    request: FolderExport, line: Line, folder: Path, progress: Progress
) -> tuple[ObjectBuilder, list[Finding]]:
    builder = ObjectBuilder(folder, line[-1].identifier, f"archtool {request.software_version}")
    findings: list[Finding] = []
    for edition in line:
        with open_sound_bag(edition.root, request.at, request.limits, progress) as bag:
            progress.start("exporting", sum(bag.bag.layout.files.values()))
            builder.add_version(edition, bag)
            progress.finish()
            findings += bag.findings
    builder.finish()
    return builder, findings


def _place(request: FolderExport, stage: Stage, folder: Path, paths: Sequence[str], *, exists: bool) -> None:
    if exists:
        add_objects(request.target, folder, paths, sync=request.sync)
        return
    write_texts(folder, root_files())
    stage.commit(sync=request.sync, file=folder)


def _notes(lines: Sequence[Line]) -> Iterator[Finding]:
    for line in lines:
        replaced = line[0].replaces
        if replaced is not None:
            message = f"{shown(str(line[0].root))} replaces {shown(replaced.name)}, which was not found here"
            yield finding_kinds.OCFL_PREDECESSOR_MISSING.at(message, str(line[0].root))
        for edition in line:
            sidecar = find_sidecar(edition.root)
            if sidecar is not None:
                message = f"{shown(str(sidecar))} is not in the object"
                yield finding_kinds.OCFL_SIDECAR_LEFT.at(message, str(edition.root))


def _object_facts(path: str, builder: ObjectBuilder) -> dict[str, Any]:
    versions = [_version_facts(number, facts) for number, facts in enumerate(builder.facts, 1)]
    return {"id": builder.identifier, "path": path, "versions": versions}


def _version_facts(number: int, facts: VersionFacts) -> dict[str, Any]:
    return {
        "version": f"v{number}",
        "package": str(facts.package),
        "created": facts.created,
        "files": facts.files,
        "new_files": facts.new_files,
        "new_bytes": facts.new_bytes,
    }
