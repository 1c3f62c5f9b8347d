"""Parses the known tag files of a bag into trees, and compares two trees field by field.

It reads no files: its input is bytes and parsed tag files. Differences are named like the fields of the
document. Items of two lists are the same item if they have the same id, file, number or name, at any
position; all others are compared in their order.

Source: RFC 8493 §2.1.1 (bagit.txt), §2.2.2 (bag-info.txt), §2.2.3 (fetch.txt).
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice, pairwise
from typing import Any

from archtool.bagit.limits import MAX_METADATA_BYTES
from archtool.bagit.model import BagInfo, Declaration, FetchItem, TagField
from archtool.description.document.json_reader import read_json
from archtool.description.document.nodes import FindingCollector, TextRefused
from archtool.description.document.typing import type_values
from archtool.description.document.yaml_reader import read_yaml
from archtool.description.limits import MAX_DESCRIPTION_BYTES
from archtool.description.loading import SCHEMA_NAME
from archtool.errors import InputError
from archtool.findings import has_errors
from archtool.operations.diff.pairing import pair_equal
from archtool.operations.limits import MAX_DIFFERENCES_PER_FILE
from archtool.operations.open_package.package_paths import (
    CITATION_PATH,
    DESCRIPTION_PATHS,
    INVENTORY_PATH,
    PROVENANCE_PATH,
)
from archtool.strict_json import JsonRules, parse_json

ORDER_OF_FIELDS = "(order of the fields)"
_JSON_RULES = JsonRules(MAX_METADATA_BYTES, max_values=20_000_000)  # about 60 values per file of a package
_IDENTIFYING_KEYS = ("id", "path", "file", "number", "label", "name", "family", "literal", "title", "layer")
_PLAIN_KEY = re.compile(r"[^\W\d][\w-]*")
_PARTS_OF_PROVENANCE = {"agents": "agent", "entities": "entity", "events": "activity"}


class Change(Enum):
    """How something differs between ONE and OTHER."""

    CHANGED = "changed"
    MISSING = "missing"
    """Only ONE has it."""
    ADDED = "added"
    """Only OTHER has it."""
    ORDER = "order"
    """Both have the same items, in another order."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two documents differ."""

    path: str
    """Such as `annexes[2].status`, counted from 0; the position in ONE, if ONE has it."""
    change: Change
    one: Any = None
    other: Any = None
    """The values, as they were loaded; `None` if there is none."""


@dataclass(frozen=True, slots=True)
class Differences:
    """The first differences of two documents, and the number of the others."""

    kept: tuple[Difference, ...] = ()
    more: int = 0

    @classmethod
    def of(cls, differences: Iterable[Difference]) -> Differences:
        """Keep the first `MAX_DIFFERENCES_PER_FILE`, count the rest."""
        remaining = iter(differences)
        kept = tuple(islice(remaining, MAX_DIFFERENCES_PER_FILE))
        return cls(kept, sum(1 for _ in remaining))

    def __bool__(self) -> bool:
        return bool(self.kept)


def compare_trees(one: Any, other: Any, path: str = "") -> Iterator[Difference]:
    """Yield the differences between two values: objects, lists, texts and numbers, at any depth."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        yield from _compare_mappings(one, other, path)
    elif isinstance(one, list) and isinstance(other, list):
        yield from _compare_lists(one, other, path)
    elif type(one) is not type(other) or one != other:  # in Python, True == 1
        yield Difference(path, Change.CHANGED, one, other)


def _compare_mappings(one: Mapping[str, Any], other: Mapping[str, Any], path: str) -> Iterator[Difference]:
    for key in dict.fromkeys((*one, *other)):
        inner = _join(path, key)
        if key not in other:
            yield Difference(inner, Change.MISSING, one=one[key])
        elif key not in one:
            yield Difference(inner, Change.ADDED, other=other[key])
        else:
            yield from compare_trees(one[key], other[key], inner)


def _join(path: str, key: str) -> str:
    if not _PLAIN_KEY.fullmatch(key):
        return f"{path}[{json.dumps(key, ensure_ascii=False)}]"
    return f"{path}.{key}" if path else key


def _compare_lists(one: Sequence[Any], other: Sequence[Any], path: str) -> Iterator[Difference]:
    pairs = pair_equal([_identity(item) for item in one], [_identity(item) for item in other])
    partner = dict(pairs)
    paired_other = set(partner.values())
    left_other = deque(j for j in range(len(other)) if j not in paired_other)
    for i, item in enumerate(one):
        if i not in partner and left_other:
            partner[i] = left_other.popleft()
        if i in partner:
            yield from compare_trees(item, other[partner[i]], f"{path}[{i}]")
        else:
            yield Difference(f"{path}[{i}]", Change.MISSING, one=item)
    for j in left_other:
        yield Difference(f"{path}[{j}]", Change.ADDED, other=other[j])
    if _is_reordered(pairs):
        yield Difference(path, Change.ORDER)


def _identity(item: Any) -> tuple[str, type, Any] | None:
    """Return the value that identifies an item of a list; `None` if nothing does."""
    if isinstance(item, list):
        return None
    if not isinstance(item, Mapping):
        return "", type(item), item
    for name in _IDENTIFYING_KEYS:
        value = item.get(name)
        if value is not None and not isinstance(value, (list, Mapping)):
            return name, type(value), value
    return None


def _is_reordered(pairs: Iterable[tuple[int, int]]) -> bool:
    """Return whether the items of both lists are in a different order."""
    return any(after < before for (_, before), (_, after) in pairwise(pairs))


def compare_info(one: BagInfo, other: BagInfo) -> Iterator[Difference]:
    """Compare two bag-info.txt by label, in any letter case; repeated labels and the order count."""
    left, right = _by_label(one), _by_label(other)
    has_same_fields = True
    for folded in dict.fromkeys((*left, *right)):
        fields, other_fields = left.get(folded, []), right.get(folded, [])
        label = (fields or other_fields)[0].label
        values, other_values = [f.value for f in fields], [f.value for f in other_fields]
        for difference in _compare_values(label, values, other_values):
            has_same_fields = False
            yield difference
    if has_same_fields:
        orders = ([(f.label.casefold(), f.value) for f in info.fields] for info in (one, other))
        if _is_reordered(pair_equal(*orders)):
            yield Difference(ORDER_OF_FIELDS, Change.ORDER)


def _by_label(info: BagInfo) -> dict[str, list[TagField]]:
    fields: dict[str, list[TagField]] = {}
    for field in info.fields:
        fields.setdefault(field.label.casefold(), []).append(field)
    return fields


def _compare_values(label: str, one: list[str], other: list[str]) -> Iterator[Difference]:
    if len(one) > 1 or len(other) > 1:
        yield from compare_trees(one, other, label)
    elif not other:
        yield Difference(label, Change.MISSING, one=one[0])
    elif not one:
        yield Difference(label, Change.ADDED, other=other[0])
    else:
        yield from compare_trees(one[0], other[0], label)


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """The content of a tag file."""

    tree: Any
    is_all: bool = True
    """Whether the tree has all content of the file: then files with equal trees have the same content."""


def parse_document(path: str, data: bytes) -> ParsedDocument | None:
    """Parse a metadata file of archtool; returns `None` for any other file, and if it cannot be parsed."""
    if path in DESCRIPTION_PATHS:
        return _parse_description(path, data)
    if path not in (CITATION_PATH, INVENTORY_PATH, PROVENANCE_PATH):
        return None
    try:
        tree = parse_json(data, path, _JSON_RULES)
    except InputError:
        return None
    return _summarise_provenance(tree) if path == PROVENANCE_PATH else ParsedDocument(tree)


def _parse_description(path: str, data: bytes) -> ParsedDocument | None:
    """Parse a description as strictly as `pack` does, with the keys as the archivist wrote them."""
    if len(data) > MAX_DESCRIPTION_BYTES:
        return None
    findings = FindingCollector(path, [])
    try:
        text = data.decode("utf-8-sig")
        node = read_json(text, findings) if path.endswith(".json") else read_yaml(text, findings)
        tree = type_values(node, SCHEMA_NAME, findings).data
    except (UnicodeDecodeError, TextRefused):
        return None
    return ParsedDocument(tree, is_all=not has_errors(findings))


def _summarise_provenance(document: Any) -> ParsedDocument | None:
    """Return the agents, entities and events of a provenance manifest, each with its label.

    Source: PROV-JSON (W3C Member Submission, 2013) §3: records by identifier.
    """
    if not isinstance(document, dict):
        return None
    tree: dict[str, dict[str, str | None]] = {}
    for name, key in _PARTS_OF_PROVENANCE.items():
        records = document.get(key, {})
        if not isinstance(records, dict):
            return None
        tree[name] = {identifier: _label(record) for identifier, record in records.items()}
    return ParsedDocument(tree, is_all=False)


def _label(record: Any) -> str | None:
    label = record.get("prov:label") if isinstance(record, dict) else None
    return label if isinstance(label, str) else None


def declaration_tree(declaration: Declaration) -> dict[str, str]:
    """Return the two lines of bagit.txt."""
    return {
        "BagIt-Version": ".".join(map(str, declaration.version)),
        "Tag-File-Character-Encoding": declaration.encoding,
    }


def fetch_tree(items: Iterable[FetchItem]) -> dict[str, Any]:
    """Return what fetch.txt states about each file; a list if it lists a file twice."""
    lines_by_path: dict[str, list[dict[str, Any]]] = {}
    for item in items:
        lines_by_path.setdefault(item.path, []).append({"url": item.url, "length_bytes": item.length_bytes})
    return {path: lines[0] if len(lines) == 1 else lines for path, lines in lines_by_path.items()}
