"""Defines the file name suffixes of tables."""

from __future__ import annotations

SEPARATORS = {".csv": ",", ".tsv": "\t", ".txt": "\t"}
"""The expected separator of each text format; `.txt` is Excel's “Unicode text”."""
WORKBOOK_SUFFIX = ".xlsx"
TABLE_SUFFIXES = (*SEPARATORS, WORKBOOK_SUFFIX)
