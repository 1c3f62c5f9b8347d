"""`characters/1`: removes characters that nobody sees, and writes letters as one character each.

A character that some script needs stays where it is needed: joiners in Persian and Indic words and in emoji,
zero-width spaces in Thai or Khmer, direction marks beside Arabic or Hebrew letters. Letters of their own,
such as œ, æ, ß and ĳ, are never taken for ligatures.

Source: Unicode Standard Annex #15 (NFC); The Unicode Standard 16.0, §23.2 to §23.8.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from archtool.text.repairing.changes import Change, OpenPlace, Proposal, Reading, RepairContext

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_INVISIBLE = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060\u2066-\u206f\ufeff\U000e0001\U000e0020-\U000e007f"
_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # not TAB, LF, VT, FF, CR, NEL: they end lines or pages
_RARE = re.compile(f"[{_INVISIBLE}{_CONTROLS}ﬀ-ﬆ]")
_JAMO = re.compile("[\u1160-\u11ff]")
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u206f]")
# Hebrew, Arabic and their neighbours, with the forms for compatibility
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001eeff]"
)
_SIMPLE_SCRIPTS = (
    "LATIN",
    "GREEK",
    "CYRILLIC",
    "ARMENIAN",
    "GEORGIAN",
    "DIGIT",
    "CJK",
    "HIRAGANA",
    "KATAKANA",
)
_NEAR_CHARS = 400
_NAMES = {
    "\u00ad": "soft hyphen", "\u200b": "zero-width space", "\u200c": "zero-width non-joiner",
    "\u200d": "zero-width joiner", "\u2060": "word joiner", "\ufeff": "byte-order mark",
}  # fmt: skip


class CharactersRule:
    """Composes letters (NFC), splits typographic ligatures, and removes invisible characters."""

    name = "characters/1"
    summary = "compose letters (NFC), split ﬁ and ﬂ, drop invisible ones"

    def propose(self, text: str, context: RepairContext) -> Proposal:
        """See `RuleSet`."""
        del context
        if text.isascii() and not _RARE.search(text):
            return Proposal()
        changes: list[Change] = []
        open_places: list[OpenPlace] = []
        for change in sorted([*_composed(text), *_replaced(text)], key=lambda one: one.start):
            if change.after or not _joins_words(text, change):
                changes.append(change)
            else:
                open_places.append(_asked(change))
        return Proposal(tuple(changes), tuple(open_places))

    def may_make(self, before: str, after: str) -> bool:
        """See `RuleSet`."""
        if unicodedata.normalize("NFC", before) == after:
            return before != after
        if after == "":
            return len(before) == 1 and _RARE.fullmatch(before) is not None and before not in _LIGATURES
        return _LIGATURES.get(before) == after


def _composed(text: str) -> Iterator[Change]:
    """Yield the clusters of a text that are not in NFC."""
    if unicodedata.is_normalized("NFC", text):
        return
    position = 0
    for line in text.splitlines(keepends=True):
        if not unicodedata.is_normalized("NFC", line):
            yield from _composed_line(line, position)
        position += len(line)


def _composed_line(line: str, offset: int) -> Iterator[Change]:
    starts = [n for n, char in enumerate(line) if n == 0 or not _continues(char)]
    clusters = [line[one:end] for one, end in zip(starts, [*starts[1:], len(line)], strict=True)]
    for start, cluster in zip(starts, clusters, strict=True):
        composed = unicodedata.normalize("NFC", cluster)
        if composed != cluster:
            yield Change(offset + start, cluster, composed, "composed form of the same letter (NFC)")


def _continues(char: str) -> bool:
    """Return whether a character can be composed with the one before it."""
    return char > "\u02ff" and (unicodedata.category(char)[0] == "M" or _JAMO.match(char) is not None)


def _replaced(text: str) -> Iterator[Change]:
    for found in _RARE.finditer(text):
        char, at = found[0], found.start()
        if _continues(text[at + 1 : at + 2]):
            continue  # a mark that follows would move to the letter before
        if char in _LIGATURES:
            yield Change(at, char, _LIGATURES[char], "typographic ligature of single letters")
        elif unicodedata.category(char) == "Cc":
            yield Change(at, char, "", f"control character U+{ord(char):04X}")
        elif _is_superfluous(text, at):
            name = _NAMES.get(char, f"U+{ord(char):04X}, which is invisible")
            yield Change(at, char, "", f"{name}; no letter beside it needs it")


def _is_superfluous(text: str, at: int) -> bool:
    """Return whether an invisible character changes nothing in the scripts on both sides."""
    char, after = text[at], text[at + 1 : at + 2]
    if char == "\ufeff":
        return True
    if char == "\u00ad":
        return after not in (
            "",
            "\n",
            "\r",
            " ",
            "\t",
        )  # it marks a word broken over a line's end: `hyphens/1`
    if _DIRECTIONS.match(char) and _RIGHT_TO_LEFT.search(_line_of(text, at)):
        return False
    return _is_simple(text[at - 1 : at] if at else "") and _is_simple(after)


def _is_simple(char: str) -> bool:
    """Return whether the script of a character has no use for invisible characters."""
    char = unicodedata.normalize("NFC", char)
    if char.isascii() or char.isspace() or _RARE.match(char) or "\u0300" <= char <= "\u036f":
        return True
    kind = unicodedata.category(char)[0]
    return kind == "P" or (kind in "LN" and unicodedata.name(char, "").startswith(_SIMPLE_SCRIPTS))


def _line_of(text: str, at: int) -> str:
    """Return the line around a place, or the part of a long line that is near it."""
    before = text[max(0, at - _NEAR_CHARS) : at].rpartition("\n")[2]
    return before + text[at : at + _NEAR_CHARS].partition("\n")[0]


def _joins_words(text: str, change: Change) -> bool:
    """Return whether removing a control character would join two words."""
    before, after = text[change.start - 1 : change.start], text[change.end : change.end + 1]
    return unicodedata.category(change.before[0]) == "Cc" and before.isalnum() and after.isalnum()


def _asked(change: Change) -> OpenPlace:
    readings = (
        Reading(" ", f"{change.evidence} between two words"),
        Reading("", f"{change.evidence} inside a word"),
        Reading("-", "word processors write hyphens so"),
    )
    return OpenPlace(change.start, change.before, readings)
