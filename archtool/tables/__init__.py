"""Reads and writes spreadsheet tables as rows and cells; it does not know what the cells mean."""
