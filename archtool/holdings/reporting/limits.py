"""The limits of a report, with reasons: it stays readable, and small, for a register of any size."""

from __future__ import annotations

MAX_LISTED = 500  # faults, or overdue copies, in one list; the tables have all of them
MAX_FILES = 20  # damaged files that are named for one copy
MAX_GROUPS = 40  # formats, or custodians, that are named; the rest is one line
MAX_RUNS = 20  # latest runs
MAX_SHELVES = 200
MAX_SIGNED_HEADS = 10  # latest
MAX_MONTHS = 120  # ten years
MAX_POINTS = 240  # of a line in a picture: about one for each three pixels
MAX_EVENTS = 100  # latest events of one holding on its page
MAX_EVENTS_SEARCHED = 200  # events of one holding that are read to find its last checks
MAX_DETAILED = 10_000  # holdings that get a page because of a fault, and as many that are overdue
DETAILS_PER_PAGE = 50  # holdings on one page of details: less than 1 MB, unless their events are many
