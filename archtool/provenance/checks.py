"""Compares the two provenance manifests of a package with its payload manifests, in both directions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from archtool.errors import InputError
from archtool.files.hashing.digests import Algorithm, Digest
from archtool.findings import Finding
from archtool.provenance import finding_kinds
from archtool.provenance.reader import Claims, claims_of, digests_claimed_by_premis
from archtool.schemas import SchemaFault, schema_faults

PROV_FILE = "metadata/provenance.json"
PREMIS_FILE = "metadata/premis.xml"
PROVENANCE_SCHEMA = "provenance.schema.json"

ManifestDigests = Mapping[str, Mapping[Algorithm, str]]
"""Digests by path: of payload files, and of the manifest lines of a declared folder (`…/`)."""


def check_prov(document: Mapping[str, Any], manifest_digests: ManifestDigests) -> list[Finding]:
    """Check parsed PROV-JSON against its schema, and its files and digests against the payload manifests."""
    faults = [_fault(fault) for fault in schema_faults(PROVENANCE_SCHEMA, document)]
    return faults + _claimed(PROV_FILE, lambda: claims_of(document), manifest_digests)


def check_premis(premis: bytes, manifest_digests: ManifestDigests) -> list[Finding]:
    """Check that PREMIS can be read, and its files and digests against the payload manifests."""
    return _claimed(PREMIS_FILE, lambda: digests_claimed_by_premis(premis), manifest_digests)


def _claimed(
    file: str, read_claims: Callable[[], Claims], manifest_digests: ManifestDigests
) -> list[Finding]:
    try:
        return check_claims(file, read_claims(), manifest_digests)
    except InputError as error:
        return [finding_kinds.UNREADABLE.at(error.message, file, hint=error.hint)]


def _fault(fault: SchemaFault) -> Finding:
    where = "/".join(str(part) for part in fault.path) or "the document"
    return finding_kinds.NOT_TO_SCHEMA.at(f"violates the schema: {where}: {_short(fault)}", PROV_FILE)


def _short(fault: SchemaFault) -> str:
    """Shorten a message of the validator: it repeats the value, and a hostile value is long."""
    return fault.message if len(fault.message) <= 300 else f"{fault.message[:300]}…"


def check_claims(file: str, claims: Claims, manifest_digests: ManifestDigests) -> list[Finding]:
    """Compare the payload files and digests in `file` with the payload manifests, in both directions."""
    findings: list[Finding] = []
    for path, claimed in claims.items():
        listed: Any = manifest_digests.get(path)
        if listed is None:
            findings.append(finding_kinds.FILE_MISSING.at(f"in no payload manifest: {path}", file))
        else:
            findings += _compare_file(file, path, claimed, listed)
    folders = tuple(path for path in claims if path.endswith("/"))
    for path in manifest_digests:
        if path not in claims and not path.startswith(folders):
            findings.append(finding_kinds.FILE_UNKNOWN.at(f"not mentioned: {path}", file))
    return findings


def _compare_file(
    file: str, path: str, claimed: tuple[Digest, ...], listed: Mapping[Algorithm, str]
) -> list[Finding]:
    shared = [digest for digest in claimed if digest.algorithm in listed]
    if not shared:
        return [finding_kinds.NOT_COMPARED.at(f"no algorithm in common: {path}", file)]
    return [
        finding_kinds.DIGEST_DIFFERS.at(
            f"digest differs: {path} ({digest.algorithm.value}): "
            f"the payload has {_listed(digest, listed).short}, {file} has {digest.short}",
            file,
        )
        for digest in shared
        if not digest.matches(_listed(digest, listed))
    ]


def _listed(digest: Digest, listed: Mapping[Algorithm, str]) -> Digest:
    return Digest(digest.algorithm, listed[digest.algorithm].lower())
