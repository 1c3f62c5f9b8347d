"""Defines `Entry`: what a bibliography states about one document, or about one source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from archtool.description.model import Creator

Item = Mapping[str, Any]
"""A CSL-JSON item."""
VERBATIM_KEY = "archtool-verbatim"
"""The key under `custom` of the citation of a source that was given as text only."""
TRANSLATED_KEY = "container-title-translated"
"""The key under `custom` of the translated title of a container."""
PERIODICALS = frozenset(
    ("article", "article-journal", "article-magazine", "article-newspaper", "review", "review-book")
)
"""The types of items whose container is a periodical."""
ARCHIVE_VARIABLES = ("archive-place", "archive", "archive_collection", "archive_location", "call-number")
"""The place in an archive, from the town to the file, in the order of a finding aid."""
AUTHOR_ROLES = frozenset(("author", "co-author", "sender", "signatory", "writer", "letter-writer", "speaker"))
"""Roles of those who made the words of a document; a correspondent can also be who received it."""
ISSUER_ROLES = frozenset(("issuing-body", "issuing body", "issuer", "corporate-author"))
"""Roles of bodies in whose name a document was made."""
_SPOKEN_ORDER = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a bibliography; `Entry(item)` cites a source alone.

    The item has all facts that CSL-JSON has a place for. The other fields are those that it has none for.
    """

    item: Item
    source: Item | None = None
    """The item of the source that the document is in; `None` if the entry cites a source alone."""
    attributions: tuple[str, ...] = ()
    """The status of each author in `item`, in their order; empty for an author who is stated."""
    issuer: str | None = None
    """The body that issued the document, besides its authors."""
    credit: str | None = None
    """The credit line of the translation, verbatim."""
    part_title: str | None = None
    """Authors and title of the chapter or article that the document is part of, inside its container."""
    source_text: str | None = None
    """The citation of a source that was given as text only, verbatim."""

    @property
    def is_of_source(self) -> bool:
        """Whether the entry cites a source alone."""
        return self.source is None

    def attribution(self, number: int) -> str:
        """Return the status of an author, counted from 0; empty for one who is stated."""
        return self.attributions[number] if number < len(self.attributions) else ""


def custom_of(item: Item) -> Mapping[str, Any]:
    """Return the `custom` fields of archtool and of other programs."""
    custom = item.get("custom")
    return custom if isinstance(custom, Mapping) else {}


def verbatim_citation(item: Item) -> str | None:
    """Return the citation of a source that was given as text only; `None` for any other source."""
    text = custom_of(item).get(VERBATIM_KEY)
    return text if isinstance(text, str) and text == item.get("note") else None


def claimed(creators: Iterable[Creator]) -> tuple[Creator, ...]:
    """Return the creators that the description claims: an attribution that it rejects is no creator."""
    return tuple(one for one in creators if one.attribution is None or one.attribution.status != "rejected")


def spoken_name(name: Mapping[str, Any]) -> str:
    """Return a name of CSL as it is spoken: `Germaine de Staël`."""
    parts = ("literal",) if name.get("literal") else _SPOKEN_ORDER
    return " ".join(str(name[part]) for part in parts if name.get(part))


def is_same_title(one: Any, other: Any) -> bool:
    """Return whether two titles have the same words; case and a final full stop do not matter."""
    return _words_of(one) == _words_of(other)


def _words_of(title: Any) -> str:
    return " ".join(str(title).split()).casefold().rstrip(".")
