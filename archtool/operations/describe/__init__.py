"""Loads a description from disk with the library that it cites, and drafts new descriptions."""
