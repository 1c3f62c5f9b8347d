"""Formats results as text, JSON, HTML and CSV. It imports models only."""
