"""Formats the text of a TEI document as plain text: everything that its elements contain stays readable.

Paragraphs and verses are lines, an empty line separates paragraphs. Notes, corrections and gaps are in square
brackets, because plain text has no other place for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from archtool.records.xml_tree import local_name

_PARAGRAPHS = frozenset((
    "p", "head", "ab", "lg", "sp", "stage", "salute", "signed", "dateline", "closer", "opener",
    "trailer", "byline", "docTitle", "docAuthor", "docDate", "titlePart", "argument", "epigraph",
    "list", "table", "figure", "quote", "div", "div1", "div2", "div3", "div4", "div5", "front", "body",
    "back", "group", "titlePage", "floatingText", "postscript", "castList", "fw",
))  # fmt: skip
_LINES = frozenset(["lb", "l", "item", "row", "speaker", "label"])
_BRACKETED = {
    "note": "note: ", "del": "struck out: ", "supplied": "supplied: ", "unclear": "unclear: ",
    "corr": "corrected: ", "reg": "regular: ", "expan": "expanded: ", "add": "added: ",
    "figDesc": "image: ", "surplus": "surplus: ",
}  # fmt: skip
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_PARAGRAPH, _LINE, _CELL = "\x02", "\x01", "\x03"  # no XML document can contain them


def format_tei_text(text: Any) -> str:
    """Return the plain text of a `text` element; an empty text has no line."""
    joined = _BLANKS.sub(" ", "".join(_parts(text)))
    paragraphs = [part for part in joined.split(_PARAGRAPH) if part.replace(_LINE, "").strip()]
    return (
        "".join(
            "\n".join(line.strip(" ") for line in one.strip(_LINE + " ").split(_LINE) if line.strip(" "))
            + "\n\n"
            for one in paragraphs
        )
        .removesuffix("\n")
        .replace(_CELL, "\t")
    )


def _parts(root: Any) -> Iterator[str]:
    """Yield the text with marks for paragraphs and lines; not recursive, as a text can nest deeply."""
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        element, is_end = stack.pop()
        if is_end:
            yield _after(element)
            if element is not root:
                yield element.tail or ""
            continue
        yield _before(element)
        yield element.text or ""
        stack.append((element, True))
        stack += [(child, False) for child in reversed(element)]


def _before(element: Any) -> str:
    name = local_name(element)
    if name in _PARAGRAPHS:
        return _PARAGRAPH
    if name in _LINES:
        return _LINE
    if name in _BRACKETED:
        number = f"{element.get('n')} " if name == "note" and element.get("n") else ""
        return f" [{_BRACKETED[name].replace(': ', f' {number.strip()}: ') if number else _BRACKETED[name]}"
    return {
        "pb": f" [page {element.get('n') or '?'}] ",
        "gap": f" [gap{': ' if element.get('reason') else ''}{element.get('reason') or ''}] ",
        "graphic": f" [image <{element.get('url') or ''}>] ",
        "cell": _CELL if element.getprevious() is not None else "",
    }.get(name, "")


def _after(element: Any) -> str:
    name = local_name(element)
    if name in _PARAGRAPHS:
        return _PARAGRAPH
    if name in _BRACKETED:
        return "]"
    if name in ("l", "item", "row"):
        return _LINE
    target = element.get("target") or ""
    if name in ("ref", "ptr") and target and not target.startswith("#"):
        return f" <{target}>"
    return ""
