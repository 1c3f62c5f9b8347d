"""Loads a description: parses, types and checks its bytes, and builds the model or reports all findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from archtool.description import finding_kinds
from archtool.description.checks import check_description
from archtool.description.document.json_reader import read_json
from archtool.description.document.nodes import (
    FindingCollector,
    MappingNode,
    Node,
    Places,
    TextPlaces,
    TextPosition,
    TextRefused,
    mark_at,
)
from archtool.description.document.schema_messages import report_double_names, report_schema_faults
from archtool.description.document.typing import type_values
from archtool.description.document.writer import format_node
from archtool.description.document.yaml_reader import read_yaml
from archtool.description.limits import MAX_DESCRIPTION_BYTES
from archtool.description.model import Description
from archtool.description.model_builder import build_description
from archtool.description.placeholders import check_placeholders
from archtool.encodings import SAVE_AS_UTF8, wide_encoding_of
from archtool.findings import Finding, has_errors, in_reading_order
from archtool.schemas import SchemaPath, schema_faults

SCHEMA_NAME = "description.schema.json"
WRAPPED = "description"
"""The key of a description inside an object that has other keys as well."""
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class LoadedDescription:
    """A description as it was read; without a model if it cannot be used."""

    file: str
    """Its name, for messages."""
    data: bytes
    """The bytes as the archivist wrote them."""
    description: Description | None
    findings: tuple[Finding, ...]
    values: Mapping[SchemaPath, TextPosition]
    places: Places

    def placed(self, path: SchemaPath, finding: Finding) -> Finding:
        """Return a finding with the line and column of the value that it refers to."""
        # a single transcription can be written without a list: then its path has no index
        single = path[:1] + path[2:] if path[:1] == ("transcription",) else path
        path = single if single in self.values else path
        above = path
        while above and above not in self.values:
            above = above[:-1]
        return replace(finding, place=self.places.at(path, self.values.get(above) if above else None))


def load_description(
    data: bytes, file: str, *, is_json: bool = False, places: Places | None = None
) -> LoadedDescription:
    """Load a description; all problems are returned in `findings`, nothing is raised.

    `places` maps values to places, if the description is not a file of its own.
    """
    places = places or TextPlaces(file)
    complaints = FindingCollector(file, [], places=places)
    try:
        text = _decode(data, complaints)
        node = read_json(text, complaints) if is_json else read_yaml(text, complaints)
    except TextRefused as refused:
        return LoadedDescription(file, data, None, (*complaints, refused.finding), {}, places)
    return load_node(data, node, complaints)


def load_wrapped(data: bytes, file: str, *, places: Places) -> LoadedDescription:
    """Load the description that a JSON object has under its key `description`.

    Its data is the canonical text of the description; places refer to the object as it was written.
    """
    complaints = FindingCollector(file, [], places=places)
    try:
        node = read_json(_decode(data, complaints), complaints)
        inner = (
            [value for key, value in node.pairs if key.text == WRAPPED]
            if isinstance(node, MappingNode)
            else []
        )
        if not inner:
            raise complaints.stop(finding_kinds.MISSING_KEY, f"`{WRAPPED}` is missing", node.mark)
    except TextRefused as refused:
        return LoadedDescription(file, data, None, (*complaints, refused.finding), {}, places)
    return load_node(format_node(inner[0]).encode(), inner[0], complaints)


def load_node(data: bytes, node: Node, complaints: FindingCollector) -> LoadedDescription:
    """Load a description from its parsed tree; `complaints` has the findings of the parser."""
    typed = type_values(node, SCHEMA_NAME, complaints)
    report_schema_faults(schema_faults(SCHEMA_NAME, typed.data), typed, complaints)
    report_double_names(typed, complaints)
    if has_errors(complaints):
        file, places = complaints.file, _places_of(complaints)
        return LoadedDescription(file, data, None, in_reading_order(complaints), typed.values, places)
    description = build_description(typed.data)
    loaded = LoadedDescription(complaints.file, data, description, (), typed.values, _places_of(complaints))
    findings = [loaded.placed(path, finding) for path, finding in check_description(description)]
    findings += [loaded.placed(path, finding) for path, finding in check_placeholders(typed.data)]
    findings += complaints
    return replace(loaded, findings=in_reading_order(findings)) if findings else loaded


def _places_of(complaints: FindingCollector) -> Places:
    return complaints.places or TextPlaces(complaints.file)


def _decode(data: bytes, complaints: FindingCollector) -> str:
    if len(data) > MAX_DESCRIPTION_BYTES:
        message = f"larger than {MAX_DESCRIPTION_BYTES:,} bytes"
        raise complaints.stop(finding_kinds.TOO_LARGE, message, TextPosition(1, 1))
    wide = wide_encoding_of(data[:4])
    if wide is not None:
        # the bytes go into the package unchanged, and readers expect UTF-8
        raise complaints.stop(
            finding_kinds.NOT_TEXT, f"the text is {wide}, not UTF-8", TextPosition(1, 1), SAVE_AS_UTF8
        )
    try:
        # not utf-8-sig: its error positions do not count the mark at the beginning
        return data.decode("utf-8").removeprefix(_BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8").removeprefix(_BYTE_ORDER_MARK)
        mark = mark_at(before, len(before))
        message = f"byte {error.start + 1} is not UTF-8: found 0x{data[error.start]:02x}"
        raise complaints.stop(finding_kinds.NOT_TEXT, message, mark) from error
