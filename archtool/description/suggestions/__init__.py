"""Suggestions for what an author wrote: words of other languages, other codes, dates in other forms."""
