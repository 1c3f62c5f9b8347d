"""Resolves the paths in a description that was composed from a row: backslashes, patterns, `{package}`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from archtool.batch.sources.job_keys import declared_files
from archtool.batch.sources.rows.file_names import FileNames, PathsOfCell, needs_reading
from archtool.batch.sources.rows.source_places import OtherNames, SourcePlaces
from archtool.description import finding_kinds as description_kinds
from archtool.description.document.nodes import Places
from archtool.description.table.cells import CellPlaces
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.sources.left_out import LeftOutEntries
from archtool.report.numbers import counted
from archtool.schemas import SchemaPath

Values = dict[str, Any]


@dataclass(slots=True)
class DescribedFiles:
    """The description of one package as values, whose paths are resolved in its folder."""

    names: FileNames
    folder: Path
    package: str
    other_names: Sequence[OtherNames] = ()
    """The columns whose names are not the keys that they give."""
    findings: list[Finding] = field(default_factory=list)
    items: list[int] | None = None
    """For each item of `files` the item that it comes from, if one was expanded."""

    _cells: CellPlaces | None = None

    def resolve(self, values: Values, cells: CellPlaces) -> tuple[Values, Sequence[Finding]]:
        """Return the values with the resolved paths, and a finding for each that cannot be used."""
        self._cells = cells
        if not any(map(needs_reading, declared_files(values))):  # the usual case
            return values, ()
        if not self.folder.is_dir():  # its absence is reported, and explains everything else
            return values, ()
        return self._resolved(values), self.findings

    def places(self, cells: CellPlaces) -> Places:
        """Return the places of the resolved values, in the columns of the table."""
        if not self.other_names and self.items is None:
            return cells
        return SourcePlaces(cells, self.other_names, self.items)

    def _resolved(self, values: Values) -> Values:
        resolved = dict(values)
        if "transcription" in values:
            resolved["transcription"] = self._transcription(values["transcription"])
            if resolved["transcription"] is None:
                del resolved["transcription"]
        if isinstance(values.get("source"), dict):
            resolved["source"] = self._field(values["source"], "library", ("source",))
        if isinstance(values.get("annexes"), list):
            resolved["annexes"] = self._annexes(values["annexes"], ("annexes",))
        if isinstance(values.get("files"), list):
            others = set(declared_files({key: one for key, one in resolved.items() if key != "files"}))
            resolved["files"] = self._files(values["files"], others, values.get("left-out", ()))
            if not resolved["files"]:  # all have faults, or other parts declare what they match
                del resolved["files"]
        return resolved

    def _transcription(self, value: Any) -> Any:
        path: SchemaPath = ("transcription",)
        if isinstance(value, str):
            return self._single(value, path)
        if isinstance(value, dict):
            return self._text_file(value, path)
        return [self._text_file(item, (*path, i)) for i, item in enumerate(value)]

    def _text_file(self, values: Values, path: SchemaPath) -> Values:
        resolved = self._field(values, "file", path)
        if isinstance(values.get("repair"), dict):
            inner = (*path, "repair")
            original = self._field(values["repair"], "original", inner)
            resolved["repair"] = self._field(original, "changes", inner)
        return resolved

    def _annexes(self, annexes: list[Values], path: SchemaPath) -> list[Values]:
        return [self._annexe(annexe, (*path, i)) for i, annexe in enumerate(annexes)]

    def _annexe(self, annexe: Values, path: SchemaPath) -> Values:
        resolved = self._field(annexe, "file", path, allows_pattern=True)
        if isinstance(annexe.get("within"), dict):
            resolved["within"] = self._field(annexe["within"], "file", (*path, "within"))
        if isinstance(annexe.get("enclosures"), list):
            resolved["enclosures"] = self._annexes(annexe["enclosures"], (*path, "enclosures"))
        return resolved

    def _field(self, values: Values, key: str, path: SchemaPath, *, allows_pattern: bool = False) -> Values:
        text = values.get(key)
        if not isinstance(text, str):
            return dict(values)
        found = self._single(text, (*path, key), allows_pattern=allows_pattern)
        kept = {one: value for one, value in values.items() if one != key or found is not None}
        return kept | ({key: found} if found is not None else {})

    def _single(self, text: str, path: SchemaPath, *, allows_pattern: bool = False) -> str | None:
        """Return the only path that a text stands for; `None` if it has a fault: it is reported once."""
        found = self.names.files(self.folder, text, self.package, allows_pattern=allows_pattern)
        self._complain(found, path)
        if len(found.paths) > 1:
            message = f"{text} matches {counted(len(found.paths), 'file')}, and an annexe has one"
            hint = (
                "name one of them here; declare the others under `files`, with the `id` of the annexe in `of`"
            )
            self._add(finding_kinds.PATTERN_MATCHES_SEVERAL.at(message, hint=hint), path)
            return None
        return found.paths[0] if found.fault is None else None

    def _files(self, files: list[Values], others: set[str], left_out: Any) -> list[Values]:
        expanded: list[Values] = []
        items: list[int] = []
        declared = others | {str(item.get("file")) for item in files if isinstance(item, dict)}
        for number, item in enumerate(files):
            for one in self._item(item, number, declared, left_out):
                expanded.append(one)
                items.append(number)
        self.items = items if items != list(range(len(files))) else None
        return expanded

    def _item(self, item: Any, number: int, declared: set[str], left_out: Any) -> Iterator[Any]:
        text = item.get("file") if isinstance(item, dict) else None
        if not isinstance(text, str):
            yield item
            return
        path = ("files", number, "file")
        found = self.names.files(self.folder, text, self.package)
        self._complain(found, path)
        if found.fault is not None:
            return
        paths = found.paths
        if found.is_pattern:
            paths = tuple(kept_matches(found.paths, declared, left_out))
            declared.update(paths)
        if len(paths) > 1 and "id" in item:
            message = f"the id `{item['id']}` would be given to {counted(len(paths), 'file')}: {text}"
            hint = "delete the id, or declare each file by its name"
            self._add(finding_kinds.PATTERN_MATCHES_SEVERAL.at(message, hint=hint), path)
        yield from (item | {"file": one} for one in paths)

    def _complain(self, found: PathsOfCell, path: SchemaPath) -> None:
        if found.fault is not None:
            self._add(fault_finding(found), path)

    def _add(self, finding: Finding, path: SchemaPath) -> None:
        if self._cells is not None:
            place = SourcePlaces(self._cells, self.other_names).at(path, None)
            self.findings.append(replace(finding, place=place))


def kept_matches(paths: tuple[str, ...], declared: set[str], left_out: Any) -> Iterator[str]:
    """Yield the matches of a pattern that are neither declared elsewhere nor left out."""
    entries = LeftOutEntries([entry for entry in left_out if isinstance(entry, str)], paths)
    yield from (path for path in paths if path not in declared and entries.matching_entry(path) is None)


def fault_finding(found: PathsOfCell) -> Finding:
    """Return the finding about a text that cannot be used as a path, without its place."""
    kind = finding_kinds.PATTERN_MATCHES_NOTHING if found.is_pattern else description_kinds.FILE_PATH
    return kind.at(found.fault or "", hint=found.hint)
