"""Reports what fits no key: a finding in short, and a comment in the draft with nearly all of its words."""

from __future__ import annotations

from archtool.findings import Finding, clip
from archtool.operations.importing import finding_kinds
from archtool.operations.importing.limits import MAX_OFFERED_CHARACTERS

_MAX_LABEL_CHARACTERS = 80
_MAX_REMARK_CHARACTERS = 300


def unplaced_finding(
    label: str, value: str, source: str, line: int | None, *, hint: str | None = None
) -> Finding:
    """Return the finding about a statement; `source` is the imported file, as it was named."""
    message = f"{_label(label)} fits no key: {clip(_in_one_line(value), _MAX_REMARK_CHARACTERS)}"
    return finding_kinds.NOT_PLACED.at(message, source, line, hint=hint)


def unplaced_comment(label: str, value: str, where: str) -> str:
    """Return the comment for the draft; `where` says in words where the statement is."""
    return f"{where}: {_label(label)}: {clip(_in_one_line(value), MAX_OFFERED_CHARACTERS)}"


def _label(label: str) -> str:
    return clip(_in_one_line(label), _MAX_LABEL_CHARACTERS)


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
