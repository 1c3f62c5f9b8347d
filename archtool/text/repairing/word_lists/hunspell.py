"""Looks words up in a dictionary of hunspell, as hunspell does, but for compound words.

A word is taken apart: each ending and each beginning that a rule can have added is replaced by what the
rule had stripped, until an entry is left whose flags allow these rules. So the forms are never listed.
Words with hyphens are known if the dictionary has them; hunspell itself also takes them apart at the
hyphen.

Source: hunspell(5); hunspell 1.7.1, `Hunspell::spell` and `AffixMgr`, for what the manual leaves open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archtool.text.repairing.word_lists.affix_rules import Affix, Affixes, AffixGroup, AffixRules, Flags
from archtool.text.repairing.word_lists.capitals import (
    Capitals,
    capitalised,
    capitals_of,
    plain_form,
    sharp_spellings,
)
from archtool.text.repairing.word_lists.dic_file import Dictionary, Entries
from archtool.text.repairing.word_lists.limits import MAX_ANALYSES, MAX_WORD_CHARS

_TURKISH = frozenset(("tr", "az", "crh"))
_TURKISH_CAPITALS = str.maketrans({"I": "ı", "İ": "i"})


@dataclass(frozen=True, slots=True)
class HunspellWords:
    """The words of a dictionary of hunspell."""

    rules: AffixRules
    dictionary: Dictionary

    @property
    def count(self) -> int:
        """How many entries the dictionary has."""
        return self.dictionary.count

    def __contains__(self, word: object, /) -> bool:
        """Return whether a word is known, also at the beginning of a sentence or in capitals."""
        if not isinstance(word, str) or not 0 < len(word) <= MAX_WORD_CHARS:
            return False
        word = _prepared(word, self.rules)
        if not word:
            return False
        capitals = capitals_of(word)
        flags = _Analysis(self.rules, self.dictionary.entries).flags_of(word)
        if flags is not None or capitals in (Capitals.NONE, Capitals.MIXED):
            return flags is not None and self.rules.forbidden not in flags
        for flags in self._in_lower_case(word, capitals):
            if self.rules.forbidden in flags:
                return False
            if self._may_have(flags, word, capitals):
                return True
        return False

    def _in_lower_case(self, word: str, capitals: Capitals) -> Iterator[Flags]:
        """Yield the flags of the entries that a word with capitals can be."""
        lower = word.lower().replace("i\u0307", "i")
        if self.rules.language.partition("_")[0] in _TURKISH:
            lower = word.translate(_TURKISH_CAPITALS).lower()
        spellings = []
        entries = self.dictionary.entries
        if capitals is Capitals.ALL:
            spellings += [_after_apostrophe(word), capitalised(word)]
            if self.rules.has_sharp_s:
                sharp = list(sharp_spellings(lower))
                spellings += [*sharp, *map(capitalised, sharp)]
            in_capitals = _Analysis(self.rules, self.dictionary.capitalised)
            flags = in_capitals.flags_of(capitalised(word))
            if flags is not None:
                yield flags
        for spelling in [*spellings, lower]:
            flags = _Analysis(self.rules, entries).flags_of(spelling)
            if flags is not None:
                yield flags

    def _may_have(self, flags: Flags, word: str, capitals: Capitals) -> bool:
        """Return whether an entry can be written with these capitals."""
        if self.rules.keep_case not in flags:
            return True
        return capitals is Capitals.FIRST and self.rules.has_sharp_s and "ß" in word


def _prepared(word: str, rules: AffixRules) -> str:
    word = plain_form(word)
    if rules.conversions:
        word = _converted(word, rules.conversions)
    if rules.ignored:
        word = "".join(char for char in word if char not in rules.ignored)
    return word


def _converted(word: str, conversions: Mapping[str, str]) -> str:
    """Replace the longest texts first, from left to right."""
    parts, at = [], 0
    while at < len(word):
        size = next((n for n in range(len(word) - at, 0, -1) if word[at : at + n] in conversions), 0)
        parts.append(conversions[word[at : at + size]] if size else word[at])
        at += size or 1
    return "".join(parts)


def _after_apostrophe(word: str) -> str:
    """Return `Sant'Elia` for `SANT'ELIA`, `l'Albanie` for `L'ALBANIE`: an article is no part of the name."""
    article, apostrophe, name = word.partition("'")
    return f"{article.lower()}'{capitalised(name)}" if apostrophe else capitalised(word)


class _Analysis:
    """Takes one word apart, in a limited number of steps."""

    __slots__ = ("_entries", "_rules", "_steps")

    def __init__(self, rules: AffixRules, entries: Entries) -> None:
        self._rules = rules
        self._entries = entries
        self._steps = MAX_ANALYSES

    def flags_of(self, word: str) -> Flags | None:
        """Return the flags of the entry that a word is a form of; `None` if there is none."""
        rules = self._rules
        for flags in self._entries.get(word, ()):
            if rules.forbidden in flags:
                return flags
            if rules.need_affix not in flags and rules.only_in_compounds not in flags:
                return flags
        found = self._by_suffixes(word, None)
        return found if found is not None else self._by_prefix(word)

    def _by_prefix(self, word: str) -> Flags | None:
        for group, rest in self._stems(word, self._rules.prefixes, is_suffix=False):
            for flags in self._entries.get(rest, ()):
                for prefix in group.affixes:
                    if prefix.flag in flags and self._stands(flags, (prefix,)) and _fulfils(rest, prefix):
                        return flags
            for prefix in group.affixes:
                if prefix.can_cross and _fulfils(rest, prefix):
                    found = self._by_suffixes(rest, prefix)
                    if found is not None:
                        return found
        return None

    def _by_suffixes(self, word: str, prefix: Affix | None) -> Flags | None:
        for group, rest in self._stems(word, self._rules.suffixes, is_suffix=True):
            for flags in self._entries.get(rest, ()):
                for suffix in group.affixes:
                    if self._fits(flags, prefix, suffix, suffix) and _fulfils(rest, suffix, is_suffix=True):
                        return flags
            for suffix in group.outer:
                if _fulfils(rest, suffix, is_suffix=True):
                    found = self._by_inner(rest, prefix, suffix)
                    if found is not None:
                        return found
        return None

    def _by_inner(self, word: str, prefix: Affix | None, outer: Affix) -> Flags | None:
        """Look for a suffix below the outer one."""
        for group, rest in self._stems(word, self._rules.suffixes, is_suffix=True):
            for flags in self._entries.get(rest, ()):
                for inner in group.affixes:
                    follows = outer.flag in inner.further and self._fits(flags, prefix, inner, outer)
                    if follows and _fulfils(rest, inner, is_suffix=True):
                        return flags
        return None

    def _stems(self, word: str, affixes: Affixes, *, is_suffix: bool) -> Iterator[tuple[AffixGroup, str]]:
        """Yield the affixes that a word can have, and what the word is without them."""
        size = len(word)
        for length in range(size + self._rules.allows_empty_stem):
            for group in affixes.get((word[size - length :] if is_suffix else word[:length]), ()):
                self._steps -= len(group.affixes)
                if self._steps < 0:
                    return
                yield (
                    group,
                    (word[: size - length] + group.strip if is_suffix else group.strip + word[length:]),
                )

    def _fits(self, flags: Flags, prefix: Affix | None, inner: Affix, outer: Affix) -> bool:
        """Return whether an entry with these flags can have these affixes."""
        if prefix is None:
            return inner.flag in flags and self._stands(flags, (inner, outer))
        if not inner.can_cross:
            return False
        has_inner = inner.flag in flags or inner.flag in prefix.further
        has_prefix = prefix.flag in flags or prefix.flag in inner.further or prefix.flag in outer.further
        return has_inner and has_prefix and self._stands(flags, (prefix, inner, outer))

    def _stands(self, flags: Flags, affixes: tuple[Affix, ...]) -> bool:
        """Return whether a form can stand alone: nothing is only for compounds, or needs a further affix."""
        rules = self._rules
        *_, last = affixes
        if rules.only_in_compounds in flags or any(rules.only_in_compounds in a.further for a in affixes):
            return False
        if rules.need_affix in last.further and (len(affixes) == 1 or rules.need_affix in affixes[0].further):
            return False
        around = {rules.circumfix in affix.further for affix in (affixes[0], last)}
        return around == {False} or (len(around) == 1 and len(affixes) == 3)


def _fulfils(stem: str, affix: Affix, *, is_suffix: bool = False) -> bool:
    condition = affix.condition
    if len(condition) > len(stem):
        return False
    chars = stem[len(stem) - len(condition) :] if is_suffix else stem
    return all(one.allows(char) for one, char in zip(condition, chars, strict=False))
