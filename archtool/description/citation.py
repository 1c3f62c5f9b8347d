"""The source as one CSL-JSON item: from words, from fields, or out of a library that many share."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from archtool.description import kinds
from archtool.description.model import Source
from archtool.description.nodes import MAX_DEPTH, is_deeper
from archtool.errors import InputError
from archtool.findings import Finding
from archtool.schemas import SchemaPath, schema_faults

MAX_LIBRARY_BYTES = 256 * 1024 * 1024  # a hundred thousand items
VERBATIM_KEY = "archtool-verbatim"
TRANSLATED_KEY = "container-title-translated"
_DEFAULT_ID = "source"

Item = Mapping[str, Any]


def parse_library(data: bytes, where: str) -> Mapping[str, Item]:
    """Read a CSL-JSON library (what Zotero and other managers export): its items by key.

    An item can be asked for by its `id` and by its `citation-key`.

    Raises:
        InputError: not UTF-8, not JSON, or not a list of items.
    """
    try:
        items = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise InputError(f"the library {where} is not JSON: {error}", hint=kinds.LIBRARY.advice) from error
    if not isinstance(items, list) or not all(isinstance(i, dict) and "id" in i for i in items):
        raise InputError(
            f"the library {where} is not a list of CSL-JSON items, each with an `id`",
            hint=kinds.LIBRARY.advice,
        )
    by_key = {str(item["citation-key"]): item for item in items if "citation-key" in item}
    return by_key | {str(item["id"]): item for item in items}


def make_citation(
    source: Source, library: Mapping[str, Item] | None
) -> tuple[Item | None, Sequence[Finding]]:
    """Make the CSL-JSON item; findings say why there is none, or what is wrong with it.

    The findings name no place: who knows the description's text adds it.
    """
    if source.text is not None:
        return _in_words(source.text), ()
    item: dict[str, Any] = {}
    if source.cite is not None:
        found = (library or {}).get(source.cite)
        if found is None:
            return None, (_unknown_key(source.cite, library or {}),)
        item.update(found)
    item.update(source.fields)
    item.setdefault("id", _DEFAULT_ID)
    ordered = {"id": item.pop("id"), "type": item.pop("type", "document"), **item}
    problems = check_citation([ordered])
    if source.container_title_translated is not None and not problems:
        custom = {**ordered.get("custom", {}), TRANSLATED_KEY: source.container_title_translated}
        ordered["custom"] = custom
    return ordered, problems


def _in_words(text: str) -> Item:
    """A citation in words: kept as it is, and nothing read out of it."""
    return {"id": _DEFAULT_ID, "type": "document", "note": text, "custom": {VERBATIM_KEY: text}}


def _unknown_key(key: str, library: Mapping[str, Item]) -> Finding:
    import difflib

    close = difflib.get_close_matches(key, list(library), n=1)
    hint = f"did you mean `{close[0]}`?" if close else f"the library has {len(library)} keys"
    return kinds.CITE_UNKNOWN.at(f"the library has no item `{key}`", hint=hint)


def check_citation(items: Any) -> tuple[Finding, ...]:
    """Hold CSL-JSON against its schema."""
    if is_deeper(items, MAX_DEPTH):
        return (kinds.CITATION_NOT_CSL.at(f"the item has more than {MAX_DEPTH} levels inside each other"),)
    try:
        json.dumps(items, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return (kinds.CITATION_NOT_CSL.at("the item holds half of a surrogate pair, which is no character"),)
    return tuple(
        kinds.CITATION_NOT_CSL.at(f"{_named(fault.path)} is not CSL-JSON: {fault.message[:200]}")
        for fault in schema_faults("citation.schema.json", items)
    )


def _named(path: SchemaPath) -> str:
    name = ".".join(str(part) for part in path[1:])
    return f"`{name}`" if name else "the item"
