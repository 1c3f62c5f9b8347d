"""Reads a mapping and joins it with the tables of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from archtool.batch.sources.mapping.binding import Binding, BoundTable
from archtool.batch.sources.rows.row_columns import RowColumns
from archtool.batch.sources.table_columns import OWN_OF_ANNEXES, OWN_OF_PACKAGES, conflicting_columns
from archtool.batch.sources.table_files import TableFiles
from archtool.description.limits import MAX_DEFAULTS_BYTES
from archtool.description.table.cells import Defaults
from archtool.description.table.columns import ANNEXES_KEY
from archtool.errors import MaterialRefusedError
from archtool.files.paths import shown
from archtool.findings import Finding, has_errors, in_reading_order
from archtool.operations.describe.inputs import read_text_input
from archtool.operations.mapping import finding_kinds
from archtool.operations.mapping.reader import MappingFindings, read_mapping
from archtool.tables.model import fault_finding


@dataclass(frozen=True, slots=True)
class MappedTables:
    """What the columns of the tables mean, according to a mapping."""

    packages: RowColumns
    annexes: RowColumns | None
    """`None` if the mapping does not speak of the annexes: then their columns are named like keys."""
    notes: tuple[str, ...]


def join_mapping(path: Path, tables: TableFiles, defaults: Defaults | None) -> MappedTables:
    """Read a mapping and join it with the tables.

    Raises:
        InputError: the mapping is missing or cannot be read.
        MaterialRefusedError: it is not a mapping, or does not fit the tables; all findings are reported.
    """
    data = read_text_input(path, MAX_DEFAULTS_BYTES, "the mapping", reads_utf16=True)
    mappings, findings = read_mapping(
        data, str(path), OWN_OF_PACKAGES, OWN_OF_ANNEXES, is_json=path.suffix.lower() == ".json"
    )
    if mappings is None:
        raise _refusal(path, findings, [])
    given = defaults.values if defaults is not None else {}
    binding = Binding(tables.packages, mappings.packages, OWN_OF_PACKAGES, None, findings)
    packages, header = binding.join(given)
    has_annexes = tables.annexes is not None
    header += [
        fault_finding(tables.packages, 1, fault)
        for fault in conflicting_columns(packages.keys, defaults, has_annexes=has_annexes)
    ]
    annexes: BoundTable | None = None
    if mappings.annexes is not None and tables.annexes is not None:
        annexes, more = Binding(tables.annexes, mappings.annexes, OWN_OF_ANNEXES, ANNEXES_KEY, findings).join(
            ()
        )
        header += more
    elif mappings.annexes is not None:
        message = "the mapping has `annexes`, and there is no table of annexes"
        hint = "name the table with --annexes FILE, or delete this part of the mapping"
        findings.add(finding_kinds.NO_COLUMN, message, (ANNEXES_KEY,), hint)
    if header or has_errors(findings.collector):
        raise _refusal(path, findings, header)
    notes = tuple(f"{finding.place or path}: {finding.message}" for finding in findings.collector)
    unused = (*packages.notes, *(annexes.notes if annexes is not None else ()))
    return MappedTables(packages.columns, annexes.columns if annexes is not None else None, (*notes, *unused))


def _refusal(path: Path, findings: MappingFindings, header: list[Finding]) -> MaterialRefusedError:
    message = f"the mapping {shown(str(path))} cannot be used as it is; no job was begun"
    return MaterialRefusedError(message, in_reading_order((*header, *findings.collector)))
