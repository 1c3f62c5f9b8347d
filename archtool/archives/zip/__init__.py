"""Zip archives, read from their directory and checked against their local headers."""
