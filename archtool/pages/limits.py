"""How large a page can be before it is refused, and how much of it is searched for a header."""

from __future__ import annotations

MAX_PAGE_BYTES = 16 * 1024 * 1024  # a book of 2,000 pages; the tree of a larger one fills the memory
MAX_ELEMENTS = 1_000_000  # of one page: each takes some hundred bytes of memory
MAX_CHARSET_SEARCH_BYTES = 8192  # browsers search the first 1,024 bytes; old pages have long comments first

MAX_HEADER_LINES = 60  # from the beginning of a page; longer headers were not seen
MAX_FOOTER_LINES = 25  # before the end of a page
MAX_HEADER_LINE_CHARACTERS = 1_500  # of one labelled line: a longer one is text
LONG_LINE_CHARACTERS = 240  # a line without a label that is longer belongs to the text

MAX_RECORDED_LINE = 65_534  # libxml2 counts the lines of elements no further
