"""What single elements of a page say: images, frames, hidden parts, titles, fields of forms."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from archtool.pages.model import Remark
from archtool.pages.tree import Event

_FRAMES = {
    "iframe": "frame", "frame": "frame", "embed": "object", "object": "object", "audio": "sound",
    "video": "film",
}  # fmt: skip
PICTURES = ("img", *_FRAMES)
_PIXEL = frozenset(["0", "1", "2"])
_WITHOUT_VALUE = frozenset(["hidden", "submit", "button", "image"])
_PARTS_OF_TABLES = frozenset(["tbody", "thead", "tfoot", "tr", "caption"])
HIDDEN = "hidden text, which the text file has"


def is_hidden(event: Event) -> bool:
    """Whether a reader does not see what is in an element."""
    attributes = event.attributes
    style = attributes.get("style", "").replace(" ", "").lower()
    return "hidden" in attributes or "display:none" in style or "visibility:hidden" in style


def hidden_text(event: Event) -> Remark:
    """Return the text in a hidden element."""
    return Remark(HIDDEN, " ".join("".join(event.element.itertext()).split()), event.number)


def remarks_on(event: Event) -> Iterator[Remark]:
    """Yield what an element has that no reader sees as text."""
    attributes = event.attributes
    title = attributes.get("title", "").strip()
    if title and event.value not in ("a", "img", "link", "iframe"):
        yield Remark("title of an element", title, event.number)
    value = attributes.get("value", "").strip()
    if event.value == "input" and value and attributes.get("type", "").lower() not in _WITHOUT_VALUE:
        yield Remark("field of a form", value, event.number)


def picture_text(event: Event) -> str:
    """Return the text that stands for an image or a frame; nothing for a pixel that keeps a distance."""
    attributes = event.attributes
    if event.value != "img":
        source = attributes.get("src") or attributes.get("data") or ""
        return f"[{_FRAMES[event.value]} <{source}>]"
    source, alternative = attributes.get("src", ""), attributes.get("alt", "").strip()
    if not alternative and _PIXEL.intersection((attributes.get("width", ""), attributes.get("height", ""))):
        return ""
    place = f" <{source}>" if source and not source.lower().startswith("data:") else ""
    return f"[image{': ' if alternative else ''}{alternative}{place}]"


def is_of_data(table: Any, blocks: Collection[str]) -> bool:
    """Whether the cells of a table contain only text: other tables arrange the page."""
    return not any(
        isinstance(one.tag, str) and one.tag in blocks and one.tag not in _PARTS_OF_TABLES
        for one in table.iterdescendants()
    )
