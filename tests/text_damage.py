"""Damage clean text as an extraction does that writes accents as separate letters, and know the truth."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from archtool.text.repairing.accents.carriers import ACCENT_NAMES, take_apart
from archtool.text.repairing.changes import Proposal

MARKS = {name: mark for mark, name in ACCENT_NAMES.items()}


@dataclass(frozen=True)
class Style:
    """How an extraction damages text."""

    language: str
    carriers: Mapping[str, str]
    """The name of an accent to its carrier, a small letter."""
    blank_before: str = "tfl"
    """The letters that get a blank after a damaged letter."""
    doubles_gaps: bool = True
    """Whether a single blank between words becomes two after a damaged letter."""
    composed_with: str = ""
    """Letters that are kept before their carrier, as î in `îê`."""
    sound_paragraphs: float = 0.06
    """The share of paragraphs in a font whose accents are sound."""
    sound_runs: float = 0.002
    """The share of words at which a few words in such a font begin."""
    wide_lines: float = 0.16
    """The share of lines whose gaps all have two blanks."""
    mixed_lines: float = 0.1
    """The share of lines in which some gaps have two blanks."""
    line_length: int = 90

    @property
    def name(self) -> str:
        return f"{self.language} {' '.join(self.carriers.values())}"


STYLES = (
    Style("fr", {"acute": "é", "grave": "à", "circumflex": "ê"}, composed_with="î"),
    Style("fr", {"acute": "é", "grave": "è", "circumflex": "â"}, blank_before="rsn", doubles_gaps=False),
    Style("es", {"acute": "é", "tilde": "ñ", "diaeresis": "ü"}),
    Style("es", {"acute": "á", "tilde": "ñ", "diaeresis": "ü"}, doubles_gaps=False),
    Style("pt", {"acute": "é", "grave": "à", "circumflex": "ê", "tilde": "ã", "cedilla": "ç"}),
    Style(
        "pt",
        {"acute": "á", "grave": "à", "circumflex": "ô", "tilde": "õ", "cedilla": "ç"},
        doubles_gaps=False,
    ),
    Style("cs", {"acute": "á", "caron": "ě", "ring": "ů"}),
    Style("cs", {"acute": "í", "caron": "š", "ring": "ů"}, doubles_gaps=False),
    Style("pl", {"acute": "ó", "ogonek": "ą", "dot": "ż", "stroke": "ł"}),
    Style("pl", {"acute": "ś", "ogonek": "ę", "dot": "ż", "stroke": "ł"}, doubles_gaps=False),
    Style("de", {"diaeresis": "ä"}),
    Style("de", {"diaeresis": "ü"}, doubles_gaps=False),
)
"""Two ways for each language."""


@dataclass
class DamagedText:
    """A damaged text with the truth about it."""

    text: str = ""
    clean: str = ""
    letters: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Where damaged letters begin: what stands there, and the letter."""
    stray: dict[int, str] = field(default_factory=dict)
    """Where damaged letters end that have a stray blank: `inside` a word, before a `mark`, or in a `gap`."""
    words: int = 0
    """How many words are damaged."""


def damage(paragraphs: list[str], style: Style, seed: int = 1932) -> DamagedText:
    """Return paragraphs as justified lines, with most of their accents damaged."""
    return _Damager(style, random.Random(seed)).damage(paragraphs)  # noqa: S311


class _Damager:
    def __init__(self, style: Style, chance: random.Random) -> None:
        self.style, self.chance = style, chance
        self.result = DamagedText()
        self.out: list[str] = []
        self.clean: list[str] = []
        self.length = 0

    def damage(self, paragraphs: list[str]) -> DamagedText:
        for paragraph in paragraphs:
            is_sound = self.chance.random() < self.style.sound_paragraphs
            for line in self._lines(paragraph):
                self.clean.append(line + "\n")
                self._damage_line(line, is_sound)
                self._write("\n")
            self.clean.append("\n")
            self._write("\n")
        self.result.text, self.result.clean = "".join(self.out), "".join(self.clean)
        return self.result

    def _lines(self, paragraph: str) -> Iterator[str]:
        line: list[str] = []
        for word in paragraph.split():
            if line and sum(map(len, line)) + len(line) + len(word) > self.style.line_length:
                yield self._justify(line)
                line = []
            line.append(word)
        yield " ".join(line)

    def _justify(self, words: list[str]) -> str:
        kind = self.chance.random()
        wide = 1.0 if kind < self.style.wide_lines else 0.0
        if self.style.wide_lines <= kind < self.style.wide_lines + self.style.mixed_lines:
            wide = self.chance.random()
        return "".join(word + ("  " if self.chance.random() < wide else " ") for word in words).rstrip()

    def _damage_line(self, line: str, is_sound: bool) -> None:
        sound_words = 0
        for position, letter in enumerate(line):
            at_word = position == 0 or line[position - 1] == " "
            if at_word:
                sound_words -= 1
                if self.chance.random() < self.style.sound_runs:
                    sound_words = self.chance.randint(2, 8)
            damaged = None if is_sound or sound_words > 0 else self._damaged_form(letter)
            if damaged is None:
                self._write(letter)
                continue
            if not _in_damaged_word(line, position, self.result.letters, self.length):
                self.result.words += 1
            self.result.letters[self.length] = (damaged, letter)
            self._write(damaged)
            if kind := self._stray_kind(line[position + 1 :]):
                self.result.stray[self.length] = kind
                self._write(" ")

    def _damaged_form(self, letter: str) -> str | None:
        apart = take_apart(letter)
        carrier = self.style.carriers.get(ACCENT_NAMES[apart.accent]) if apart else None
        if not apart or not carrier:
            return None
        base = letter if letter in self.style.composed_with else apart.base
        return base + (carrier.upper() if apart.base.isupper() else carrier)

    def _stray_kind(self, rest: str) -> str | None:
        if not rest:
            return "mark"
        if rest[0].isalpha():
            return "inside" if rest[0] in self.style.blank_before else None
        if rest[0] in ",.;:!?)":
            return "mark"
        is_single_gap = rest[0] == " " and rest[1:2] != " "
        return "gap" if is_single_gap and self.style.doubles_gaps else None

    def _write(self, text: str) -> None:
        self.out.append(text)
        self.length += len(text)


def _in_damaged_word(line: str, position: int, letters: Mapping[int, object], length: int) -> bool:
    """Return whether the same word has a damaged letter before this one."""
    start = position
    while start and line[start - 1].isalpha():
        start -= 1
    return (
        any(offset in letters for offset in range(length - 2 * (position - start) - 2, length))
        and start < position
    )


@dataclass
class Score:
    """How a proposal compares with the truth."""

    right: int = 0
    wrong: int = 0
    open: int = 0
    missed: int = 0
    wrong_places: list[int] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.wrong, 1)

    @property
    def total(self) -> int:
        return self.right + self.open + self.missed

    def share(self, count: int) -> float:
        return count / max(self.total, 1)

    def add(self, other: Score) -> None:
        self.right += other.right
        self.wrong += other.wrong
        self.open += other.open
        self.missed += other.missed
        self.wrong_places += other.wrong_places


def score(damaged: DamagedText, proposal: Proposal) -> dict[str, Score]:
    """Return the scores for `letters`, and for stray blanks `inside`, before a `mark` and in a `gap`."""
    scores = {kind: Score() for kind in ("letters", "inside", "mark", "gap")}
    asked = {offset for place in proposal.open_places for offset in range(place.start, place.end)}
    asked_blanks = asked | {place.end for place in proposal.open_places}
    changes = {change.start: change for change in proposal.changes}
    for start, change in changes.items():
        pair, letter = damaged.letters.get(start, ("", ""))
        if (change.before[:2], change.after[:1]) != (pair, letter):
            scores["letters"].wrong += 1
            scores["letters"].wrong_places.append(start)
        dropped = len(change.before) - 1 - len(change.after)
        kind = damaged.stray.get(start + 2)
        if dropped > (kind is not None):
            kind = kind or _kind_of_blank(damaged.text, start + 2)
            scores[kind].wrong += 1
            scores[kind].wrong_places.append(start)
    for start, (_, letter) in damaged.letters.items():
        found = start in changes and changes[start].after[:1] == letter
        _count(scores["letters"], found, start in asked)
        if kind := damaged.stray.get(start + 2):
            is_dropped = start in changes and len(changes[start].before) - 1 - len(changes[start].after) == 1
            _count(scores[kind], is_dropped, start + 2 in asked_blanks)
    return scores


def _count(counts: Score, is_found: bool, is_asked: bool) -> None:
    if is_found:
        counts.right += 1
    elif is_asked:
        counts.open += 1
    else:
        counts.missed += 1


def _kind_of_blank(text: str, offset: int) -> str:
    after = text[offset:].lstrip(" ")[:1]
    return "inside" if text[offset + 1 : offset + 2].isalpha() else "gap" if after.isalpha() else "mark"


def normalized(paragraph: str) -> str:
    """Return a paragraph on one line, in NFC."""
    return " ".join(unicodedata.normalize("NFC", paragraph).split())
