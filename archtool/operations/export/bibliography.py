"""Formats the documents of several packages as one bibliography, as `archtool cite` does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from archtool.description.citing.document_entry import make_document_entry
from archtool.exports.catalogue.record import Record
from archtool.exports.citations.bibliography import FORMS, arrange


def bibliography(style: str) -> Callable[[Sequence[Record]], str]:
    """Return the function that formats the documents in their sources, in a form of `FORMS`."""

    def format_documents(records: Sequence[Record]) -> str:
        entries = (make_document_entry(one.description, one.item) for one in records if one.item is not None)
        return FORMS[style](arrange(entries))

    return format_documents
