"""Reads CSL-JSON: a list of items, or one item."""

from __future__ import annotations

from typing import Any

from archtool.errors import InputError
from archtool.records.csl_values import written_name
from archtool.records.limits import MAX_RECORDS_BYTES
from archtool.records.model import About, Leftover, Record, RecordFile
from archtool.strict_json import JsonRules, parse_json

FORM = "CSL-JSON"
_RULES = JsonRules(
    MAX_RECORDS_BYTES, max_values=5_000_000, max_depth=100, allows_mark=True, allows_half_pairs=True
)
_HINT = "export the items again as CSL-JSON (in Zotero: Export, format CSL JSON)"


def read_csl_json(data: bytes, where: str) -> RecordFile:
    """Return the items of a CSL-JSON file; they are not changed.

    Raises:
        InputError: not JSON, or not CSL-JSON.
    """
    items = parse_json(data, where, _RULES, hint=_HINT)
    if isinstance(items, dict):
        items = items["items"] if isinstance(items.get("items"), list) else [items]
    if not isinstance(items, list):
        raise InputError(f"{where} is not a list of CSL-JSON items", hint=_HINT)
    records, leftovers = [], []
    for number, item in enumerate(items, start=1):
        if isinstance(item, dict) and ("type" in item or "title" in item or "id" in item):
            records.append(_record(item))
        else:
            leftovers.append(Leftover(f"item {number}, which is no CSL-JSON item", str(item)[:200]))
    return RecordFile(FORM, records, leftovers)


def _record(item: dict[str, Any]) -> Record:
    about = About(
        title=_text(item.get("title")),
        creators=[(written_name(name), "author") for name in _list(item.get("author"))],
        language=_text(item.get("language")),
        translators=[written_name(name) for name in _list(item.get("translator"))],
        abstract=_text(item.get("abstract")),
    )
    return Record(item, about)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
