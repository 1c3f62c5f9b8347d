"""Formats entries of bibliographies: plain text, BibTeX, RIS, CSL-JSON, and the styles of CSL."""
