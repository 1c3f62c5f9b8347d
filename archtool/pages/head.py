"""Reads what the head of a page says about the page: title, language, address, meta elements.

A meta element is about the page, not about the document: its author is often who transcribed or converted it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archtool.pages.model import Head, Remark

_TECHNICAL = frozenset(
    ["content-type", "viewport", "robots", "x-ua-compatible", "refresh", "pragma", "expires"]
)
_MAX_META = 200  # of one page


def read_head(root: Any) -> Head:
    """Return the head of a page; an empty one if it has none."""
    if root is None:
        return Head()
    title = root.find(".//title")
    text = " ".join((title.text or "").split()) if title is not None else ""
    language = (root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip()
    metas = [(name, content, meta.sourceline) for meta in root.iter("meta") for name, content in _named(meta)]
    stated = next((content for name, content, _ in metas if name.lower() == "content-language"), "")
    remarks = [
        Remark(name, content, number)
        for name, content, number in metas[:_MAX_META]
        if _is_telling(name, content)
    ]
    return Head(
        text, None if title is None else title.sourceline, language or stated, _address(root), remarks
    )


def _named(meta: Any) -> Iterator[tuple[str, str]]:
    name = meta.get("name") or meta.get("property") or meta.get("http-equiv") or ""
    content = " ".join((meta.get("content") or "").split())
    if name.strip() and content:
        yield name.strip(), content


def _is_telling(name: str, content: str) -> bool:
    return bool(content) and name.lower() not in _TECHNICAL and name.lower() != "content-language"


def _address(root: Any) -> str:
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "canonical":
            return " ".join((link.get("href") or "").split())
    return ""
