"""Reads the entries of hunspell's `.dic` files: words with the flags of their rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archtool.errors import InputError
from archtool.text.repairing.word_lists.affix_rules import AffixRules, Flags, parse_flags
from archtool.text.repairing.word_lists.capitals import Capitals, capitalised, capitals_of, plain_form
from archtool.text.repairing.word_lists.limits import MAX_DIC_ENTRIES, MAX_HOMONYMS

Entries = Mapping[str, tuple[Flags, ...]]
_MORPHOLOGY = re.compile(r"[ \t]+[a-z]{2}:")
_UNDECODED = re.compile(r"^[^/\n\udc80-\udcff]*[\udc80-\udcff]", re.MULTILINE)  # in flags they are allowed
_SMALLER = "use a smaller dictionary, or a plain word list"


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The entries of a `.dic` file, by their spelling; each has the flags of its homonyms."""

    count: int
    entries: Entries
    capitalised: Entries
    """Entries like `McDonald` as `Mcdonald`: what a word in capitals is compared with."""


def parse_dic(data: bytes, rules: AffixRules, name: str) -> Dictionary:
    """Read a `.dic` file.

    Raises:
        InputError: it is not in the encoding of the `.aff` file, or has too many entries.
    """
    text = data.decode(rules.encoding, "surrogateescape").removeprefix("\ufeff")
    wrong = None if text.isascii() else _UNDECODED.search(text)
    if wrong is not None:
        line = text.count("\n", 0, wrong.start()) + 1
        raise InputError(
            f"{name} (line {line}) is not {rules.encoding}, the encoding that its .aff file names",
            hint="take the .dic and the .aff file of one dictionary",
        )
    entries: dict[str, tuple[Flags, ...]] = {}
    flag_sets: dict[str, tuple[Flags, ...]] = {"": (frozenset(),)}
    count = 0
    for spelling, flag_text in _lines(plain_form(text), rules.ignored):
        flags = flag_sets.get(flag_text)
        if flags is None:
            parsed = parse_flags(flag_text, rules.flag_form, rules.encoding, rules.flag_sets)
            flags = flag_sets[flag_text] = (parsed,)
        known = entries.setdefault(spelling, flags)
        if known is not flags and flags[0] not in known:
            entries[spelling] = known + flags
            _refuse_many(len(known), MAX_HOMONYMS, f"entries of one spelling in {name}")
        count += 1
        _refuse_many(len(entries), MAX_DIC_ENTRIES, f"entries in {name}")
    return Dictionary(count, entries, dict(_mixed(entries, rules)))


def _refuse_many(number: int, limit: int, what: str) -> None:
    if number > limit:
        raise InputError(f"more than {limit:,} {what}", hint=_SMALLER)


def _lines(text: str, ignored: str) -> Iterator[tuple[str, str]]:
    """Yield spelling and flags of each entry; the first line has their number."""
    without = dict.fromkeys(map(ord, ignored))
    for number, line in enumerate(text.splitlines()):
        has_more = "\t" in line or ":" in line
        entry = (_MORPHOLOGY.split(line, maxsplit=1)[0].partition("\t")[0] if has_more else line).strip()
        spelling, _, flags = entry.partition("/")
        if not spelling or spelling.endswith("\\") or (number == 0 and entry.isdecimal()):
            spelling, flags = _rare(entry, number)
        if spelling:
            yield (spelling.translate(without) if without else spelling), flags


def _rare(line: str, number: int) -> tuple[str, str]:
    """Return spelling and flags of a line with a slash that is no separator, or none for the first line."""
    if number == 0 and line.isdecimal():
        return "", ""
    parts = re.split(r"(?<=[^\\])/", line.replace("//", "\\//"), maxsplit=1)
    return parts[0].replace("\\/", "/"), parts[1] if len(parts) > 1 else ""


def _mixed(entries: Entries, rules: AffixRules) -> Iterator[tuple[str, tuple[Flags, ...]]]:
    for spelling, homonyms in entries.items():
        if spelling[1:] == spelling[1:].lower() or rules.forbidden in homonyms[0]:
            continue
        if capitals_of(spelling) is Capitals.MIXED or homonyms[0]:
            yield capitalised(spelling), homonyms
