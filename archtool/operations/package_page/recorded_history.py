"""Returns the history of a package, if its provenance states exactly what follows from its description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archtool.bagit.model import Bag
from archtool.description.model import Description
from archtool.errors import InputError
from archtool.operations.content.adopted_info import parse_adopted_info
from archtool.operations.content.derived_history import Payload, derive_history
from archtool.operations.content.file_times import parse_file_times
from archtool.operations.content.metadata import manifest_digests
from archtool.operations.content.package_reader import OpenPackage
from archtool.operations.open_package.package_paths import FILE_TIMES_PATH, PROVENANCE_PATH
from archtool.operations.sources.expansion import expand_patterns, has_patterns, names_in
from archtool.provenance.model import History
from archtool.provenance.prov_json import is_prov_of


def recorded_history(
    package: OpenPackage, description: Description | None, citation: Mapping[str, Any] | None
) -> History | None:
    """Derive the history again, and return it if it is what the package records; else `None`."""
    if description is None or citation is None:
        return None
    try:
        document = package.metadata.json(PROVENANCE_PATH)
    except InputError:  # verify reports it
        return None
    if not isinstance(document, dict):
        return None
    payload = _payload(package)
    if has_patterns(description):
        names = names_in(
            path.removeprefix("data/") for path in payload.digests.keys() | payload.sizes_bytes.keys()
        )
        description = expand_patterns(description, names, keeps_unmatched=True).description
    try:
        history = derive_history(
            description, citation, payload, document, parse_adopted_info(package.metadata.files)
        )
    except (AttributeError, TypeError, KeyError):  # not PROV-JSON in our form, which verify reports
        return None
    return history if is_prov_of(history, document) else None


def _payload(package: OpenPackage) -> Payload:
    bag: Bag = package.bag
    digests = manifest_digests(bag)
    times = None
    if FILE_TIMES_PATH in package.metadata.files:
        times = parse_file_times(package.metadata.files[FILE_TIMES_PATH], len(digests)).times_ns
    return Payload(package.layout.payload_as_listed, digests, times)
