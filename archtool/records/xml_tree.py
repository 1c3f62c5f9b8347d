"""Parses XML from others: no entity is expanded, nothing is loaded, depth and size are limited.

Source: OWASP, XML External Entity Prevention; lxml's documentation of `XMLParser`.
"""

from __future__ import annotations

from typing import Any

from lxml import etree  # the command imports this module only when XML is read

from archtool.errors import InputError
from archtool.records.limits import MAX_XML_ELEMENTS

_HINT = "check the file with an XML editor, or export it again"
_ENTITY_HINT = (
    "replace the entities by their characters, and delete their declarations from the document type"
)
_TOO_DEEP = "xcessive depth"  # in messages of libxml2, with or without a capital first letter
_XML = "{http://www.w3.org/XML/1998/namespace}"


def parse_xml(data: bytes, where: str) -> Any:
    """Return the root element.

    Raises:
        InputError: not well-formed, nested too deeply, too many elements, or with entities of its own.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        if _TOO_DEEP in str(error):
            raise InputError(f"elements are nested too deeply in {where}", hint=_HINT) from error
        raise InputError(f"not well-formed XML: {where}: {_reason(error)}", hint=_HINT) from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise InputError(f"{where} declares entities of its own, which are not expanded", hint=_ENTITY_HINT)
    count = sum(1 for _ in root.iter())
    if count > MAX_XML_ELEMENTS:
        raise InputError(f"{where} has more than {MAX_XML_ELEMENTS:,} elements", hint=_HINT)
    unresolved = next(root.iter(etree.Entity), None)
    if unresolved is not None:
        line = f", line {unresolved.sourceline}" if unresolved.sourceline else ""
        raise InputError(f"{where}{line} has the undeclared entity {unresolved.text}", hint=_ENTITY_HINT)
    return root


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


def local_name(element: Any) -> str:
    """Return the name of an element without its namespace; an empty text for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def namespace(element: Any) -> str:
    """Return the namespace of an element."""
    return (
        element.tag[1:].partition("}")[0] if isinstance(element.tag, str) and element.tag[:1] == "{" else ""
    )


def text_of(element: Any) -> str:
    """Return all text inside an element, on one line."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def language_of(element: Any) -> str:
    """Return `xml:lang` of an element."""
    return (element.get(f"{_XML}lang") or element.get("lang") or "").strip()
