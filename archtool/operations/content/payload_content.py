"""Checks payload files while they are read for their digests: encoding, characters, the lines of annexes."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archtool.description.model import Annexe, Description
from archtool.description.sound_parts import NO_DOUBTS, Doubts
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.file_record import FileRecord
from archtool.files.paths import shown
from archtool.files.source import Sink
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.content.encoding_choices import advise_encoding
from archtool.operations.content.line_ranges import FileRanges, check_ranges, collect_ranges, readable_ranges
from archtool.operations.text_check.text_findings import check_command, text_findings
from archtool.report.annexe_lines import Place
from archtool.text.encoding_check import EncodingSink
from archtool.text.line_spans import LineSpan, SpanSink

if TYPE_CHECKING:
    from archtool.text.checking.scanner import TextScanner

_TEXT_ENDINGS = (".txt", ".text", ".md")
"""Ends of the names of annexes that are plain text."""
_CR_HINT = (
    "its lines end in CR, as on old Macintosh computers, and only LF ends a line here: save the text with LF"
)


@dataclass(frozen=True, slots=True)
class FileChecks:
    """The sinks of one file."""

    encoding: EncodingSink | None = None
    language: str | None = None
    spans: dict[Place, SpanSink] = field(default_factory=dict)
    ranges: FileRanges | None = None
    text: TextScanner | None = None
    accepted: tuple[str, ...] = ()
    """Kinds of faults of the text that are there on purpose."""

    @property
    def sinks(self) -> list[Sink]:
        """All sinks that receive the file's bytes."""
        single = (self.encoding, self.text, self.ranges.reader if self.ranges is not None else None)
        return [*(sink for sink in single if sink is not None), *self.spans.values()]

    @property
    def declared_encoding(self) -> str | None:
        """The encoding of a transcription."""
        return self.encoding.encoding if self.encoding is not None else None


class PayloadChecks:
    """The checks of one package's payload: transcriptions for their encoding, annexes for their lines."""

    def __init__(
        self,
        description: Description,
        algorithm: Algorithm,
        doubts: Doubts = NO_DOUBTS,
        root: Path | None = None,
    ) -> None:
        """Prepare the checks; nothing is checked against the faulty parts of a description.

        `root` is the folder of the files, for commands that a person runs on them.
        """
        # lazy: 30 ms of regular expressions, which a refused description does not need
        from archtool.text.checking.scanner import TextScanner

        self.description = description
        self._root = root
        self._by_file: dict[str, FileChecks] = {}
        for i, part in enumerate(description.transcription):
            if not _hides_encoding(doubts, i):
                language = part.language or description.language
                text = TextScanner(part.encoding, language)
                encoding = EncodingSink(part.encoding)
                self._by_file[part.file] = FileChecks(
                    encoding, language, text=text, accepted=part.accept_text
                )
        for _, annexe in description.all_annexes():
            if annexe.file is not None and annexe.file.lower().endswith(_TEXT_ENDINGS):
                language = annexe.language or description.language
                checks = FileChecks(language=language, text=TextScanner(None, language))
                self._by_file.setdefault(annexe.file, checks)
        self.ranges = collect_ranges(description, doubts)
        self._places: dict[int, Place] = {}
        """By the identity of the annexe: two annexes can be equal."""
        for place, annexe, span in readable_ranges(description, doubts):
            self._places.setdefault(id(annexe), place)
            checks = self._by_file.setdefault(span.file, FileChecks())
            checks.spans[place] = SpanSink(span.from_line, span.to_line, algorithm)
        for file, ranges in self.ranges.items():
            self._by_file[file] = replace(self._by_file[file], ranges=ranges)

    def sinks(self, file: str) -> Sequence[Sink]:
        """Return the sinks for the bytes of this file."""
        checks = self._by_file.get(file)
        return checks.sinks if checks is not None else ()

    def findings(self, only: Container[str] | None = None) -> Iterator[Finding]:
        """Return the findings about all files, or about those of `only`; these must have been read."""
        for file, checks in self._by_file.items():
            if only is not None and file not in only:
                continue
            encoding_faults = list(_text_faults(file, checks))
            yield from encoding_faults
            if checks.text is not None and not encoding_faults:
                path = file if self._root is None else str(self._root / file)
                command = check_command(path, language=checks.language, encoding=checks.declared_encoding)
                yield from text_findings(checks.text.finish(), file, command, accepted=checks.accepted)
            for place, sink in checks.spans.items():
                if sink.span() is None:
                    yield self._lines_outside(file, place, sink)
            if checks.ranges is not None:
                yield from check_ranges(checks.ranges)

    def _lines_outside(self, file: str, place: Place, sink: SpanSink) -> Finding:
        title = next(a.title for p, a in self.description.all_annexes() if p == place)
        last = "" if sink.to_line is None else f" to {sink.to_line}"
        message = (
            f"annexe “{title[:60]}” is declared from line {sink.from_line}{last}, "
            f"but {shown(file)} has {sink.lines_in_file:,} {'line' if sink.lines_in_file == 1 else 'lines'}"
        )
        is_one_line = sink.lines_in_file == 1 and self.ranges[file].reader.has_carriage_returns
        return finding_kinds.LINES_OUTSIDE.at(message, file, hint=_CR_HINT if is_one_line else None)

    def span_of(self, annexe: Annexe) -> LineSpan | None:
        """Return the lines of an annexe's text, if it shares its file with other text."""
        if annexe.within is None or id(annexe) not in self._places:
            return None
        return self._by_file[annexe.within.file].spans[self._places[id(annexe)]].span()

    def text_facts(self, annexe: Annexe, records: Mapping[str, FileRecord]) -> dict[str, Any]:
        """Return the file, lines and digests of an annexe's text, for the inventory."""
        file = annexe.file or (annexe.within.file if annexe.within else None)
        if file is None:
            return {}
        record = records[f"data/{file}"]
        facts: dict[str, Any] = {
            "file": record.path,
            "size-bytes": record.size_bytes,
            "digests": {d.algorithm.value: d.hex for d in record.digests},
        }
        span = self.span_of(annexe)
        if span is not None:
            facts["lines"] = {
                "from-line": span.from_line,
                "to-line": span.to_line,
                "offset-bytes": span.offset_bytes,
                "size-bytes": span.size_bytes,
                "digest": {span.digest.algorithm.value: span.digest.hex},
            }
        return facts


def _hides_encoding(doubts: Doubts, number: int) -> bool:
    paths = (("transcription", number, "encoding"), ("transcription", "encoding"))
    return doubts is not NO_DOUBTS and any(map(doubts.can_hide, paths))


def _text_faults(file: str, checks: FileChecks) -> Iterator[Finding]:
    sink = checks.encoding
    if sink is None:
        return
    fault = sink.finish()
    if sink.format is not None:
        hint = (
            f"declare it under `files` (role: {sink.format.role}); save its text as a text file in UTF-8, "
            "and declare that as the transcription"
        )
        message = f"{shown(file)} is {sink.format.name}, not a text file"
        yield finding_kinds.PAYLOAD_NOT_TEXT.at(message, file, hint=hint)
    elif fault is not None:
        hint = advise_encoding(sink.head, sink.sample, checks.language)
        yield finding_kinds.PAYLOAD_ENCODING.at(f"{shown(file)}: {fault}", file, hint=hint)
