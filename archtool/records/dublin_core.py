"""Reads Dublin Core as XML: simple, with the qualified terms, and as OAI-PMH and RDF wrap it.

Each element that contains Dublin Core elements is one record.

Sources: DCMI Metadata Terms (2020); OAI-PMH 2.0, oai_dc.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from archtool.records.csl_values import csl_date, inverted_name
from archtool.records.model import About, Leftover, Record, RecordFile
from archtool.records.xml_tree import local_name, namespace, text_of

FORM = "Dublin Core"
_WRAPPER = "record"
"""What OAI-PMH puts around a record and its header."""
NAMESPACES = frozenset(
    ["http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/", "http://purl.org/dc/elements/1.0/"]
)
_TEXTS = {
    "publisher": "publisher", "isPartOf": "container-title", "extent": "dimensions",
    "medium": "medium", "language": "language",
}  # fmt: skip
_TYPES = {
    "text": "document", "book": "book", "article": "article-journal", "image": "graphic",
    "sound": "song", "movingimage": "motion_picture", "collection": "collection", "dataset": "dataset",
    "letter": "personal_communication", "manuscript": "manuscript", "thesis": "thesis",
}  # fmt: skip


def read_dublin_core(root: Any) -> RecordFile | None:
    """Return the records below an element; `None` if there is no Dublin Core in it."""
    parents: dict[Any, None] = {}
    for element in root.iter():
        if namespace(element) in NAMESPACES and element.getparent() is not None:
            parents.setdefault(element.getparent())
    if not parents:
        return None
    tops = [one for one in parents if not any(above in parents for above in one.iterancestors())]
    inside = {element for parent in tops for element in parent.iter()}
    records, seen, wrappers = [], set(inside), set()
    for top in tops:
        around = next((one for one in top.iterancestors() if local_name(one) == _WRAPPER), top)
        # each wrapper is searched once: it can contain a hundred thousand records
        beside = [] if around in wrappers else [one for one in around.iter() if one not in seen]
        wrappers.add(around)
        seen.update(beside)
        records.append(_record(top, _texts(beside)))
    return RecordFile(FORM, records, _texts(element for element in root.iter() if element not in seen))


def _texts(elements: Iterable[Any]) -> list[Leftover]:
    """Return the texts of elements that are in no record, such as the header of an OAI record."""
    return [
        Leftover(local_name(one), " ".join(one.text.split()), one.sourceline)
        for one in elements
        if isinstance(one.tag, str) and (one.text or "").strip()
    ]


def _record(parent: Any, beside: Sequence[Leftover]) -> Record:
    values = _Values(parent)
    item: dict[str, Any] = {"type": values.kind()}
    creators = values.take_all("creator")
    title, date = values.take("title"), values.take("issued", "date")
    if title:
        item["title"] = title
    if creators:
        item["author"] = [inverted_name(name) for name in creators]
    if date:
        item["issued"] = csl_date(date)
    for name, variable in _TEXTS.items():
        if text := values.take(name):
            item[variable] = text
    if address := values.take_address():
        item["URL"] = address
    about = About(
        title=title,
        creators=[(name, "author") for name in creators],
        date=values.take("created") or date,
        language=item.get("language", ""),
        abstract=values.take("abstract", "description"),
        source=values.take("bibliographicCitation", "source"),
        rights=values.take("rights", "license", "accessRights"),
    )
    return Record(item, about, [*beside, *values.rest], parent.sourceline)


class _Values:
    """The values of one record; what is taken is no longer among the rest."""

    def __init__(self, parent: Any) -> None:
        self.rest: list[Leftover] = []
        for element in parent:
            text = text_of(element)
            if text:
                self.rest.append(Leftover(local_name(element), text, element.sourceline))

    def take(self, *names: str) -> str:
        """Return the first value of the first of these elements that there is; empty if there is none."""
        for name in names:
            for one in self.rest:
                if one.label == name:
                    self.rest.remove(one)
                    return one.value
        return ""

    def take_all(self, name: str) -> list[str]:
        """Return all values of an element."""
        found = [one.value for one in self.rest if one.label == name]
        self.rest = [one for one in self.rest if one.label != name]
        return found

    def take_address(self) -> str:
        """Return the first identifier that is an address."""
        for one in self.rest:
            if one.label == "identifier" and "://" in one.value:
                self.rest.remove(one)
                return one.value
        return ""

    def kind(self) -> str:
        """Return the CSL type of the record; a type that is not known stays among the rest."""
        for one in self.rest:
            kind = _TYPES.get(one.value.replace(" ", "").lower()) if one.label == "type" else None
            if kind is not None:
                self.rest.remove(one)
                return kind
        return "document"
