"""Reads the texts of a package for the page: transcriptions, and annexes that are files of their own."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from archtool.description.model import Annexe, Description, TranscriptionFile
from archtool.encodings import DEFAULT_ENCODING
from archtool.operations.content.line_ranges import readable_ranges
from archtool.operations.content.package_reader import OpenPackage
from archtool.operations.package_page.payload_reading import PayloadBytes, PayloadReader, why_absent
from archtool.report.annexe_lines import Place
from archtool.report.numbers import counted, format_size
from archtool.report.package_page.limits import MAX_TEXT_BYTES, MAX_TEXT_LINES
from archtool.report.package_page.model import FileState, ShownText, Stretch
from archtool.report.package_view import PackageView
from archtool.report.text_repair_words import repair_sentences
from archtool.text.file_signatures import HEAD_BYTES, recognise
from archtool.text.lines import LineDecoder


def read_texts(package: OpenPackage, view: PackageView) -> tuple[ShownText, ...]:
    """Read the texts in the order of the description, within the limits of one page."""
    description = view.description
    if description is None:
        return ()
    planned = {text.file: text for text in _planned(description, view)}
    encodings = {part.file: part.encoding for part in description.transcription}
    reader = PayloadReader(package, planned)
    read: dict[str, ShownText] = {}
    room = _Room()
    for file in reader.in_order(planned):
        content = reader.read(file, room.left_bytes)
        read[file] = room.fill(planned[file], content, reader.size_of(file) or 0, encodings.get(file))
    absent = why_absent(package)
    return tuple(
        read.get(file) or replace(text, notes=(absent,), is_whole=False) for file, text in planned.items()
    )


def _planned(description: Description, view: PackageView) -> Iterator[ShownText]:
    stretches: dict[str, list[Stretch]] = {}
    for place, annexe, within in readable_ranges(description):
        new = Stretch(place, annexe.title, within.from_line, within.to_line, annexe.language)
        stretches.setdefault(within.file, []).append(new)
    for part in description.transcription:
        text = _of_part(part, description.language, tuple(stretches.get(part.file, ())))
        if part.repair is not None:
            sentences = repair_sentences(part.repair, view.repairs.get(part.file))
            text = replace(text, repair=tuple(sentences))
        yield text
    declared = {part.file for part in description.transcription}
    for place, annexe in description.all_annexes():
        file = annexe.file or (annexe.within.file if annexe.within is not None else None)
        if file is not None and file not in declared:
            declared.add(file)
            yield _of_annexe(place, annexe, file, tuple(stretches.get(file, ())))


def _of_part(part: TranscriptionFile, language: str | None, stretches: tuple[Stretch, ...]) -> ShownText:
    ids = frozenset(filter(None, (part.id, part.file, f"data/{part.file}")))
    return ShownText(
        part.file, part.title, part.language or language, (), FileState.MISSING,
        credit=part.credit, stretches=stretches, ids=ids,
    )  # fmt: skip


def _of_annexe(place: Place, annexe: Annexe, file: str, stretches: tuple[Stretch, ...]) -> ShownText:
    ids = frozenset(filter(None, (annexe.id, file, f"data/{file}")))
    is_whole_file = annexe.file is not None
    return ShownText(
        file, annexe.title if is_whole_file else None, annexe.language if is_whole_file else None, (),
        FileState.MISSING, annexe=place if is_whole_file else None, stretches=stretches, ids=ids,
    )  # fmt: skip


@dataclass(slots=True)
class _Room:
    """What is left of the limits of the page."""

    left_bytes: int = MAX_TEXT_BYTES
    left_lines: int = MAX_TEXT_LINES

    def fill(
        self, text: ShownText, content: PayloadBytes, size_bytes: int, encoding: str | None
    ) -> ShownText:
        """Return the text with the lines that there is room for."""
        text = replace(text, state=content.state)
        if content.state is FileState.NOT_READ:
            return replace(text, notes=("it could not be read",), is_whole=False)
        found = recognise(content.data[:HEAD_BYTES])
        if found is not None:
            note = f"it is {found.name}, which this page does not show"
            return replace(text, notes=(note,), is_whole=False)
        lines, notes = _decode(content, encoding)
        shown = tuple(lines[: self.left_lines])
        is_whole = content.is_whole and len(shown) == len(lines)
        self.left_bytes -= len(content.data)
        self.left_lines -= len(shown)
        if not is_whole:
            notes.append(
                f"only its first {counted(len(shown), 'line')} are shown, because a page shows at most "
                f"{format_size(MAX_TEXT_BYTES)} and {MAX_TEXT_LINES:,} lines of text; "
                f"the file has {format_size(size_bytes)}"
            )
        return replace(text, lines=shown, notes=tuple(notes), is_whole=is_whole)


def _decode(content: PayloadBytes, encoding: str | None) -> tuple[list[str], list[str]]:
    """Return the lines, numbered as everywhere in archtool: a line ends at the byte LF."""
    pieces = content.data.split(b"\n")
    if content.is_whole:
        pieces = pieces[:-1] if pieces[-1] in (b"", b"\0", b"\0\0\0") else pieces
    elif len(pieces) > 1:
        pieces = pieces[:-1]  # the limit cut it
    decoder = LineDecoder(encoding)
    decoder.start(pieces[0] if pieces else b"")
    lines = [_line(decoder, piece, is_first=number == 0) for number, piece in enumerate(pieces)]
    return lines, [*_faults(content, encoding or DEFAULT_ENCODING, lines)]


def _line(decoder: LineDecoder, piece: bytes, *, is_first: bool) -> str:
    return decoder.decode(piece, is_first=is_first).rstrip("\r")


def _faults(content: PayloadBytes, encoding: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield what to say of bytes that are no text; a text can contain U+FFFD itself."""
    bad = sum(line.count("\ufffd") for line in lines)
    if not bad:
        return
    try:
        codecs.getincrementaldecoder(encoding)().decode(content.data, content.is_whole)
    except UnicodeDecodeError:
        yield f"bytes of it are not {encoding}: each of these places is shown as \ufffd"
