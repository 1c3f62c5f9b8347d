"""`cd tests && python -m text_repair_table`: how well `accents/1` restores damaged prose, as a table.

For each language, prose of Debian packages is damaged in two ways, with the truth about it, until at least
10,000 words are damaged. It takes some minutes.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterable

from archtool.text.repairing.accents.rule import AccentsRule
from archtool.text.repairing.changes import RepairContext, Words
from debian_texts import prose, word_list
from text_damage import STYLES, Score, Style, damage, score

_CHARACTERS = 800_000
_COLUMNS = ("language, carriers", "gaps", "list", "words")
_FOR_EACH = ("precision", "recall", "to review")
_HEADER = f"| {' | '.join([*_COLUMNS, 'letters', *_FOR_EACH, 'blanks', *_FOR_EACH])} |\n{'|---' * 12}|\n"


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--words", type=int, default=10_000, help="damaged words in each row, at least [10000]"
    )
    parser.add_argument("--language", help="only this language")
    parser.add_argument("--undeclared", action="store_true", help="do not tell the rule set the language")
    options = parser.parse_args()
    sys.stdout.write(_HEADER)
    for style in STYLES:
        if options.language in (None, style.language):
            for words in (None, word_list(style.language)):
                declared = None if options.undeclared else style.language
                sys.stdout.write(row(style, words, RepairContext(declared, words), options.words) + "\n")
                sys.stdout.flush()
    return 0


def row(style: Style, words: Words | None, context: RepairContext, least_words: int) -> str:
    """Return one row of the table."""
    paragraphs = list(take(prose(style.language), _CHARACTERS))
    totals = {"letters": Score(), "blanks": Score()}
    damaged_words = seed = 0
    while damaged_words < least_words:
        damaged = damage(paragraphs, style, seed)
        damaged_words += damaged.words
        seed += 1
        for kind, found in score(damaged, AccentsRule().propose(damaged.text, context)).items():
            totals["letters" if kind == "letters" else "blanks"].add(found)
    gaps = "doubled" if style.doubles_gaps else "as they are"
    columns = [style.name, gaps, "yes" if words else "no", f"{damaged_words:,}"]
    for found in totals.values():
        shares = [found.precision, found.share(found.right), found.share(found.open)]
        columns += [f"{found.total:,}", *(f"{math.floor(share * 10_000) / 100:.2f} %" for share in shares)]
    return f"| {' | '.join(columns)} |"


def take(paragraphs: Iterable[str], characters: int) -> Iterable[str]:
    """Yield paragraphs until they have a number of characters."""
    for paragraph in paragraphs:
        if characters <= 0:
            return
        characters -= len(paragraph)
        yield paragraph


if __name__ == "__main__":
    sys.exit(main())
