"""`hyphens/1`: puts together words that are broken over a line's end.

The second half moves to the end of the first line; the line break stays, so lines keep their numbers. Whether
the hyphen belongs to the word (`bolcheviks-léninistes`) or was only drawn at the line's end is decided by
words that are known: those of a word list and those of the text itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archtool.text.repairing.changes import Change, OpenPlace, Proposal, Reading, RepairContext
from archtool.text.repairing.rules.word_evidence import WORD_START, WordEvidence
from archtool.text.words import WORD

_HYPHENS = "-\u2010\u00ad¬"
_LINE_ENDS = r"[ \t]*\r?\n(?:[ \t]*\r?\n)?"
# the rest of the second half includes a sign that French sets off with a blank
_BROKEN = re.compile(
    rf"{WORD_START}(?P<first>{WORD.pattern})(?P<hyphen>[{_HYPHENS}])(?P<ends>{_LINE_ENDS})(?P<indent>[ \t]*)"
    rf"(?P<second>{WORD.pattern})(?P<rest>[^ \t\r\n]*(?:[ \u00a0\u202f][»!?;:](?=\s|\Z))?)(?P<gap>[ \t]*)"
)
_MADE = re.compile(rf"([{_HYPHENS}])({_LINE_ENDS})([ \t]*)([^ \t\r\n]+(?:[ \u00a0\u202f][»!?;:])?)([ \t]*)")
_PARTS = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]+-)+\Z")
_MAX_COMPOUND_CHARS = 100
_MORE_PARTS = re.compile(rf"(?:-{WORD.pattern})+")
_LONGEST_PREFIX = 2  # letters of `Mc` and the like
_LAST_WORD = re.compile(r"\r?\n[ \t]*[^ \t\r\n]")  # of its line, which another line of the paragraph follows
_EMPTY_LINE = re.compile(r"\n[ \t]*\r?\n")
_SOFT = "\u00ad"
CONJUNCTIONS = frozenset(
    ["und", "oder", "bzw", "sowie", "wie", "bis", "noch", "en", "of", "och", "og", "eller"]
)
"""Words after a hyphen that stays, as in German `Vor- und Nachteile`, in Dutch and the Nordic languages."""
_FRENCH_CLITICS = frozenset(
    [
        "je", "tu", "il", "elle", "on", "nous", "vous", "ils", "elles", "ce", "ci", "là", "même", "mêmes",
        "moi", "toi", "lui", "leur", "le", "la", "les", "en", "y",
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What speaks for each reading; `None` if nothing does."""

    joined: str | None
    compound: str | None


class HyphensRule:
    """Moves the second half of a broken word up, with or without the hyphen."""

    name = "hyphens/1"
    summary = "put together words that are broken over a line's end"

    def propose(self, text: str, context: RepairContext) -> Proposal:
        """See `RuleSet`."""
        broken = [found for found in _BROKEN.finditer(text) if _can_be_joined(found)]
        if not broken:
            return Proposal()
        known = WordEvidence(text, context)
        language = (context.language or "").partition("-")[0].lower()
        changes: list[Change] = []
        open_places: list[OpenPlace] = []
        for found in broken:
            evidence = _evidence(found, known, language)
            if (evidence.joined is None) == (evidence.compound is None):
                open_places += _asked(found, evidence)
            else:
                keeps = evidence.compound is not None
                reason = evidence.compound or evidence.joined or ""
                changes.append(
                    Change(found.start("hyphen"), _before(found), _after(found, keeps=keeps), reason)
                )
        return Proposal(tuple(changes), tuple(open_places))

    def may_make(self, before: str, after: str) -> bool:
        """See `RuleSet`."""
        found = _MADE.fullmatch(before)
        if found is None:
            return False
        hyphen, ends, indent, half, _ = found.groups()
        moved = (half, f"{half}{ends}{indent}")
        return after in (*moved, *(f"{_kept(hyphen)}{one}" for one in moved))


def _can_be_joined(found: re.Match[str]) -> bool:
    """Return whether the second half is not broken itself, and is no beginning of another paragraph."""
    if found["rest"].endswith(tuple(_HYPHENS)) and not found["gap"]:
        return False
    if found["second"] in CONJUNCTIONS:
        return False
    is_far = _EMPTY_LINE.search(found["ends"]) is not None
    return found["second"][0].islower() or not is_far


def _parts_before(text: str, start: int) -> str:
    """Return the parts of a compound before the broken one: `contre-` of `contre-révo-`."""
    near = text[max(0, start - _MAX_COMPOUND_CHARS) : start]
    found = _PARTS.search(near[near.rfind("\n") + 1 :])
    return found[0] if found else ""


def _evidence(found: re.Match[str], known: WordEvidence, language: str) -> _Evidence:
    first, second = found["first"], found["second"]
    parts = _parts_before(found.string, found.start())
    is_inner_capital = second[0].isupper() and not (first + second).isupper()  # no word: `EMail`
    joined = None if is_inner_capital else known.evidence_for(first + second)
    if joined is None and parts:
        joined = known.evidence_for_compound(f"{parts}{first}{second}")
    if found["hyphen"] == _SOFT:
        return _Evidence(joined or "a soft hyphen only marks where a word can be broken", None)
    more = _MORE_PARTS.match(found["rest"])
    whole = f"{first}-{second}{more[0]}" if more is not None else ""
    compound = known.evidence_for_compound(f"{first}-{second}") or known.evidence_for_compound(whole)
    if compound is None and language != "de" and _joins_names(first, second):
        compound = f"“{first}” and “{second}” both begin with a capital"
    if compound is None and joined is None and language == "fr" and _is_french_clitic(found):
        compound = f"French joins “{second}” with a hyphen"
    return _Evidence(joined, compound)


def _joins_names(first: str, second: str) -> bool:
    """Return whether both halves are names: `Alsace-Lorraine`, but not `McCormack`."""
    is_name = first[0].isupper() and len(first) > _LONGEST_PREFIX
    return is_name and second[0].isupper() and not second.isupper()


def _is_french_clitic(found: re.Match[str]) -> bool:
    """Return whether the second half is a pronoun after a verb, or the like: `dit-il`, `celui-là`."""
    if found["second"] == "t":
        return re.match(r"-(?:ils?|elles?|on)\b", found["rest"]) is not None
    return found["second"] in _FRENCH_CLITICS and not found["rest"].startswith(tuple(_HYPHENS))


def _kept(hyphen: str) -> str:
    return "-" if hyphen in ("¬", _SOFT) else hyphen


def _before(found: re.Match[str]) -> str:
    text: str = found.string
    return text[found.start("hyphen") : found.end()]


def _after(found: re.Match[str], *, keeps: bool) -> str:
    hyphen = _kept(found["hyphen"]) if keeps else ""
    moved = f"{hyphen}{found['second']}{found['rest']}"
    is_far = _EMPTY_LINE.search(found["ends"]) is not None
    if not is_far and _LAST_WORD.match(found.string, found.end()):  # an empty line would divide the paragraph
        return moved
    return f"{moved}{found['ends']}{found['indent']}"


def _asked(found: re.Match[str], evidence: _Evidence) -> list[OpenPlace]:
    """Return the question; none about a word in two lines that may be far from each other."""
    if evidence.joined is None and _EMPTY_LINE.search(found["ends"]):
        return []
    unknown = "not in the words that are known"
    readings = (
        Reading(
            _after(found, keeps=False), evidence.joined or f"{found['first']}{found['second']}: {unknown}"
        ),
        Reading(
            _after(found, keeps=True), evidence.compound or f"{found['first']}-{found['second']}: {unknown}"
        ),
    )
    return [OpenPlace(found.start("hyphen"), _before(found), readings)]
