"""Breaks a text into lines that fit into a width; nothing of the text is left out but spaces at breaks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from archtool.report.provenance.layout.text_width import text_width

_IDEOGRAPHS = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
# a break is possible after spaces, hyphens, slashes, and around ideographs, kana and hangul
_PIECES = re.compile(
    rf"[^\S\u00a0\u202f]+|(?:[^\s\-/_{_IDEOGRAPHS}]|[\u00a0\u202f])+[-/_]*|[-/_]+|.", re.DOTALL
)
_SPACES = " \t\n\r\x0b\x0c"
_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def wrap_text(text: str, width: float, size: float) -> tuple[str, ...]:
    """Return the lines of a text at a font size; a word that is wider than a line is broken inside."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text, width, size):
        if not piece.strip(_SPACES):
            line += " " if line else ""
        elif line and text_width(line + piece, size) > width:
            lines.append(line.rstrip(" "))
            line = piece
        else:
            line += piece
    lines.append(line.rstrip(" "))
    return tuple(filter(None, lines))


def _pieces(text: str, width: float, size: float) -> Iterator[str]:
    for found in _PIECES.finditer(text):
        piece = found[0]
        if text_width(piece, size) <= width:
            yield piece
        else:
            yield from _broken(piece, width, size)


def _broken(word: str, width: float, size: float) -> Iterator[str]:
    part = ""
    for cluster in _clusters(word):
        if part and text_width(part + cluster, size) > width:
            yield part
            part = ""
        part += cluster
    yield part


def _clusters(word: str) -> Iterator[str]:
    """Yield characters with the marks and joiners that belong to them."""
    cluster = ""
    for char in word:
        if cluster and not _continues(cluster[-1], char):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def _continues(last: str, char: str) -> bool:
    is_mark = unicodedata.category(char)[0] == "M" or char == _JOINER or ord(char) in _SKIN_TONES
    return is_mark or last == _JOINER


def is_right_to_left(text: str) -> bool:
    """Whether the first letter of a text belongs to a script that is written from right to left."""
    directions = (unicodedata.bidirectional(char) for char in text)
    return next((way in ("R", "AL") for way in directions if way in ("L", "R", "AL")), False)
