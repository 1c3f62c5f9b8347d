"""Formats what a package says about a document for catalogues, finding aids and repositories."""
