"""How much one import reads and writes."""

from __future__ import annotations

MAX_FILES = 100_000  # of one import: each becomes a folder
MAX_GROUP_DRAFTS = 100  # flushed to the disk together; so many are made again after a kill
MAX_GROUP_BYTES = 64 * 1024 * 1024  # of such a group: it is in memory until it is written

MAX_COPIES_BYTES = 256 * 1024 * 1024  # of one file with several texts, all its copies together

MAX_COMMENTS = 400  # lines of comments in one draft: a hostile page can have millions of statements
MAX_FINDINGS = 50  # of one document and kind; all of them are counted
MAX_OFFERED_CHARACTERS = 4_000  # of one value; a longer one is a comment
MAX_DATE_WORDS = 24  # of a statement that is searched for a date
MAX_NAME_CHARACTERS = 80  # of a folder or file that is named after an input
