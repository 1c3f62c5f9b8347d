"""Every kind of finding that archtool can report, by its code."""

from __future__ import annotations

from functools import cache
from types import ModuleType

from archtool.findings import Kind


@cache
def all_kinds() -> dict[str, Kind]:
    """Code → kind, sorted by code; two kinds of one code would be a mistake of ours."""
    from archtool.bag import kinds as bag_kinds
    from archtool.bag import profile_kinds
    from archtool.description import kinds as description_kinds
    from archtool.operations import kinds as operation_kinds
    from archtool.operations.diff import kinds as diff_kinds
    from archtool.provenance import kinds as provenance_kinds
    from archtool.remote import kinds as remote_kinds
    from archtool.serialisation import kinds as archive_kinds
    from archtool.tables import kinds as table_kinds
    from archtool.trust import certificate_kinds, evidence_kinds, policy_kinds, timestamp_kinds
    from archtool.trust import kinds as trust_kinds

    rooms = (
        bag_kinds,
        profile_kinds,
        description_kinds,
        diff_kinds,
        operation_kinds,
        provenance_kinds,
        remote_kinds,
        archive_kinds,
        table_kinds,
        certificate_kinds,
        evidence_kinds,
        policy_kinds,
        timestamp_kinds,
        trust_kinds,
    )
    found = [kind for room in rooms for kind in _kinds_in(room)]
    return {kind.code: kind for kind in sorted(found, key=lambda kind: kind.code)}


def _kinds_in(room: ModuleType) -> list[Kind]:
    return [value for value in vars(room).values() if isinstance(value, Kind)]
