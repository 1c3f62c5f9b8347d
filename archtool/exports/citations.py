"""Exports the citation of a source in the formats of readers and reference managers."""

from __future__ import annotations

from archtool.canonical_json import format_json
from archtool.exports.bibtex import format_bibtex
from archtool.exports.csl import Item
from archtool.exports.plain import format_plain
from archtool.exports.ris import format_ris

__all__ = ["format_bibtex", "format_csl_json", "format_plain", "format_ris"]


def format_csl_json(item: Item) -> str:
    """Format the unchanged item as a list of one, which reference managers import."""
    return format_json([dict(item)])
