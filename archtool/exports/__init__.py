"""Formats of other programs: BibTeX, RIS, plain citations. Only models are imported."""
