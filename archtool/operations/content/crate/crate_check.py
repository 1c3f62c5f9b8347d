"""Checks that the RO-Crate metadata in a payload says what the package says.

The expected text is made again from the description, as the history is. Its digest is compared with the
payload manifests, which the fixity check compares with the file; so the file is usually not read here. If
the digests differ, the two documents are compared entity by entity.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from archtool.canonical_json import format_json_line
from archtool.errors import InputError
from archtool.files.hashing.digests import Algorithm, digest_bytes
from archtool.findings import Finding, bounded, clip
from archtool.operations import finding_kinds
from archtool.operations.limits import MAX_DIFFERENCES_PER_FILE
from archtool.operations.open_package.package_paths import CRATE_PATH

Listed = Mapping[Algorithm, str]
"""The digests of a file in the payload manifests."""
_SHOWN_CHARACTERS = 120
_SIZE = "contentSize"


def check_crate(
    expected: str, listed: Listed, read: Callable[[], tuple[bytes, Any]], *, knows_sizes: bool = True
) -> list[Finding]:
    """Report what the RO-Crate metadata in the payload says differently.

    `read` returns the bytes of the file and their JSON value, and is called only if the file differs; it can
    raise an OSError or an InputError. Without `knows_sizes`, the sizes of files are not compared.
    """
    data = expected.encode()
    if _is_listed(data, listed):
        return []
    try:
        found, document = read()
    except OSError:
        return []  # the fixity check reports it
    except InputError as error:
        return [finding_kinds.METADATA_INVALID.at(error.message, CRATE_PATH)]
    differences = [_differs(message) for message in _compare(json.loads(expected), document, knows_sizes)]
    if not differences and not _is_listed(found, listed):
        differences = [_differs("the payload manifests list another file than the one that was read")]
    return list(bounded(differences, MAX_DIFFERENCES_PER_FILE))


def _is_listed(data: bytes, listed: Listed) -> bool:
    digests = (digest_bytes(algorithm, data).hex == value for algorithm, value in listed.items())
    return bool(listed) and all(digests)


def _differs(message: str) -> Finding:
    return finding_kinds.CRATE_DIFFERS.at(message, CRATE_PATH)


def _compare(expected: Mapping[str, Any], found: Any, knows_sizes: bool) -> Iterator[str]:
    if not isinstance(found, dict) or not isinstance(found.get("@graph"), list):
        yield "it is not the metadata of an RO-Crate: it has no `@graph`"
        return
    for key in sorted({*expected, *found} - {"@graph"}):
        if expected.get(key) != found.get(key):
            yield f"`{clip(key, _SHOWN_CHARACTERS)}` is not that of the crates that archtool makes"
    wanted = {one["@id"]: one for one in expected["@graph"]}
    seen: set[str] = set()
    for one in found["@graph"]:
        own = one.get("@id") if isinstance(one, dict) else None
        if not isinstance(own, str) or own in seen:
            yield f"an entity without an identifier of its own: {_shown(one)}"
            continue
        seen.add(own)
        if own in wanted:
            yield from _compare_entity(own, wanted[own], one, knows_sizes)
        else:
            yield f"{_shown(own)} does not follow from the package"
    for missing in wanted.keys() - seen if len(seen) < len(wanted) else ():
        yield f"{_shown(missing)} is missing"


def _compare_entity(
    own: str, wanted: Mapping[str, Any], found: Mapping[str, Any], knows_sizes: bool
) -> Iterator[str]:
    for name in sorted({*wanted, *found}):
        is_comparable = knows_sizes or name != _SIZE
        if is_comparable and wanted.get(name) != found.get(name):
            values = f"is {_shown(found.get(name))}, and should be {_shown(wanted.get(name))}"
            yield f"{_shown(own)}: {clip(name, _SHOWN_CHARACTERS)} {values}"


def _shown(value: Any) -> str:
    if value is None:
        return "not there"
    return clip(value if isinstance(value, str) else format_json_line(value), _SHOWN_CHARACTERS)
