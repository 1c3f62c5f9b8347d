"""Formats results as text for people."""
