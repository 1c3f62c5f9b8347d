"""Decides whether a package has RO-Crate metadata of its own, and compares it with the package."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from archtool.description.model import Description
from archtool.errors import InputError
from archtool.files.hashing.digests import Algorithm
from archtool.findings import Finding
from archtool.operations.content.adopted_info import parse_adopted_info
from archtool.operations.content.crate.crate_check import check_crate
from archtool.operations.content.crate.crate_text import crate_text
from archtool.operations.content.derived_history import (
    Payload,
    derive_history,
    payload_records,
    states_crate,
)
from archtool.operations.content.metadata import Metadata
from archtool.operations.history.files import CRATE_ROLE
from archtool.operations.open_package.package_paths import CRATE_PATH, PROVENANCE_PATH

ReadFile = Callable[[str], bytes]
"""Reads a payload file by its path; raises an OSError."""


def has_own_crate(metadata: Metadata) -> bool:
    """Return whether the provenance states that archtool wrote the RO-Crate metadata in the payload."""
    if CRATE_ROLE.encode() not in metadata.files.get(PROVENANCE_PATH, b""):  # the usual case
        return False
    try:
        document = metadata.json(PROVENANCE_PATH)
    except InputError:  # it has its own finding
        return False
    return isinstance(document, dict) and states_crate(document)


def expected_crate(
    metadata: Metadata,
    description: Description,
    citation: Mapping[str, Any],
    payload: Payload,
    algorithms: Collection[Algorithm],
) -> str:
    """Make the RO-Crate metadata of a package again; `algorithms` are those of its payload manifests.

    The provenance must be readable and conform to its schema.
    """
    document, others = metadata.json(PROVENANCE_PATH), payload.without(CRATE_PATH)
    history = derive_history(description, citation, others, document, parse_adopted_info(metadata.files))
    return crate_text(history, citation, payload_records(others, document), algorithms)


def check_package_crate(
    metadata: Metadata,
    description: Description,
    citation: Mapping[str, Any],
    payload: Payload,
    algorithms: Collection[Algorithm],
    read_file: ReadFile,
) -> list[Finding]:
    """Compare the RO-Crate metadata of a package that has its own with what follows from the package."""
    digests = payload.digests.get(CRATE_PATH)
    if digests is None:  # it has its own finding
        return []
    expected = expected_crate(metadata, description, citation, payload, algorithms)
    listed = {algorithm: value for algorithm, value in digests.items() if algorithm in algorithms}

    def read() -> tuple[bytes, Any]:
        data = read_file(CRATE_PATH)
        return data, metadata.parse(data, CRATE_PATH)

    return check_crate(expected, listed, read, knows_sizes=payload.knows_sizes)
