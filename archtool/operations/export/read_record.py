"""Reads the record of a package for an export, and checks the metadata that it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.description.citing.model import Entry
from archtool.description.model import Description
from archtool.exports.catalogue.record import Record
from archtool.exports.citations.document_plain import format_entry
from archtool.files.paths import shell_word, shown
from archtool.findings import Finding
from archtool.operations.cite import contradictions, read_citation
from archtool.operations.content.package_reader import OpenPackage, open_package
from archtool.operations.content.repairs.packaged_description import read_packaged_description
from archtool.operations.export import finding_kinds
from archtool.operations.export.forms import Form, Needs
from archtool.operations.export.payload import payload_files, read_texts
from archtool.operations.list_packages.package_search import ARCHIVES
from archtool.operations.open_package.package_paths import CITATION_PATH, PROVENANCE_PATH, find_sidecar
from archtool.operations.open_package.sidecar import read_sidecar
from archtool.operations.provenance.recorded_history import is_missing_part, read_provenance
from archtool.operations.trust.trust_request import TrustRequest


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """The record of one package, with the findings about it."""

    record: Record | None
    """`None` if there is nothing to export; then a finding says why."""
    findings: tuple[Finding, ...]


def record_name(root: Path) -> str:
    """Return the name of a package: of its folder, or of its archive without the suffix."""
    name = root.name if root.name not in ("", "..") else root.resolve().name
    suffix = next((end for end in sorted(ARCHIVES, key=len, reverse=True) if name.lower().endswith(end)), "")
    return name[: len(name) - len(suffix)] or "package"


def read_record(root: Path, form: Form, at: datetime, limits: Limits | None = None) -> ReadRecord:
    """Read what a form needs of a package; `at` is the current time, aware.

    The metadata is compared with its digests and signatures, as `show` does. Of the payload only the texts
    are read, and only for a form that contains them.

    Raises:
        InputError: no such package, or no bag.
        ReadFailedError: the storage failed.
    """
    sidecar_path = find_sidecar(root)
    with open_package(root, limits) as package:
        sidecar = read_sidecar(sidecar_path) if sidecar_path is not None else None
        trust = package.check_trust(TrustRequest(), at, sidecar)
        findings = [*package.source.findings, *package.unread, *package.check_tag_files()]
        findings += contradictions(trust)
        description = read_packaged_description(package).description
        if description is None:
            findings.append(_not_described(root, package))
            return ReadRecord(None, tuple(dict.fromkeys(findings)))
        record = _build(root, package, description, form, findings)
    if record.item is None and Needs.CITATION in form.needs:
        message = f"{shown(str(root))} has no readable citation ({CITATION_PATH})"
        findings.append(finding_kinds.EXPORT_NOT_CITED.at(message, CITATION_PATH))
        return ReadRecord(None, tuple(dict.fromkeys(findings)))
    findings += [finding_kinds.EXPORT_VALUE_MISSING.at(text) for text in form.missing(record)]
    return ReadRecord(record, tuple(dict.fromkeys(findings)))


def _build(
    root: Path, package: OpenPackage, description: Description, form: Form, findings: list[Finding]
) -> Record:
    files = payload_files(package)
    item = read_citation(package)
    texts = None
    if Needs.TEXTS in form.needs:
        texts = read_texts(package, description, files)
        findings += texts.findings
    premis = None
    if Needs.PREMIS in form.needs:
        from archtool.operations.export.premis import read_premis  # lazy: expat, only METS needs it

        premis = read_premis(package)
    prov_json = None
    if Needs.HISTORY in form.needs:
        read_provenance(root, package)  # refuses what is no history
        prov_json = package.metadata.files[PROVENANCE_PATH].decode("utf-8")
    days = package.bag.info.values("Bagging-Date")
    return Record(
        name=record_name(root),
        description=description,
        item=item,
        citation=format_entry(Entry(item)) if item is not None else None,
        packed_on=days[0] if days else None,
        files=files,
        texts=texts.texts if texts is not None else {},
        premis=premis,
        prov_json=prov_json,
    )


def _not_described(root: Path, package: OpenPackage) -> Finding:
    name, path = shown(str(root)), package.metadata.description_path
    word = shell_word(str(root))
    exists = any(path in paths for paths in (package.metadata.files, package.metadata.too_large))
    if exists or path in package.metadata.unread:
        message = f"{name}: its description ({path}) cannot be read, so it cannot be exported"
        return finding_kinds.EXPORT_NOT_DESCRIBED.at(message, path, hint=f"run: archtool verify {word}")
    if is_missing_part(package, path) or path in package.layout.others:
        message = f"{name}: its description ({path}) is missing or is no file, so it cannot be exported"
        hint = f"restore the file from another copy; what else is missing says: archtool verify {word}"
        return finding_kinds.EXPORT_NOT_DESCRIBED.at(message, path, hint=hint)
    return finding_kinds.EXPORT_NOT_DESCRIBED.at(
        f"{name} has no description ({path}), so it cannot be exported",
        hint=f"to describe a bag of another tool, run: archtool new --from-bag {word}",
    )
