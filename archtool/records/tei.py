"""Reads TEI: the header of each text, and the text.

Every element of the header with a text is used or left over, with its line. The author of the electronic text
(`respStmt`, `publisher`) is not the author of the document.

Source: TEI P5 Guidelines 4.8, chapter 2 (the TEI header); P4 names its root TEI.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from archtool.records.csl_values import csl_date, inverted_name
from archtool.records.model import About, Leftover, Record, RecordFile
from archtool.records.tei_text import format_tei_text
from archtool.records.xml_tree import language_of, local_name, text_of

FORM = "TEI"
_ROOTS = frozenset(["TEI", "TEI.2"])
_TRANSLATION = re.compile(r"trans?lat|tradu|übersetz|перев", re.IGNORECASE)
_TRANSCRIPTION = re.compile(
    r"transcri|transkri|транскри|keyed|encod|digiti|saisi|erfass|набор", re.IGNORECASE
)
_MAX_LABEL_CHARACTERS = 80
_UNITS = {"page": "page", "pp": "page", "volume": "volume", "vol": "volume", "issue": "issue", "part": "part"}
_VARIABLES = {
    "publisher": "publisher", "pubPlace": "publisher-place", "edition": "edition", "idno": "call-number",
}  # fmt: skip
_OF_MANUSCRIPTS = {
    "repository": "archive", "settlement": "archive-place", "idno": "call-number",
    "collection": "archive_collection",
}  # fmt: skip


def read_tei(root: Any) -> RecordFile | None:
    """Return one record for each text below an element; `None` if there is none."""
    texts = [one for one in root.iter() if local_name(one) in _ROOTS]
    if not texts:
        return None
    return RecordFile(FORM, [_Reader(one).record() for one in texts])


class _Reader:
    """Reads one text, and remembers which elements of its header were used."""

    def __init__(self, root: Any) -> None:
        self._root = root
        header = next((one for one in root if local_name(one) in ("teiHeader", "teiheader")), None)
        self._header = header
        self._used: set[Any] = set()

    def record(self) -> Record:
        titles = self._take("fileDesc", "titleStmt", "title")
        creators = [(name, "author") for name in self._take("fileDesc", "titleStmt", "author")]
        translations, transcriptions = self._responsible()
        item = self._source()
        source = "" if item else self._verbatim_source()
        body = next((one for one in self._root if local_name(one) == "text"), None)
        about = About(
            title=": ".join(titles[:2]),
            creators=creators,
            date=self._date(),
            language=self._language(body),
            source=source,
            translators=[name for name, _ in translations],
            translation="; ".join(credit for _, credit in translations),
            transcribers=[name for name, _ in transcriptions],
            transcription="; ".join(credit for _, credit in transcriptions),
            rights=" ".join(self._take("fileDesc", "publicationStmt", "availability")),
        )
        text = format_tei_text(body) if body is not None else ""
        return Record(
            item or {"type": "document"},
            about,
            list(self._leftovers(titles, body)),
            self._root.sourceline,
            text,
        )

    def _find(self, *path: str) -> list[Any]:
        found = [self._header] if self._header is not None else []
        for name in path:
            found = [child for one in found for child in one if local_name(child) == name]
        return found

    def _take(self, *path: str) -> list[str]:
        found = [one for one in self._find(*path) if text_of(one)]
        self._use(found)
        return [text_of(one) for one in found]

    def _use(self, elements: list[Any]) -> None:
        for element in elements:
            self._used.update(element.iter())

    def _responsible(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Return who translated and who transcribed, each with the credit line."""
        translations: list[tuple[str, str]] = []
        transcriptions: list[tuple[str, str]] = []
        for statement in self._find("fileDesc", "titleStmt", "respStmt"):
            duty = " ".join(text_of(one) for one in statement if local_name(one) == "resp")
            names = [text_of(one) for one in statement if local_name(one) != "resp" and text_of(one)]
            is_translation = _TRANSLATION.search(duty) is not None
            if names and (is_translation or _TRANSCRIPTION.search(duty)):
                self._use([statement])
                credit = " ".join(text for child in statement if (text := text_of(child)))
                credited = [(name, credit) for name in names]
                (translations if is_translation else transcriptions).extend(credited)
        for editor in self._find("fileDesc", "titleStmt", "editor"):
            if _TRANSLATION.search(editor.get("role", "")) and text_of(editor):
                self._use([editor])
                translations.append((text_of(editor), f"{editor.get('role')}: {text_of(editor)}"))
        return translations, transcriptions

    def _date(self) -> str:
        for date in self._find("profileDesc", "creation", "date"):
            self._use([date])
            return str(_stated_date(date))
        return next(iter(self._take("profileDesc", "creation")), "")

    def _language(self, body: Any) -> str:
        named = self._find("profileDesc", "langUsage", "language")
        if len(named) == 1:
            self._use(named)
            return str(named[0].get("ident") or named[0].get("id") or text_of(named[0]))
        return next(filter(None, (language_of(one) for one in (body, self._root) if one is not None)), "")

    def _verbatim_source(self) -> str:
        return " ".join(self._take("fileDesc", "sourceDesc"))

    def _source(self) -> dict[str, Any]:
        """Return the source as CSL-JSON if the header has its parts."""
        for description in self._find("fileDesc", "sourceDesc"):
            for element in description:
                read = _manuscript if local_name(element) == "msDesc" else _bibliographic
                if item := read(element, self._used):
                    return item
        return {}

    def _leftovers(self, titles: list[str], body: Any) -> Iterator[Leftover]:
        for part in self._root:  # a second text, a facsimile with its transcription
            if part not in (self._header, body) and local_name(part) not in _ROOTS and text_of(part):
                yield Leftover(local_name(part), text_of(part), part.sourceline)
        for number, title in enumerate(titles[2:], start=3):
            yield Leftover(f"title {number}", title, None)
        if self._header is None:
            return
        for element in self._header.iter():
            own = [element.text, *(child.tail for child in element)]
            text = " ".join(" ".join(part for part in own if part).split())
            if text and element not in self._used:
                yield Leftover(_path(element, self._header), text, element.sourceline)


def _path(element: Any, header: Any) -> str:
    names = [local_name(element)]
    for above in element.iterancestors():
        if above is header:
            break
        names.append(local_name(above))
    return "/".join(reversed(names))[-_MAX_LABEL_CHARACTERS:]


def _stated_date(date: Any) -> str:
    first, last = date.get("notBefore") or date.get("from"), date.get("notAfter") or date.get("to")
    if date.get("when"):
        return str(date.get("when"))
    if first or last:
        return f"{first or '..'}/{last or '..'}"
    return text_of(date)


def _bibliographic(element: Any, used: set[Any]) -> dict[str, Any]:
    """Return the parts of a `biblStruct`, `bibl` or `biblFull`; nothing if it has no title of its own."""
    if local_name(element) not in ("biblStruct", "bibl", "biblFull"):
        return {}
    item: dict[str, Any] = {"type": "document"}
    for part in element.iter():
        text, name = text_of(part), local_name(part)
        if text and _place(item, part, name, text):
            used.update(part.iter())
    if "title" not in item and "container-title" not in item:
        return {}
    has_container = "container-title" in item and "title" in item
    item["type"] = "chapter" if has_container else "book"
    if "title" not in item:
        item["title"] = item.pop("container-title")
    return item


def _place(item: dict[str, Any], part: Any, name: str, text: str) -> bool:
    if name == "title":
        variable = "title" if part.get("level") == "a" else "container-title"
        if variable in item and part.get("level") == "s":
            variable = "collection-title"
        return _set(item, variable, text)
    if name in ("author", "editor", "translator"):
        variable = "translator" if _TRANSLATION.search(part.get("role", "")) else name
        item.setdefault(variable, []).append(inverted_name(text))
        return True
    if name in ("biblScope", "citedRange"):
        return _set(item, _UNITS.get(part.get("unit") or part.get("type") or "", ""), text)
    if name == "date":
        return _set(item, "issued", csl_date(_stated_date(part)))
    return _set(item, _VARIABLES.get(name, ""), text)


def _set(item: dict[str, Any], variable: str, value: Any) -> bool:
    if not variable or variable in item:
        return False
    item[variable] = value
    return True


def _manuscript(element: Any, used: set[Any]) -> dict[str, Any]:
    item: dict[str, Any] = {"type": "manuscript"}
    for part in element.iter():
        if text_of(part) and _set(item, _OF_MANUSCRIPTS.get(local_name(part), ""), text_of(part)):
            used.update(part.iter())
    return item if len(item) > 1 else {}
