"""Imports what others wrote: pages, TEI, Dublin Core, CSL-JSON, BibTeX, RIS become drafts or a library."""
