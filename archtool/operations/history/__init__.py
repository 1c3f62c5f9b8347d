"""Builds the history of a document from its description."""
