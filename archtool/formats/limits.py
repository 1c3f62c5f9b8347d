"""Limits on the reports of format identification tools."""

from __future__ import annotations

MAX_REPORT_BYTES = 512 * 1024 * 1024  # a report on a million files has about 400 MB
MAX_REPORT_FILES = 2_000_000
MAX_FIDO_SECONDS = 3600.0  # it tries regular expressions on hostile files, and must end at some time
