"""Finds what is wrong with the characters of a text, while it is read; it opens no files."""
