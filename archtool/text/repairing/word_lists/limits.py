"""How large a word list can be, and how long a word is looked for."""

from __future__ import annotations

MAX_PLAIN_BYTES = 256 * 1024 * 1024  # all forms of Polish, the longest list of Debian, take 60 MB

MAX_DIC_BYTES = 64 * 1024 * 1024  # the largest of Debian's dictionaries has 10 MB

MAX_DIC_ENTRIES = 2_000_000  # about 400 MB of memory; the largest of Debian's dictionaries has 830,000

MAX_AFF_BYTES = 16 * 1024 * 1024  # that of Korean has 11 MB

MAX_HOMONYMS = 256  # entries of one spelling with different flags

MAX_WORD_CHARS = 100  # a longer run of letters is no word

MAX_ANALYSES = (
    100_000  # rules that are tried for one word; Basque needs up to 27,000, all others at most 5,000
)
