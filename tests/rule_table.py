"""Precision and recall of the rule sets beside `accents/1`, over clean prose that is damaged on purpose.

    PYTHONPATH=tests:. python tests/rule_table.py

prints the table of `docs/text-repair.md`. The prose comes from Debian packages (`debian_texts`).
"""

from __future__ import annotations

import random
import re
import sys
import textwrap
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from archtool.text.repairing.changes import Change, RepairContext, apply_changes
from archtool.text.repairing.rule_sets import RULE_SETS
from archtool.text.words import WORD
from debian_texts import prose

LANGUAGES = ("cs", "de", "es", "fr", "pl", "pt", "ru")
_CODE_PAGES = {"cs": "cp1250", "pl": "cp1250", "ru": "cp1251"}
_LOOK_ALIKES = str.maketrans("асеорхуАВСЕНКМОРТХ", "aceopxyABCEHKMOPTX")
_LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ"}
_PAGE_LINES = 20
_WIDTH = 72
_MIXED = re.compile("[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]")  # jokes in Russian


@dataclass
class Score:
    """What a rule set did with damaged places."""

    damaged: int = 0
    right: int = 0
    wrong: int = 0
    asked: int = 0

    def add(self, other: Score) -> None:
        self.damaged += other.damaged
        self.right += other.right
        self.wrong += other.wrong
        self.asked += other.asked

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.damaged if self.damaged else 1.0


Part = tuple[str, tuple[str, ...]]
"""A piece of a damaged text, and what it may become; nothing if it is not damaged."""
Damaged = tuple[str, dict[int, tuple[str, tuple[str, ...]]]]
"""A damaged text, and the damaged pieces by their offsets."""


def joined(parts: Iterable[Part]) -> Damaged:
    """Return the text of parts, with what is damaged."""
    texts, places, position = [], {}, 0
    for text, right in parts:
        if right:
            places[position] = text, right
        texts.append(text)
        position += len(text)
    return "".join(texts), places


def by_words(paragraphs: list[str], damage: Callable[[str], str]) -> Damaged:
    """Damage words between blanks."""

    def parts() -> Iterator[Part]:
        for paragraph in paragraphs:
            for word in paragraph.split(" "):
                damaged = damage(word)
                yield damaged, ((word,) if damaged != word else ())
                yield " ", ()
            yield "\n\n", ()

    return joined(parts())


def mojibake(paragraphs: list[str], language: str) -> Damaged:
    code_page = _CODE_PAGES.get(language, "cp1252")
    table = [bytes([code]).decode(code_page, "replace").replace("\ufffd", chr(code)) for code in range(256)]
    return by_words(paragraphs, lambda word: "".join(table[byte] for byte in word.encode()))


def characters(paragraphs: list[str], language: str) -> Damaged:
    del language

    def damage(word: str) -> str:
        for letters, ligature in _LIGATURES.items():
            word = word.replace(letters, ligature)
        return unicodedata.normalize("NFD", word)

    return by_words(paragraphs, damage)


def scripts(paragraphs: list[str], language: str) -> Damaged:
    chance = random.Random(language)  # noqa: S311 - the same damage in every run

    def damage(word: str) -> str:
        at = chance.randrange(len(word)) if word else 0
        return word[:at] + word[at:].translate(_LOOK_ALIKES)[:1] + word[at + 1 :]

    return by_words(paragraphs, damage)


def hyphens(paragraphs: list[str], language: str) -> Damaged:
    """Break a word at the end of each line; compounds at their own hyphen."""
    chance = random.Random(language)  # noqa: S311 - the same damage in every run

    def parts() -> Iterator[Part]:
        for paragraph in paragraphs:
            for line in textwrap.wrap(paragraph, _WIDTH, break_on_hyphens=False, break_long_words=False):
                first, _, last = line.rpartition(" ")
                found = WORD.fullmatch(last.split("-")[0])
                if found is None or not first or len(last) < 5:
                    yield line + "\n", ()
                elif "-" in last:
                    head, _, tail = last.partition("-")
                    yield f"{first} {head}", ()
                    yield f"-\n{tail} ", (f"-{tail}\n",)
                else:
                    at = chance.randrange(2, len(last) - 2)
                    yield f"{first} {last[:at]}", ()
                    yield f"-\n{last[at:]} ", (f"{last[at:]}\n",)
            yield "\n\n", ()

    return joined(parts())


def pages(paragraphs: list[str], language: str) -> Damaged:
    """Put a page number between empty lines after each twenty lines."""
    chance = random.Random(language)  # noqa: S311 - the same damage in every run
    lines = [
        line for paragraph in paragraphs for line in (*textwrap.wrap(paragraph, chance.randrange(60, 80)), "")
    ]

    def parts() -> Iterator[Part]:
        for number, start in enumerate(range(0, len(lines), _PAGE_LINES), 1):
            yield "\n".join(lines[start : start + _PAGE_LINES]).strip("\n"), ()
            yield f"\n\n{number}\n", ("", "\n")
            yield "\n", ()

    return joined(parts())


def drop_capitals(paragraphs: list[str], language: str) -> Damaged:
    del language

    def parts() -> Iterator[Part]:
        for number, paragraph in enumerate(paragraphs):
            capital, rest = paragraph[:1], paragraph[1:].rstrip()
            if number % 3 and capital.isupper() and rest[:1].islower() and rest.endswith((".", "!", "?")):
                yield rest + capital, (capital + rest,)
                yield "\n\n", ()
            else:
                yield f"{paragraph}\n\n", ()

    return joined(parts())


def spacing(paragraphs: list[str], language: str) -> Damaged:
    """Justify lines by blanks between words, as extractions write them."""
    chance = random.Random(language)  # noqa: S311 - the same damage in every run

    def parts() -> Iterator[Part]:
        for paragraph in paragraphs:
            lines = textwrap.wrap(paragraph, _WIDTH)
            for line in lines[:-1]:
                words = line.split(" ")
                wide = set(chance.sample(range(1, len(words)), min(len(words) - 1, _WIDTH - len(line))))
                for number, word in enumerate(words):
                    if number:
                        yield ("  ", (" ",)) if number in wide else (" ", ())
                    yield word, ()
                yield "\n", ()
            yield f"{lines[-1]}\n\n", ()

    return joined(parts())


DAMAGES: dict[str, tuple[Callable[[list[str], str], Damaged], tuple[str, ...]]] = {
    "mojibake/1": (mojibake, LANGUAGES),
    "characters/1": (characters, LANGUAGES),
    "scripts/1": (scripts, ("ru",)),
    "pages/1": (pages, LANGUAGES),
    "hyphens/1": (hyphens, LANGUAGES),
    "drop-capitals/1": (drop_capitals, LANGUAGES),
    "spacing/1": (spacing, LANGUAGES),
}


def score(name: str, language: str, limit: int | None = None) -> Score:
    """Damage the prose of a language and repair it; `limit` is a number of paragraphs."""
    clean = (one for one in prose(language)[:limit] if one.isprintable())
    paragraphs = [one for one in clean if _MIXED.search(one) is None]
    text, places = DAMAGES[name][0](paragraphs, language)
    proposal = RULE_SETS[name].propose(text, RepairContext(language))
    starts = sorted(places)
    made: dict[int, list[Change]] = {}
    result = Score(len(places), asked=len(proposal.open_places))
    for change in proposal.changes:
        start = starts[bisect_right(starts, change.start) - 1] if starts else 0
        if start > change.start:
            result.wrong += 1
        elif change.end > start + len(places[start][0]):  # a sign after the word moves with it
            is_right = name == "hyphens/1" and change.after.startswith(places[start][1][0].rstrip("\n"))
            result.right += is_right
            result.wrong += not is_right
        else:
            moved = Change(change.start - start, change.before, change.after, "")
            made.setdefault(start, []).append(moved)
    for start, changes in made.items():
        before, right = places[start]
        is_right = apply_changes(before, changes) in right
        result.right += is_right
        result.wrong += not is_right
    return result


def main() -> None:
    """Print the table."""
    limit = int(sys.argv[1]) if len(sys.argv) > 1 else None
    sys.stdout.write("| rule set | damaged places | precision | recall | asked |\n|---|---|---|---|---|\n")
    for name, (_, languages) in DAMAGES.items():
        total = Score()
        for language in languages:
            one = score(name, language, limit)
            sys.stderr.write(f"{name} {language} {one}\n")
            total.add(one)
        figures = f"{total.damaged:,} | {total.precision:.3%} | {total.recall:.1%} | {total.asked:,}"
        sys.stdout.write(f"| `{name}` | {figures} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
