"""Makes the entry of the packaged document from its description and the citation of its source.

In CSL a document that a book contains is a chapter: the title of the book is its `container-title`,
`issued` is the date of the book, and `original-date` that of the document. A document from an archive has no
container; its own date is `issued`.

Source: CSL 1.0.2 specification, appendix III (types) and IV (variables).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from archtool.description.citing.model import (
    ARCHIVE_VARIABLES,
    AUTHOR_ROLES,
    ISSUER_ROLES,
    Entry,
    Item,
    claimed,
    custom_of,
    is_same_title,
    spoken_name,
    verbatim_citation,
)
from archtool.description.citing.person_names import csl_name
from archtool.description.dates import csl_date
from archtool.description.model import Agent, Creator, Description

ATTRIBUTION_KEY = "attribution"
CREDIT_KEY = "translation-credit"
_WHOLE = frozenset(("book", "classic", "collection", "dataset", "periodical", "report", "thesis"))
_UNPUBLISHED = frozenset(("document", "graphic", "map", "manuscript", "personal_communication"))
_OF_THE_SOURCE = frozenset((
    "id", "type", "title", "author", "note", "custom", "language", "genre", "abstract", "keyword",
    "citation-key", "title-short", "shortTitle", "original-date", "original-title",
))  # fmt: skip
"""The variables of a source that say nothing about the document in it."""
_ID = "document"


def make_document_entry(description: Description, source: Item) -> Entry:
    """Return the entry of the document; `source` is the citation of its source as CSL-JSON."""
    authors, attributions, issuer = _authors(description, source)
    text = verbatim_citation(source)
    translators = _translators(description)
    item: dict[str, Any] = {"id": _ID, "type": _type_of(description, source)}
    item["title"] = " ".join(description.title.split())
    if authors:
        item["author"] = authors
    if text is None:
        item |= {name: value for name, value in source.items() if name not in _OF_THE_SOURCE}
        item |= _container(description, source) | _original_place(description, source)
    else:
        item["note"] = text
    if translators:
        item["translator"] = translators
    if description.addressees:
        item["recipient"] = [csl_name(agent) for agent in description.addressees]
    if issuer is not None:
        item["authority"] = issuer
    item |= _dates(description, source)
    about = {"language": _language(description), "genre": description.genre}
    item |= {variable: value for variable, value in about.items() if value}
    credit = description.translation.credit if description.translation is not None else None
    if custom := _custom(source, attributions, credit):
        item["custom"] = custom
    part_title = _part_title(description, source)
    return Entry(item, source, tuple(attributions), issuer, credit, part_title, text)


def is_archival(item: Item) -> bool:
    """Return whether an item is kept in an archive and was not published."""
    if item.get("container-title") or item.get("publisher"):
        return item.get("type") == "manuscript"
    has_place = any(item.get(variable) for variable in ARCHIVE_VARIABLES)
    return item.get("type") in ("manuscript", "personal_communication") or (
        has_place and item.get("type", "document") in _UNPUBLISHED
    )


def _type_of(description: Description, source: Item) -> str:
    kind = str(source.get("type", "document"))
    if is_archival(source):
        return kind if kind in _UNPUBLISHED - {"document"} else "manuscript"
    is_part = bool(source.get("title")) and not is_same_title(source["title"], description.title)
    if kind in _WHOLE and is_part:
        return "chapter"
    if kind == "document" and source.get("container-title"):
        return "chapter"
    return "chapter" if kind in ("book", "collection") and source.get("container-title") else kind


def _authors(description: Description, source: Item) -> tuple[list[dict[str, str]], list[str], str | None]:
    """Return the authors, the status of each, and the body that issued the document besides them."""
    creators = claimed(description.creators)
    authors = [c for c in creators if c.role.casefold() in AUTHOR_ROLES]
    issuers = [c for c in creators if c.role.casefold() in ISSUER_ROLES]
    if not authors and issuers:
        authors, issuers = issuers, []
    issuer = "; ".join(c.agent.name for c in issuers) or None
    if not authors and source.get("author") and is_same_title(source.get("title"), description.title):
        stated = _not_rejected(source["author"], description)
        return stated, [""] * len(stated), issuer
    return [csl_name(c.agent) for c in authors], [_status(c) for c in authors], issuer


def _not_rejected(names: Iterable[Item], description: Description) -> list[dict[str, str]]:
    """Return the authors that the source states, without those whom the description rejects."""
    rejected = [one.agent for one in description.creators if _status(one) == "rejected"]
    words = [
        _words_of_name(name) for agent in rejected for name in (csl_name(agent), {"literal": agent.name})
    ]
    return [dict(name) for name in names if _words_of_name(name) not in words]


def _words_of_name(name: Item) -> list[str]:
    """Return the words of a name in any order: `Doe, Jane` and `Jane Doe` are the same name."""
    return sorted(spoken_name(name).casefold().replace(",", " ").split())


def _status(creator: Creator) -> str:
    status = creator.attribution.status if creator.attribution is not None else "stated"
    return "" if status == "stated" else status


def _translators(description: Description) -> list[dict[str, str]]:
    named: list[Agent] = [c.agent for c in claimed(description.creators) if c.role.casefold() == "translator"]
    named += description.translation.translators if description.translation is not None else ()
    return [csl_name(agent) for agent in dict.fromkeys(named)]


def _container(description: Description, source: Item) -> dict[str, Any]:
    """Return what the source is to the document: the book that contains it, or a text around it."""
    title, part_title = source.get("title"), _part_title(description, source)
    notes = [f"In: {part_title}" if part_title else None, source.get("note")]
    found: dict[str, Any] = {}
    if any(notes):
        found["note"] = "; ".join(str(note) for note in notes if note)
    if not title or part_title or is_same_title(title, description.title):
        return found
    found["container-title"] = title
    if source.get("author"):
        found["container-author"] = [dict(name) for name in source["author"]]
    return found


def _original_place(description: Description, source: Item) -> dict[str, Any]:
    """Return where the original is, for an unpublished source that does not state its own place."""
    original = description.original
    if original is None or not is_archival(source) or any(source.get(v) for v in ARCHIVE_VARIABLES):
        return {}
    place = {
        "archive": original.held_by.name if original.held_by else None,
        "call-number": original.shelfmark,
    }
    return {variable: value for variable, value in place.items() if value}


def _part_title(description: Description, source: Item) -> str | None:
    """Return the authors and the title of the chapter, article or folder that the document is part of."""
    title = source.get("title")
    if not title or is_same_title(title, description.title):
        return None
    if not source.get("container-title") and not is_archival(source):
        return None
    names = "; ".join(filter(None, map(spoken_name, source.get("author", ()))))
    return f"{names}, {title}" if names else str(title)


def _dates(description: Description, source: Item) -> dict[str, Any]:
    own = csl_date(description.date) if description.date else None
    issued = source.get("issued")
    if own is None:
        return {}
    if is_archival(source) or verbatim_citation(source) is not None:
        return {"issued": own}
    return {} if own == issued else {"original-date": own}


def _language(description: Description) -> str | None:
    languages = {part.language for part in description.transcription if part.language}
    return description.language or (languages.pop() if len(languages) == 1 else None)


def _custom(source: Item, attributions: Sequence[str], credit: str | None) -> dict[str, Any]:
    custom = dict(custom_of(source))
    if any(attributions):
        custom[ATTRIBUTION_KEY] = _one_or_list(status or "stated" for status in attributions)
    if credit:
        custom[CREDIT_KEY] = credit
    return custom


def _one_or_list(values: Iterable[str]) -> str | list[str]:
    found = list(values)
    return found[0] if len(found) == 1 else found
