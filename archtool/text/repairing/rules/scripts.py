"""`scripts/1`: writes Cyrillic words in Cyrillic letters only.

A letter of the other script that looks the same (`с` and `c`) is typed or recognised by mistake; such a word
is found by no search. A Latin letter is replaced only in a word with more Cyrillic letters than Latin ones,
and with at least one that no Latin letter looks like; or if the Cyrillic word is known.
"""

from __future__ import annotations

import re

from archtool.text.repairing.changes import Change, OpenPlace, Proposal, Reading, RepairContext
from archtool.text.repairing.rules.word_evidence import WordEvidence
from archtool.text.words import WORD

_LOOK_ALIKES = dict(zip("aceopxyiABCEHKMOPTXI", "асеорхуіАВСЕНКМОРТХІ", strict=True))
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[A-Za-z]")
_OWN = re.compile(f"(?![{''.join(_LOOK_ALIKES.values())}])[\u0400-\u04ff]")
_MIXED = re.compile("[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]")
_UKRAINIAN = frozenset("iI")  # no letter of Russian


class ScriptsRule:
    """Replaces Latin letters inside Cyrillic words by the Cyrillic ones that look the same."""

    name = "scripts/1"
    summary = "replace Latin letters that look alike in Cyrillic words"

    def propose(self, text: str, context: RepairContext) -> Proposal:
        """See `RuleSet`."""
        if _MIXED.search(text) is None:
            return Proposal()
        known = WordEvidence(text, context)
        changes: list[Change] = []
        open_places: list[OpenPlace] = []
        is_russian = (context.language or "").partition("-")[0].lower() == "ru"
        for word in WORD.finditer(text):
            if _MIXED.search(word[0]) is None:
                continue
            latin = _LATIN.findall(word[0])
            if not set(latin) <= _LOOK_ALIKES.keys() or (is_russian and _UKRAINIAN & set(latin)):
                continue
            evidence = known.evidence_for(_in_cyrillic(word[0]))
            if _OWN.search(word[0]) and len(_CYRILLIC.findall(word[0])) > len(latin):
                changes += _replaced(word, "a Latin letter inside a Cyrillic word")
            elif evidence is not None:
                changes += _replaced(word, evidence)
            else:
                open_places.append(_asked(word))
        return Proposal(tuple(changes), tuple(open_places))

    def may_make(self, before: str, after: str) -> bool:
        """See `RuleSet`."""
        return _LOOK_ALIKES.get(before) == after


def _in_cyrillic(word: str) -> str:
    return "".join(_LOOK_ALIKES.get(char, char) for char in word)


def _replaced(word: re.Match[str], evidence: str) -> list[Change]:
    return [
        Change(word.start() + at, char, _LOOK_ALIKES[char], evidence)
        for at, char in enumerate(word[0])
        if char in _LOOK_ALIKES
    ]


def _asked(word: re.Match[str]) -> OpenPlace:
    readings = (
        Reading(_in_cyrillic(word[0]), "the whole word in Cyrillic letters"),
        Reading(word[0], "a word of both scripts, such as a formula or a name of a model"),
    )
    return OpenPlace(word.start(), word[0], readings)
