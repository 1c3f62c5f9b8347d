"""Limits on making a site."""

from __future__ import annotations

MAX_STATE_BYTES = 1024 * 1024 * 1024  # of the state file: a million packages have half of it
MAX_STATE_DEPTH = 256  # of the state file: a citation can have 64 levels itself
MAX_SLUG_CHARACTERS = 60  # of the name of a page: it must fit into a path of Windows with the site above it
FEW_PACKAGES = 12  # are made in a shorter time than processes are started
PACKAGES_PER_UNIT = 8  # that a process makes at a time
