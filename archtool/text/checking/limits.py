"""How much of a text is kept in memory while it is checked."""

from __future__ import annotations

CHUNK_BYTES = 512 * 1024  # regular expressions over a chunk are fastest when it stays in the cache
MAX_CHUNK_BYTES = 4 * 1024 * 1024  # a text without line ends is cut here
FIRST_PLACES = 5  # of each kind, unless all are asked for
MAX_PLACES = 1_000_000  # of each kind when all are asked for: each takes some hundred bytes
CONTEXT_CHARACTERS = 120  # on each side of a place: as wide as a screen gets
MAX_LONE_NUMBERS = 100_000  # lines with a number only: more are a table
MAX_HEADS = 20_000  # different lines that can be running heads
MAX_VARIANTS = 1_000  # different forms of one kind
SAMPLES = 2  # of each chunk, to recognise its languages
MAX_FIRST_SAMPLE_CHARACTERS = 16 * 1024  # each, of the first chunk
MAX_SAMPLE_CHARACTERS = 1024  # each, of later chunks
