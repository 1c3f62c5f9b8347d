"""Decides whether a word can be a word of a European language, as far as its letters and their order show.

The rules only exclude: a word that passes need not exist. They are used to exclude wrong readings of a text
whose encoding is unknown (`single_byte`), so a rule that is not certain is left out:

- A capital that is not ASCII never follows a small letter (`GenËve`); the reverse is typed (`GENèVE`).
- All letters of a word are of one script (not `Genиve`).
- The letters beyond ASCII of a Latin word belong to the alphabet of one language (not `pøíènì`).
- `ŕ` (Slovak, Sorbian) neither begins a word nor is one; `ĺ` (Slovak) stands between consonants only;
  `ą` (Polish, Lithuanian) is no word; `ń` (Polish, Sorbian) never stands before a vowel.
- Between two letters stand only apostrophes, quotation marks, dashes, points and marks of a line's end, never
  `‡` or `³`; beside a word, each sign is possible.
- Control characters and characters that do not exist are not part of a text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

_WESTERN = (
    "àâæçèéêëîïôœùûüÿ",  # French
    "äöüß",  # German
    "áéíñóúü",  # Spanish
    "áâãàçéêíóôõúü",  # Portuguese
    "àèéìíîòóùú",  # Italian
    "àçèéíïòóúü",  # Catalan
    "áäèéëíïóöúü",  # Dutch
    "åäöéàü",  # Swedish, Finnish
    "åæøéèêòóôü",  # Danish, Norwegian
)
_OTHERS = (
    "áæéíðóöúýþ",  # Icelandic
    "áæíðóøúý",  # Faroese
    "àáèéìíòóùú",  # Irish, Gaelic
    "àáâäèéêëìíîïòóôöùúûüỳýŷÿẁẃŵẅ",  # Welsh
    "ąćęłńóśźż",  # Polish
    "áčďéěíňóřšťúůýž",  # Czech
    "áäčďéíĺľňóôŕšťúýž",  # Slovak
    "áéíóöőúüű",  # Hungarian
    "âăîșțşţ",  # Romanian
    "čćđšž",  # Croatian, Bosnian, Slovenian, Serbian in Latin letters
    "çë",  # Albanian
    "čćěłńóřšžśźŕ",  # Sorbian
    "ąčęėįšųūž",  # Lithuanian
    "āčēģīķļņōŗšūž",  # Latvian
    "äõöüšž",  # Estonian
    "çğıöşüâîûi\u0307",  # Turkish
    "ċġħżàèìòù",  # Maltese
    "ĉĝĥĵŝŭ",  # Esperanto
    "àáâãèéêìíòóôõùúýăđĩũơư",  # Vietnamese, without tones
)
_ALPHABETS = tuple(map(frozenset, (*_WESTERN, *_OTHERS)))
_WESTERN_ALPHABETS = tuple(map(frozenset, _WESTERN))
_RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_FRAMES = "\u2500\u259f"  # the first and the last of the lines and blocks that frames are drawn with
_SYMBOLS_AT_WORDS = frozenset("°©®™")
_VOWELS = frozenset("aeiouy")
_BETWEEN_LETTERS = frozenset("’‘´“”„«»‹›–—…·•¬¦\u00a0\u00ad")
_MISSING = frozenset(["Cc", "Cn", "Co", "Cs"])
"""Categories of characters that no text has: control, unassigned, private and half characters."""
_EAST_ASIAN = frozenset(["CJK", "HIRAGANA", "KATAKANA", "HANGUL", "HALFWIDTH", "FULLWIDTH"])
_SCRIPTS = frozenset(["LATIN", "CYRILLIC", "GREEK", "HEBREW", "ARABIC", "THAI", "EAST ASIAN"])
_TEXT = re.compile(r"[^\W\d_ªºµ¹²³¼½¾]+")


def is_possible(text: str) -> bool:
    """Whether every word and sign of a text without blanks is possible in a European or East Asian text."""
    return exist(text) and not _has_sign_in_word(text) and all(map(_is_word, words_of(text)))


def exist(text: Iterable[str]) -> bool:
    """Whether all characters are assigned, and none is a control or a replacement character."""
    return not any(char == "\ufffd" or unicodedata.category(char) in _MISSING for char in text)


def has_drawing(text: str) -> bool:
    """Whether a text without blanks has lines of frames, or symbols inside words or instead of them."""
    if any(_FRAMES[0] <= char <= _FRAMES[-1] for char in text):
        return True
    return any(
        _is_symbol(one) and (_is_symbol(other) or _is_letter(other))
        for pair in pairwise(text)
        for one, other in (pair, pair[::-1])
    )


def _is_symbol(char: str) -> bool:
    return not char.isascii() and unicodedata.category(char) in ("Sm", "So") and char not in _SYMBOLS_AT_WORDS


def letters_fit(words: Iterable[str]) -> int:
    """Return how well all words fit together: 0 one large language, 1 another language, 2 none."""
    letters = {char for word in words for char in word.lower() if not char.isascii()}
    if any(letters <= alphabet for alphabet in (*_WESTERN_ALPHABETS, _RUSSIAN)):
        return 0
    return 1 if any(letters <= alphabet for alphabet in _ALPHABETS) else 2


def is_western(text: str) -> bool:
    """Whether the letters of each word of a text belong to one of the large languages of Western Europe."""
    return all(_fits(word, _WESTERN_ALPHABETS) for word in words_of(text))


def words_of(text: str) -> list[str]:
    """Return the words of a text: runs of letters."""
    return _TEXT.findall(text)


def _has_sign_in_word(text: str) -> bool:
    return any(
        _is_letter(one) and _is_letter(other) and not _is_letter(sign) and not sign.isascii()
        for one, sign, other in zip(text, text[1:], text[2:], strict=False)
        if sign not in _BETWEEN_LETTERS
    )


def _is_letter(char: str) -> bool:
    return _TEXT.fullmatch(char) is not None


@lru_cache(maxsize=65536)
def _is_word(word: str) -> bool:
    scripts = set(_scripts(word))
    is_one = len(scripts) == 1 and scripts <= _SCRIPTS
    return is_one and _has_possible_case(word) and _has_possible_letters(word)


def _has_possible_case(word: str) -> bool:
    return not any(one.islower() and other.isupper() and not other.isascii() for one, other in pairwise(word))


def _scripts(word: str) -> Iterable[str]:
    for char in word:
        script = unicodedata.name(char, "").partition(" ")[0]
        yield "EAST ASIAN" if script in _EAST_ASIAN else script


def _has_possible_letters(word: str) -> bool:
    if not unicodedata.name(word[0], "").startswith("LATIN"):
        return True
    return _fits(word, _ALPHABETS) and _has_possible_order(word.lower())


def _fits(word: str, alphabets: Iterable[frozenset[str]]) -> bool:
    letters = {char for char in word.lower() if not char.isascii()}
    return any(letters <= alphabet for alphabet in alphabets)


def _has_possible_order(word: str) -> bool:
    if word == "ą" or word[0] == "ŕ":
        return False
    bare = [unicodedata.normalize("NFD", char)[0] for char in word]
    for i, char in enumerate(word):
        is_vowel_next = bare[i + 1] in _VOWELS if i + 1 < len(word) else None
        is_vowel_before = bare[i - 1] in _VOWELS if i else None
        if (char == "ĺ" and (is_vowel_next is not False or is_vowel_before is not False)) or (
            char == "ń" and is_vowel_next
        ):
            return False
    return True
