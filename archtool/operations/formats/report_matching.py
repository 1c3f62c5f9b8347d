"""Finds the payload files of a package in the report of a tool, which can be about a whole collection.

A report names files as the tool saw them: by an absolute path, or from the folder in which it ran. A payload
file is found by its complete path in the folder of the sources, else by the end of a path. Size and digest
must agree: otherwise the report is about other bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from archtool.files.hashing.file_record import FileRecord
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.formats import finding_kinds
from archtool.formats.model import FormatReport, ReportedFile

_PAYLOAD = "data/"


class MatchedReport:
    """A report, searched for the files of one package."""

    def __init__(self, report: FormatReport, root: Path | None) -> None:
        """Search a report; `root` is the folder of the sources, if it is known."""
        self.report = report
        self.findings: list[Finding] = []
        """About the files that were asked for."""
        self._root = None if root is None else root.absolute().as_posix().rstrip("/")

    def find(self, record: FileRecord) -> ReportedFile | None:
        """Return what the report says about a payload file; report a finding if it says nothing usable."""
        path = record.path.removeprefix(_PAYLOAD)
        candidates = self._candidates(path)
        fitting = [file for file in candidates if _is_of(file, record)]
        if len(fitting) == 1 or (fitting and _say_the_same(fitting)):
            return fitting[0]
        kind, reason = finding_kinds.NOT_REPORTED, "is not in the report"
        if fitting:
            reason = f"could be any of {len(fitting):,} files of the report, such as {shown(fitting[0].path)}"
        elif candidates:
            kind, reason = finding_kinds.REPORT_OUTDATED, "has other bytes than the file in the report"
        self.findings.append(kind.at(f"{shown(path)} {reason} {shown(self.report.file)}", path))
        return None

    def _candidates(self, path: str) -> Sequence[ReportedFile]:
        named = self.report.files_by_name.get(path.rpartition("/")[2], ())
        complete = [file for file in named if self._root is not None and file.path == f"{self._root}/{path}"]
        return complete or [file for file in named if _is_end(path, file.path)]


def _is_end(path: str, reported: str) -> bool:
    """Return whether one of the two paths ends with the other: the tool can have run inside the folder."""
    return f"/{reported.removeprefix('./')}".endswith(f"/{path}") or f"/{path}".endswith(f"/{reported}")


def _is_of(file: ReportedFile, record: FileRecord) -> bool:
    if file.size_bytes is not None and file.size_bytes != record.size_bytes:
        return False
    known: Mapping[str, str] = {digest.algorithm.value: digest.hex for digest in record.digests}
    return all(known.get(name, digest.lower()) == digest.lower() for name, digest in file.digests.items())


def _say_the_same(files: Sequence[ReportedFile]) -> bool:
    return len({file.formats for file in files}) == 1


def ambiguity_findings(record: FileRecord, file: ReportedFile) -> Iterator[Finding]:
    """Yield a note if the tool names several formats."""
    if len(file.formats) > 1:
        keys = ", ".join(one.key for one in file.formats)
        path = record.path.removeprefix(_PAYLOAD)
        yield finding_kinds.AMBIGUOUS.at(f"{shown(path)} can be any of: {keys}", path)
