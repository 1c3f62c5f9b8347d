"""Names the facts about formats in a history: they come from bytes, and not from the description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archtool.provenance.model import Facts

FormatFacts = Mapping[str, Facts]
"""The facts about files and folders, by their paths in the package; a folder's path ends with `/`."""
FILE_FACTS = (
    "media-type", "format-key", "format-name", "format-version", "format-basis", "format-warning"
)  # fmt: skip
FOLDER_FACTS = ("formats",)


def stated_formats(entities: Mapping[str, Mapping[str, Any]]) -> dict[str, Facts]:
    """Return the facts that the entities of a PROV-JSON document state; other values are left out."""
    facts: dict[str, Facts] = {}
    for entity in entities.values():
        for place, names in (("arch:path", FILE_FACTS), ("arch:folder", FOLDER_FACTS)):
            path = entity.get(place) if isinstance(entity, Mapping) else None
            if isinstance(path, str):
                stated = {name: _texts(entity.get(f"arch:{name}")) for name in names}
                facts[path] = {name: text for name, text in stated.items() if text}
    return facts


def _texts(value: Any) -> str | tuple[str, ...]:
    if isinstance(value, str):
        return value
    return tuple(text for text in value if isinstance(text, str)) if isinstance(value, list) else ()
