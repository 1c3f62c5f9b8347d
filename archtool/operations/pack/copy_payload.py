"""Copies the payload into the package, reading every file once, with several processes if possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from archtool.errors import InputError, ReadFailedError
from archtool.files.hashing.digests import Algorithm, Digest
from archtool.files.hashing.file_record import FileRecord
from archtool.files.hashing.readahead import StorageWait, request_readahead
from archtool.files.hashing.stream import source_changed
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shown
from archtool.files.source import FileSource
from archtool.files.workers.concurrency import Concurrency
from archtool.files.workers.parallel import for_each_batch_in_processes
from archtool.files.writing.bulk_copy import BulkCopier, Copied
from archtool.findings import Finding
from archtool.operations.content.payload_content import PayloadChecks
from archtool.operations.formats.first_bytes import HeadSink
from archtool.operations.pack.destination import Destination, FolderDestination, NewFile
from archtool.operations.sources.survey import Survey
from archtool.progress import Progress
from archtool.text.file_signatures import Format

if TYPE_CHECKING:
    from archtool.operations.pack.adopted_bag import AdoptedBag


_CopiedFile = tuple[Copied, Format | None, int | None]
"""Size and digests, the format that its first bytes show, and its time in nanoseconds if it is kept."""


@dataclass(frozen=True, slots=True)
class PayloadSource:
    """The folder or bag that the payload is copied from."""

    files: FileSource
    root: Path
    """Its path on the disk."""
    tag_files: FileSource
    """The folder of the files that become tag files: never that of an adopted bag."""
    adopted: AdoptedBag | None = None

    @property
    def payload_root(self) -> Path:
        """The folder in which the paths of payload files begin."""
        return self.root if self.adopted is None else self.root / "data"


@dataclass(frozen=True, slots=True)
class CopyOptions:
    """The limits of the work, and the receiver of its progress."""

    concurrency: Concurrency
    progress: Progress
    keeps_times: bool = False
    """Whether the records state the files' modification times, and an archive keeps them."""


@dataclass(frozen=True, slots=True)
class CopiedPayload:
    """The payload as it was copied."""

    records: list[FileRecord]
    """In the order of the description."""
    recognised: Mapping[str, Format]
    """The formats that first bytes show, by path in the package."""
    findings: tuple[Finding, ...]
    """Differences from an adopted bag."""


def copy_payload(
    destination: Destination,
    algorithms: Sequence[Algorithm],
    survey: Survey,
    payload_source: PayloadSource,
    checks: PayloadChecks,
    options: CopyOptions,
) -> CopiedPayload:
    """Copy and digest every file, and keep what its first bytes show.

    Worker processes copy files into a folder. Files with content checks, files that go into an archive and
    files of an adopted bag are copied in this process.

    Raises:
        InputError: a source cannot be read.
        SourceChangedError: it changed while being read.
        StorageError: the package cannot be written.
    """
    total_bytes = sum(survey.sizes_bytes.values())
    options.progress.start("packing", total_bytes)
    options = replace(options, concurrency=options.concurrency.metered(options.progress.meter))
    local, for_workers = survey.sizes_bytes, dict[str, int]()
    is_worth_it = options.concurrency.sized_for(len(local), total_bytes).max_workers > 1
    if is_worth_it and isinstance(destination, FolderDestination) and payload_source.adopted is None:
        for_workers = {path: size for path, size in local.items() if not checks.sinks(path)}
        local = {path: size for path, size in local.items() if path not in for_workers}
    copied = _copy_in_process(
        destination, algorithms, replace(survey, sizes_bytes=local), payload_source, checks, options
    )
    records, recognised = {record.path: record for record in copied.records}, dict(copied.recognised)
    if for_workers and isinstance(destination, FolderDestination):
        view = survey.view(payload_source.files)
        for record, found in _copy_in_workers(destination.root, algorithms, for_workers, view, options):
            records[record.path] = record
            if found is not None:
                recognised[record.path] = found
    options.progress.finish()
    ordered = [records[f"data/{path}"] for path in survey.sizes_bytes]
    return CopiedPayload(ordered, recognised, copied.findings)


def _copy_in_process(
    destination: Destination,
    algorithms: Sequence[Algorithm],
    survey: Survey,
    payload_source: PayloadSource,
    checks: PayloadChecks,
    options: CopyOptions,
) -> CopiedPayload:
    records: list[FileRecord] = []
    recognised: dict[str, Format] = {}
    differing: list[Finding] = []
    pace = options.concurrency.pace(1)
    paced = [] if pace is None else [pace]
    adopted = payload_source.adopted
    source = survey.view(payload_source.files)
    for path, size_bytes in survey.sizes_bytes.items():
        name, in_bag = f"data/{path}", f"data/{survey.name_on_disk(path)}"
        wanted = algorithms
        if adopted is not None:
            wanted = tuple(dict.fromkeys((*algorithms, *adopted.algorithms_of(in_bag))))
        head = HeadSink()
        sinks = [*checks.sinks(path), head, *paced]
        try:
            time_ns = source.modified_at_ns(path) if options.keeps_times else None
            new = NewFile(name, size_bytes, time_ns)
            record = destination.copy(source, path, new, wanted, sinks)
            _check_time(source, path, time_ns, size_bytes)
        except OSError as error:
            raise _unreadable(path, error) from error
        records.append(replace(record, modified_at_ns=time_ns))
        if (found := head.format()) is not None:
            recognised[name] = found
        if adopted is not None:
            differing += adopted.check(FileRecord(in_bag, record.size_bytes, record.digests))
        options.progress.advance(record.size_bytes)
    return CopiedPayload(records, recognised, tuple(differing))


def _copy_in_workers(
    root: Path,
    algorithms: Sequence[Algorithm],
    sizes_bytes: Mapping[str, int],
    source: FileSource,
    options: CopyOptions,
) -> Iterator[tuple[FileRecord, Format | None]]:
    paths = list(sizes_bytes)
    concurrency = options.concurrency.sized_for(len(paths), sum(sizes_bytes.values()))
    pace, storage_wait = concurrency.pace(concurrency.max_workers), StorageWait()

    def copy_batch(view: FileSource, batch: Sequence[str]) -> list[_CopiedFile]:
        request_readahead(view, batch, storage_wait)
        with BulkCopier(view, root, algorithms, pace) as copier:
            return [_copied(copier, view, path, keeps_times=options.keeps_times) for path in batch]

    outcomes = for_each_batch_in_processes(source, paths, copy_batch, concurrency)
    for path, ((size_bytes, digests), found, time_ns) in zip(paths, outcomes, strict=True):
        options.progress.advance(size_bytes)
        yield FileRecord(f"data/{path}", size_bytes, tuple(map(Digest, algorithms, digests)), time_ns), found


def _copied(copier: BulkCopier, source: FileSource, path: str, *, keeps_times: bool) -> _CopiedFile:
    head = HeadSink()
    try:
        time_ns = source.modified_at_ns(path) if keeps_times else None
        copied = copier.copy(path, f"data/{path}", [head])
        _check_time(source, path, time_ns, copied[0])
    except OSError as error:
        raise _unreadable(path, error) from error
    return copied, head.format(), time_ns


def _check_time(source: FileSource, path: str, time_ns: int | None, size_bytes: int) -> None:
    """Check that a recorded time is that of the bytes which were read.

    Raises:
        SourceChangedError: the file has another time now.
    """
    if time_ns is not None and source.modified_at_ns(path) != time_ns:
        raise source_changed(path, size_bytes, size_bytes)


def _unreadable(path: str, error: OSError) -> InputError | ReadFailedError:
    return cannot_read(
        f"{shown(path)} cannot be read: {error.strerror or error}",
        error,
        hint="check the file and its permissions; nothing was written",
    )
