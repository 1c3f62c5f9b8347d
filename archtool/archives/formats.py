"""The formats of archives that are made here; it is imported where nothing is made."""

from __future__ import annotations

FORMATS = ("tar", "zip")
