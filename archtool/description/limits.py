"""How large and how deep a description can be before it is refused."""

from __future__ import annotations

MAX_DATE_CHARS = 100  # the parser's time grows faster than the length of the text

MAX_DESCRIPTION_BYTES = 64 * 1024 * 1024  # some hundred thousand files, each with a note
MAX_VALUES = 2_000_000  # each takes some hundred bytes of memory: a hostile text must not fill it
MAX_DEPTH = 64  # each annexe inside an annexe takes two levels

MAX_RECOVERED_CHARS = 256 * 1024  # of a text with syntax faults: it is parsed again after each fault
MAX_CUT_PARTS = 30  # faulty parts that are cut out of a text; after them nothing more is read

MAX_TAG_CHARS = 200

MAX_LIBRARY_BYTES = 256 * 1024 * 1024  # a hundred thousand items
MAX_NAMED = 5  # items in a message; the others are counted

MAX_NESTING = 24  # levels of enclosures: each takes two of the 64 levels of a description

MAX_STEPS = 40  # of a name: enclosures that are nested so deep need their own rows

MAX_DEFAULTS_BYTES = 16 * 1024 * 1024
