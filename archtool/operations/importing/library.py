"""Imports records as a library: CSL-JSON that `cite:` in descriptions reads, each item with its own key."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from archtool.csl_dates import parse_date_parts
from archtool.description.citation import check_citation
from archtool.errors import InputError, UsageError
from archtool.files.paths import shown
from archtool.files.writing.staging import Replacement, stage_beside
from archtool.files.writing.storage_errors import storage_errors
from archtool.findings import Finding, bounded, clip
from archtool.operations.importing import finding_kinds
from archtool.operations.importing.documents import form_of, parse_records
from archtool.operations.importing.inputs import InputFile, list_inputs
from archtool.operations.importing.limits import MAX_FINDINGS
from archtool.operations.importing.reading import Form
from archtool.operations.importing.request import RESULT_SCHEMA, ImportRequest
from archtool.operations.importing.unplaced import unplaced_finding
from archtool.operations.open_package.enclosing_bag import refuse_inside_package
from archtool.operations.pack.targets import make_parents
from archtool.records.model import Leftover, Record
from archtool.results import Result

NOT_PLACED = "not-placed"
"""The key under `custom` that keeps what fits no variable of CSL-JSON."""
_MAX_KEY_CHARACTERS = 80
_STAGED = "library"
_KEPT_HINT = f"it is kept in the item, under `custom` and `{NOT_PLACED}`; write it where it belongs"
_PATH_HINT = (
    f"it is kept in the item, under `custom` and `{NOT_PLACED}`; Zotero writes paths of your own computer"
    " there: delete it before you make packages of it"
)
_LOST_HINT = "it is not in the library; if it is a record, correct the file and import it again"


def import_library(request: ImportRequest) -> Iterator[Result]:
    """Write a new library of all records; yield a result for each file that failed, and one for the library.

    Raises:
        InputError: an input is missing, or no file has a record.
        UsageError: the library exists, or is inside a package.
        StorageError: it cannot be written.
    """
    target = request.target
    name = shown(str(target))
    refuse_inside_package(target.parent, name)
    if target.is_dir():
        raise UsageError(f"{name} is a folder", hint="give the path of a file with --library")
    if os.path.lexists(target) and not request.force:
        raise UsageError(
            f"{name} already exists", hint="give the path of a new file, or overwrite a library with --force"
        )
    builder = _Builder()
    with ExitStack() as stack:
        inputs = list_inputs(request.inputs, target, stack)
        builder.findings += inputs.findings
        for source in inputs.files:
            try:
                builder.add_file(source, source.read(), request.encoding)
            except InputError as error:
                if inputs.is_single:
                    raise
                finding = finding_kinds.FAILED.at(error.message, source.shown_name, hint=error.hint)
                yield Result(RESULT_SCHEMA, source.shown_name, (finding,), facts={"state": "failed"})
    if not builder.items:
        raise InputError("no file has a record, so no library was written", hint="name files with records")
    make_parents(target)
    with stage_beside(target) as stage:
        staged = stage.path / _STAGED
        with storage_errors(target):
            staged.write_text(format_library(list(builder.items.values())), encoding="utf-8", newline="\n")
        stage.commit(file=staged, sync=request.sync, replacing=Replacement() if request.force else None)
    facts = {
        "state": "written", "library": str(target), "items": len(builder.items), "same": builder.same,
        "not_placed": builder.not_placed,
    }  # fmt: skip
    yield Result(RESULT_SCHEMA, name, tuple(bounded(builder.findings, MAX_FINDINGS)), facts=facts)


def format_library(items: list[dict[str, Any]]) -> str:
    """Return items as CSL-JSON, one key on each line."""
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


class _Builder:
    """Collects the items of the library."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.findings: list[Finding] = []
        self.same = 0
        """Items that were left out because the same item was there already."""
        self.not_placed = 0

    def add_file(self, source: InputFile, data: bytes, encoding: str | None) -> None:
        """Add the records of a file."""
        form = form_of(source, data)
        parsed = None if form is Form.PAGE else parse_records(source, data, form, encoding)
        if parsed is None:
            raise InputError(
                f"{source.shown_name} is a page, not a record of a source",
                hint="import pages with -o DIR: each becomes a draft",
            )
        records, findings = parsed
        self.findings += findings
        for leftover in records.leftovers:
            self._not_placed(source, leftover, _LOST_HINT)
        for record in records.records:
            self._add(source, record)

    def _not_placed(self, source: InputFile, leftover: Leftover, hint: str) -> None:
        self.not_placed += 1
        place = source.shown_name, leftover.line
        self.findings.append(unplaced_finding(leftover.label, leftover.value, *place, hint=hint))

    def _add(self, source: InputFile, record: Record) -> None:
        item = _item_of(record)
        key = str(item.get("id", "") or "")
        wanted = key or made_key(item)
        if self.items.get(wanted) == {"id": wanted, **item}:
            self.same += 1
            return
        unique = wanted
        number = 2
        while unique in self.items:
            unique = f"{wanted}-{number}"
            number += 1
        if unique != key:
            was = f"the key `{key}` is another item's" if key else "an item has no key"
            title = clip(str(item.get("title", "")), 80)
            message = f"{was}: `{unique}` is the key of “{title}”"
            self.findings.append(finding_kinds.KEY_CHANGED.at(message, source.shown_name, record.line))
        self.items[unique] = {**item, "id": unique} if "id" in item else {"id": unique, **item}
        for leftover in record.leftovers:
            self._not_placed(source, leftover, _PATH_HINT if leftover.label == "file" else _KEPT_HINT)
        for fault in check_citation([self.items[unique]])[:1]:
            message = f"item `{unique}`: {fault.message}"
            self.findings.append(finding_kinds.NOT_CSL.at(message, source.shown_name, record.line))


def _item_of(record: Record) -> dict[str, Any]:
    """Return the item of a record, with what fits no variable under `custom`."""
    item = dict(record.item)
    if record.about.abstract and "abstract" not in item:
        item["abstract"] = record.about.abstract
    if record.about.source and "note" not in item:
        item["note"] = record.about.source
    if record.leftovers:
        custom = dict(item["custom"]) if isinstance(item.get("custom"), dict) else {}
        kept: dict[str, str] = {}
        for leftover in record.leftovers:
            kept[leftover.label] = (
                f"{kept[leftover.label]}; {leftover.value}" if leftover.label in kept else leftover.value
            )
        item["custom"] = {**custom, NOT_PLACED: kept}
    return item


def made_key(item: dict[str, Any]) -> str:
    """Return a key made from the first author, the year and the first word of the title."""
    names = item.get("author") or item.get("editor") or [{}]
    first = names[0] if isinstance(names, list) and isinstance(names[0], dict) else {}
    family = first.get("family") or str(first.get("literal", "")).rpartition(" ")[2]
    title = next((word for word in re.findall(r"\w{4,}", str(item.get("title", "")))), "")
    parts = [_letters(part) for part in (str(family), _year(item), title)]
    return "".join(parts)[:_MAX_KEY_CHARACTERS] or "item"


def _year(item: dict[str, Any]) -> str:
    issued = item.get("issued")
    try:
        days = parse_date_parts(issued.get("date-parts")) if isinstance(issued, dict) else ()
    except ValueError:
        days = ()
    return str(days[0][0]) if days else ""


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in plain if char.isalnum())
