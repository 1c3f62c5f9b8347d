"""Adds timestamps to signatures, and makes and renews evidence records."""
