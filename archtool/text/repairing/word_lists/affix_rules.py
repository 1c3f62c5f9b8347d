"""The model of hunspell's rules: which endings and beginnings a word of the dictionary can have.

Source: hunspell(5), "Affix file general options", "Options for affix creation".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

Flags = frozenset[str]


class FlagForm(Enum):
    """How flags are written."""

    BYTE = "one byte each"
    CHARACTER = "one character each"
    LONG = "two characters each"
    NUMBER = "numbers with commas"


@dataclass(frozen=True, slots=True)
class OneOf:
    """What a condition allows at one place of a stem."""

    chars: frozenset[str]
    is_negated: bool
    """Whether these characters are excluded; with no characters, all are allowed."""

    def allows(self, char: str) -> bool:
        """Return whether a character fulfils the condition."""
        return (char in self.chars) is not self.is_negated


@dataclass(slots=True)  # not frozen: a hundred thousand of them are made at once
class Affix:
    """One rule: `strip` is taken from the stem, and `text` is added."""

    flag: str
    strip: str
    text: str
    condition: tuple[OneOf, ...]
    """What the stem must end with (a suffix) or begin with (a prefix), before `strip` is taken from it."""
    further: Flags
    """Flags that the affix has itself, as of further affixes."""
    can_cross: bool
    """Whether a prefix and a suffix can both be added."""


@dataclass(frozen=True, slots=True)
class AffixGroup:
    """Affixes that add the same text and take the same from the stem."""

    strip: str
    affixes: tuple[Affix, ...]
    outer: tuple[Affix, ...]
    """Those of them that can follow another affix."""


Affixes = Mapping[str, tuple[AffixGroup, ...]]
"""By the text that they add."""


@dataclass(frozen=True, slots=True)
class AffixRules:
    """All that an `.aff` file states about single words."""

    encoding: str
    flag_form: FlagForm = FlagForm.BYTE
    language: str = ""
    prefixes: Affixes = field(default_factory=dict)
    suffixes: Affixes = field(default_factory=dict)
    flag_sets: tuple[str, ...] = ()
    """Sets of flags that entries name by their number (AF)."""
    conversions: Mapping[str, str] = field(default_factory=dict)
    """What is replaced in a word before it is looked up (ICONV)."""
    ignored: str = ""
    """Characters that are no difference between words (IGNORE)."""
    need_affix: str | None = None
    only_in_compounds: str | None = None
    forbidden: str | None = None
    circumfix: str | None = None
    keep_case: str | None = None
    has_sharp_s: bool = False
    """Whether `SS` can stand for ß in capitals (CHECKSHARPS)."""
    allows_empty_stem: bool = False
    """Whether an affix can replace the whole stem (FULLSTRIP)."""
    left_out: tuple[str, ...] = ()
    """What the file allows besides that is not looked for, such as compound words."""


def group_affixes(affixes: Sequence[Affix], outer: Flags) -> Affixes:
    """Index affixes; `outer` are the flags of those that can follow another affix."""
    by_text: dict[str, dict[str, list[Affix]]] = {}
    for affix in affixes:
        by_text.setdefault(affix.text, {}).setdefault(affix.strip, []).append(affix)
    return {
        text: tuple(
            AffixGroup(strip, tuple(some), tuple(affix for affix in some if affix.flag in outer))
            for strip, some in by_strip.items()
        )
        for text, by_strip in by_text.items()
    }


def parse_flags(text: str, form: FlagForm, encoding: str, flag_sets: Sequence[str] = ()) -> Flags:
    """Read the flags of an entry or of an affix; `encoding` is that of the file."""
    if flag_sets and text.isdecimal():
        number = int(text[:9])
        text = flag_sets[number - 1] if 0 < number <= len(flag_sets) else ""
    if form is FlagForm.NUMBER:
        return frozenset(part.strip() for part in text.split(","))
    if form is FlagForm.LONG:
        return frozenset(text[at : at + 2] for at in range(0, len(text), 2))
    if form is FlagForm.BYTE:  # also in a file in UTF-8, where other flags than ASCII are no characters then
        text = text.encode(encoding, "surrogateescape").decode("iso-8859-1")
    return frozenset(text)
