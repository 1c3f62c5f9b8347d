"""Checks the archivist's own labels for bag-info.txt: which labels and values the file can have.

Labels are compared without regard to case.

Source: RFC 8493 §2.2.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archtool.description import finding_kinds
from archtool.description.model import Description
from archtool.findings import Finding
from archtool.schemas import SchemaPath

KEY = "bag-info"
GENERATED_LABELS = {
    "Payload-Oxum": "the payload",
    "Bag-Size": "the payload",
    "Bagging-Date": "the date of packing (--date)",
    "Bag-Software-Agent": "its own version",
    "BagIt-Profile-Identifier": "the profile (--profile)",
}
"""Labels that archtool always writes, and what their values come from."""
SUMMARY_LABELS = {
    "Title": "title",
    "Date": "date",
    "Creator": "creators",
    "Language": "language",
    "Original-Language": "original.language",
    "Source-Citation": "source",
    "Translation": "translation",
    "Translator": "translation.translators",
    "Translation-Credit": "translation.credit",
    "Transcription-Credit": "transcription.credit",
    "Transcription-Repair": "transcription.repair",
    "Annexe-Inventory": "annexes",
    "Rights": "rights",
}
"""Labels that summarise the description, and the keys that they come from."""
SHARED_LABELS = {
    "External-Identifier": "id",
    "Bag-Group-Identifier": "collection",
    "Source-Organization": "packager",
    "Contact-Name": "packager",
}
"""Labels that archtool writes if the description has the key; otherwise the archivist can give them."""
_ONCE = frozenset(["bag-group-identifier", "bag-count"])
_BAG_COUNT = re.compile(r"[1-9][0-9]* of ([1-9][0-9]*|\?)")
_FOLDED_HINT = "write it in one line; in YAML, `>-` joins lines"


def check_bag_info(description: Description) -> Iterator[tuple[SchemaPath, Finding]]:
    """Report each own label and each value that bag-info.txt cannot have, with its path."""
    earlier: dict[str, str] = {}
    for label, values in description.bag_info.items():
        path = (KEY, label)
        fault = why_not_label(label) or _why_taken(label, description)
        twin = earlier.setdefault(label.casefold(), label)
        if fault is not None:
            yield path, finding_kinds.BAG_INFO_LABEL.at(f"`{label}` {fault[0]}", hint=fault[1])
        elif twin != label:
            message = f"`{label}` and `{twin}` are the same label: case makes no difference"
            yield path, finding_kinds.BAG_INFO_LABEL.at(message, hint=f"give `{twin}` a list of values")
        else:
            yield from _check_values(label, values)


def why_not_label(label: str) -> tuple[str, str] | None:
    """Return why a text cannot be a label, and what to do."""
    if not label.strip():
        return "is no label: it is empty", "write a label, such as `Contact-Email`"
    if label != label.strip():
        return "begins or ends with a blank", f"write `{label.strip()}`"
    if ":" in label:
        return "contains a colon, which ends a label", f"write `{label.replace(':', '-')}`"
    if not label.isprintable():
        return "contains a line end or a control character", "remove it"
    return None


def _why_taken(label: str, description: Description) -> tuple[str, str] | None:
    """Return why archtool keeps a label for itself, and what to do."""
    name = label.casefold()
    for taken, origin in GENERATED_LABELS.items():
        if name == taken.casefold():
            return f"cannot be given: archtool writes it from {origin}", "delete the line"
    for taken, key in SUMMARY_LABELS.items():
        if name == taken.casefold():
            hint = f"delete the line; the value belongs under `{key}`"
            return f"cannot be given: archtool writes it from `{key}`", hint
    for taken, key in _labels_from_keys(description):
        if name == taken.casefold():
            hint = f"delete this line, or delete `{key}`"
            return f"is given twice: archtool writes it from `{key}`", hint
    return None


def _labels_from_keys(description: Description) -> Iterator[tuple[str, str]]:
    """Yield the shared labels that this description gives by a key, with the key."""
    packager = description.packager
    if packager is not None:
        yield ("Contact-Name" if packager.type == "person" else "Source-Organization"), "packager"
    if description.id is not None:
        yield "External-Identifier", "id"
    if description.collection is not None:
        yield "Bag-Group-Identifier", "collection"


def _check_values(label: str, values: Sequence[str]) -> Iterator[tuple[SchemaPath, Finding]]:
    path, kind = (KEY, label), finding_kinds.BAG_INFO_VALUE
    if label.casefold() in _ONCE and len(values) > 1:
        message = f"`{label}` has {len(values)} values, but must not be repeated"
        yield path, kind.at(message, hint="keep one of them")
    for value in values:
        if not value.strip():
            yield path, kind.at(f"`{label}` has a value of blanks only", hint="write a value, or delete it")
        elif len(value.splitlines()) > 1 or value.splitlines()[0] != value:
            message = f"`{label}` has a value with a line end: {value!r}"
            yield path, kind.at(message, hint=_FOLDED_HINT)
        elif label.casefold() == "bag-count" and not _BAG_COUNT.fullmatch(value):
            message = f"`{label}` is {value!r}, not the place of the bag in its group"
            yield path, kind.at(message, hint="write `1 of 4`, or `1 of ?` if the number is not known")
