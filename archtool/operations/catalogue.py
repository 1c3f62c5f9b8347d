"""Lists every kind of finding that archtool can report, by code."""

from __future__ import annotations

from functools import cache
from types import ModuleType

from archtool.archives import finding_kinds as archive_kinds
from archtool.attestations import finding_kinds as attestation_kinds
from archtool.bagit import finding_kinds as bag_kinds
from archtool.description import finding_kinds as description_kinds
from archtool.download import finding_kinds as download_kinds
from archtool.findings import Kind
from archtool.formats import finding_kinds as format_kinds
from archtool.holdings import finding_kinds as register_kinds
from archtool.openssh import finding_kinds as openssh_kinds
from archtool.operations import finding_kinds as operation_kinds
from archtool.operations.diff import finding_kinds as diff_kinds
from archtool.operations.export import finding_kinds as export_kinds
from archtool.operations.export.ocfl import finding_kinds as ocfl_kinds
from archtool.operations.importing import finding_kinds as import_kinds
from archtool.operations.mapping import finding_kinds as mapping_kinds
from archtool.operations.repair import finding_kinds as repair_kinds
from archtool.operations.site import finding_kinds as site_kinds
from archtool.operations.text_compare import finding_kinds as compare_kinds
from archtool.operations.text_repair import finding_kinds as text_repair_kinds
from archtool.provenance import finding_kinds as provenance_kinds
from archtool.tables import finding_kinds as table_kinds
from archtool.text.checking import finding_kinds as text_kinds
from archtool.timestamps import finding_kinds as timestamp_kinds

_MODULES = (
    bag_kinds,
    description_kinds,
    operation_kinds,
    diff_kinds,
    compare_kinds,
    export_kinds,
    provenance_kinds,
    download_kinds,
    archive_kinds,
    format_kinds,
    table_kinds,
    text_kinds,
    mapping_kinds,
    ocfl_kinds,
    import_kinds,
    repair_kinds,
    site_kinds,
    text_repair_kinds,
    openssh_kinds,
    timestamp_kinds,
    attestation_kinds,
    register_kinds,
)


@cache
def all_kinds() -> dict[str, Kind]:
    """Return every kind by its code, sorted by code; no two modules define the same code."""
    kinds = [kind for module in _MODULES for kind in _kinds_in(module)]
    return {kind.code: kind for kind in sorted(kinds, key=lambda kind: kind.code)}


def _kinds_in(module: ModuleType) -> list[Kind]:
    return [value for value in vars(module).values() if isinstance(value, Kind)]
