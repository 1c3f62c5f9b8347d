"""Finds the other descriptions in a folder, so that the files they declare do not count as undeclared."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from archtool.description.document.nodes import (
    FindingCollector,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    TextRefused,
)
from archtool.description.limits import MAX_DESCRIPTION_BYTES
from archtool.description.loading import read_whole

_SUFFIXES = (".yaml", ".yml", ".json")
_MARK = b"archtool"
_FILE_KEYS = frozenset(["file", "transcription", "library"])
_REPAIR_KEYS = frozenset(["original", "changes"])
"""The keys of files in `repair`; elsewhere `original` is another key."""


def files_of_siblings(folder: Path, undeclared: Sequence[str]) -> frozenset[str]:
    """Return the other descriptions among these files and the files that they declare.

    All paths are relative to the folder.
    """
    accounted: set[str] = set()
    folders: set[str] = set()
    for path in undeclared:
        if not path.lower().endswith(_SUFFIXES):
            continue
        try:
            status = (folder / path).stat()
        except OSError:
            continue
        declared = _declared_by(folder / path, status.st_mtime_ns, status.st_size)
        if declared is not None:
            parent = posixpath.dirname(path)
            accounted.add(path)
            joined = {name: posixpath.normpath(posixpath.join(parent, name)) for name in declared}
            accounted.update(joined.values())
            folders.update(f"{path}/" for name, path in joined.items() if name.endswith("/"))
    return frozenset(accounted) | {path for path in undeclared if path.startswith(tuple(folders))}


@lru_cache(maxsize=16_384)  # in a flat folder of thousands each sibling is read once, not once per package
def _declared_by(path: Path, _mtime_ns: int, size_bytes: int) -> frozenset[str] | None:
    """Return the files that a description declares; `None` if the file is not a description."""
    if size_bytes > MAX_DESCRIPTION_BYTES:
        return None
    try:
        data = path.read_bytes()
        if _MARK not in data:
            return None
        text = data.decode("utf-8-sig")
        collector = FindingCollector(path.name, [])  # the findings of a sibling are not reported here
        collector.is_json = path.suffix.lower() == ".json"
        node = read_whole(text, collector)
    except (OSError, UnicodeDecodeError, TextRefused):
        return None
    if not isinstance(node, MappingNode):
        return None
    versions = (value.mark for key, value in node.pairs if key.text == "archtool")
    if all(mark in collector.unread for mark in versions):
        return None
    return frozenset(_named_files(node))


def _named_files(node: Node, keys: frozenset[str] = _FILE_KEYS) -> Iterator[str]:
    if isinstance(node, SequenceNode):
        for item in node.nodes:
            yield from _named_files(item)
    elif isinstance(node, MappingNode):
        for key, value in node.pairs:
            if isinstance(value, ScalarNode) and key.text in keys and value.text:
                yield value.text
            yield from _named_files(value, _REPAIR_KEYS if key.text == "repair" else _FILE_KEYS)
