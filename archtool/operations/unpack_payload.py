"""Writes the payload of a valid bag as plain files: completely, or not at all.

The folder gets what is below `data/`. Each file is copied and compared with its digests in one read, and the
folder appears only if the whole bag is valid. The tag files stay where they are.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from archtool.attestations.layout import ROOT as ATTESTATIONS
from archtool.bagit.finding_kinds import FETCH_HOLE, OXUM_DIFFERS
from archtool.bagit.fixity import FixityTask, check_file, plan_fixity
from archtool.bagit.limits import MAX_METADATA_BYTES
from archtool.errors import InputError, MaterialRefusedError
from archtool.files.file_kinds import FileKind
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.file_record import FileRecord
from archtool.files.hashing.hash_file import hash_file
from archtool.files.paths import shell_word, shown
from archtool.files.read_once import PAYLOAD, ReadOnceSource
from archtool.files.writing.copy_file import copy_and_hash
from archtool.files.writing.staging import stage_beside
from archtool.files.writing.storage_errors import storage_errors
from archtool.findings import Finding, Severity, has_errors, in_reading_order
from archtool.operations.content.derived_history import stated_placeholders
from archtool.operations.content.file_times import parse_file_times
from archtool.operations.open_package.opened_bag import OpenedBag, read_declared_bag
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.package_paths import (
    DESCRIPTION_PATHS,
    FILE_TIMES_PATH,
    PROVENANCE_PATH,
    find_sidecar,
)
from archtool.operations.open_package.unread import find_unread
from archtool.operations.pack.targets import check_new_folder
from archtool.operations.unpack import UnpackRequest
from archtool.progress import NoProgress, Progress
from archtool.provenance.reader import parse_prov_json
from archtool.results import Result

RESULT_SCHEMA = "archtool/unpack-payload/1"
_FOLDER = "payload"  # in the staging folder: a payload file can have the name of a file of the stage


def unpack_payload(request: UnpackRequest, progress: Progress | None = None) -> Result:
    """Write the payload of a bag (a folder, or an archive of one) into a new folder.

    Raises:
        InputError: there is no bag, or it cannot be read.
        MaterialRefusedError: the bag is not complete or not valid; it contains all findings.
        UsageError: the target exists, or is named like an archive.
        StorageError: the target cannot be written.
    """
    check_new_folder(request.target)
    with open_bag(request.archive, request.limits, progress) as opened:
        source = ReadOnceSource(opened)
        # (1) complete: the names agree with the manifests, and no name is dangerous
        bag = read_declared_bag(request.archive, source)
        findings = [*source.findings, *bag.findings, *bag.check_complete()]
        # (2) the tag files agree with the tag manifests
        tasks = {task.path: task for task in plan_fixity(bag.bag, bag.layout)}
        for path, task in tasks.items():
            if not path.startswith(PAYLOAD):
                findings += check_file(task, lambda name, wanted: hash_file(source, name, wanted))[1]
        _refuse(request, bag, findings)
        # (3) copy the payload beside the target, and compare each file with its digests in the same read
        with stage_beside(request.target) as stage:
            folder = stage.path / _FOLDER
            findings += _copy_payload(bag, tasks, folder, progress or NoProgress())
            _restore_times(bag, folder)
            _remove_placeholders(bag, folder)
            # (4) nothing was written to the bag meanwhile
            findings += [*(f for f in source.findings if f not in findings), *bag.check_unchanged()]
            _refuse(request, bag, findings)
            # (5) flush, and rename
            stage.commit(sync=request.sync, file=folder)
        facts = _facts(request, bag, source.serialisation)
    return Result(RESULT_SCHEMA, str(request.archive), in_reading_order(findings), {}, facts)


def _copy_payload(
    bag: OpenedBag, tasks: Mapping[str, FixityTask], folder: Path, progress: Progress
) -> Iterator[Finding]:
    """Copy every payload file and keep its modification time; yield what is wrong with the files."""
    source, sizes = bag.source.inner, bag.layout.payload
    progress.start("unpacking", sum(sizes.values()))
    meters = [] if progress.meter is None else [progress.meter]
    with storage_errors(folder):
        folder.mkdir()

    def copy(path: str, algorithms: Sequence[Algorithm]) -> FileRecord:
        return copy_and_hash(source, path, folder / path.removeprefix(PAYLOAD), algorithms, meters)

    def read_again(path: str, algorithms: Sequence[Algorithm]) -> FileRecord:
        return hash_file(source, path, algorithms)

    for path in sorted(sizes, key=source.position):
        task = tasks.get(path) or FixityTask(path, sizes[path], ())
        yield from check_file(task, copy, read_again)[1]
        progress.advance(sizes[path])
    for found in bag.found:
        if found.kind is FileKind.FOLDER and found.path.startswith(PAYLOAD):
            with storage_errors(folder):
                (folder / found.path.removeprefix(PAYLOAD)).mkdir(parents=True, exist_ok=True)
    progress.finish()


def _restore_times(bag: OpenedBag, folder: Path) -> None:
    """Give the files the times that the package has recorded: a copy of it can have lost them."""
    if FILE_TIMES_PATH not in bag.layout.files:
        return
    try:
        data = bag.source.read_bytes(FILE_TIMES_PATH, MAX_METADATA_BYTES)
    except OSError:
        return  # the copies keep the times that the files have in the package
    for listed, time_ns in parse_file_times(data, len(bag.layout.files)).times_ns.items():
        path = bag.layout.disk_path(listed)
        if time_ns is not None and path is not None and path.startswith(PAYLOAD):
            copy = folder / path.removeprefix(PAYLOAD)
            with storage_errors(copy):
                os.utime(copy, ns=(time_ns, time_ns))


def _remove_placeholders(bag: OpenedBag, folder: Path) -> None:
    """Remove the files that only keep a folder which was empty in the sources; the folder stays."""
    if PROVENANCE_PATH not in bag.layout.files:
        return
    try:
        document = parse_prov_json(bag.source.read_bytes(PROVENANCE_PATH, MAX_METADATA_BYTES))
    except (OSError, InputError):
        return  # nothing is known about such files: all are payload
    for path in stated_placeholders(document, bag.layout.payload):
        if f"{PAYLOAD}{path}" in bag.layout.payload:
            with storage_errors(folder / path):
                (folder / path).unlink()


def _refuse(request: UnpackRequest, bag: OpenedBag, findings: Sequence[Finding]) -> None:
    findings = find_unread(bag.source, findings).without_conclusions(findings)
    if not has_errors(findings):
        return
    name = shown(str(request.archive))
    errors = {finding.code for finding in findings if finding.severity is Severity.ERROR}
    is_to_fetch = FETCH_HOLE.code in errors and errors <= {FETCH_HOLE.code, OXUM_DIFFERS.code}
    word = shell_word(name)
    hint = f"restore the bag from another copy; to list every problem, run: archtool verify {word}"
    if is_to_fetch and bag.source.serialisation is None:
        hint = f"get the files that fetch.txt lists, then run this again: archtool fetch {word}"
    elif is_to_fetch:
        hint = f"run archtool unpack {word} -o BAG, then archtool fetch BAG, then this again with BAG"
    raise MaterialRefusedError(
        f"not unpacked: {name} is not a valid bag; nothing was written",
        tuple(in_reading_order(findings)),
        hint=hint,
    )


def _facts(request: UnpackRequest, bag: OpenedBag, serialisation: str | None) -> dict[str, Any]:
    files, size_bytes = bag.layout.payload_totals
    tag_files = sorted(bag.layout.tag_files)
    attestations = {path.split("/")[1] for path in tag_files if path.startswith(ATTESTATIONS)}
    sidecar = find_sidecar(request.archive)
    return {
        "folder": str(request.target),
        "files": files,
        "bytes": size_bytes,
        "algorithms": [m.algorithm.value for m in bag.bag.manifests if m.algorithm is not None],
        "serialisation": serialisation,
        "part": bag.bag.info.first("Bag-Count"),
        "group": bag.bag.info.first("Bag-Group-Identifier"),
        "left_behind": {
            "description": any(path in tag_files for path in DESCRIPTION_PATHS),
            "attestations": len(attestations),
            "tag_files": tag_files,
            "sidecar": str(sidecar) if sidecar is not None else None,
        },
    }
