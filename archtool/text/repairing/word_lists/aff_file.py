"""Reads the rules of hunspell's `.aff` files.

As hunspell does, it passes over what it does not know. Options for suggestions are not read.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from archtool.errors import InputError
from archtool.findings import clip
from archtool.text.repairing.word_lists.affix_rules import (
    Affix,
    AffixRules,
    FlagForm,
    Flags,
    OneOf,
    group_affixes,
    parse_flags,
)
from archtool.text.repairing.word_lists.capitals import plain_form

_SET = re.compile(rb"^(?:\xef\xbb\xbf)?[ \t]*SET[ \t]+([^\s#]+)", re.MULTILINE)
_DEFAULT_ENCODING = "iso-8859-1"
_FLAG_FORMS = {"long": FlagForm.LONG, "num": FlagForm.NUMBER, "utf-8": FlagForm.CHARACTER}
_FLAGS = {
    "NEEDAFFIX": "need_affix", "PSEUDOROOT": "need_affix", "ONLYINCOMPOUND": "only_in_compounds",
    "FORBIDDENWORD": "forbidden", "CIRCUMFIX": "circumfix", "KEEPCASE": "keep_case",
}  # fmt: skip
_SWITCHES = {"CHECKSHARPS": "has_sharp_s", "FULLSTRIP": "allows_empty_stem"}
_COMPOUNDS = frozenset(
    ("COMPOUNDFLAG", "COMPOUNDBEGIN", "COMPOUNDMIDDLE", "COMPOUNDLAST", "COMPOUNDEND", "COMPOUNDRULE")
)
_ANY = OneOf(frozenset(), is_negated=True)
_CONDITION_PART = re.compile(r"\[(\^?)([^\]]*)\]?|(.)", re.DOTALL)


def parse_aff(data: bytes, name: str) -> AffixRules:
    """Read an `.aff` file.

    Raises:
        InputError: it names no known encoding, or a rule cannot be read.
    """
    return _Reader(name, encoding_of(data, name)).read(data)


def encoding_of(data: bytes, name: str) -> str:
    """Return the encoding that an `.aff` file names for itself and for the `.dic` beside it.

    Raises:
        InputError: there is no such encoding.
    """
    named = _SET.search(data)
    if named is None:
        return _DEFAULT_ENCODING
    text = named[1].decode("ascii", "replace")
    try:
        return codecs.lookup(text.lower().removeprefix("microsoft-")).name
    except LookupError:
        raise InputError(
            f"{name}: there is no encoding {clip(text, 40)!r} (line SET)",
            hint="use a plain word list instead",
        ) from None


class _Reader:
    """Collects what the lines state."""

    def __init__(self, name: str, encoding: str) -> None:
        self.name = name
        self.encoding = encoding
        self.found: dict[str, Any] = {}
        self.flag_form = FlagForm.BYTE
        self.flag_sets: list[str] = []
        self.has_flag_sets = False
        self.crosses: dict[tuple[str, str], bool] = {}
        self.affixes: dict[str, list[Affix]] = {"PFX": [], "SFX": []}
        self.conversions: dict[str, str] = {}
        self.left_out: dict[str, None] = {}
        self.conditions: dict[tuple[str, str], tuple[OneOf, ...]] = {}
        self.flags: dict[str, Flags] = {}

    def read(self, data: bytes) -> AffixRules:
        # bytes of another encoding occur in flags, comments and names of authors
        text = data.decode(self.encoding, "surrogateescape").removeprefix("\ufeff")
        lines = [line.split() for line in text.splitlines()]
        for words in lines:  # the form of flags first: they stand in all other lines
            if words[:1] == ["FLAG"] and len(words) > 1:
                self.flag_form = _FLAG_FORMS.get(words[1].lower(), FlagForm.BYTE)
            elif words[:1] == ["AF"] and len(words) > 1:
                self.flag_sets += [words[1]] if self.has_flag_sets else []
                self.has_flag_sets = True  # the first line has their number
        for number, words in enumerate(lines, start=1):
            if len(words) > 0:
                self._line(words[0], words[1:], number)
        outer = frozenset().union(*self.flags.values())
        return AffixRules(
            encoding=self.encoding,
            flag_form=self.flag_form,
            prefixes=group_affixes(self.affixes["PFX"], outer),
            suffixes=group_affixes(self.affixes["SFX"], outer),
            flag_sets=tuple(self.flag_sets),
            conversions=self.conversions,
            left_out=tuple(self.left_out),
            **self.found,
        )

    def _line(self, key: str, values: list[str], number: int) -> None:
        if key in self.affixes:
            self._affix(key, values, number)
        elif key in _SWITCHES:
            self.found[_SWITCHES[key]] = True
        elif key in _COMPOUNDS:
            self.left_out["compound words"] = None
        elif key == "COMPLEXPREFIXES":
            self.left_out["words with two prefixes"] = None
        elif values:
            self._setting(key, values)

    def _setting(self, key: str, values: list[str]) -> None:
        if key in _FLAGS:
            self.found[_FLAGS[key]] = next(iter(self._flags(values[0])), None)
        elif key == "LANG":
            self.found["language"] = values[0]
        elif key == "IGNORE":
            self.found["ignored"] = values[0]
        elif key == "ICONV" and len(values) > 1:
            self.conversions[plain_form(values[0].strip("_"))] = plain_form(values[1])

    def _affix(self, kind: str, values: list[str], number: int) -> None:
        if len(values) < 3:
            rule = clip(" ".join(values), 60)
            raise InputError(
                f"{self.name} (line {number}): a rule {kind} has too few parts: {rule!r}",
                hint="the dictionary is damaged: install it again, or use a plain word list",
            )
        flag = "".join(sorted(self._flags(values[0])))
        if (kind, flag) not in self.crosses:  # the first line is a heading
            self.crosses[kind, flag] = values[1].upper() == "Y"
            return
        strip, (added, _, further) = values[1], values[2].partition("/")
        affix = Affix(
            flag,
            plain_form("" if strip == "0" else strip),
            plain_form("" if added == "0" else added),
            self._condition(values[3] if len(values) > 3 else ".", kind),
            self._further(further),
            self.crosses[kind, flag],
        )
        self.affixes[kind].append(affix)

    def _further(self, text: str) -> Flags:
        if text not in self.flags:
            self.flags[text] = self._flags(text, self.flag_sets) if text else frozenset()
        return self.flags[text]

    def _flags(self, text: str, flag_sets: Sequence[str] = ()) -> Flags:
        return parse_flags(text, self.flag_form, self.encoding, flag_sets)

    def _condition(self, text: str, kind: str) -> tuple[OneOf, ...]:
        known = self.conditions.get((text, kind))
        if known is None:
            known = self.conditions[text, kind] = tuple(_parse_condition(plain_form(text)))
        return known


def _parse_condition(text: str) -> Iterator[OneOf]:
    if text == ".":
        return
    for found in islice(_CONDITION_PART.finditer(text), 100):
        negation, chars, char = found.groups()
        if char is not None:
            yield _ANY if char == "." else OneOf(frozenset(char), is_negated=False)
        else:
            yield OneOf(frozenset(chars), is_negated=bool(negation))
