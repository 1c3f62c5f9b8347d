"""Formats what an import did: one line for each draft, and a last line that counts them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from archtool.files.paths import shown
from archtool.report.numbers import counted
from archtool.results import Result


def format_draft_line(result: Result) -> str:
    """Return the line of one draft, or of a file that could not be imported."""
    facts = result.facts
    if facts["state"] == "failed":
        return f"{result.subject}: not imported"
    if facts["state"] == "kept":
        return f"{shown(facts['draft'])}: exists, and was kept as it is"
    keys = ", ".join(facts["placed"])
    offered = f"{counted(facts['to_confirm'], 'value')} to confirm ({keys})" if keys else "nothing to confirm"
    left = f"; {facts['not_placed']:,} not placed" if facts["not_placed"] else ""
    return f"wrote {shown(facts['draft'])}: {offered}{left}"


def format_import_summary(results: Sequence[Result], seconds: float) -> Iterator[str]:
    """Yield the last line: how many drafts were written, kept, and how many files failed."""
    states = Counter(result.facts["state"] for result in results)
    parts = [
        f"{states['written']:,} written",
        *([f"{states['kept']:,} kept"] if states["kept"] else []),
        *([f"{states['failed']:,} failed"] if states["failed"] else []),
    ]
    confirm = sum(
        result.facts.get("to_confirm", 0) for result in results if result.facts["state"] == "written"
    )
    left = sum(result.facts.get("not_placed", 0) for result in results if result.facts["state"] == "written")
    yield (
        f"{counted(sum(states.values()) - states['listed'], 'draft')}: {' · '.join(parts)} · "
        f"{confirm:,} to confirm · {left:,} not placed · {seconds:.1f} s"
    )


def format_library_line(result: Result) -> str:
    """Return what a new library contains."""
    facts = result.facts
    same = f", {facts['same']:,} left out that were there already" if facts["same"] else ""
    left = f"; {counted(facts['not_placed'], 'value')} not placed" if facts["not_placed"] else ""
    return f"wrote {shown(facts['library'])}: {counted(facts['items'], 'item')}{same}{left}"
