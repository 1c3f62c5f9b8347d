"""From the bytes of a description to the model, or to every complaint about it at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from archtool.description import finding_kinds
from archtool.description.checks import check_description
from archtool.description.document.json_reader import read_json
from archtool.description.document.nodes import (
    MAX_DESCRIPTION_BYTES,
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
from archtool.description.model import Description
from archtool.description.model_builder import build_description
from archtool.description.placeholders import find_placeholders
from archtool.encodings import SAVE_AS_UTF8, wide_encoding_of
from archtool.findings import Finding, has_errors, in_reading_order
from archtool.schemas import SchemaPath, schema_faults

SCHEMA_NAME = "description.schema.json"
WRAPPED = "description"
"""The key of a description that stands in an object which says more."""
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class LoadedDescription:
    """A description as it was read; without a model where it cannot be used."""

    file: str
    """Its name, for messages."""
    data: bytes
    """Byte for byte as the archivist wrote it."""
    description: Description | None
    findings: tuple[Finding, ...]
    values: Mapping[SchemaPath, TextPosition]
    places: Places

    def placed(self, path: SchemaPath, finding: Finding) -> Finding:
        """The finding, with the line and column of the value that it is about."""
        # a single transcription may be written without a list: its path has no index
        single = path[:1] + path[2:] if path[:1] == ("transcription",) else path
        path = single if single in self.values else path
        above = path
        while above and above not in self.values:
            above = above[:-1]
        return replace(finding, place=self.places.at(path, self.values.get(above) if above else None))


def load_description(
    data: bytes, file: str, *, is_json: bool = False, places: Places | None = None
) -> LoadedDescription:
    """Read a description; whatever is wrong with it is in `findings`, nothing is raised.

    `places` says where it was written, if not in that file as it is.
    """
    places = places or TextPlaces(file)
    complaints = FindingCollector(file, [], places=places)
    try:
        text = _decode(data, complaints)
        node = read_json(text, complaints) if is_json else _read_yaml(text, complaints)
    except TextRefused as refused:
        return LoadedDescription(file, data, None, (*complaints, refused.finding), {}, places)
    return load_node(data, node, complaints)


def load_wrapped(data: bytes, file: str, *, places: Places) -> LoadedDescription:
    """Read the description that a JSON object has under its key `description`.

    What is kept of it is its canonical text; places are those in the object as it was written.
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
    """Go on where the text of a description was read, whatever it stood in."""
    shaped = type_values(node, SCHEMA_NAME, complaints)
    report_schema_faults(schema_faults(SCHEMA_NAME, shaped.data), shaped, complaints)
    report_double_names(shaped, complaints)
    if has_errors(complaints):
        file, places = complaints.file, _places_of(complaints)
        return LoadedDescription(file, data, None, in_reading_order(complaints), shaped.values, places)
    description = build_description(shaped.data)
    loaded = LoadedDescription(complaints.file, data, description, (), shaped.values, _places_of(complaints))
    findings = [loaded.placed(path, finding) for path, finding in check_description(description)]
    for path, word in find_placeholders(shaped.data):
        finding = finding_kinds.PLACEHOLDER.at(f"`{word}` is a word of the template, not yet filled in")
        findings.append(loaded.placed(path, finding))
    findings += complaints
    return replace(loaded, findings=in_reading_order(findings)) if findings else loaded


def _read_yaml(text: str, complaints: FindingCollector) -> Node:
    from archtool.description.document.yaml_reader import read_yaml  # who has JSON only does without

    return read_yaml(text, complaints)


def _places_of(complaints: FindingCollector) -> Places:
    return complaints.places or TextPlaces(complaints.file)


def _decode(data: bytes, complaints: FindingCollector) -> str:
    if len(data) > MAX_DESCRIPTION_BYTES:
        message = f"larger than {MAX_DESCRIPTION_BYTES:,} bytes"
        raise complaints.stop(finding_kinds.TOO_LARGE, message, TextPosition(1, 1))
    wide = wide_encoding_of(data[:4])
    if wide is not None:
        # kept byte for byte in the package, readers that expect UTF-8 could not read it
        raise complaints.stop(
            finding_kinds.NOT_TEXT, f"the text is {wide}, not UTF-8", TextPosition(1, 1), SAVE_AS_UTF8
        )
    try:
        # not utf-8-sig: that counts the place of an error without the mark at the beginning
        return data.decode("utf-8").removeprefix(_BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8").removeprefix(_BYTE_ORDER_MARK)
        mark = mark_at(before, len(before))
        message = f"byte {error.start + 1} is not UTF-8: found 0x{data[error.start]:02x}"
        raise complaints.stop(finding_kinds.NOT_TEXT, message, mark) from error
