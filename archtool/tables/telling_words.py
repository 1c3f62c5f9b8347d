"""Chooses the words by which a person can judge the encoding of a text, and orders its readings."""

from __future__ import annotations

from collections.abc import Sequence

from archtool.tables.words import letters_fit, words_of


def tells_most(text: Sequence[str]) -> int:
    """Return the number of the word with the most letters beyond ASCII; a lone letter comes last."""
    return max(range(len(text)), key=lambda number: _telling(text[number]))


def _telling(word: str) -> tuple[bool, int, bool]:
    letters = "".join(words_of(word))
    beyond_ascii = sum(not char.isascii() for char in letters)
    return len(letters) > 1 and beyond_ascii > 0, beyond_ascii, bool(letters)


def likelihood(text: Sequence[str]) -> tuple[int, int]:
    """Return the sort key of a reading; the likeliest is least, and equal ones stay in their order."""
    words = [word for one in text for word in words_of(one)]
    return letters_fit(words), sum(map(_has_odd_case, words))


def _has_odd_case(word: str) -> bool:
    """Whether a capital beyond ASCII stands alone or inside a word with small letters (`RÇponse`)."""
    capitals = [char for char in word[1:] if char.isupper() and not char.isascii()]
    is_lone = len(word) == 1 and word.isupper() and not word.isascii()
    return is_lone or (bool(capitals) and not word.isupper())


def telling_words(texts: Sequence[Sequence[str]]) -> list[int]:
    """Return the numbers of a few words that no two of the texts read alike; words before lone signs.

    The first text is the likeliest.
    """
    chosen: list[int] = []
    groups = [texts]
    while any(len(group) > 1 for group in groups):
        counts = [sum(len({text[i] for text in group}) for group in groups) for i in range(len(texts[0]))]
        dividing = [number for number, count in enumerate(counts) if count > len(groups)]
        # of equal words the first, which a person finds fastest
        best = max(dividing, key=lambda i: (_telling(texts[0][i])[0], counts[i], _telling(texts[0][i])[1]))
        chosen.append(best)
        groups = [
            [text for text in group if text[best] == read]
            for group in groups
            for read in {text[best] for text in group}
        ]
    return chosen
