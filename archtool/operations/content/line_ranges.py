"""The ranges of lines that a description declares for annexes: their words, and their faults."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from archtool.description.checks import annexe_path
from archtool.description.model import Annexe, Description, Within
from archtool.description.sound_parts import NO_DOUBTS, Doubts
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.limits import MAX_CLAIMS
from archtool.report.annexe_lines import AnnexeLines, Place
from archtool.report.text.columns import cut_end, cut_start
from archtool.text.line_ranges import RangeReader, RangeText

_TITLE_CHARS = 60
QUOTE_COLUMNS = 60
"""The width of each quotation on a terminal."""


@dataclass(frozen=True, slots=True)
class _Declared:
    """One annexe with a range, and its number in the reader of its file."""

    place: Place
    annexe: Annexe
    within: Within
    number: int

    @property
    def named(self) -> str:
        """The annexe as findings name it."""
        return f"annexe “{self.annexe.title[:_TITLE_CHARS]}”"

    @property
    def last_line(self) -> float:
        """The last line; infinite if it is the end of the file."""
        return self.within.to_line if self.within.to_line is not None else float("inf")


@dataclass(frozen=True, slots=True)
class FileRanges:
    """The ranges in one file, and the sink that reads them."""

    file: str
    reader: RangeReader
    declared: list[_Declared]


def readable_ranges(
    description: Description, doubts: Doubts = NO_DOUBTS
) -> Iterator[tuple[Place, Annexe, Within]]:
    """Yield the annexes that are ranges of lines, without faulty or backward ranges."""
    for place, annexe in description.all_annexes():
        within = annexe.within
        if within is None or within.is_backwards or doubts.concern((*annexe_path(place), "within")):
            continue
        yield place, annexe, within


def collect_ranges(description: Description, doubts: Doubts = NO_DOUBTS) -> Mapping[str, FileRanges]:
    """Return the ranges by file, without faulty ones; the first `MAX_CLAIMS` of a description are read."""
    encodings = {part.file: part.encoding for part in description.transcription}
    files: dict[str, FileRanges] = {}
    for place, annexe, within in islice(readable_ranges(description, doubts), MAX_CLAIMS):
        if within.file not in files:
            files[within.file] = FileRanges(within.file, RangeReader(encodings.get(within.file)), [])
        ranges = files[within.file]
        number = ranges.reader.add(within.from_line, within.to_line)
        ranges.declared.append(_Declared(place, annexe, within, number))
    return files


def check_ranges(ranges: FileRanges) -> Iterator[Finding]:
    """Report ranges without words, that cut a paragraph, or that overlap; the file must have been read."""
    for declared in ranges.declared:
        read = ranges.reader.range_text(declared.number)
        if read is not None:
            yield from _check_text(ranges.file, declared, read)
    yield from _check_overlaps(ranges)
    if ranges.reader.is_wide:
        message = f"lines are counted by bytes, and {shown(ranges.file)} has several bytes for each character"
        yield finding_kinds.LINES_WIDE.at(message, ranges.file)


def _check_text(file: str, declared: _Declared, read: RangeText) -> Iterator[Finding]:
    if not read.begins:
        message = f"{declared.named}: {_without_words(read.from_line, read.to_line, file)}"
        yield finding_kinds.LINES_BLANK.at(message, file)
    elif read.cut_start is not None:
        message = f"{declared.named} begins inside a paragraph, at line {read.from_line:,} of {shown(file)}"
        yield finding_kinds.LINES_CUT.at(f"{message}{_nearest('begin', read.cut_start)}", file)
    if read.begins and read.cut_end is not None:
        message = f"{declared.named} ends inside a paragraph, at line {read.to_line:,} of {shown(file)}"
        yield finding_kinds.LINES_CUT.at(f"{message}{_nearest('end', read.cut_end)}", file)


def _without_words(first: int, last: int, file: str) -> str:
    if first == last:
        return f"line {first:,} of {shown(file)} has no words"
    return f"lines {first:,} to {last:,} of {shown(file)} have no words"


def _nearest(verb: str, lines: Sequence[int | None]) -> str:
    known = [f"{line:,}" for line in lines if line is not None]
    noun = "a paragraph" if len(known) == 1 else "paragraphs"
    suffix = f"{verb}s" if len(known) == 1 else verb
    return f"; {noun} {suffix} at line {' and at line '.join(known)}" if known else ""


def _check_overlaps(ranges: FileRanges) -> Iterator[Finding]:
    """Report each range that begins inside an earlier one, unless the one is an enclosure of the other."""
    current: list[_Declared] = []
    for item in sorted(ranges.declared, key=lambda d: (d.within.from_line, -d.last_line, d.place)):
        current = [other for other in current if other.last_line >= item.within.from_line]
        other = next((other for other in current if not _is_nested(item, other)), None)
        if other is not None:
            message = (
                f"{other.named} and {item.named} have lines of {shown(ranges.file)} in common, "
                f"from line {item.within.from_line:,}"
            )
            yield finding_kinds.LINES_OVERLAP.at(message, ranges.file)
        current.append(item)


def _is_nested(inner: _Declared, outer: _Declared) -> bool:
    """Return whether the lines of an enclosure are among those of the annexe that contains it."""
    is_enclosure = inner.place[: len(outer.place)] == outer.place
    return is_enclosure and inner.last_line <= outer.last_line


def annexe_lines(ranges: Mapping[str, FileRanges], read_files: Collection[str]) -> dict[Place, AnnexeLines]:
    """Return what can be seen of each range in the files that were read."""
    found: dict[Place, AnnexeLines] = {}
    for file, inside in ranges.items():
        for declared in inside.declared if file in read_files else ():
            read = inside.reader.range_text(declared.number)
            if read is not None:
                found[declared.place] = _visible(declared.annexe, file, read)
    return dict(sorted(found.items()))


def _visible(annexe: Annexe, file: str, read: RangeText) -> AnnexeLines:
    before, after = ("", "") if read.is_complete else ("… ", " …")
    return AnnexeLines(
        annexe.id,
        annexe.title,
        file,
        read.from_line,
        read.to_line,
        cut_end(f"{read.begins}{after}", QUOTE_COLUMNS),
        cut_start(f"{before}{read.ends}", QUOTE_COLUMNS),
        read.empty_at_start,
        read.empty_at_end,
    )
