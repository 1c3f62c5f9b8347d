"""Checks the repairs of one description while its payload is read, and finds the lines of its originals."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

from archtool.description.model import Description
from archtool.files.hashing.digests import Algorithm
from archtool.files.paths import shown
from archtool.files.source import Sink
from archtool.findings import Finding
from archtool.operations.repaired_texts import finding_kinds
from archtool.operations.repaired_texts.checks import (
    RepairNames,
    check_files,
    check_replay,
    check_rules,
    note_lines_in_originals,
    note_open_places,
)
from archtool.operations.repaired_texts.kept_bytes import KeptBytes
from archtool.operations.repaired_texts.line_facts import line_facts
from archtool.operations.repaired_texts.reading import ReadRepairs
from archtool.operations.repaired_texts.repaired_text import Place, RepairedText, RepairedTexts
from archtool.text.line_spans import SpanSink
from archtool.text.repairing.change_log import RepairedFile
from archtool.text.repairing.limits import MAX_REPAIRED_BYTES


class RepairChecks:
    """The repairs of one description: the sinks of their texts, and what is wrong with them."""

    def __init__(self, description: Description, read: ReadRepairs, algorithm: Algorithm) -> None:
        """Prepare the checks; `description` is as it was written, with lines of originals or of copies."""
        self._description = description
        self._read = read
        self._logs = {part.file: repair.changes for part, repair in description.repairs()}
        self._kept = {file: KeptBytes() for text in read.texts for file in (text.copy, text.original)}
        self._spans: dict[Place, tuple[str, SpanSink]] = {}
        for place, ranges in read.texts.ranges_of(description).items():
            within = ranges.original
            if within is not None:
                sink = SpanSink(within.from_line, within.to_line, algorithm)
                self._spans[place] = (within.file, sink)

    @property
    def texts(self) -> RepairedTexts:
        """The repaired texts whose change logs could be read."""
        return self._read.texts

    def sinks(self, file: str) -> list[Sink]:
        """Return the sinks for the bytes of this file."""
        kept = [self._kept[file]] if file in self._kept else []
        return [*kept, *(sink for own, sink in self._spans.values() if own == file)]

    def findings(self, only: Container[str] | None = None) -> Iterator[Finding]:
        """Return the findings about all repairs, or about those whose two texts are in `only`."""
        yield from self._read.findings
        for text in self._read.texts:
            if only is None or (text.copy in only and text.original in only):
                yield from self._check(text)
        yield from note_lines_in_originals(self._description, self._read.texts)

    def _check(self, text: RepairedText) -> Iterator[Finding]:
        names = RepairNames(text.copy, text.original, self._logs[text.copy])
        original, copy = self._kept[text.original].data, self._kept[text.copy].data
        for name, data in ((names.original, original), (names.copy, copy)):
            if data is None:
                message = f"{shown(name)} has more than {MAX_REPAIRED_BYTES:,} bytes"
                yield finding_kinds.NOT_REPLAYED.at(message, name)
        if original is not None and copy is not None:
            files = (RepairedFile.of(names.original, original), RepairedFile.of(names.copy, copy))
            differing = [*check_files(text, names, *files)]
            yield from differing or check_replay(text, names, original, copy)
        yield from check_rules(text, names)
        yield from note_open_places(text, names)

    def original_facts(self, place: Place, file_facts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """Return the file and lines of an annexe in the original, for the inventory.

        `file_facts` are the facts about each payload file, by its name.
        """
        file, span = self._spans.get(place, ("", None))
        lines = span.span() if span is not None else None
        return {"original": {**file_facts[file], "lines": line_facts(lines)}} if lines is not None else {}
