"""How much of a text, of its change log and of its review file is read."""

from __future__ import annotations

MAX_REPAIRED_BYTES = 64 * 1024 * 1024  # of a text: each rule set keeps it in memory, before and after
MAX_CHANGE_LOG_BYTES = 128 * 1024 * 1024  # two short words and their evidence for each line of such a text
MAX_CHANGES = 1_000_000  # a hostile change log must not fill memory with records
MAX_PASSES = 64  # rule sets applied to one text: each one copies the whole text
MAX_HEADER_LINES = 256  # facts at the beginning of a change log
MAX_NUMBER_DIGITS = 12  # of an offset, a line or a size
MAX_REVIEW_BYTES = 16 * 1024 * 1024  # a person answers these places one by one
