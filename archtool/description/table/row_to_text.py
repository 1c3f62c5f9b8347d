"""Composes the text of a description from a table row, the rows of its annexes, and the defaults."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archtool.description import finding_kinds
from archtool.description.document.nodes import FindingCollector, TextRefused
from archtool.description.document.schema_messages import report_double_names, report_schema_faults
from archtool.description.document.typing import type_values
from archtool.description.document.writer import format_yaml
from archtool.description.limits import MAX_DEFAULTS_BYTES
from archtool.description.loading import SCHEMA_NAME, read_whole
from archtool.description.table.annexe_rows import AnnexeRow, AnnexeRows
from archtool.description.table.cells import CellPlaces, Defaults, Tree, merged
from archtool.findings import Finding, Place, has_errors, in_reading_order
from archtool.schemas import load_schema, schema_faults

FORMAT_VERSION = 1
# keywords for missing keys, which one of two merged parts can lack
_COMPLETENESS_KEYWORDS = frozenset(["required", "anyOf"])

Resolve = Callable[[dict[str, Any], CellPlaces], tuple[dict[str, Any], Sequence[Finding]]]


@dataclass(frozen=True, slots=True)
class ComposedDescription:
    """A description as text, and the cells of its values."""

    data: bytes
    """The canonical text: the same cells always produce the same bytes."""
    places: CellPlaces
    findings: tuple[Finding, ...]
    """Findings about the cells; the values are not checked yet."""


def compose(
    tree: Tree,
    row: Place,
    defaults: Defaults | None = None,
    annexes: Sequence[AnnexeRow] = (),
    complaints: Sequence[Finding] = (),
    resolve: Resolve | None = None,
) -> ComposedDescription:
    """Merge a row, its annexes and the defaults to a description, with keys in the order of the schema.

    `resolve` replaces the paths of the files in the values by those that they stand for.
    """
    places = CellPlaces(row, {}, {}, {}, defaults)
    findings = [*complaints]
    own = places.values_of(tree)
    if annexes:
        own["annexes"] = AnnexeRows(annexes, findings).nest(places)
    values = merged(defaults.values if defaults is not None else {}, own)
    if resolve is not None:
        values, faults = resolve(values, places)
        findings += faults
    text = format_yaml(_ordered({"archtool": FORMAT_VERSION} | values))
    return ComposedDescription(text.encode("utf-8", "backslashreplace"), places, in_reading_order(findings))


def _ordered(values: Mapping[str, Any]) -> dict[str, Any]:
    known = [key for key in load_schema(SCHEMA_NAME)["properties"] if key in values]
    return {key: values[key] for key in (*known, *(key for key in values if key not in known))}


def read_defaults(data: bytes, file: str, *, is_json: bool) -> tuple[Defaults | None, tuple[Finding, ...]]:
    """Read a partial description and check the values that it has; missing keys are allowed.

    If no defaults are returned, the findings state why; otherwise they are warnings.
    """
    complaints = FindingCollector(file, [], is_json=is_json)
    try:
        if len(data) > MAX_DEFAULTS_BYTES:
            return None, (finding_kinds.TOO_LARGE.at(f"larger than {MAX_DEFAULTS_BYTES:,} bytes", file),)
        text = data.decode("utf-8").removeprefix("\ufeff")
        node = read_whole(text, complaints)
    except UnicodeDecodeError as error:
        return None, (finding_kinds.NOT_TEXT.at(f"byte {error.start + 1} is not UTF-8", file),)
    except TextRefused as refused:
        return None, (*complaints, refused.finding)
    typed = type_values(node, SCHEMA_NAME, complaints)
    faults = schema_faults(SCHEMA_NAME, typed.data)
    report_schema_faults(
        tuple(f for f in faults if f.keyword not in _COMPLETENESS_KEYWORDS), typed, complaints
    )
    report_double_names(typed, complaints)
    if has_errors(complaints):
        return None, in_reading_order(complaints)
    return Defaults(file, typed.data, typed.values), in_reading_order(complaints)
