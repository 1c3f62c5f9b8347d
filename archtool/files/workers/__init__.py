"""Forked worker processes, and how many of them do how much."""
