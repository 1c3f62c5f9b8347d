"""How much of a text is kept in memory while it is read."""

from __future__ import annotations

MAX_LINE_BYTES_KEPT = 4096  # of each end of a line: a text without line ends can be one line of any length

MAX_QUOTE_CHARS = 240  # of the first and of the last words of a range: three lines of a terminal

MAX_BOUNDARIES = 10_000  # places at which an annexe can begin, in one text
