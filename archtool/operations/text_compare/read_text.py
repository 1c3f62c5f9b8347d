"""Reads a text that is compared: in the encoding that a person names, or in the one that its bytes show."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archtool.encodings import DEFAULT_ENCODING, mark_of, wide_encoding_of
from archtool.errors import InputError
from archtool.files.named_files import read_input
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.operations.text_compare import finding_kinds
from archtool.tables.single_byte import Reading, WordCollector
from archtool.text.comparing.limits import MAX_TEXT_BYTES
from archtool.text.file_signatures import HEAD_BYTES, recognise

_MAX_WORDS = 4  # that show how an encoding reads


@dataclass(frozen=True, slots=True)
class ReadText:
    """The text of a file."""

    text: str
    encoding: str
    findings: tuple[Finding, ...] = ()


def read_text(path: Path, encoding: str | None, option: str) -> ReadText:
    """Read a text; `option` is the one that names its encoding, for hints.

    Raises:
        InputError: it cannot be read, is too large or no text, or its encoding is not known.
    """
    name = shown(str(path))
    data = read_input(path, MAX_TEXT_BYTES, "the text")
    if encoding is None:
        _refuse_other_formats(data, name)
        encoding = _visible_encoding(data)
    if encoding is not None:
        try:
            return ReadText(data.decode(encoding).removeprefix("\ufeff"), encoding)
        except UnicodeError as error:
            raise InputError(
                f"{name} is not {encoding}: {error}", hint=f"name its encoding with {option}"
            ) from error
    return _by_words(data, name, option)


def _refuse_other_formats(data: bytes, name: str) -> None:
    recognised = recognise(data[:HEAD_BYTES])
    if recognised is not None and _visible_encoding(data) in (None, DEFAULT_ENCODING):
        raise InputError(
            f"{name} is not plain text: {recognised.name}", hint="extract its text first, then compare that"
        )


def _visible_encoding(data: bytes) -> str | None:
    """Return the encoding that a text shows by its first bytes, or because all of it is UTF-8."""
    marked = mark_of(data)
    if marked is not None and marked != DEFAULT_ENCODING:
        return marked
    if wide_encoding_of(data) == "UTF-16":
        return "utf-16-be" if data.startswith(b"\0") else "utf-16-le"
    try:
        data.decode(DEFAULT_ENCODING)
    except UnicodeDecodeError:
        return None
    return DEFAULT_ENCODING


def _by_words(data: bytes, name: str, option: str) -> ReadText:
    """Decode a text by the words that are possible in each encoding."""
    words = WordCollector()
    for number, line in enumerate(data.split(b"\n"), start=1):
        words.add(line, number)
    decision = words.decide()
    if not decision.readings:
        raise InputError(
            f"{name} is not UTF-8, and no known encoding fits all its words",
            hint=f"name its encoding with {option}, for instance {option} windows-1252",
        )
    first, *others = decision.readings
    message = f"not UTF-8; read as {first.encoding}: {_quoted(first)}"
    if others:
        message += f"; in {others[0].encoding} it would read {_quoted(others[0])}"
    hint = f"if these words are wrong, name the encoding with {option}"
    finding = finding_kinds.ENCODING.at(message, name, decision.line, hint=hint)
    return ReadText(data.decode(first.encoding, "replace"), first.encoding, (finding,))


def _quoted(reading: Reading) -> str:
    return ", ".join(f"“{word}”" for word in reading.words[:_MAX_WORDS])
