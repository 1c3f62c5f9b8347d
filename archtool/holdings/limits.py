"""The limits of a register, with units and reasons."""

from __future__ import annotations

MAX_NAME_CHARACTERS = 400  # of a holding; it stands in lists, file names and URLs
MAX_RECORD_BYTES = 1024 * 1024  # of one event; its problems are bounded below
MAX_PROBLEMS = 100  # files of one check that are listed in its event; the rest is counted
MAX_LISTED_BYTES = 256 * 1024  # of one list in an event, such as its problems: a quarter of its record
MAX_INTEGER = 2**53 - 1  # a larger one is not exact in JSON (RFC 8785 §3.2.2.3, I-JSON)
MAX_IMPORT_LINE_BYTES = 2 * MAX_RECORD_BYTES  # one event with its number and digest
MAX_LABEL_CHARACTERS = 100  # of a medium; it is written on a sticker
MAX_SEARCHED_LINKS = 100  # broken links whose events are searched elsewhere in the chain
MAX_CHECK_DAYS = 3650  # of the policy: what is not looked at for longer than ten years is not kept
MIN_YEAR, MAX_YEAR = 1970, 9000  # of an event; later times have no room for the interval of a policy
MAX_DIFFERENCES = 100  # rows of one table that are reported one by one
MAX_DAMAGES = 100  # faults that SQLite reports about one database
MAX_FINDINGS = 1_000  # of one kind: a register that was rewritten has millions
MAX_NUMBER_DIGITS = 15  # of an event's number: a thousand events a second for thirty thousand years
MAX_HEAD_BYTES = 4096  # of the file of a head; it has five short lines
MAX_HEAD_FILES = 20_000  # in a folder of heads: fifty years of one each night
