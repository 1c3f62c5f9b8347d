"""What the tag files of RFC 8493 say, as trees that can be compared field by field.

Pure. Source: RFC 8493 §2.1.1 (bagit.txt), §2.2.2 (bag-info.txt), §2.2.3 (fetch.txt).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from archtool.bag.model import BagInfo, Declaration, FetchItem, TagField
from archtool.operations.diff_side import Side
from archtool.operations.diff_trees import Change, Difference, compare_trees, is_reordered, pair_items

ORDER_OF_FIELDS = "(order of the fields)"


def declaration_fields(declaration: Declaration) -> dict[str, Any]:
    """The two lines of bagit.txt."""
    return {
        "BagIt-Version": ".".join(map(str, declaration.version)),
        "Tag-File-Character-Encoding": declaration.encoding,
    }


def manifest_names(side: Side) -> dict[str, Any]:
    """Which manifests there are, by their names: the algorithms."""
    kinds = {"payload": side.bag.manifests, "tag files": side.bag.tag_manifests}
    return {kind: ", ".join(sorted(m.name for m in manifests)) or "none" for kind, manifests in kinds.items()}


def fetch_fields(items: Sequence[FetchItem]) -> dict[str, Any]:
    """What fetch.txt says of each file; of a file that is named twice, both."""
    said: dict[str, list[dict[str, Any]]] = {}
    for item in items:
        said.setdefault(item.path, []).append({"url": item.url, "length_bytes": item.length_bytes})
    return {path: lines[0] if len(lines) == 1 else lines for path, lines in said.items()}


def compare_info(one: BagInfo, other: BagInfo) -> Iterator[Difference]:
    """bag-info.txt label by label, whatever the case of its letters; repeats and the order count."""
    left, right = _by_label(one), _by_label(other)
    has_same_fields = True
    for folded in dict.fromkeys((*left, *right)):
        mine, theirs = left.get(folded, []), right.get(folded, [])
        label = (mine or theirs)[0].label
        for difference in _compare_values(label, [f.value for f in mine], [f.value for f in theirs]):
            has_same_fields = False
            yield difference
    if has_same_fields and is_reordered(pair_items(_identities(one), _identities(other))):
        yield Difference(ORDER_OF_FIELDS, Change.ORDER)


def _by_label(info: BagInfo) -> dict[str, list[TagField]]:
    found: dict[str, list[TagField]] = {}
    for field in info.fields:
        found.setdefault(field.label.casefold(), []).append(field)
    return found


def _compare_values(label: str, one: list[str], other: list[str]) -> Iterator[Difference]:
    if len(one) > 1 or len(other) > 1:
        yield from compare_trees(one, other, label)
    elif not other:
        yield Difference(label, Change.MISSING, one=one[0])
    elif not one:
        yield Difference(label, Change.ADDED, other=other[0])
    else:
        yield from compare_trees(one[0], other[0], label)


def _identities(info: BagInfo) -> list[tuple[str, type, Any] | None]:
    return [(field.label.casefold(), str, field.value) for field in info.fields]
