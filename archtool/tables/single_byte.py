"""Reads texts in Windows-1252 or Mac Roman if no other encoding is possible for their bytes.

Nothing in such a file names its encoding. All encodings below, which old and new spreadsheets write, are
tried on the words of the file that are not ASCII (the first five thousand different ones). An encoding is
excluded if one word has an undefined byte or cannot be a word (`words`). Then:

- If one text is left, from any number of encodings, it is what was written, and it is used if it is
  Windows-1252 or Mac Roman and its letters are of Western Europe.
- If several texts are left, or another one, a person must decide: the error has the words that differ.

A text of one encoding is not taken for another one, because its own words do not exclude its true reading:
the rules exclude only what no text has, and no reading is preferred because it is frequent. `Genève`, for
instance, is left as Windows-1252 and as Windows-1250 (`Genčve`); not as Mac Roman (`GenËve`), DOS (`GenÞve`)
or Cyrillic (`Genиve`). In `Lettre à`, Windows-1250 has the word `ŕ`, which no language has, and Windows-1252
remains alone. A misspelt word can exclude the true reading, and an encoding can be missing in the list; so a
note always says what was read.

charset-normalizer (3.5.3) was tried: it returns the most probable encoding by the frequency of letters, never
that no other one is possible, and it takes a French table in Mac Roman for Icelandic, and `Déjà à Genève` in
DOS letters for Arabic.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from archtool.tables.limits import MAX_WEIGHED_WORDS, MAX_WORD_BYTES
from archtool.tables.telling_words import likelihood, telling_words, tells_most
from archtool.tables.words import has_drawing, is_possible, is_western, words_of

WINDOWS_1252, MAC_ROMAN = "windows-1252", "mac-roman"
_CERTAIN = {WINDOWS_1252: "Windows-1252", MAC_ROMAN: "Mac Roman"}
ENCODINGS = (
    WINDOWS_1252, "windows-1250", "windows-1251", MAC_ROMAN, "cp850", "cp437", "iso-8859-15", "iso-8859-2",
    "windows-1257", "windows-1254", "windows-1253", "windows-1255", "windows-1256", "windows-1258",
    "cp874", "iso-8859-5", "iso-8859-7", "iso-8859-9", "koi8-r", "koi8-u", "mac-latin2", "mac-cyrillic",
    "mac-greek", "mac-turkish", "cp852", "cp855", "cp857",
    "cp858", "cp860", "cp861", "cp863", "cp865", "cp866", "cp737", "cp775", "gb18030", "big5", "shift-jis",
    "euc-jp", "euc-kr",
)  # fmt: skip
"""What spreadsheets write, the most frequent first."""
_TOKEN = re.compile(rb"[0-9A-Za-z]*[\x80-\xff][0-9A-Za-z\x80-\xff]*")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a text."""

    encoding: str
    words: tuple[str, ...]
    """The words that differ between the encodings, as decoded with this one; the order is the same in all."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the bytes of a text show about its encoding."""

    line: int
    """The line of the first word of each reading."""
    readings: tuple[Reading, ...]
    """The possible readings, the likeliest first; none if no encoding is possible."""
    certain_name: str | None
    """How the encoding is called, if the bytes leave no doubt."""


class WordCollector:
    """Collects the words of a text that are not ASCII, line by line."""

    def __init__(self) -> None:
        self.lines: dict[bytes, int] = {}
        """The first line of each word."""

    def add(self, line: bytes, number: int) -> None:
        """Add the words of a line."""
        if not line.isascii() and len(self.lines) < MAX_WEIGHED_WORDS:
            for word in _TOKEN.findall(line):
                if len(word) <= MAX_WORD_BYTES:
                    self.lines.setdefault(word, number)

    def example(self, encoding: str) -> tuple[str, int] | None:
        """Return the word that shows best whether an encoding is right, and its line."""
        read = [word.decode(encoding, "replace") for word in self.lines]
        if not any(map(words_of, read)):
            return None
        number = tells_most(read)
        return read[number], [*self.lines.values()][number]

    def decide(self) -> Decision:
        """Return the readings that all words leave possible; none if there is no word."""
        if not self.lines:
            return Decision(1, (), None)
        texts = {
            encoding: text for encoding in ENCODINGS if (text := _read(self.lines, encoding)) is not None
        }
        return _decide(self.lines, texts)


def _read(words: Mapping[bytes, int], encoding: str) -> tuple[str, ...] | None:
    """Return all words in an encoding, or `None` if one of them is impossible."""
    read: list[str] = []
    for word in words:
        try:
            text = word.decode(encoding)
        except UnicodeDecodeError:
            return None
        if not is_possible(text):
            return None
        read.append(text)
    return tuple(read)


def _decide(words: Mapping[bytes, int], texts: Mapping[str, tuple[str, ...]]) -> Decision:
    lines = [*words.values()]
    first_encodings: dict[tuple[str, ...], str] = {}
    for encoding, text in texts.items():
        first_encodings.setdefault(text, encoding)
    is_only = len(first_encodings) == 1
    # a text can have frames, but one is not proposed: its reading as letters is the one to look for
    proposed = [text for text in first_encodings if not any(map(has_drawing, text))]
    proposed.sort(key=likelihood)
    if len(proposed) == 1:
        (text,) = proposed
        encoding = first_encodings[text]
        shown = tells_most(text)
        is_certain = (
            is_only and encoding in _CERTAIN and all(map(is_western, text)) and bool(words_of(text[shown]))
        )
        reading = Reading(encoding, (text[shown],))
        return Decision(lines[shown], (reading,), _CERTAIN[encoding] if is_certain else None)
    numbers = telling_words(proposed)
    readings = (
        Reading(first_encodings[text], tuple(text[number] for number in numbers)) for text in proposed
    )
    return Decision(lines[numbers[0]] if numbers else 1, tuple(readings), None)
