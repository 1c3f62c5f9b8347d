"""How the files of tables are told apart: by the ending of their names."""

from __future__ import annotations

SEPARATORS = {".csv": ",", ".tsv": "\t"}
WORKBOOK_SUFFIX = ".xlsx"
TABLE_SUFFIXES = (*SEPARATORS, WORKBOOK_SUFFIX)
