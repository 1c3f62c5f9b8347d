"""What archtool's own metadata files say, as trees that can be compared field by field.

Pure: bytes come in. The description is read as strictly as when it was packed, and compared as it was
written: the words of a difference are the keys that the archivist knows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from archtool.bag.limits import MAX_METADATA_BYTES
from archtool.description.jsontext import read_json
from archtool.description.loading import SCHEMA_NAME
from archtool.description.nodes import MAX_DESCRIPTION_BYTES, Complaints, TextRefused
from archtool.description.shaping import shape
from archtool.description.yamltext import read_yaml
from archtool.errors import InputError
from archtool.findings import has_errors
from archtool.json_reading import JsonRules, parse_json
from archtool.operations.consistency import Metadata
from archtool.operations.places import CITATION_PATH, DESCRIPTION_PATHS, INVENTORY_PATH, PROVENANCE_PATH

_RULES = JsonRules(MAX_METADATA_BYTES, max_values=20_000_000)  # about 60 for each file of a package
_PARTS_OF_A_HISTORY = {"agent": "agents", "entity": "entities", "activity": "events"}


@dataclass(frozen=True, slots=True)
class Fields:
    """What a file says."""

    tree: Any
    is_all: bool = True
    """Whether the tree holds all that the file says: then two files with equal trees say the same."""


def document_fields(path: str, metadata: Metadata) -> Fields | None:
    """What a metadata file says; `None` where it is none of archtool's or cannot be read in one way."""
    data = metadata.files.get(path)
    if data is None:
        return None
    if path in DESCRIPTION_PATHS:
        return _description(data, path)
    readers: dict[str, Callable[[Any], Fields | None]] = {
        CITATION_PATH: Fields,
        INVENTORY_PATH: Fields,
        PROVENANCE_PATH: _history,
    }
    if path not in readers:
        return None
    try:
        return readers[path](parse_json(data, path, _RULES))
    except InputError:
        return None


def _description(data: bytes, path: str) -> Fields | None:
    if len(data) > MAX_DESCRIPTION_BYTES:
        return None
    complaints = Complaints(path, [])
    try:
        text = data.decode("utf-8-sig")
        node = read_json(text, complaints) if path.endswith(".json") else read_yaml(text, complaints)
        tree = shape(node, SCHEMA_NAME, complaints).data
    except (UnicodeDecodeError, TextRefused):
        return None
    return Fields(tree, is_all=not has_errors(complaints))


def _history(document: Any) -> Fields | None:
    """Who, what and which events a provenance manifest speaks of, each with its label.

    Source: PROV-JSON (W3C Member Submission, 2013) §3: records by identifier.
    """
    if not isinstance(document, dict):
        return None
    parts = {name: document.get(key, {}) for key, name in _PARTS_OF_A_HISTORY.items()}
    if not all(isinstance(records, dict) for records in parts.values()):
        return None
    tree = {
        name: {identifier: _label(record) for identifier, record in records.items()}
        for name, records in parts.items()
    }
    return Fields(tree, is_all=False)


def _label(record: Any) -> Any:
    label = record.get("prov:label") if isinstance(record, dict) else None
    return label if isinstance(label, str) else None
