"""Checks the encoding and finds the lines of transcriptions, from bytes; it opens no files."""
