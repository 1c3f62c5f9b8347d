"""The history of a document, built from its description."""
