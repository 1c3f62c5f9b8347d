"""Writes and reads `metadata/file-times.txt`: the modification times that the payload files arrived with.

The sources' file system stated them when the files were read; nothing else is known about them. Each line has
a time and a path as in a manifest, and the lines have the order of a manifest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from archtool.bagit.model import CURRENT_VERSION
from archtool.bagit.tag_files.path_encoding import brief, decode_name, encode_name
from archtool.files.file_times import format_time, parse_time
from archtool.files.hashing.file_record import FileRecord
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.limits import MAX_LIST_FAULTS
from archtool.operations.open_package.package_paths import FILE_TIMES_PATH

_UNKNOWN = "-"  # a file system can state a time that no calendar has


@dataclass(frozen=True, slots=True)
class FileTimes:
    """The times in the file, by payload path, in nanoseconds; `None` where none is stated."""

    times_ns: Mapping[str, int | None]
    findings: tuple[Finding, ...] = field(default=())
    """Lines that are malformed or repeated."""

    def check_complete(self, listed: Collection[str]) -> Iterator[Finding]:
        """Compare the paths with those that the payload manifests list."""
        if self.findings:  # a malformed line can be that of any file
            return
        unknown = (f"{brief(path)} is in no payload manifest" for path in self.times_ns if path not in listed)
        absent = (f"{brief(path)} has no line" for path in listed if path not in self.times_ns)
        yield from map(_differs, islice(chain(unknown, absent), MAX_LIST_FAULTS))


def format_file_times(records: Sequence[FileRecord]) -> str:
    """Format the times of the payload files; a record without a time gets `-`."""
    by_name = sorted(records, key=lambda record: record.path.encode("utf-8", "surrogateescape"))
    return "".join(f"{_time_of(record)}  {encode_name(record.path)}\n" for record in by_name)


def _time_of(record: FileRecord) -> str:
    known = record.modified_at_ns
    return (format_time(known) if known is not None else None) or _UNKNOWN


def parse_file_times(data: bytes, max_files: int) -> FileTimes:
    """Parse the file; a malformed line becomes a finding. It has at most one line for each payload file."""
    times_ns: dict[str, int | None] = {}
    findings: list[Finding] = []
    lines = data.count(b"\n")
    if lines > max_files:
        return FileTimes({}, (_differs(f"it has {lines:,} lines for {max_files:,} payload files"),))
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n")[:-1], 1):
        stated, between, written = line.partition("  ")
        path, time_ns = decode_name(written, CURRENT_VERSION), parse_time(stated)
        if not between or not path or (time_ns is None and stated != _UNKNOWN):
            findings.append(_differs(f"not a time and a path: {line[:140]!r}", number))
        elif path in times_ns:
            findings.append(_differs(f"a second line for {brief(path)}", number))
        else:
            times_ns[path] = time_ns
        if len(findings) == MAX_LIST_FAULTS:
            break
    if data and not data.endswith(b"\n"):
        findings.append(_differs("the last line has no end"))
    return FileTimes(times_ns, tuple(findings))


def _differs(message: str, line: int | None = None) -> Finding:
    return finding_kinds.FILE_TIMES_DIFFER.at(message, FILE_TIMES_PATH, line)
