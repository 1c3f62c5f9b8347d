"""Count how often letters follow each other in the words of a language, for `text/repairing/accents`.

    python -m benchmarks.letter_pairs > archtool/text/repairing/accents/letter_pair_data.py

The words come from the Debian packages wfrench, wspanish, wportuguese, wpolish, wngerman and hunspell-cs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from archtool.text.repairing.accents.carriers import letters_of

_DICTIONARIES = Path("/usr/share/dict")
_LISTS = {"de": "ngerman", "es": "spanish", "fr": "french", "pl": "polish", "pt": "portuguese"}
_MORE_LETTERS = {"de": "ß", "fr": "œæ"}
_FREQUENT = {
    "cs": "že 1.5, už .3, tě .2, mě .2, má .2, při .2, být .2, který .2, může .2, ještě .2, když .3",
    "de": "für .8, über .3, können .2, würde .2, müssen .1, natürlich .1, schön .1, während .1, möchte .1",
    "es": "más .5, está .3, también .2, qué .3, él .2, sí .2, así .1, aquí .1, días .1, están .1, día .1",
    "fr": "à 2, été .2, même .2, où .2, très .2, après .1, là .1, déjà .1, être .2, était .2, aussitôt .05",
    "pl": "się 2, że 1.5, są .3, już .3, może .2, być .2, też .2, jeśli .1, będzie .2, także .1, ją .1",
    "pt": "é 1.5, à .5, não 1.2, são .3, já .2, até .2, você .4, só .2, às .1, também .3, está .3, há .2",
}
"""Frequent words with accents, in percent of all words of running text: a list has each word once."""
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_HEADER = '''"""How often one letter follows another in a language; made by `benchmarks/letter_pairs.py`.

The first line of a table has the letters, `_` for the border of a word. Each line after it counts what
follows one letter, in that order: a digit of base 36 is the number of binary digits of the count.
"""

LETTER_PAIR_COUNTS = {'''


def main() -> None:
    """Print the module with the counts of all languages."""
    print(_HEADER)
    for language in ("cs", "de", "es", "fr", "pl", "pt"):
        letters = "_abcdefghijklmnopqrstuvwxyz" + _MORE_LETTERS.get(language, "") + letters_of(language)
        counts: Counter[str] = Counter()
        total = 0
        for word in _words(language):
            total += 1
            counts.update(_letter_pairs(word))
        for entry in _FREQUENT[language].split(", "):
            word, percent = entry.split()
            for pair in _letter_pairs(word):
                counts[pair] += round(float(percent) / 100 * total)
        print(f'    "{language}": """{letters}')
        for first in letters:
            print(first + "".join(_DIGITS[counts[first + second].bit_length()] for second in letters))
        print('""",')
    print("}")


def _letter_pairs(word: str) -> list[str]:
    bounded = f"_{word.lower()}_"
    return [bounded[i : i + 2] for i in range(len(bounded) - 1)]


def _words(language: str) -> Iterator[str]:
    if language == "cs":
        yield from _czech_words(Path("/usr/share/hunspell"))
        return
    for line in (_DICTIONARIES / _LISTS[language]).read_text(encoding="utf-8").splitlines():
        yield from re.findall(r"[^\W\d_]+", line)


def _czech_words(folder: Path) -> Iterator[str]:
    """Yield the stems and the forms with one ending."""
    endings: dict[str, list[tuple[str, str, re.Pattern[str]]]] = {}
    for line in (folder / "cs_CZ.aff").read_text(encoding="utf-8", errors="replace").splitlines():
        parts = line.split()
        if len(parts) >= 5 and parts[0] == "SFX":
            stripped, added = ("" if part == "0" else part for part in (parts[2], parts[3].split("/")[0]))
            endings.setdefault(parts[1], []).append((stripped, added, re.compile(f"(?:{parts[4]})$")))
    for line in (folder / "cs_CZ.dic").read_text(encoding="utf-8").splitlines()[1:]:
        stem, _, flags = line.split()[0].partition("/") if line.strip() else ("", "", "")
        yield from re.findall(r"[^\W\d_]+", stem)
        for flag in flags:
            for stripped, added, condition in endings.get(flag, ()):
                if stem.endswith(stripped) and condition.search(stem):
                    yield stem[: len(stem) - len(stripped)] + added


if __name__ == "__main__":
    main()
