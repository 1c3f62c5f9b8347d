"""Checks the payload against the manifests of the bag that it was taken from.

A package keeps the manifests of an adopted bag, so every later `verify` compares the payload with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from archtool.bagit.bounded_findings import bounded_by_file
from archtool.bagit.fixity import FixityTask
from archtool.bagit.layout import BagLayout
from archtool.bagit.limits import MAX_DECLARATION_BYTES, MAX_MANIFEST_BYTES, MAX_MANIFESTS
from archtool.bagit.model import Declaration, Manifest
from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.bagit.tag_files.declaration import UNDECLARED, parse_declaration
from archtool.bagit.tag_files.manifest_reader import parse_manifest
from archtool.bagit.tag_files.manifest_writer import read_manifest_name
from archtool.files.hashing.digests import Algorithm, Digest
from archtool.files.hashing.file_record import FileRecord
from archtool.files.paths import normal_form, shown
from archtool.files.source import FileSource
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.open_package.package_paths import ADOPTED_FOLDER

AdoptedClaims = Mapping[str, Sequence[tuple[str, int, Digest]]]
"""Payload path → manifest, line and digest, of every line of the adopted manifests that lists the path."""


def read_adopted_manifests(source: FileSource, layout: BagLayout) -> tuple[Manifest, ...]:
    """Read the payload manifests of the adopted bag, if the package keeps any.

    A manifest that cannot be read is skipped; the fixity check of the same files reports it.
    """
    names = [path for path in layout.files if path.startswith(f"{ADOPTED_FOLDER}manifest-")]
    declaration = _read_declaration(source) if names else UNDECLARED
    return tuple(_read_manifests(source, names[:MAX_MANIFESTS], declaration))


def _read_declaration(source: FileSource) -> Declaration:
    try:
        data = source.read_bytes(f"{ADOPTED_FOLDER}{DECLARATION_NAME}", MAX_DECLARATION_BYTES)
    except OSError:
        return UNDECLARED
    return parse_declaration(data)[0]


def _read_manifests(source: FileSource, paths: Sequence[str], declaration: Declaration) -> Iterator[Manifest]:
    for path in paths:
        name = read_manifest_name(path.removeprefix(ADOPTED_FOLDER))
        if name is None or name.algorithm is None:
            continue
        try:
            data = source.read_bytes(path, MAX_MANIFEST_BYTES)
        except OSError:
            continue
        yield replace(parse_manifest(data, name, declaration)[0], name=path)


def collect_adopted_claims(
    manifests: Sequence[Manifest], layout: BagLayout
) -> tuple[AdoptedClaims, tuple[Finding, ...]]:
    """Return the listed digests by payload file, and a finding for each file that the package lacks."""
    claims: dict[str, list[tuple[str, int, Digest]]] = {}
    findings: list[Finding] = []
    forms = {normal_form(path): path for path in layout.payload} if manifests else {}
    for manifest in manifests:
        missing = []
        for entry in manifest.entries:
            names = (entry.path, entry.written)  # as decoded, or as an old tool wrote it: see `bagit.layout`
            path = next((name for name in names if name in layout.files), None)
            path = path or forms.get(normal_form(entry.path))
            if path is None:
                message = f"the adopted bag had {shown(entry.path)}, which the package does not have"
                missing.append(finding_kinds.EVIDENCE_UNUSED.at(message, manifest.name, entry.line))
            elif manifest.algorithm is not None and entry.hex:
                digest = Digest(manifest.algorithm, entry.hex)
                claims.setdefault(path, []).append((manifest.name, entry.line, digest))
        findings += bounded_by_file(missing)
    return claims, tuple(findings)


def add_claimed_digests(tasks: Sequence[FixityTask], claims: AdoptedClaims) -> list[FixityTask]:
    """Return the tasks with the algorithms of the adopted manifests, so that one read is enough."""
    return (
        [replace(task, also=_algorithms(claims.get(task.path, ()))) for task in tasks] if claims else [*tasks]
    )


def _algorithms(claims: Sequence[tuple[str, int, Digest]]) -> tuple[Algorithm, ...]:
    return tuple(dict.fromkeys(digest.algorithm for _, _, digest in claims))


def check_adopted_claims(records: Sequence[FileRecord], claims: AdoptedClaims) -> tuple[Finding, ...]:
    """Compare the computed digests with those of the adopted manifests."""
    return bounded_by_file(
        finding for record in records for finding in _differing(record, claims.get(record.path, ()))
    )


def _differing(record: FileRecord, claims: Sequence[tuple[str, int, Digest]]) -> Iterator[Finding]:
    for manifest, line, digest in claims:
        found = record.digest(digest.algorithm)
        if not found.matches(digest):
            message = (
                f"{shown(record.path)}: the adopted bag's manifest has {digest.short} "
                f"({digest.algorithm.value}), found {found.short}"
            )
            yield finding_kinds.EVIDENCE_DIFFERS.at(message, manifest, line)
