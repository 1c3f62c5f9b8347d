"""Reads the texts of a small XML document from others: no document type, limited depth, size and number.

A document type can declare entities that expand without limit, or read other files; the properties of office
documents and XMP have none. expat decodes UTF-8 and UTF-16 itself, so a document type is found in either.

Source: ECMA-376 part 2, annex F.3; ISO 16684-1 (XMP).
"""

from __future__ import annotations

from typing import NamedTuple
from xml.parsers import expat

from archtool.file_metadata.limits import MAX_XML_BYTES, MAX_XML_DEPTH, MAX_XML_TEXTS
from archtool.file_metadata.properties import UnreadableError


class XmlText(NamedTuple):
    """The text of an element, or the value of an attribute."""

    path: tuple[str, ...]
    """The names from the root to the element or attribute, each as `namespace name`."""
    text: str


def read_texts(data: bytes) -> list[XmlText]:
    """Return every text and attribute, in the order of the document.

    Raises:
        UnreadableError: it is not XML, has a document type, or exceeds a limit.
    """
    if len(data) > MAX_XML_BYTES:
        raise UnreadableError(f"its properties have more than {MAX_XML_BYTES:,} bytes")
    reader = _Reader()
    parser = expat.ParserCreate(None, " ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.refuse_document_type
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnreadableError("its properties are not XML") from error
    return reader.texts


class _Reader:
    """Receives the parts of a document from expat."""

    def __init__(self) -> None:
        self.texts: list[XmlText] = []
        self._path: list[str] = []
        self._parts: list[list[str]] = []

    def refuse_document_type(self, *_: object) -> None:
        raise UnreadableError("its properties have a document type, which no office program writes")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        self._parts.append([])
        if len(self._path) > MAX_XML_DEPTH:
            raise UnreadableError(f"its properties nest deeper than {MAX_XML_DEPTH} elements")
        for key, value in attributes.items():
            self._add((*self._path, key), value)

    def text(self, text: str) -> None:
        self._parts[-1].append(text)

    def end(self, _name: str) -> None:
        text = "".join(self._parts.pop()).strip()
        if text:
            self._add(tuple(self._path), text)
        self._path.pop()

    def _add(self, path: tuple[str, ...], text: str) -> None:
        if len(self.texts) >= MAX_XML_TEXTS:
            raise UnreadableError(f"its properties have more than {MAX_XML_TEXTS:,} values")
        self.texts.append(XmlText(path, text))
