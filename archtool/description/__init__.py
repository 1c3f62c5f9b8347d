"""Descriptions: what the archivist says about a document, read strictly and checked."""
