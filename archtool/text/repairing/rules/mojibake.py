"""`mojibake/1`: restores UTF-8 that was read as windows-1252, -1251 or -1250, word by word.

Only words that can be encoded back without loss and then decoded as UTF-8 are restored, and only where the
same damage occurs so often that it is no coincidence. What was damaged several times is restored in as many
steps. Controls of ISO 8859-1 that are signs in windows-1252 become these signs.

`ftfy` decides by the likelihood of characters, and also changes quotation marks, line ends and ligatures;
here a change must be reversible, and a text without this damage must stay as it is. Russian `её` read as
KOI8-R is UTF-8, and so is `—à` read as Mac Roman: such encodings are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from archtool.text.repairing.changes import Change, OpenPlace, Proposal, Reading, RepairContext

_ENCODINGS = ("cp1252", "cp1251", "cp1250")
_MAX_LEVELS = 3
_SURE_COUNT = 3  # as many places, of at least two kinds or of three bytes each, are no coincidence
_WORD = re.compile(r"[^ \t\r\n]+")
_HIGH = re.compile(r"[^\x00-\x7f]")
_C1 = re.compile(
    "[\x80\x82-\x8c\x8e\x91-\x9c\x9e\x9f]"
)  # without the codes that windows-1252 leaves undefined
_NEXT_LINE = "\x85"
_LATIN = re.compile("[A-Za-z\xaa-\u017f\u0218-\u021b]")
_OTHER_SCRIPT = re.compile("[\u0370-\u03ff\u0400-\u04ff]")
_SIGN = re.compile("[\xa0-\xbf\u2010-\u2027\u2030-\u205e\u20ac\u2116\u2122\u2190-\u27bf]")


class MojibakeRule:
    """Decodes words again that were decoded in the wrong encoding."""

    name = "mojibake/1"
    summary = "restore UTF-8 that was read as another encoding: Ã© to é"

    def propose(self, text: str, context: RepairContext) -> Proposal:
        """See `RuleSet`."""
        del context
        if text.isascii():
            return Proposal()
        found: dict[str, list[tuple[int, str, str]]] = {}
        if any(_leads(name).search(text) for name in _ENCODINGS):
            for match in _WORD.finditer(text):
                restored, encoding = (None, "") if match[0].isascii() else _restored(match[0])
                if restored is not None:
                    found.setdefault(encoding, []).append((match.start(), match[0], restored))
        changes: list[Change] = []
        open_places: list[OpenPlace] = []
        for name, places in found.items():
            count = _sure_count([restored for _, _, restored in places if not _is_weak(restored)])
            for start, word, restored in places:
                if not count and _is_weak(restored):
                    continue
                if count:
                    changes.append(Change(start, word, restored, f"UTF-8 read as {name}, {count} characters"))
                else:
                    open_places.append(_asked(start, word, restored, name))
        words = [(start, word) for places in found.values() for start, word, _ in places]
        taken = {at for start, word in words for at in range(start, start + len(word))}
        changes += [change for change in _control_codes(text) if change.start not in taken]
        return Proposal(
            tuple(sorted(changes, key=lambda one: one.start)),
            tuple(sorted(open_places, key=lambda one: one.start)),
        )

    def may_make(self, before: str, after: str) -> bool:
        """See `RuleSet`."""
        if _C1.fullmatch(before):
            return after == _as_windows_1252(before)
        return after == _restored(before)[0]


def _restored(word: str) -> tuple[str | None, str]:
    """Return a word as UTF-8 decodes its bytes, with the encoding; `None` if it was not damaged so."""
    restored, first = word, ""
    for _ in range(_MAX_LEVELS):
        step = _restored_once(restored)
        if step is None:
            break
        restored, first = step[0], first or step[1]
    if restored == word or not _is_plausible(restored) or _restored_once(restored) is not None:
        return None, ""
    return restored, first


def _restored_once(word: str) -> tuple[str, str] | None:
    for name in _ENCODINGS:
        if _leads(name).search(word) is None:
            continue
        table = _bytes_of(name)
        codes = [code if (code := ord(char)) < 0x80 else table.get(char, 0) for char in word]
        try:
            restored = bytes(codes).decode()
        except UnicodeDecodeError:
            continue
        if 0 not in codes and _fits(name, word, restored):
            return restored, name
    return None


def _fits(encoding: str, word: str, restored: str) -> bool:
    """Return whether the result is no accident of letters: `Её` in windows-1251 is Ÿ in UTF-8."""
    if encoding != "cp1251" or _OTHER_SCRIPT.search(restored):
        return True
    return not any(char.isalpha() for char in _HIGH.findall(word)[1::2])


def _is_plausible(word: str) -> bool:
    """Return whether all characters are usual ones, and all letters of one script."""
    high = _HIGH.findall(word)
    others = [char for char in high if _OTHER_SCRIPT.match(char)]
    if not all(_LATIN.match(char) or _SIGN.match(char) or _OTHER_SCRIPT.match(char) for char in high):
        return False
    return not others or _LATIN.search(word) is None


def _is_weak(word: str) -> bool:
    """Return whether a word shows nothing alone: it has one letter of another script, such as `и`."""
    high = _HIGH.findall(word)
    return len(high) == 1 and _OTHER_SCRIPT.match(high[0]) is not None


def _sure_count(words: list[str]) -> int:
    """Return how many characters were damaged; 0 if they can be a coincidence."""
    high = [char for word in words for char in _HIGH.findall(word)]
    is_sure = len(high) >= _SURE_COUNT and (len(set(high)) > 1 or high[0] > "\u07ff")
    return len(high) if is_sure else 0


@cache
def _bytes_of(encoding: str) -> Mapping[str, int]:
    """Return the byte of each character; bytes without a character are read as control characters."""
    table = {chr(code): code for code in range(0x80, 0xA0)}
    for code in range(0x80, 0x100):
        char = bytes([code]).decode(encoding, "replace")
        if char != "\ufffd":
            table[char] = code
    return table


@cache
def _leads(encoding: str) -> re.Pattern[str]:
    """Return a pattern for the first two bytes of a character in UTF-8, as this encoding shows them."""
    table = _bytes_of(encoding)
    leads = "".join(re.escape(char) for char, code in table.items() if 0xC2 <= code <= 0xF4)
    others = "".join(re.escape(char) for char, code in table.items() if 0x80 <= code <= 0xBF)
    return re.compile(f"[{leads}][{others}]")


@cache
def _pairs(encoding: str) -> re.Pattern[str]:
    """Return a pattern for a control code that is the second byte of a character in UTF-8."""
    leads = (char for char, code in _bytes_of(encoding).items() if 0xC2 <= code <= 0xDF or code == 0xE2)
    return re.compile(f"[{''.join(map(re.escape, leads))}][\x80-\x9f]")


def _control_codes(text: str) -> list[Change]:
    """Return the controls of ISO 8859-1 that are signs of windows-1252, such as its quotation marks."""
    codes = [
        (found.start(), found[0])
        for found in _C1.finditer(text)
        if not any(_pairs(name).match(text, max(0, found.start() - 1)) for name in _ENCODINGS)
    ]
    if all(char == _NEXT_LINE for _, char in codes):  # a line end, if no other code is there
        return []
    reason = "this code is a sign in windows-1252, and a control character elsewhere"
    return [Change(start, char, _as_windows_1252(char), reason) for start, char in codes]


def _as_windows_1252(char: str) -> str:
    return char.encode("latin-1").decode("cp1252")


def _asked(start: int, word: str, restored: str, encoding: str) -> OpenPlace:
    readings = (
        Reading(restored, f"the word is UTF-8 read as {encoding}"),
        Reading(word, "the same damage hardly occurs elsewhere in the text"),
    )
    return OpenPlace(start, word, readings)
