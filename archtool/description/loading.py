"""Loads a description: parses, types and checks its bytes, and builds the model or reports all findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from archtool.description import finding_kinds
from archtool.description.checks import check_description
from archtool.description.document.json_reader import read_json
from archtool.description.document.json_recovery import recover_json
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
from archtool.description.document.typing import TypedValues, type_values
from archtool.description.document.writer import format_node
from archtool.description.document.yaml_reader import read_yaml
from archtool.description.document.yaml_recovery import recover_yaml
from archtool.description.limits import MAX_DESCRIPTION_BYTES
from archtool.description.model import Description
from archtool.description.model_builder import build_description
from archtool.description.placeholders import check_placeholders
from archtool.description.sound_parts import NO_DOUBTS, Doubts, SoundParts, sound_parts
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
    sound: SoundParts | None = None
    """What can be used of a description with faults; `None` if it has none, or if nothing can be used."""

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
    complaints = FindingCollector(file, [], places=places, is_json=is_json)
    try:
        text, fault = _decode(data, complaints)
        node = read_whole(text, complaints)
        if fault is not None:
            complaints.findings.append(fault)
            complaints.leave_out_undecoded(node)
    except TextRefused as refused:
        return LoadedDescription(file, data, None, (*complaints, refused.finding), {}, places)
    return load_node(data, node, complaints)


def read_whole(text: str, complaints: FindingCollector) -> Node:
    """Parse a text; if it has syntax faults, report all of them and parse the rest.

    Raises:
        TextRefused: nothing can be read.
    """
    read, recover = (read_json, recover_json) if complaints.is_json else (read_yaml, recover_yaml)
    try:
        return read(text, complaints)
    except TextRefused as refused:
        if refused.finding.code != finding_kinds.SYNTAX.code:
            raise
        complaints.reset()
        return recover(text, complaints)


def load_wrapped(data: bytes, file: str, *, places: Places) -> LoadedDescription:
    """Load the description that a JSON object has under its key `description`.

    Its data is the canonical text of the description; places refer to the object as it was written.
    """
    complaints = FindingCollector(file, [], places=places, is_json=True)
    try:
        text, fault = _decode(data, complaints)
        if fault is not None:
            raise TextRefused(fault)
        node = read_json(text, complaints)
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
    file, places = complaints.file, _places_of(complaints)
    if has_errors(complaints):
        loaded = LoadedDescription(file, data, None, (), typed.values, places)
        return _with_sound_parts(loaded, typed, complaints)
    description = build_description(typed.data)
    loaded = LoadedDescription(file, data, description, (), typed.values, places)
    findings = [*complaints, *_check_values(loaded, typed, description, NO_DOUBTS)]
    return replace(loaded, findings=in_reading_order(findings)) if findings else loaded


def _with_sound_parts(
    loaded: LoadedDescription, typed: TypedValues, complaints: FindingCollector
) -> LoadedDescription:
    """Return a faulty description with its sound parts, which are checked as well."""
    faulty = {*complaints.faulty, *(path for path, mark in typed.values.items() if mark in complaints.unread)}
    sound = sound_parts(
        typed.data, SCHEMA_NAME, faulty, complaints.unread_texts, is_cut_short=complaints.is_cut_short
    )
    findings = [*complaints]
    if sound is not None:
        findings += _check_values(loaded, typed, sound.description, sound.doubts)
    return replace(loaded, findings=in_reading_order(findings), sound=sound)


def _check_values(
    loaded: LoadedDescription, typed: TypedValues, description: Description, doubts: Doubts
) -> Iterator[Finding]:
    for path, finding in check_description(description, doubts):
        yield loaded.placed(path, finding)
    for path, finding in check_placeholders(typed.data):
        if not doubts.is_faulty(path):
            yield loaded.placed(path, finding)


def _places_of(complaints: FindingCollector) -> Places:
    return complaints.places or TextPlaces(complaints.file)


def _decode(data: bytes, complaints: FindingCollector) -> tuple[str, Finding | None]:
    """Return the text, with U+FFFD for what is not UTF-8, and the finding about that."""
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
        return data.decode("utf-8").removeprefix(_BYTE_ORDER_MARK), None
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8").removeprefix(_BYTE_ORDER_MARK)
        mark = mark_at(before, len(before))
        message = f"byte {error.start + 1} is not UTF-8: found 0x{data[error.start]:02x}"
        fault = complaints.stop(finding_kinds.NOT_TEXT, message, mark).finding
        return data.decode("utf-8", "replace").removeprefix(_BYTE_ORDER_MARK), fault
