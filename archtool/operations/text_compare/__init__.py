"""Compares two transcriptions in files."""
