"""How large texts can be that are compared, and how much is spent on one place."""

from __future__ import annotations

MAX_TEXT_BYTES = 64 * 1024 * 1024  # a text of that many words is beyond the next limit

MAX_WORDS = (
    300_000  # of each text, nine hundred printed pages; the time grows with the product: here half a minute
)

MAX_WORD_CHARS = 500  # a longer run without blanks is cut: a hostile text can be one word

MAX_CELLS = 2_500  # pairs of words that are tried where the texts differ: 50 words against 50

MAX_JOINED = 3  # words of one text that can be one word of the other

MAX_CHARACTER_STEPS = 500_000_000  # of the exact count of characters: two seconds

MIN_MOVED_WORDS = 6  # fewer words in the same order are chance
