"""Makes a CSL-JSON item of the source: from a verbatim citation, from fields, or from a shared library."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from archtool.csl_dates import DATE_VARIABLES, impossible_dates
from archtool.description import finding_kinds
from archtool.description.citing.model import TRANSLATED_KEY, VERBATIM_KEY
from archtool.description.library import Item, Library
from archtool.description.limits import MAX_DEPTH
from archtool.description.model import Source
from archtool.findings import Finding
from archtool.schemas import SchemaPath, schema_faults
from archtool.strict_json import is_deeper

_DEFAULT_ID = "source"
_MAX_ID_CHARACTERS = 100  # of an item's id in messages


def make_citation(source: Source, library: Library | None) -> tuple[Item | None, Sequence[Finding]]:
    """Return the CSL-JSON item, or `None`, with the findings about it.

    The findings have no place: the caller, which knows the text of the description, adds it.
    """
    if source.text is not None:
        return _verbatim_item(source.text), ()
    item: dict[str, Any] = {}
    if source.cite is not None:
        found = (library or Library({})).find(source.cite)
        if isinstance(found, Finding):
            return None, (found,)
        item.update(found)
    item.update(source.fields)
    item.setdefault("id", _DEFAULT_ID)
    ordered = {"id": item.pop("id"), "type": item.pop("type", "document"), **item}
    problems = check_citation([ordered])
    if source.cite is not None:
        problems = tuple(replace(one, message=f"{_item_name(ordered)}: {one.message}") for one in problems)
    problems = problems or tuple(_check_dates(ordered, source.fields))
    if source.container_title_translated is not None and not problems:
        custom = {**ordered.get("custom", {}), TRANSLATED_KEY: source.container_title_translated}
        ordered["custom"] = custom
    return ordered, problems


def _verbatim_item(text: str) -> Item:
    """Return an item that keeps a citation as text; nothing is parsed from it."""
    return {"id": _DEFAULT_ID, "type": "document", "note": text, "custom": {VERBATIM_KEY: text}}


def _item_name(item: Item) -> str:
    return f"item `{str(item['id'])[:_MAX_ID_CHARACTERS]}`"


def _check_dates(item: Item, own: Collection[str]) -> Iterator[Finding]:
    """Report impossible dates; only the description's own fields may have a year 0, which EDTF allows."""
    name = _item_name(item)
    for variable, parts, reason in impossible_dates(item):
        yield finding_kinds.CITED_DATE.at(f"{name}: `{variable}` is not a date: {parts}: {reason}")
    for variable in sorted(DATE_VARIABLES.intersection(item)):
        value = item[variable]
        if variable not in own and isinstance(value, Mapping) and value.get("date-parts") == [[0]]:
            message = f"{name}: `{variable}` is the year 0, which CSL does not have"
            yield finding_kinds.CITED_DATE.at(message, hint="write -1 for the year 1 BC")


def check_citation(items: Any) -> tuple[Finding, ...]:
    """Check CSL-JSON items against their schema."""
    if is_deeper(items, MAX_DEPTH):
        return (finding_kinds.CITATION_NOT_CSL.at(f"the item is nested more than {MAX_DEPTH} levels deep"),)
    try:
        json.dumps(items, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return (
            finding_kinds.CITATION_NOT_CSL.at(
                "the item contains half of a surrogate pair, which is not a character"
            ),
        )
    return tuple(
        finding_kinds.CITATION_NOT_CSL.at(f"{_named(fault.path)} is not CSL-JSON: {fault.message[:200]}")
        for fault in schema_faults("citation.schema.json", items)
    )


def _named(path: SchemaPath) -> str:
    name = ".".join(str(part) for part in path[1:])
    return f"`{name}`" if name else "the item"
