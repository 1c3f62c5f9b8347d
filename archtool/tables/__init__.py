"""Reads and writes spreadsheet tables as rows and cells; it does not know what the cells mean."""

SEPARATORS = {".csv": ",", ".tsv": "\t", ".txt": "\t"}
"""The expected separator of each text format; `.txt` is Excel's “Unicode text”."""
WORKBOOK_SUFFIX = ".xlsx"
TABLE_SUFFIXES = (*SEPARATORS, WORKBOOK_SUFFIX)
