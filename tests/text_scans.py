"""Texts, checked at once or in pieces."""

from __future__ import annotations

from archtool.text.checking.model import TextFault, TextReport
from archtool.text.checking.scanner import TextScanner


def scan(
    text: str | bytes,
    language: str | None = None,
    encoding: str | None = None,
    *,
    piece: int = 0,
    most: bool = False,
) -> TextReport:
    """Return the report about a text; `piece` is the size of the blocks in which it arrives."""
    data = text if isinstance(text, bytes) else text.encode()
    scanner = TextScanner(encoding, language, keeps_all_places=most)
    for start in range(0, len(data), piece or len(data) or 1):
        scanner.update(memoryview(data)[start : start + (piece or len(data))])
    return scanner.finish()


def kinds(report: TextReport) -> dict[str, int]:
    """Return the counts by kind."""
    return {fault.kind: fault.count for fault in report.faults}


def fault(report: TextReport, kind: str) -> TextFault:
    """Return what was found of one kind."""
    (found,) = [one for one in report.faults if one.kind == kind]
    return found


def places(report: TextReport, kind: str) -> list[tuple[int, int, str]]:
    """Return line, column and characters of each place of a kind."""
    return [(place.line, place.column, place.marked) for place in fault(report, kind).places]
