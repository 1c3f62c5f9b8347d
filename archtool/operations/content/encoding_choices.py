"""Shows how a text whose encoding is not known can be read, so that a person can choose.

No encoding is recommended: another one can read the same bytes without a fault, and with other letters.
"""

from __future__ import annotations

import unicodedata

from archtool.encodings import wide_encoding_of
from archtool.files.paths import shown
from archtool.tables.single_byte import Reading, WordCollector

_READINGS_SHOWN = 3
_WORDS_SHOWN = 2
_SAVE = "save the text as UTF-8"
_UNKNOWN = f"{_SAVE}, or declare the encoding in which its words are right (`encoding`)"
_CYRILLIC, _EAST_ASIAN = "CYRILLIC", "CJK HIRAGANA KATAKANA HANGUL"
_SCRIPTS = {
    **dict.fromkeys(
        ["ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "tg", "mn", "rue", "cu", "cyrl"], _CYRILLIC
    ),
    **dict.fromkeys(["el", "grc", "grek"], "GREEK"),
    **dict.fromkeys(["he", "yi", "hebr"], "HEBREW"),
    **dict.fromkeys(["ar", "fa", "ur", "arab"], "ARABIC"),
    **dict.fromkeys(["zh", "ja", "ko"], _EAST_ASIAN),
    "th": "THAI",
    "latn": "LATIN",
}
"""The script of each language that is not written in Latin letters, and of each subtag of a script."""


def advise_encoding(head: bytes, sample: bytes, language: str | None) -> str:
    """Return what to do about a text that is not in its declared encoding.

    `head` are its first bytes; `sample` is the text around the fault. Readings in the script of its language
    come first.
    """
    if wide_encoding_of(head[:4]) == "UTF-16" and head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return f"it begins with the mark of UTF-16: {_SAVE}, or declare `utf-16` as its encoding"
    words = WordCollector()
    for number, line in enumerate(_without_cut_word(sample).split(b"\n"), 1):
        words.add(line, number)
    readings = [reading for reading in words.decide().readings if any(reading.words)]
    if not readings:
        return _UNKNOWN
    readings = _most_likely(readings, None if language is None else _script_of(language))
    if len(readings) == 1:
        encoding, read = readings[0].encoding, _quoted(readings[0])
        return f"{_SAVE}; or, if {read} is what the document says, declare its encoding: `{encoding}`"
    choices = ", ".join(f"`{one.encoding}` ({_quoted(one)})" for one in readings[:_READINGS_SHOWN])
    more = " or another one" if len(readings) > _READINGS_SHOWN else ""
    return f"{_SAVE}, or declare the encoding in which the words are right: {choices}{more}"


def _without_cut_word(sample: bytes) -> bytes:
    """Return a sample without the word that its beginning can have cut."""
    blank = min((i for i in (sample.find(b" "), sample.find(b"\n")) if i >= 0), default=-1)
    first_high = next((i for i, byte in enumerate(sample) if byte > 127), len(sample))
    return sample[blank + 1 :] if 0 <= blank < first_high else sample


def _script_of(language: str) -> str:
    subtags = language.lower().split("-")
    return next((_SCRIPTS[tag] for tag in reversed(subtags) if tag in _SCRIPTS), "LATIN")


def _most_likely(readings: list[Reading], script: str | None) -> list[Reading]:
    """Return the readings with letters of a script only, or all of them; those with fewer signs first."""
    found = [reading for reading in readings if script is None or _is_of(reading, script)]
    return sorted(found or readings, key=_count_signs)


def _is_of(reading: Reading, script: str) -> bool:
    letters = [char for char in _unusual(reading) if char.isalpha()]
    return all(unicodedata.name(char, "").partition(" ")[0] in script.split() for char in letters)


def _count_signs(reading: Reading) -> int:
    """Count the characters that are no letters of an alphabet; East Asian ones fit nearly all bytes."""
    return sum(unicodedata.category(char) not in ("Lu", "Ll") for char in _unusual(reading))


def _unusual(reading: Reading) -> str:
    """Return the characters that are not ASCII."""
    return "".join(char for word in reading.words for char in word if not char.isascii())


def _quoted(reading: Reading) -> str:
    return " ".join(f"“{shown(word)}”" for word in reading.words[:_WORDS_SHOWN])
