"""Counts the formats of a package's payload, as its provenance records them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from archtool.operations.formats.format_facts import format_label
from archtool.operations.history.formats import stated_formats
from archtool.operations.sources.folders import folder_of

_TIMES = " × "


def recorded_formats(document: Mapping[str, Any]) -> Counter[str]:
    """Return the number of files of each format; `document` is PROV-JSON that was parsed.

    A file without a recorded format counts by the media type of its name. Folders of packages that earlier
    versions made record no formats, and are not counted.
    """
    entities = document.get("entity")
    stated = stated_formats(entities if isinstance(entities, Mapping) else {})
    folders = frozenset(path for path in stated if path.endswith("/"))
    counts: Counter[str] = Counter()
    for path, facts in stated.items():
        if path in folders:
            lines = facts.get("formats", ())
            for line in (lines,) if isinstance(lines, str) else lines:
                number, _, label = line.partition(_TIMES)
                counts[label] += int(number) if number.isascii() and number.isdecimal() else 0
        elif folder_of(path, folders) is None:  # the totals of a folder have its files
            counts[format_label(path, facts)] += 1
    return counts
