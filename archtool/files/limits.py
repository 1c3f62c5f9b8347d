"""How deep, how long and how many: limits of everything that touches the disk."""

from __future__ import annotations

MAX_HANDLES = 32  # folders open at a time; a deep tree must not use up the process's descriptors

MAX_WAIT_SECONDS = 24 * 60 * 60.0  # a longer wait is a mistake

MAX_BLOCKED_SECONDS = 10.0  # an antivirus looks at a file for moments; what takes longer needs a person

MAX_REMEMBERED_BYTES = 64 * 1024 * 1024  # of all tag files together; those of most packages are a few kB

MAX_DEPTH = 2048  # nested folders: as many as a path of 4,096 bytes can name

MAX_READS = 32  # at a time; more were not faster on any storage that was measured
MAX_UNITS = 8_000  # of work: their numbers must fit into a pipe at once, four bytes each, in 64 KiB
