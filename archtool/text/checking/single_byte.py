"""Chooses the single-byte encoding that reads bytes best, when they are not UTF-8."""

from __future__ import annotations

import re
from functools import cache

from archtool.text.checking.detectors.function_words import WORDS

ENCODINGS = (
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "koi8-r",
    "cp866",
    "mac-roman",
    "iso-8859-2",
    "cp850",
)
"""The encodings that are tried, the most frequent ones first."""
_LETTERS = {
    "windows-1252": "àâäåæçèéêëîïñòóôõöøœùúûüýÿßáíãìÀÂÄÇÈÉÊÎÔÖÜßÁÍÓÚÑÅØ«»’‘“”–—°…",
    "windows-1250": "áčďéěíňóřšťúůýžąćęłńśźżäöüőűăâîșțţşÁČÉÍŘŠŽŁŚŻ„”“–—’",
    "windows-1251": "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯ«»—–№“”„",
}
_LETTERS |= {
    "koi8-r": _LETTERS["windows-1251"],
    "cp866": _LETTERS["windows-1251"],
    "mac-roman": _LETTERS["windows-1252"],
    "iso-8859-2": _LETTERS["windows-1250"],
    "cp850": _LETTERS["windows-1252"],
}
_SAMPLE_BYTES = 64 * 1024
_MIXED = "[A-Za-z][А-яЁё]|[А-яЁё][A-Za-z]"
_INVERTED = r"[a-zà-öø-ÿа-яё][A-ZÀ-ÖØ-ÞА-ЯЁ]"
_RUN_OF_LETTERS = r"[^\W\d_]+"


@cache
def _words() -> frozenset[str]:
    return frozenset(word for words in WORDS.values() for word in words.split() if not word.isascii())


def best_encoding(data: bytes) -> str:
    """Return the encoding in which most of the letters of the lines with high bytes are usual."""
    lines = [line for line in data.split(b"\n") if not line.isascii()]
    sample = b"\n".join(line for line in lines if not _is_utf8(line))[:_SAMPLE_BYTES]
    return max(ENCODINGS, key=lambda encoding: _score(sample, encoding))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _score(sample: bytes, encoding: str) -> float:
    text = sample.decode(encoding, "replace")
    high = [char for char in text if not char.isascii()]
    usual = sum(char in _LETTERS[encoding] for char in high)
    words = sum(word in _words() for word in re.findall(_RUN_OF_LETTERS, text.lower()))
    faults = len(re.findall(_INVERTED, text)) + len(re.findall(_MIXED, text))
    return usual + 2 * words - 2 * faults - (len(high) - usual)
