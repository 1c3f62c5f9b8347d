"""Copies the payload into the package: every file in one read, by as many processes as there may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from archtool.errors import InputError, ReadFailedError
from archtool.files.hashing.digests import Algorithm, Digest
from archtool.files.hashing.file_record import FileRecord
from archtool.files.hashing.readahead import StorageWait, request_readahead
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shown
from archtool.files.source import FileSource
from archtool.files.workers.concurrency import Concurrency
from archtool.files.writing.bulk_copy import BulkCopier, Copied
from archtool.findings import Finding
from archtool.operations.content.payload_content import PayloadChecks
from archtool.operations.pack.destination import Destination, FolderDestination
from archtool.operations.sources.survey import Survey
from archtool.progress import Progress

if TYPE_CHECKING:
    from archtool.operations.pack.adopted_bag import AdoptedBag


@dataclass(frozen=True, slots=True)
class PayloadSource:
    """Where the payload comes from."""

    files: FileSource
    root: Path
    """Where they lie on the disk."""
    adopted: AdoptedBag | None = None


@dataclass(frozen=True, slots=True)
class CopyOptions:
    """How hard to work, and who is told of it."""

    concurrency: Concurrency
    progress: Progress


def copy_payload(
    destination: Destination,
    algorithms: Sequence[Algorithm],
    survey: Survey,
    material: PayloadSource,
    look: PayloadChecks,
    work: CopyOptions,
) -> tuple[list[FileRecord], list[Finding]]:
    """Copy and digest every file; gives the records in the order of the description.

    What somebody wants to look into is read in this process, and so is all that goes into an archive or
    comes out of another bag.

    Raises:
        InputError: a source cannot be read.
        SourceChangedError: it changed while being read.
        StorageError: the package cannot be written.
    """
    total_bytes = sum(survey.sizes_bytes.values())
    work.progress.start("packing", total_bytes)
    here, apart = survey.sizes_bytes, dict[str, int]()
    is_worth_it = work.concurrency.fitting(len(here), total_bytes).most > 1
    if is_worth_it and isinstance(destination, FolderDestination) and material.adopted is None:
        apart = {path: size for path, size in here.items() if not look.sinks(path)}
        here = {path: size for path, size in here.items() if path not in apart}
    records, findings = _copy_here(
        destination, algorithms, replace(survey, sizes_bytes=here), material, look, work
    )
    if apart and isinstance(destination, FolderDestination):
        for record in _copy_apart(destination.root, algorithms, apart, survey.view(material.files), work):
            records[record.path] = record
    work.progress.finish()
    return [records[f"data/{path}"] for path in survey.sizes_bytes], findings


def _copy_here(
    destination: Destination,
    algorithms: Sequence[Algorithm],
    survey: Survey,
    material: PayloadSource,
    look: PayloadChecks,
    work: CopyOptions,
) -> tuple[dict[str, FileRecord], list[Finding]]:
    records: dict[str, FileRecord] = {}
    differing: list[Finding] = []
    pace = work.concurrency.pace(1)
    paced = [] if pace is None else [pace]
    source = survey.view(material.files)
    for path, size_bytes in survey.sizes_bytes.items():
        name, in_bag = f"data/{path}", f"data/{survey.name_on_disk(path)}"
        wanted = algorithms
        if material.adopted is not None:
            wanted = tuple(dict.fromkeys((*algorithms, *material.adopted.algorithms_of(in_bag))))
        sinks = [*look.sinks(path), *paced]
        try:
            record = records[name] = destination.copy(source, path, name, size_bytes, wanted, sinks)
        except OSError as error:
            raise _unreadable(path, error) from error
        if material.adopted is not None:
            differing += material.adopted.check(FileRecord(in_bag, record.size_bytes, record.digests))
        work.progress.advance(record.size_bytes)
    return records, differing


def _copy_apart(
    root: Path,
    algorithms: Sequence[Algorithm],
    sizes_bytes: Mapping[str, int],
    source: FileSource,
    work: CopyOptions,
) -> Iterator[FileRecord]:
    from archtool.files.workers.parallel import for_each_batch_apart

    paths = list(sizes_bytes)
    concurrency = work.concurrency.fitting(len(paths), sum(sizes_bytes.values()))
    pace, waiting = concurrency.pace(concurrency.most), StorageWait()

    def copy_batch(view: FileSource, batch: Sequence[str]) -> list[Copied]:
        request_readahead(view, batch, waiting)
        with BulkCopier(view, root, algorithms, pace) as copier:
            return [_copied(copier, path) for path in batch]

    outcomes = for_each_batch_apart(source, paths, copy_batch, concurrency)
    for path, (size_bytes, digests) in zip(paths, outcomes, strict=True):
        work.progress.advance(size_bytes)
        yield FileRecord(f"data/{path}", size_bytes, tuple(map(Digest, algorithms, digests)))


def _copied(copier: BulkCopier, path: str) -> Copied:
    try:
        return copier.copy(path, f"data/{path}")
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: str, error: OSError) -> InputError | ReadFailedError:
    return cannot_read(
        f"{shown(path)} cannot be read: {error.strerror or error}",
        error,
        hint="check the file and its permissions; nothing was written",
    )
