"""Checks the characters of a text that is named by its path; writes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from archtool.errors import InputError
from archtool.files.file_kinds import FileKind
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shown
from archtool.operations.text_check.text_findings import check_command, shown_mark, text_findings
from archtool.progress import NoProgress, Progress
from archtool.results import Result
from archtool.text.checking.finding_kinds import KINDS
from archtool.text.checking.model import TextFault, TextPlace, TextReport
from archtool.text.checking.scanner import TextScanner
from archtool.text.file_signatures import HEAD_BYTES, recognise

RESULT_SCHEMA = "archtool/text-check/1"
_BLOCK_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class TextCheckRequest:
    """The text to check, and what is known of it."""

    path: Path
    """Its path; also its name if it is read from a stream."""
    encoding: str | None = None
    language: str | None = None
    """BCP 47."""
    keeps_all_places: bool = False
    strict: bool = False
    stream: BinaryIO | None = None
    """Where the text is read from instead of the path."""


def check_text(request: TextCheckRequest, progress: Progress | None = None) -> Result:
    """Read a text once and report what is wrong with its characters.

    Raises:
        InputError: it cannot be read, or its first bytes show that it is no plain text.
        ReadFailedError: the system failed while reading.
    """
    report = read_text(request, progress or NoProgress())
    name = str(request.path)
    command = check_command(name, language=request.language, encoding=request.encoding)
    findings = tuple(text_findings(report, name, f"{command} --all"))
    return Result(RESULT_SCHEMA, name, findings, {}, _facts(report, request), request.strict)


def read_text(request: TextCheckRequest, progress: Progress) -> TextReport:
    """Read a text once and return what was found in it; errors as in `check_text`."""
    scanner = TextScanner(request.encoding, request.language, keeps_all_places=request.keeps_all_places)
    name = shown(str(request.path))
    is_first = True
    for block in _blocks(request, progress):
        if is_first and (found := recognise(block[:HEAD_BYTES])) is not None:
            hint = "save its text as a text file in UTF-8, and check that"
            raise InputError(f"{name} is {found.name}, not a text file", hint=hint)
        is_first = False
        scanner.update(block)
    return scanner.finish()


def _blocks(request: TextCheckRequest, progress: Progress) -> Iterator[bytes]:
    if request.stream is not None:
        yield from _read(request.stream, progress)
        return
    name = shown(str(request.path))
    try:
        status = request.path.stat()
        kind = FileKind.of_mode(status.st_mode)
        if kind is not FileKind.FILE:
            raise InputError(f"the text is a {kind.value}, not a file: {name}", hint="name the file itself")
        progress.start(f"checking {name}", status.st_size)
        with request.path.open("rb", buffering=0) as file:
            yield from _read(file, progress)
        progress.finish()
    except OSError as error:
        message = f"the text cannot be read: {name}: {os.strerror(error.errno or 0)}"
        hint = "check the path; it is relative to the current folder"
        raise cannot_read(message, error, hint=hint) from error


def _read(file: Any, progress: Progress) -> Iterator[bytes]:
    while block := file.read(_BLOCK_BYTES):
        yield block
        progress.advance(len(block))


def _facts(report: TextReport, request: TextCheckRequest) -> dict[str, Any]:
    return {
        "encoding": report.encoding,
        "size_bytes": report.size_bytes,
        "lines": report.lines,
        "characters": report.characters,
        "language": report.language,
        "declared_language": request.language,
        "faults": [_fault_facts(fault) for fault in report.faults],
    }


def _fault_facts(fault: TextFault) -> dict[str, Any]:
    kind = KINDS[fault.kind]
    return {
        "kind": fault.kind,
        "code": kind.finding.code,
        "count": fault.count,
        "noun": kind.counted(fault.count),
        "detail": fault.detail or None,
        "variants": [{"text": text, "count": count} for text, count in fault.variants],
        "advice": kind.finding.advice,
        "rule_set": kind.rule_set,
        "places": [_place_facts(place) for place in fault.places],
    }


def _place_facts(place: TextPlace) -> dict[str, Any]:
    return {
        "line": place.line,
        "column": place.column,
        "before": place.before,
        "text": place.marked,
        "after": place.after,
        "shown": shown_mark(place.marked),
    }
