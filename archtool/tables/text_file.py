"""Opens the text of a table as UTF-8, whatever the encoding in which a spreadsheet has written it.

UTF-8 is checked on the whole file before its first row is read. UTF-16 shows itself by its byte order mark
or, without one, by its zero bytes: only one of the two byte orders gives characters that exist. For
single-byte encodings see `single_byte`. A text in another encoding, or with the line ends of old Macintosh
programs (CR only), is copied to a temporary file in UTF-8 with LF.
"""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO, NoReturn

from archtool.encodings import UTF8_MARK, mark_of
from archtool.files.paths import shown
from archtool.findings import Place
from archtool.tables import finding_kinds
from archtool.tables.limits import MAX_LINE_BYTES
from archtool.tables.model import refuse_at
from archtool.tables.single_byte import Decision, WordCollector
from archtool.tables.words import exist, is_possible

_CHUNK_BYTES = 1024 * 1024
_START_BYTES = 64 * 1024
_UTF8 = "utf-8"
_SAVE = "save the table again as “CSV UTF-8”"
_SHOWN_READINGS = 4
_SIGNS_OF_TABLES = frozenset(",;|\t\n\r")


@dataclass(frozen=True, slots=True)
class TableText:
    """A table in UTF-8, perhaps with a byte order mark."""

    file: BinaryIO
    notes: tuple[str, ...] = ()
    """How the file was read, if not as UTF-8."""


@dataclass(frozen=True, slots=True)
class _WrongByte:
    """A byte that is not UTF-8; line and column count from 1."""

    line: int
    column: int
    value: int


def open_table_text(stack: ExitStack, file: BinaryIO, name: str, encoding: str | None) -> TableText:
    """Open a table in `encoding`, or in the one that its bytes show; temporary files are closed by `stack`.

    Raises:
        MaterialRefusedError: the encoding is not certain, contradicts the file, or does not fit some bytes.
    """
    start = _start_of(file)
    mark = mark_of(start)
    has_zeros = b"\0" in start
    is_wide = mark not in (None, _UTF8) or (encoding or "").startswith(("utf-16", "utf-32"))
    if not is_wide and not has_zeros and _has_only_cr(file):
        file = _copy(
            stack, (chunk.replace(b"\r", b"\n") for chunk in iter(lambda: file.read(_CHUNK_BYTES), b""))
        )
    if encoding is not None:
        _refuse_contradiction(file, name, encoding, mark)
        return _converted(stack, file, name, encoding, note=_stated_note(file, name, encoding))
    if mark == "utf-32":
        refuse_at(finding_kinds.NOT_TEXT, "the table is UTF-32, not UTF-8", Place(name, 1))
    if mark is not None and mark != _UTF8:
        return _converted(stack, file, name, mark, note=f"{shown(name)} was read as UTF-16")
    if has_zeros and (order := _byte_order(file)) is not None:
        note = f"{shown(name)} was read as UTF-16 without a byte order mark"
        return _converted(stack, file, name, order, note=note)
    wrong = _first_wrong_byte(file)
    if wrong is None:
        return TableText(file)
    words = _words_of(file)
    _refuse_damaged_utf8(name, wrong, words)
    decision = words.decide()
    if decision.certain_name is None:
        _refuse_undecided(name, wrong.line, decision)
    (reading,) = decision.readings
    note = (
        f"{shown(name)} was read as {decision.certain_name}: check its letters, such as “{reading.words[0]}”"
        f" in line {decision.line}; another encoding can be given with --encoding"
    )
    return _converted(stack, file, name, reading.encoding, note=note)


def _stated_note(file: BinaryIO, name: str, encoding: str) -> str | None:
    """Return a note about a stated encoding that can be wrong; none if the file shows that it is right."""
    example = None if encoding.startswith("utf-") else _words_of(file).example(encoding)
    if example is None:
        return None
    word, line = example
    return f"{shown(name)} was read as {encoding}: check its letters, such as “{shown(word)}” in line {line}"


def _has_only_cr(file: BinaryIO) -> bool:
    """Whether lines end with CR, and none with LF."""
    found = False
    while chunk := file.read(_CHUNK_BYTES):
        found = found or b"\r" in chunk
        if b"\n" in chunk:
            break
    file.seek(0)
    return found and not chunk


def _copy(stack: ExitStack, chunks: Iterable[bytes]) -> BinaryIO:
    copy = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
    copy.writelines(chunks)
    copy.seek(0)
    return copy


def _start_of(file: BinaryIO) -> bytes:
    file.seek(0)
    start = file.read(_START_BYTES)
    file.seek(0)
    return start


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield each line that is not ASCII with its number, and go back to the start of the file."""
    number = 0
    while line := file.readline(MAX_LINE_BYTES):
        number += 1
        if not line.isascii():
            yield number, line.removeprefix(UTF8_MARK) if number == 1 else line
    file.seek(0)


def _words_of(file: BinaryIO) -> WordCollector:
    words = WordCollector()
    for number, line in _lines(file):
        words.add(line, number)
    return words


def _first_wrong_byte(file: BinaryIO) -> _WrongByte | None:
    """Return the first byte that is not UTF-8."""
    wrong = None
    for number, line in _lines(file):
        if wrong is None and (error := _utf8_error(line)) is not None:
            column = len(line[: error.start].decode(_UTF8)) + 1
            wrong = _WrongByte(number, column, line[error.start])
    return wrong


def _utf8_error(line: bytes) -> UnicodeDecodeError | None:
    try:
        line.decode(_UTF8)
    except UnicodeDecodeError as error:
        # a line that is cut at its greatest length is refused later as too long
        return None if len(line) == MAX_LINE_BYTES else error
    return None


def _refuse_damaged_utf8(name: str, wrong: _WrongByte, words: WordCollector) -> None:
    """Refuse a file of which other words are UTF-8: two encodings are mixed in it, or it is damaged."""
    for word, line in words.lines.items():
        text = word.decode(_UTF8, "replace")
        if is_possible(text):
            message = f"not UTF-8: found the byte 0x{wrong.value:02x}, but line {line} is UTF-8 (“{text}”)"
            hint = "correct the text here in an editor for UTF-8, or export the table again as “CSV UTF-8”"
            refuse_at(finding_kinds.NOT_TEXT, message, Place(name, wrong.line, wrong.column), hint)


def _byte_order(file: BinaryIO) -> str | None:
    """Return the only UTF-16 byte order that gives characters that exist and signs of a table."""
    orders = [order for order in ("utf-16-le", "utf-16-be") if _is_text(file, order)]
    return orders[0] if len(orders) == 1 else None


def _is_text(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    found: set[str] = set()
    try:
        for text in _decoded(file, encoding):
            found |= set(text)
    except UnicodeError:
        return False
    finally:
        file.seek(0)
    return exist(found - _SIGNS_OF_TABLES) and not found.isdisjoint(_SIGNS_OF_TABLES)


def _decoded(file: BinaryIO, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    while chunk := file.read(_CHUNK_BYTES):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _converted(
    stack: ExitStack, file: BinaryIO, name: str, encoding: str, *, note: str | None = None
) -> TableText:
    if encoding == _UTF8:
        return TableText(file)
    line = 1

    def pieces() -> Iterator[bytes]:
        nonlocal line
        for text in _decoded(file, encoding):
            yield text.encode()
            line += text.count("\n")

    try:
        copy = _copy(stack, pieces())
    except UnicodeError as error:
        if mark_of(_start_of(file)) is not None:
            message = f"the table is damaged {'UTF-16' if encoding.startswith('utf-16') else encoding}"
            refuse_at(finding_kinds.NOT_TEXT, message, Place(name, line), _SAVE)
        _refuse_bytes(name, encoding, line, error)
    return TableText(copy, () if note is None else (note,))


def _refuse_bytes(name: str, encoding: str, line: int, error: UnicodeError) -> NoReturn:
    """Refuse a file with a byte that the encoding does not have; `line` is where its last piece begins."""
    what = "unknown bytes"
    if isinstance(error, UnicodeDecodeError):
        line += bytes(error.object[: error.start]).count(b"\n")
        what = f"the byte 0x{error.object[error.start]:02x}"
    message = f"not {encoding}: found {what}"
    hint = f"give the encoding in which it was saved, or {_SAVE}"
    refuse_at(finding_kinds.NOT_TEXT, message, Place(name, line), hint)


def _refuse_contradiction(file: BinaryIO, name: str, encoding: str, mark: str | None) -> None:
    """Refuse an encoding that contradicts the byte order mark, or a text that only UTF-8 reads as words."""
    hint = "leave --encoding out; if another table needs it, save that one as UTF-8"
    if mark is not None:
        if not _agrees(mark, encoding):
            family = "UTF-8" if mark == _UTF8 else mark.upper()
            message = f"the table begins with the byte order mark of {family}, which is not {encoding}"
            refuse_at(finding_kinds.NOT_TEXT, message, Place(name, 1), hint)
        return
    if encoding.startswith("utf-"):
        return
    if _first_wrong_byte(file) is not None:
        return
    for word, line in _words_of(file).lines.items():
        text, other = word.decode(_UTF8, "replace"), word.decode(encoding, "replace")
        if is_possible(text) and not is_possible(other):
            message = f"the table is UTF-8, where this line has “{text}”; as {encoding} it has “{other}”"
            refuse_at(finding_kinds.NOT_TEXT, message, Place(name, line), hint)


def _agrees(mark: str, encoding: str) -> bool:
    return encoding in (mark, "utf-16" if mark.startswith("utf-16") else mark)


def _refuse_undecided(name: str, wrong_line: int, decision: Decision) -> NoReturn:
    readings = decision.readings
    if not readings:
        message = "the table is not UTF-8, and no other encoding that is tried fits all its words"
        hint = f"{_SAVE}, or name its encoding: --encoding NAME"
        refuse_at(finding_kinds.NOT_TEXT, message, Place(name, wrong_line), hint)
    named = [f"“{', '.join(one.words)}” ({one.encoding})" for one in readings[:_SHOWN_READINGS]]
    more = len(readings) - len(named)
    if len(readings) == 1:
        (word,) = readings[0].words
        message = f"the table is not UTF-8; read as {readings[0].encoding}, this line has “{word}”"
        hint = f"if that is right, add: --encoding {readings[0].encoding}; otherwise {_SAVE}"
    else:
        others = f", and {more} more" if more else ""
        message = f"the table is not UTF-8, and its letters can be read as {', '.join(named)}{others}"
        hint = f"see which one is right, and give its name: --encoding {readings[0].encoding} (or another)"
    refuse_at(finding_kinds.NOT_TEXT, message, Place(name, decision.line), hint)
