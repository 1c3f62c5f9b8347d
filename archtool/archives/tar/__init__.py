"""Tar archives, read header by header."""
