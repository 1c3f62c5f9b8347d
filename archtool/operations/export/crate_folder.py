"""Writes the payload of a package as an RO-Crate: a folder with its files and `ro-crate-metadata.json`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.errors import InputError, UsageError
from archtool.files.file_kinds import FileKind
from archtool.files.hashing.digests import Algorithm
from archtool.files.paths import shell_word, shown
from archtool.files.read_once import PAYLOAD
from archtool.files.writing.staging import stage_beside
from archtool.files.writing.storage_errors import storage_errors
from archtool.findings import Finding, in_reading_order
from archtool.operations.content.crate.package_crate import expected_crate, has_own_crate
from archtool.operations.content.derived_history import Payload
from archtool.operations.content.file_times import parse_file_times
from archtool.operations.content.metadata import manifest_digests, read_metadata
from archtool.operations.export.request import FolderExport
from archtool.operations.export.sound_bag import SoundBag, open_sound_bag
from archtool.operations.open_package.package_paths import (
    CITATION_PATH,
    CRATE_PATH,
    FILE_TIMES_PATH,
    GROUP_MANIFEST_PATH,
)
from archtool.operations.pack.crate_file import check_crate_name
from archtool.operations.pack.targets import check_new_folder
from archtool.operations.package_description import read_description
from archtool.operations.sources.expansion import expand_in_package
from archtool.progress import NoProgress, Progress
from archtool.results import Result

RESULT_SCHEMA = "archtool/export-crate/1"
_FOLDER = "crate"  # in the staging folder: a payload file can have the name of a file of the stage


def crate_of_package(package: Path, at: datetime, limits: Limits | None = None) -> str:
    """Return the RO-Crate metadata of a package as text; its payload is not read.

    Raises:
        InputError: there is no package, or it cannot be read.
        MaterialRefusedError: it is damaged, or has no description.
    """
    with open_sound_bag(package, at, limits) as bag:
        return _crate_text(bag)


def export_crate(request: FolderExport, progress: Progress | None = None) -> Result:
    """Copy the payload of a package into a new folder, with RO-Crate metadata: completely, or not at all.

    Raises:
        InputError: there is no package, or it cannot be read.
        MaterialRefusedError: it is damaged, has no description, or has a file of the metadata's name.
        UsageError: the target exists or is named like an archive, or several packages are given.
        StorageError: the target cannot be written.
    """
    progress, package = progress or NoProgress(), _only_package(request)
    check_new_folder(request.target)
    with open_sound_bag(package, request.at, request.limits, progress) as bag:
        text = _crate_text(bag)
        with stage_beside(request.target) as stage:
            folder = stage.path / _FOLDER
            with storage_errors(folder):
                folder.mkdir()
            progress.start("exporting", bag.bag.layout.payload_totals[1])
            bag.refuse([*_copy_payload(bag, folder)])
            progress.finish()
            if CRATE_PATH not in bag.bag.layout.payload:
                metadata = folder / CRATE_PATH.removeprefix(PAYLOAD)
                with storage_errors(metadata):
                    metadata.write_bytes(text.encode())
            stage.commit(sync=request.sync, file=folder)
        files, size_bytes = bag.bag.layout.payload_totals
        facts = {"folder": str(request.target), "files": files, "bytes": size_bytes}
        return Result(RESULT_SCHEMA, str(package), tuple(in_reading_order(bag.findings)), {}, facts)


def _only_package(request: FolderExport) -> Path:
    packages = request.packages
    if len(packages) != 1:
        names = ", ".join(shown(str(package)) for package in packages[:3])
        raise UsageError(
            f"an RO-Crate is made of one package, and {len(packages)} were given: {names}",
            hint="export them one by one, each into its own folder",
        )
    return packages[0]


def _copy_payload(bag: SoundBag, folder: Path) -> Iterator[Finding]:
    for path in bag.files():
        if path.startswith(PAYLOAD):
            yield from bag.copy(path, folder / path.removeprefix(PAYLOAD), Algorithm.SHA512)[1]
    for found in bag.bag.found:
        if found.kind is FileKind.FOLDER and found.path.startswith(PAYLOAD):
            with storage_errors(folder):
                (folder / found.path.removeprefix(PAYLOAD)).mkdir(parents=True, exist_ok=True)


def _crate_text(bag: SoundBag) -> str:
    layout, name, word = bag.bag.layout, shown(str(bag.root)), shell_word(str(bag.root))
    metadata = read_metadata(bag.bag.source, layout.files)
    description = read_description(metadata)
    if description is None:
        raise InputError(
            f"{name} has no description, so there is nothing that an RO-Crate could say of its payload",
            hint=f"to describe a bag of another tool, run: archtool new --from-bag {word}",
        )
    if GROUP_MANIFEST_PATH in metadata.files:
        raise InputError(
            f"{name} is one part of a divided payload, and an RO-Crate is one folder with all its files",
            hint=f"the files of a part are written by: archtool unpack {word} --payload-only -o FOLDER",
        )
    digests, own = manifest_digests(bag.bag.bag), frozenset([CRATE_PATH] if has_own_crate(metadata) else [])
    paths = (digests.keys() | layout.payload.keys()) - own
    _refuse_name(bag, paths)
    times = metadata.files.get(FILE_TIMES_PATH)
    times_ns = parse_file_times(times, len(digests)).times_ns if times is not None else None
    payload = Payload(layout.payload_as_listed, digests, times_ns)
    algorithms = [one.algorithm for one in bag.bag.bag.manifests if one.algorithm is not None]
    citation = metadata.json(CITATION_PATH)[0]
    return expected_crate(metadata, expand_in_package(description, paths), citation, payload, algorithms)


def _refuse_name(bag: SoundBag, paths: Collection[str]) -> None:
    taken = next(check_crate_name(path.removeprefix(PAYLOAD) for path in sorted(paths)), None)
    if taken is not None:
        name, word = shown(str(bag.root)), shell_word(str(bag.root))
        own = taken.place.file if taken.place else None
        raise InputError(
            f"the payload of {name} has {shown(str(own))}, where the metadata of the RO-Crate would be",
            hint=f"the payload is written as it is by: archtool unpack {word} --payload-only -o FOLDER",
        )
