"""Exports citations to formats of other programs: BibTeX, RIS, plain text. It imports models only."""
