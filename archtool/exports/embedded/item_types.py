"""Tables from the types of CSL to those of programs that read web pages.

Source: CSL 1.0.2 specification, appendix III; Zotero's item types; schema.org, the subtypes of CreativeWork;
DCMI Type Vocabulary.
"""

from __future__ import annotations

from archtool.description.citing.model import Item

BOOK_PARTS = frozenset({"chapter", "entry", "entry-dictionary", "entry-encyclopedia", "paper-conference"})
_ZOTERO = {
    "article": "journalArticle",
    "article-journal": "journalArticle",
    "article-magazine": "magazineArticle",
    "article-newspaper": "newspaperArticle",
    "book": "book",
    "chapter": "bookSection",
    "entry-dictionary": "dictionaryEntry",
    "entry-encyclopedia": "encyclopediaArticle",
    "graphic": "artwork",
    "interview": "interview",
    "manuscript": "manuscript",
    "map": "map",
    "pamphlet": "document",
    "paper-conference": "conferencePaper",
    "personal_communication": "letter",
    "report": "report",
    "review": "journalArticle",
    "speech": "presentation",
    "thesis": "thesis",
    "webpage": "webpage",
}
_SCHEMA_ORG = {
    "article": "Article",
    "article-journal": "Article",
    "article-magazine": "Article",
    "article-newspaper": "NewsArticle",
    "book": "Book",
    "chapter": "Chapter",
    "manuscript": "Manuscript",
    "map": "Map",
    "report": "Report",
    "review": "Review",
    "thesis": "Thesis",
    "webpage": "WebPage",
}


def zotero_type(item: Item) -> str:
    """Return the name that Zotero has for the type of an item."""
    return _ZOTERO.get(str(item.get("type")), "document")


def schema_org_type(item: Item) -> str:
    """Return the type of schema.org for an item; `CreativeWork` if none fits better."""
    return _SCHEMA_ORG.get(str(item.get("type")), "CreativeWork")
