"""Checks `metadata/annexes.json`: against its schema, the description, and the digests of the payload."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archtool.description.inventory import inventory_record
from archtool.description.model import Annexe, Description, Within
from archtool.files.hashing.digests import Algorithm
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.content.metadata import ManifestDigests
from archtool.operations.open_package.package_paths import INVENTORY_PATH
from archtool.operations.repaired_texts.repaired_text import RepairedTexts
from archtool.schemas import schema_faults

INVENTORY_SCHEMA_FILE = "annexes.schema.json"
_TITLE_CHARS = 60
Text = Mapping[str, Any]


def check_inventory_file(
    inventory: Any,
    description: Description | None,
    repairs: RepairedTexts,
    digests: ManifestDigests,
    payload: Mapping[str, int],
) -> Iterator[Finding]:
    """Check the parsed inventory; without a usable description, only against its schema and the payload."""
    faults = schema_faults(INVENTORY_SCHEMA_FILE, inventory)
    for fault in faults:
        where = ".".join(str(part) for part in fault.path) or "the document"
        yield finding_kinds.METADATA_INVALID.at(f"`{where}`: {fault.message[:200]}", INVENTORY_PATH)
    if faults:
        return
    if description is not None:
        yield from _compare(inventory, description, repairs)
    for text in _texts(inventory["annexes"]):
        for one in (text, text.get("original")):
            if one is not None:
                yield from _check_text(one, digests)
                yield from _check_size(one, payload)


def _compare(
    inventory: Mapping[str, Any], description: Description, repairs: RepairedTexts
) -> Iterator[Finding]:
    """Compare the inventory with the annexes of the description, and with the lines that it gives."""
    in_copies = repairs.with_lines_of_copies(description)
    if _with_names_only(inventory) != inventory_record(in_copies, _text_name):
        message = "the inventory differs from the annexes in the description"
        yield finding_kinds.INVENTORY_DIFFERS.at(message, INVENTORY_PATH)
        return
    ranges = repairs.ranges_of(description)
    records = _annexes(inventory["annexes"])
    for record, (place, annexe) in zip(records, in_copies.all_annexes(), strict=True):
        original = ranges[place].original if place in ranges else None
        text = record.get("text", {})
        pairs = ((text, annexe.within), (text.get("original", {}), original))
        if not all(_has_lines(one, within) for one, within in pairs):
            title = annexe.title[:_TITLE_CHARS]
            message = f"the lines of annexe “{title}” differ from those that the description gives"
            yield finding_kinds.INVENTORY_DIFFERS.at(message, INVENTORY_PATH)


def _has_lines(text: Text, within: Within | None) -> bool:
    """Return whether the lines that the inventory states are those of a range, as far as both are known."""
    stated = text.get("lines")
    if within is None or stated is None:
        return True
    is_last = within.to_line is None or stated["to-line"] == within.to_line
    is_file = text["file"] == f"data/{within.file}"
    return bool(is_file and stated["from-line"] == within.from_line and is_last)


def _text_name(annexe: Annexe) -> dict[str, Any]:
    """Return the file of an annexe's text as far as the description alone determines it."""
    file = annexe.file or (annexe.within.file if annexe.within else None)
    return {} if file is None else {"file": f"data/{file}"}


def _with_names_only(inventory: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inventory without sizes and digests of the texts; those are compared with the manifests."""

    def strip(annexe: Mapping[str, Any]) -> dict[str, Any]:
        kept = dict(annexe)
        if "text" in kept:
            kept["text"] = {"file": kept["text"]["file"]}
        if "enclosures" in kept:
            kept["enclosures"] = [strip(inner) for inner in kept["enclosures"]]
        return kept

    return {**inventory, "annexes": [strip(annexe) for annexe in inventory["annexes"]]}


def _annexes(annexes: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the annexes and their enclosures, parents before children, as the description has them."""
    for annexe in annexes:
        yield annexe
        yield from _annexes(annexe.get("enclosures", []))


def _texts(annexes: list[Mapping[str, Any]]) -> Iterator[Text]:
    return (annexe["text"] for annexe in _annexes(annexes) if "text" in annexe)


def _check_text(text: Mapping[str, Any], digests: ManifestDigests) -> Iterator[Finding]:
    file_digests = digests.get(text["file"])
    if file_digests is None:
        message = f"{shown(text['file'])} is in no payload manifest"
        yield finding_kinds.DIGEST_CLAIM_DIFFERS.at(message, INVENTORY_PATH)
        return
    for name, value in text["digests"].items():
        listed = file_digests.get(Algorithm(name)) if name in {a.value for a in Algorithm} else None
        if listed is not None and listed != value:
            message = f"{shown(text['file'])}: {name} is {value[:8]}… here and {listed[:8]}… in the manifest"
            yield finding_kinds.DIGEST_CLAIM_DIFFERS.at(message, INVENTORY_PATH)


def _check_size(text: Mapping[str, Any], payload: Mapping[str, int]) -> Iterator[Finding]:
    size_bytes = payload.get(text["file"])
    if size_bytes is not None and size_bytes != text["size-bytes"]:
        message = f"{shown(text['file'])} has {size_bytes:,} bytes, not {text['size-bytes']:,}"
        yield finding_kinds.DIGEST_CLAIM_DIFFERS.at(message, INVENTORY_PATH)
