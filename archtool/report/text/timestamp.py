"""What `archtool timestamp` did, as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator

from archtool.files.paths import shown
from archtool.report.numbers import counted
from archtool.report.text.page import MIN_WIDTH, one_line, wrap
from archtool.results import Result


def format_timestamps(result: Result, width: int = 80) -> Iterator[str]:
    """Each timestamp that was added, and at last what to do with them."""
    facts = result.facts
    for added in facts["added"]:
        word = (
            f"trusted by {added['trusted_by']}"
            if added["trusted_by"]
            else "nobody was asked whether to trust it"
        )
        text = one_line(f"{added['time']} by {added['authority']} ({word}): {added['path']}")
        yield from wrap(text, max(width, MIN_WIDTH), "  ", hanging=4)
    for path in facts["finished"]:
        yield f"  listed in the tag manifests, which a run that was ended had left out: {one_line(path)}"
    for earlier in facts["passed_over"]:
        text = f"{earlier} has signatures without a timestamp; {facts['attestation']} covers them"
        yield from wrap(text, max(width, MIN_WIDTH), "  ", hanging=4)
    name, attestation = shown(result.subject), facts["attestation"]
    if facts["added"]:
        where = f" in {shown(facts['sidecar'])}" if facts["sidecar"] else ""
        yield f"{name}: {counted(len(facts['added']), 'timestamp')} added to {attestation}{where}"
    else:
        yield f"{name}: every signature of {attestation} has a timestamp: nothing was asked"
