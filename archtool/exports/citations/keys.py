"""Makes the keys of a bibliography from author, year and title: `rakovsky1932tous`.

The same entries give the same keys, in any order. Letters of other scripts are transliterated; a key has only
`a-z`, `0-9` and `-`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from archtool.canonical_json import format_json_line
from archtool.description.citing.model import Entry, Item
from archtool.exports.citations.bibtex import bibtex_key
from archtool.exports.citations.csl import date_of, family_name, names_of, own_date_of, plain_text, text_of

_WITHOUT_KEY = frozenset(("", "document", "source"))
"""The ids that are the same in every package."""
_LONG_WORD = 4  # articles and prepositions are shorter in most languages
_MAX_WORD_CHARACTERS = 24
_MAX_READ_CHARACTERS = 1_000  # of a name or title: a key has only its first words
_MAX_NAME_WORDS = 4  # of a person whom the description does not call one
_YEAR = re.compile(r"-?\d{2,3}[\dXx]")
_APOSTROPHES = re.compile("['’ʼ`´]")
_OTHER = re.compile(r"[^a-z0-9]+")


def make_keys(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return the key of each entry, all different even if case is ignored.

    Of several entries with one key, the first by date and title has it, and the others have `-2`, `-3` ….
    """
    groups: dict[str, list[int]] = defaultdict(list)
    bases = [_base_of(entry) for entry in entries]
    for number, base in enumerate(bases):
        groups[bibtex_key({"id": base}).casefold()].append(number)
    keys = dict.fromkeys(range(len(entries)), "")
    taken = set(groups)
    for key, numbers in sorted(groups.items()):
        first, *others = sorted(numbers, key=lambda number: _rank(entries[number].item))
        keys[first] = bases[first]
        count = 1
        for number in others:
            count += 1
            while f"{key}-{count}" in taken:
                count += 1
            keys[number] = f"{key}-{count}"
            taken.add(keys[number])
    return tuple(keys.values())


def transliterate(text: str) -> str:
    """Return a text in ASCII; letters of all scripts are transliterated."""
    from anyascii import anyascii  # lazy: only bibliographies need it

    return str(anyascii(text))


def _base_of(entry: Entry) -> str:
    stated = text_of(entry.item.get("id", ""))
    if entry.is_of_source and stated not in _WITHOUT_KEY:
        return stated
    item = entry.item
    return f"{_author(item)}{_year(item)}{_title_word(item)}"


def _author(item: Item) -> str:
    names = names_of(item, "author")
    if not names:
        return "anon" if item.get("title") else ""
    first = names[0]
    family = _word(str(first.get("family") or ""))
    return family or _word_of_name(family_name(first) or text_of(first)) or "anon"


def _word_of_name(name: str) -> str:
    """Return the last word of `Christian Rakovsky`, or the first long one of a name with small words."""
    words = name.split()
    is_of_person = 2 <= len(words) <= _MAX_NAME_WORDS and all(word[0].isupper() for word in words)
    return (_word(words[-1]) if is_of_person else "") or _long_word(name)


def _year(item: Item) -> str:
    for variable in ("original-date", "issued"):
        date = date_of(item, variable)
        if date.days:
            return _word(date.year or "")
        found = _YEAR.search(date.text or "")
        if found:
            return found[0].lower()
    return ""


def _title_word(item: Item) -> str:
    variables = ("title", "container-title", "note", "archive")
    title = next((plain_text(item[v]) for v in variables if item.get(v)), "")
    return _long_word(title) or "untitled"


def _long_word(text: str) -> str:
    """Return the first word of four letters or more; else the first word."""
    words = [word for word in _OTHER.split(_ascii(text)) if word]
    long = next((w for w in words if len(w) >= _LONG_WORD and not w.isdecimal()), None)
    return (long or (words[0] if words else ""))[:_MAX_WORD_CHARACTERS]


def _word(text: str) -> str:
    return _OTHER.sub("", _ascii(text))[:_MAX_WORD_CHARACTERS]


def _ascii(text: str) -> str:
    return _APOSTROPHES.sub("", transliterate(text[:_MAX_READ_CHARACTERS])).lower()


def _rank(item: Item) -> tuple[str, str, str]:
    date = own_date_of(item)
    facts = {variable: value for variable, value in item.items() if variable != "id"}
    return (date.iso or str(date), plain_text(item.get("title", "")), format_json_line(facts))
