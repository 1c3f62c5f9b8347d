"""Reads the history that a package records, from its provenance manifest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from archtool.archives.limits import Limits
from archtool.bagit.limits import MAX_METADATA_BYTES
from archtool.errors import InputError
from archtool.files.paths import shell_word, shown
from archtool.findings import Finding
from archtool.operations.cite import contradictions, metadata_read_error
from archtool.operations.content.package_reader import OpenPackage, open_package
from archtool.operations.open_package.package_paths import PROVENANCE_PATH, find_sidecar
from archtool.operations.open_package.sidecar import read_sidecar
from archtool.operations.trust.trust_request import TrustRequest
from archtool.provenance.checks import PROVENANCE_SCHEMA
from archtool.provenance.history_reader import history_of_prov
from archtool.provenance.model import History
from archtool.schemas import schema_faults

_OWN_AGENT = "archtool "
_MAX_SHOWN = 200  # characters of a message about a hostile value


@dataclass(frozen=True, slots=True)
class RecordedHistory:
    """The history of a package, and what was found while it was read."""

    subject: str
    """The package as the person named it."""
    history: History
    document: dict[str, Any]
    """Its PROV-JSON, parsed."""
    data: bytes
    """Its PROV-JSON, byte for byte."""
    findings: tuple[Finding, ...] = ()
    """Contradictions by tag manifests or signatures."""


def read_recorded_history(root: Path, at: datetime, limits: Limits | None = None) -> RecordedHistory:
    """Read the history of a package; `at` is the current time, aware.

    The bytes of the manifest are compared with the tag manifests and the signatures, without an
    allowed_signers file. Nothing else is checked: whether the history agrees with the description and the
    payload is known only to `verify`.

    Raises:
        InputError: no such package, no bag, no history in it, or one that cannot be used.
        ReadFailedError: the storage failed.
    """
    sidecar_path = find_sidecar(root)
    with open_package(root, limits) as package:
        document = read_provenance(root, package)
        sidecar = read_sidecar(sidecar_path) if sidecar_path is not None else None
        trust = package.check_trust(TrustRequest(), at, sidecar)
        findings = (
            *package.source.findings,
            *package.unread,
            *package.check_bytes_read(PROVENANCE_PATH),
            *contradictions(trust, PROVENANCE_PATH),
        )
        data = package.metadata.files[PROVENANCE_PATH]
    return RecordedHistory(
        str(root), history_of_prov(document), document, data, tuple(dict.fromkeys(findings))
    )


def read_provenance(root: Path, package: OpenPackage) -> dict[str, Any]:
    """Return the provenance manifest of a package as parsed PROV-JSON that conforms to archtool's schema.

    `root` is the package as the person named it, for messages.

    Raises:
        InputError: the package has no such manifest, or it cannot be used.
        ReadFailedError: the storage failed.
    """
    metadata = package.metadata
    if PROVENANCE_PATH in metadata.unread:
        raise metadata_read_error(root, package, PROVENANCE_PATH)
    if PROVENANCE_PATH in metadata.too_large:
        raise _unusable(root, f"larger than {MAX_METADATA_BYTES} bytes")
    if PROVENANCE_PATH not in metadata.files:
        raise _no_history(root, package)
    try:
        document = metadata.json(PROVENANCE_PATH)
    except InputError as error:
        raise _unusable(root, error.message) from None
    if not isinstance(document, dict):
        raise _unusable(root, f"an object was expected, not {type(document).__name__}")
    fault = next(iter(schema_faults(PROVENANCE_SCHEMA, document)), None)
    if fault is not None:
        where = "/".join(str(part) for part in fault.path) or "the document"
        raise _unusable(root, f"not PROV-JSON as archtool writes it: {where}: {fault.message}"[:_MAX_SHOWN])
    return document


def read_history(root: Path, package: OpenPackage) -> History:
    """Return the history that a package records.

    Raises:
        InputError: the package records none, or it cannot be used.
        ReadFailedError: the storage failed.
    """
    return history_of_prov(read_provenance(root, package))


def is_missing_part(package: OpenPackage, path: str) -> bool:
    """Return whether a package should have a file: a tag manifest lists it, or archtool made it."""
    listed = (str(entry.path) for manifest in package.bag.tag_manifests for entry in manifest.entries)
    agents = package.bag.info.values("Bag-Software-Agent")
    return path in listed or any(agent.startswith(_OWN_AGENT) for agent in agents)


def _no_history(root: Path, package: OpenPackage) -> InputError:
    name, word = shown(str(root)), shell_word(str(root))
    if is_missing_part(package, PROVENANCE_PATH):
        return InputError(
            f"the provenance manifest of {name} is missing: {PROVENANCE_PATH}",
            hint=f"restore the file from another copy; what else is missing says: archtool verify {word}",
        )
    return InputError(
        f"{name} records no history: it has no {PROVENANCE_PATH}, and was not made by archtool",
        hint=f"to see what it contains, run: archtool show {word}",
    )


def _unusable(root: Path, reason: str) -> InputError:
    name, word = shown(str(root)), shell_word(str(root))
    text = reason.removeprefix(f"{PROVENANCE_PATH}: ")
    return InputError(
        f"{name}: {PROVENANCE_PATH} cannot be used: {text}",
        hint=f"restore this file from another copy of the package; to check it, run: archtool verify {word}",
    )
