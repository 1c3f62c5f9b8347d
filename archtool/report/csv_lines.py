"""Formats lines of CSV from untrusted texts, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import Any

from archtool.printable import show_steering

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def csv_text(text: str) -> str:
    """Return a text for one cell.

    A text that a spreadsheet would read as a formula is prefixed with an apostrophe: names and messages come
    from packages, and a package is untrusted input. Control characters are written as their codes.
    """
    if text.isascii() and text.isprintable() and not text.startswith(_FORMULA_SIGNS):
        return text  # most texts, and a table can have millions
    shown = show_steering(text.encode("utf-8", "backslashreplace").decode())
    return f"'{shown}" if shown.startswith(_FORMULA_SIGNS) else shown


def csv_line(cells: Any) -> str:
    """Return one line; it ends in CR LF (RFC 4180)."""
    return csv_lines([cells])


def csv_lines(rows: Any) -> str:
    """Return a line for each row."""
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()
