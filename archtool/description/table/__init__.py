"""Reads descriptions from the rows of a table: columns, cells and annexes."""
