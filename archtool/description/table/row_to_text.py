"""Makes the text of a description from the row of a table, the rows of its annexes, and the defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archtool.description import finding_kinds
from archtool.description.document.json_reader import read_json
from archtool.description.document.nodes import FindingCollector, TextRefused
from archtool.description.document.schema_messages import report_double_names, report_schema_faults
from archtool.description.document.typing import type_values
from archtool.description.document.writer import format_yaml
from archtool.description.document.yaml_reader import read_yaml
from archtool.description.loading import SCHEMA_NAME
from archtool.description.table.annexe_rows import AnnexeRow, AnnexeRows
from archtool.description.table.cells import CellPlaces, Defaults, Tree, merged
from archtool.findings import Finding, Place, has_errors, in_reading_order
from archtool.schemas import load_schema, schema_faults

MAX_DEFAULTS_BYTES = 16 * 1024 * 1024
FORMAT_VERSION = 1
# what may be missing in one of two parts that are put together
_OF_A_WHOLE = frozenset(["required", "anyOf"])


@dataclass(frozen=True, slots=True)
class ComposedDescription:
    """A description as text, and where each of its values was said."""

    data: bytes
    """Its one text: the same cells give the same bytes."""
    places: CellPlaces
    findings: tuple[Finding, ...]
    """What is wrong with the cells, before their values are looked at."""


def compose(
    tree: Tree,
    row: Place,
    defaults: Defaults | None = None,
    annexes: Sequence[AnnexeRow] = (),
    complaints: Sequence[Finding] = (),
) -> ComposedDescription:
    """Put together what a row, its annexes and the defaults say; the keys are in the schema's order."""
    places = CellPlaces(row, {}, {}, {}, defaults)
    findings = [*complaints]
    own = places.settle(tree)
    if annexes:
        own["annexes"] = AnnexeRows(annexes, findings).settle(places)
    values = merged(defaults.values if defaults is not None else {}, own)
    text = format_yaml(_ordered({"archtool": FORMAT_VERSION} | values))
    return ComposedDescription(text.encode("utf-8", "backslashreplace"), places, in_reading_order(findings))


def _ordered(values: Mapping[str, Any]) -> dict[str, Any]:
    known = [key for key in load_schema(SCHEMA_NAME)["properties"] if key in values]
    return {key: values[key] for key in (*known, *(key for key in values if key not in known))}


def read_defaults(data: bytes, file: str, *, is_json: bool) -> tuple[Defaults | None, tuple[Finding, ...]]:
    """Read a partial description; what is wrong with what is there is found, what is missing may be.

    Without defaults the findings say why; with them they are warnings.
    """
    complaints = FindingCollector(file, [])
    try:
        if len(data) > MAX_DEFAULTS_BYTES:
            return None, (finding_kinds.TOO_LARGE.at(f"larger than {MAX_DEFAULTS_BYTES:,} bytes", file),)
        text = data.decode("utf-8").removeprefix("\ufeff")
        node = read_json(text, complaints) if is_json else read_yaml(text, complaints)
    except UnicodeDecodeError as error:
        return None, (finding_kinds.NOT_TEXT.at(f"byte {error.start + 1} is not UTF-8", file),)
    except TextRefused as refused:
        return None, (*complaints, refused.finding)
    shaped = type_values(node, SCHEMA_NAME, complaints)
    faults = schema_faults(SCHEMA_NAME, shaped.data)
    report_schema_faults(tuple(f for f in faults if f.keyword not in _OF_A_WHOLE), shaped, complaints)
    report_double_names(shaped, complaints)
    if has_errors(complaints):
        return None, in_reading_order(complaints)
    return Defaults(file, shaped.data, shaped.values), in_reading_order(complaints)
