"""How the files of tables are told apart: by the ending of their names."""

from __future__ import annotations

SEPARATORS = {".csv": ",", ".tsv": "\t", ".txt": "\t"}
"""What is expected between the cells; `.txt` is what Excel calls Unicode text."""
WORKBOOK_SUFFIX = ".xlsx"
TABLE_SUFFIXES = (*SEPARATORS, WORKBOOK_SUFFIX)
