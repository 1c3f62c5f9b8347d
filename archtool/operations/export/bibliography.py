"""Formats the sources of several packages as one bibliography."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from archtool.canonical_json import format_json, format_json_line
from archtool.exports.bibtex import bibtex_key, format_bibtex
from archtool.exports.catalogue.record import Record
from archtool.exports.ris import format_ris

Item = Mapping[str, Any]
_STYLES: dict[str, Callable[[list[Item]], str]] = {
    "csl-json": lambda items: format_json([dict(item) for item in items]),
    "bibtex": lambda items: "\n".join(map(format_bibtex, items)),
    "ris": lambda items: "".join(map(format_ris, items)),
}


def bibliography(style: str) -> Callable[[Sequence[Record]], str]:
    """Return the function that formats the sources of packages in a style, each source once."""

    def format_sources(records: Sequence[Record]) -> str:
        return _STYLES[style]([*unique_items(record.item for record in records if record.item is not None)])

    return format_sources


def unique_items(items: Iterable[Item]) -> Iterator[Item]:
    """Yield different items once; one whose key another item has gets a number behind it."""
    known: set[str] = set()
    used: dict[str, int] = {}
    """The last number that was tried behind each key; keys are compared without case."""
    for item in items:
        text = format_json_line(item)
        if text not in known:
            known.add(text)
            yield _with_own_key(item, used)


def _with_own_key(item: Item, used: dict[str, int]) -> Item:
    unique, base = item, bibtex_key(item).casefold()
    while (key := bibtex_key(unique).casefold()) in used:
        used[base] += 1
        unique = {**item, "id": f"{item['id']}-{used[base]}"}
    used[key] = 1
    return unique
