"""Forked worker processes, threads, and the limits on their number and speed."""
