"""Whether a change is one that `accents/1` makes: pairs to letters, and blanks dropped after them."""

from __future__ import annotations

from archtool.text.repairing.accents.carriers import alphabet_of

_MAX_CHARACTERS = 200
"""A change spans a word, no more."""


def restores_letters(before: str, after: str) -> bool:
    """Return whether two texts differ by restored letters and by blanks dropped after them, and only so."""
    if len(before) > _MAX_CHARACTERS or before == after:
        return False
    pairs = alphabet_of(None).pairs
    reached = {(0, 0, False)}  # how much of both is read, and whether a restored letter was the last
    for _ in range(len(before) + 1):
        following = set()
        for read, written, is_after_letter in reached:
            if read == len(before):
                if written == len(after):
                    return True
                continue
            letter = after[written : written + 1]
            if letter and pairs.get(before[read : read + 2]) == letter:
                following.add((read + 2, written + 1, True))
            if before[read] == letter:
                following.add((read + 1, written + 1, is_after_letter and letter == " "))
            if before[read] == " " and is_after_letter:
                following.add((read + 1, written, True))
        reached = following
    return False
