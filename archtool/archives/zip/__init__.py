"""Reads zip archives from their directory, and checks it against the local headers."""
