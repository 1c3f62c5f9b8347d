"""Reads the properties in XMP, the metadata that programs for images and documents write as RDF/XML.

Source: ISO 16684-1:2019 §7 (serialization), §8.3 (Dublin Core), §8.4 (XMP basic).
"""

from __future__ import annotations

from collections.abc import Iterator

from archtool.file_metadata import properties
from archtool.file_metadata.xml_texts import XmlText, read_texts

_DC = "http://purl.org/dc/elements/1.1/ "
_XMP = "http://ns.adobe.com/xap/1.0/ "
_LANGUAGE_OF_TEXT = "http://www.w3.org/XML/1998/namespace lang"
_NAMES = {
    f"{_DC}title": properties.TITLE,
    f"{_DC}creator": properties.AUTHOR,
    f"{_XMP}CreateDate": properties.CREATED,
    f"{_XMP}ModifyDate": properties.MODIFIED,
    f"{_DC}language": properties.LANGUAGE,
}


def read_xmp(data: bytes) -> list[tuple[str, str]]:
    """Return the stated properties with their names.

    Raises:
        UnreadableError: it is not XML, or exceeds a limit.
    """
    return list(_values(read_texts(data)))


def _values(texts: list[XmlText]) -> Iterator[tuple[str, str]]:
    """Yield simple values, those in attributes, and each item of an array, which is two levels deeper."""
    for one in texts:
        if one.path[-1] == _LANGUAGE_OF_TEXT:
            continue
        for name in (one.path[-1], *one.path[-3:-2]):
            if name in _NAMES:
                yield _NAMES[name], one.text
                break
