"""Proposes the annexes of a draft: the ranges of lines that a text seems to have, with their words quoted.

Every line of a proposal is a comment: nothing about the document is guessed, and the person decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path

from archtool.description import placeholders
from archtool.encodings import wide_encoding_of
from archtool.errors import ArchtoolError
from archtool.files.paths import shown
from archtool.files.source import FileSource
from archtool.operations.limits import MAX_PROPOSED_ANNEXES, MAX_PROPOSED_BYTES
from archtool.operations.open_package.opening import open_bag
from archtool.report.text.columns import cut_end, cut_start
from archtool.text.boundaries import Boundary, BoundaryFinder
from archtool.text.line_ranges import RangeReader, RangeText

_QUOTE_COLUMNS = 60


def propose_annexes(root: Path, file: str, yaml_name: str, listed: int = 0) -> list[str]:
    """Return commented lines of a description for the annexes that a text file seems to contain.

    `root` is the folder or bag, `file` the path of the text in it, `yaml_name` its name in the description,
    and `listed` the number of annexes that are already in the list. A text without a boundary, one that
    cannot be read and one that is very large get no lines.
    """
    try:
        with closing(open_bag(root)) as source:
            if source.size_of(file) > MAX_PROPOSED_BYTES:
                return []
            return _propose(source, file, yaml_name, listed)
    except (ArchtoolError, OSError):
        return []  # check reports a file that cannot be read


def _propose(source: FileSource, file: str, yaml_name: str, listed: int) -> list[str]:
    encoding = _encoding(source, file)
    finder = BoundaryFinder(encoding)
    source.stream(file, [finder])
    finder.finish()
    chosen = _choose(finder.boundaries)
    if not chosen:
        return []
    reader = RangeReader(encoding)
    last_lines: list[int | None] = [after.ends_before for _, after in pairwise(chosen)] + [None]
    for boundary, last_line in zip(chosen, last_lines, strict=True):
        reader.add(boundary.from_line, last_line)
    source.stream(file, [reader])
    lines = [*_HEAD, *([] if listed else ["# annexes:"])]
    for number, (boundary, last_line) in enumerate(zip(chosen, last_lines, strict=True)):
        read = reader.range_text(number)
        if read is not None:
            lines.append(f"#   - id: annexe-{listed + number + 1}")
            lines += _annexe(boundary, last_line, read, yaml_name)
    left_out = len(finder.boundaries) - len(chosen)
    return [*lines, *([f"# {left_out:,} more such places were left out."] if left_out else []), ""]


def _encoding(source: FileSource, file: str) -> str | None:
    """Return the encoding that the first bytes show; `None`, for UTF-8, if they show none."""
    head = _Head()
    source.stream(file, [head])
    return wide_encoding_of(head.data)


class _Head:
    """Keeps the first bytes of a file."""

    def __init__(self) -> None:
        self.data = b""

    def update(self, data: memoryview, /) -> None:
        """See `Sink`."""
        if len(self.data) < len(b"BOM!"):
            self.data += bytes(data[: len(b"BOM!") - len(self.data)])


def _choose(boundaries: Sequence[Boundary]) -> list[Boundary]:
    """Return the boundaries to propose: headings first, if there are too many, in the order of the text."""
    if len(boundaries) <= MAX_PROPOSED_ANNEXES:
        return list(boundaries)
    ranked = sorted(boundaries, key=lambda boundary: not boundary.is_heading)[:MAX_PROPOSED_ANNEXES]
    return sorted(ranked, key=lambda boundary: boundary.from_line)


def _annexe(boundary: Boundary, last_line: int | None, read: RangeText, yaml_name: str) -> list[str]:
    to_line = "" if last_line is None else f", to-line: {last_line}"
    where = f"lines {read.from_line} to {read.to_line}"
    where = where if read.to_line != read.from_line else f"line {read.from_line}"
    before, after = ("", "") if read.is_complete else ("… ", " …")
    quotes = [f"begins “{cut_end(read.begins + after, _QUOTE_COLUMNS)}”"]
    quotes += [f"ends   “{cut_start(before + read.ends, _QUOTE_COLUMNS)}”"]
    return [
        f"#     title: {placeholders.ANNEXE_TITLE}",
        "#     status: reproduced",
        f"#     # {where}: {shown(boundary.reason)}",
        *(f"#     # {shown(quote)}" for quote in quotes),
        f"#     within: {{ file: {yaml_name}, from-line: {boundary.from_line}{to_line} }}",
    ]


_HEAD = (
    "# The annexes. The text seems to have other documents in it, which begin at these lines: compare",
    "# the words, and delete what is no annexe. Statuses: reproduced, listed, not-reproduced, lost,",
    "# this-document, unknown. Enclosures are listed under `enclosures:`, like annexes.",
)
