"""Formats what `archtool timestamp` did."""

from __future__ import annotations

from collections.abc import Iterator

from archtool.files.paths import shown
from archtool.report.numbers import counted
from archtool.report.text.page import MIN_WIDTH, one_line, wrap
from archtool.report.text.result import NOT_CHECKED_AUTHORITY
from archtool.results import Result


def format_timestamps(result: Result, width: int = 80) -> Iterator[str]:
    """Yield each timestamp that was added, then a summary line."""
    facts = result.facts
    for added in facts["added"]:
        trust = f"trusted by {added['trusted_by']}" if added["trusted_by"] else NOT_CHECKED_AUTHORITY
        text = one_line(f"{added['time']} by {added['authority']} ({trust}): {added['path']}")
        yield from wrap(text, max(width, MIN_WIDTH), "  ", hanging=4)
    for path in facts["finished"]:
        yield f"  added to the tag manifests, left out by an interrupted run: {one_line(path)}"
    for earlier in facts["passed_over"]:
        text = f"{earlier} has signatures without a timestamp; {facts['attestation']} covers them"
        yield from wrap(text, max(width, MIN_WIDTH), "  ", hanging=4)
    name, attestation = shown(result.subject), facts["attestation"]
    if facts["added"]:
        where = f" in {shown(facts['sidecar'])}" if facts["sidecar"] else ""
        yield f"{name}: {counted(len(facts['added']), 'timestamp')} added to {attestation}{where}"
    else:
        yield f"{name}: every signature of {attestation} has a timestamp already: none requested"
