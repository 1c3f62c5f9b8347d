"""Reads tar archives, header by header."""
