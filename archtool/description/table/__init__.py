"""Descriptions as rows of a table: columns, cells and annexes."""
