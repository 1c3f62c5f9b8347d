"""Every kind of finding that archtool can report, by its code."""

from __future__ import annotations

from functools import cache
from types import ModuleType

from archtool.findings import Kind


@cache
def all_kinds() -> dict[str, Kind]:
    """Code → kind, sorted by code; two kinds of one code would be a mistake of ours."""
    from archtool.archives import finding_kinds as archive_kinds
    from archtool.attestations import finding_kinds as trust_kinds
    from archtool.attestations import policy_finding_kinds
    from archtool.bagit import finding_kinds as bag_kinds
    from archtool.bagit import profile_finding_kinds
    from archtool.description import finding_kinds as description_kinds
    from archtool.download import finding_kinds as remote_kinds
    from archtool.openssh.keys import certificate_finding_kinds
    from archtool.operations import finding_kinds as operation_kinds
    from archtool.operations.diff import finding_kinds as diff_kinds
    from archtool.provenance import finding_kinds as provenance_kinds
    from archtool.tables import finding_kinds as table_kinds
    from archtool.timestamps import finding_kinds
    from archtool.timestamps.evidence import evidence_finding_kinds

    rooms = (
        bag_kinds,
        profile_finding_kinds,
        description_kinds,
        diff_kinds,
        operation_kinds,
        provenance_kinds,
        remote_kinds,
        archive_kinds,
        table_kinds,
        certificate_finding_kinds,
        evidence_finding_kinds,
        policy_finding_kinds,
        finding_kinds,
        trust_kinds,
    )
    found = [kind for room in rooms for kind in _kinds_in(room)]
    return {kind.code: kind for kind in sorted(found, key=lambda kind: kind.code)}


def _kinds_in(room: ModuleType) -> list[Kind]:
    return [value for value in vars(room).values() if isinstance(value, Kind)]
