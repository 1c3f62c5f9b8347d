"""Characters that a transcription seldom has on purpose: invisible, private, replaced, joined in one glyph.

Joiners belong to the scripts that need them (Arabic, Indic scripts, emoji), and direction marks to lines with
letters that are written from right to left; both are not reported there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from archtool.text.checking.chunk import Chunk
from archtool.text.checking.tally import Tally

CONTROL, PRIVATE, REPLACEMENT = "control-characters", "private-use", "replacement-characters"
ZERO_WIDTH, BIDI, MARK = "zero-width", "bidi-controls", "byte-order-mark"
LIGATURES, SOFT_HYPHENS = "ligatures", "soft-hyphens"
KINDS = (CONTROL, PRIVATE, REPLACEMENT, ZERO_WIDTH, BIDI, MARK, LIGATURES, SOFT_HYPHENS)
# each begins with one byte: Python finds single bytes with memchr, ten times as fast as a class of characters
_SEARCHES = (
    (frozenset(range(32)) | {127}, re.compile(rb"[\0-\x08\x0b\x0e-\x1f\x7f]")),
    (frozenset([0xC2]), re.compile(rb"\xc2[\x80-\x9f\xad]")),
    (frozenset([0xCD]), re.compile(rb"\xcd\x8f")),
    (frozenset([0xD8]), re.compile(rb"\xd8\x9c")),
    (frozenset([0xE1]), re.compile(rb"\xe1\xa0\x8e")),
    (frozenset([0xE2]), re.compile(rb"\xe2(?:\x80[\x8b-\x8f\xa8-\xae]|\x81[\xa0-\xaf])")),
    (frozenset([0xEE]), re.compile(rb"\xee..", re.DOTALL)),
    (frozenset([0xEF]), re.compile(rb"\xef(?:[\x80-\xa3].|\xac[\x80-\x86]|\xbb\xbf|\xbf\xbd)", re.DOTALL)),
    (frozenset([0xF3]), re.compile(rb"\xf3[\xb0-\xbf]..", re.DOTALL)),
    (frozenset([0xF4]), re.compile(rb"\xf4...", re.DOTALL)),
)
_DIRECTION_MARKS = "\u200e\u200f\u061c"
_RIGHT_TO_LEFT = re.compile("[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_JOINERS = "\u200c\u200d"


def _kinds() -> dict[str, str]:
    table = {
        **dict.fromkeys("\u200b\u2060\u180e\u034f\u2061\u2062\u2063\u2064\u200c\u200d", ZERO_WIDTH),
        **dict.fromkeys("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u061c\u2066\u2067\u2068\u2069", BIDI),
        **dict.fromkeys("\u206a\u206b\u206c\u206d\u206e\u206f\u2065", BIDI),
        **dict.fromkeys("ﬀﬁﬂﬃﬄﬅﬆ", LIGATURES),
    }
    return table | {"\u00ad": SOFT_HYPHENS, "\ufeff": MARK, "\ufffd": REPLACEMENT}


_KINDS = _kinds()


def code_point(character: str) -> str:
    """Return a character as `U+00AD`."""
    return f"U+{ord(character):04X}"


class CharacterDetector:
    """Finds such characters."""

    def __init__(self, tallies: Callable[[str], Tally]) -> None:
        self._tallies = tallies

    def check(self, chunk: Chunk) -> None:
        """Find the characters of a chunk."""
        for firsts, search in _SEARCHES:
            if firsts & chunk.rare:
                for character in set(search.findall(chunk.data)):
                    self._check_one(chunk, character.decode())

    def _check_one(self, chunk: Chunk, character: str) -> None:
        kind, text = _kind_of(character), chunk.text
        variant = character if kind == LIGATURES else code_point(character)
        spans, at = [], text.find(character)
        while at >= 0:
            if not _belongs_there(text, at, character):
                spans.append((at, at + 1))
            at = text.find(character, at + 1)
        if spans:
            self._tallies(kind).add_all(chunk, spans, variant)


def _kind_of(character: str) -> str:
    if character in _KINDS:
        return _KINDS[character]
    return PRIVATE if unicodedata.category(character) == "Co" else CONTROL


def _belongs_there(text: str, at: int, character: str) -> bool:
    """Whether a joiner or direction mark is needed where it stands."""
    if character in _JOINERS:
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        return any("\u0600" <= near <= "\u1cff" or near >= "\u2190" for near in (before, after))
    if character in _DIRECTION_MARKS:
        start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        return _RIGHT_TO_LEFT.search(text, start, len(text) if end < 0 else end) is not None
    return False
