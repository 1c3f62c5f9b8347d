"""Formats a package as TEI P5: a header from the description, around the transcription."""
