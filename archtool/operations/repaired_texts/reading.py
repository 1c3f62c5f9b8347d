"""Reads the change logs that a description names, from the sources or from a package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from archtool.description.model import Description
from archtool.errors import SourceChangedError
from archtool.exit_codes import ExitCode
from archtool.files.paths import shown
from archtool.files.source import FileSource
from archtool.findings import Finding
from archtool.operations.limits import MAX_OWN_TAG_BYTES
from archtool.operations.repaired_texts import finding_kinds
from archtool.operations.repaired_texts.repaired_text import RepairedText, RepairedTexts, log_path
from archtool.text.repairing.limits import MAX_CHANGES, MAX_HEADER_LINES


@dataclass(frozen=True, slots=True)
class ReadRepairs:
    """The repaired texts of a description, and what is wrong with their change logs."""

    texts: RepairedTexts = field(default_factory=RepairedTexts)
    logs: Mapping[str, bytes] = field(default_factory=dict)
    """The change logs by their paths in the package, byte for byte."""
    findings: tuple[Finding, ...] = ()


NO_LOGS = ReadRepairs()


def read_source_repairs(description: Description, source: FileSource) -> ReadRepairs:
    """Read the change logs in the folder of the sources.

    A file that is missing or cannot be read is skipped: the survey of the sources reports it.
    """
    logs: dict[str, bytes] = {}
    names: dict[str, str] = {}
    for part, repair in description.repairs():
        try:
            logs[log_path(part.file)] = source.read_bytes(repair.changes, MAX_OWN_TAG_BYTES)
            names[log_path(part.file)] = repair.changes
        except (OSError, ValueError, SourceChangedError):
            continue
    return _parsed(description, logs, names)


def read_package_repairs(description: Description, files: Mapping[str, bytes]) -> ReadRepairs:
    """Parse the change logs of a package; `files` are its metadata files by path."""
    paths = [log_path(part.file) for part, _ in description.repairs()]
    logs = {path: files[path] for path in paths if path in files}
    read = _parsed(description, logs, {path: path for path in logs})
    # a package is what it is: a log that cannot be read is a problem found in it, and not a wrong input
    findings = (replace(found, error_exit_code=ExitCode.PROBLEMS_FOUND) for found in read.findings)
    return replace(read, findings=tuple(findings)) if read.findings else read


def _parsed(description: Description, logs: Mapping[str, bytes], names: Mapping[str, str]) -> ReadRepairs:
    if not logs:  # the usual case
        return NO_LOGS
    from archtool.text.repairing.change_log import ChangeLogError  # lazy: 10 ms, only repaired texts need it
    from archtool.text.repairing.change_log_file import parse_change_log  # lazy: with the line above

    texts: dict[str, RepairedText] = {}
    findings: list[Finding] = []
    left_changes = MAX_CHANGES  # of all logs: each is kept in memory
    for part, repair in description.repairs():
        path = log_path(part.file)
        if path not in logs or not part.file or not repair.original:  # the latter have a fault
            continue
        try:
            if logs[path].count(b"\n") > left_changes + MAX_HEADER_LINES:
                raise ChangeLogError(f"the change logs have more than {MAX_CHANGES:,} changes together")
            log = parse_change_log(logs[path])
        except ChangeLogError as error:
            name = names[path]
            findings.append(finding_kinds.LOG_UNREADABLE.at(f"{shown(name)}: {error.message}", name))
        else:
            left_changes -= log.change_count
            texts[part.file] = RepairedText(part.file, repair.original, log)
    return ReadRepairs(RepairedTexts(texts), logs, tuple(findings))
