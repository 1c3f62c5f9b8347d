"""Formats the page that `archtool show` prints: what a package contains and who attests it."""

from __future__ import annotations

from datetime import datetime

from archtool.attestations.report import AttestationReport, SignatureReport
from archtool.findings import Finding
from archtool.report.numbers import counted, format_size
from archtool.report.package_view import PackageView
from archtool.report.text.page import Page, one_line
from archtool.report.text.result import NOT_CHECKED_AUTHORITY, NOT_CHECKED_SIGNER, brief_head
from archtool.report.text.show.described import write_description
from archtool.report.text.show.phrases import agent_lines

DEFAULT_WIDTH = 80


def format_view(view: PackageView, width: int = DEFAULT_WIDTH) -> str:
    """Return the page; lines are broken at `width` columns, words are never cut."""
    page = Page(width)
    if view.description is not None:
        write_description(page, view, view.description)
    else:
        page.heading(f"{view.subject}: {_undescribed(view)}")
        for label, value in view.info:
            page.field(label, value)
    size = format_size(view.payload_bytes)
    page.section("Package")
    if view.description is not None and view.description.packager is not None:
        page.field("packager", agent_lines(view.description.packager))
    page.field("payload", f"{counted(view.payload_files, 'file')}, {size}")
    info = dict(view.info)
    if view.formats:  # the provenance of a part describes the files of all parts
        lines = [f"{count:,} × {label}" for label, count in view.formats]
        page.field(
            "formats", "\n".join([*lines, *(["in all parts of the group"] if "Bag-Count" in info else [])])
        )
    if "Bag-Count" in info:  # the description lists the files of all parts
        page.field(
            "part", f"{info['Bag-Count']} of the group {info.get('Bag-Group-Identifier', 'without a name')}"
        )
    if view.placeholders:
        kept = counted(len(view.placeholders), "empty folder")
        page.field("", f"{kept} kept, each by an empty file .keep, which is not content")
    if view.has_crate:
        page.field("", "an RO-Crate: ro-crate-metadata.json describes it, and is not content")
    _write_trust(page, view)
    return page.text()


def _undescribed(view: PackageView) -> str:
    if view.has_unread_metadata:
        return "not all of it could be read"
    return view.description_fault or "a bag without an archtool description"


def _write_trust(page: Page, view: PackageView) -> None:
    for attestation in view.trust.attestations:
        page.field("attested", _attestation(attestation))
        for signature in attestation.signatures:
            page.field("signature", f"{_signature(signature)}\n{_since(signature)}")
    if any(map(_hides_attestations, view.findings)):
        page.field("attested", "unknown: some tag files could not be read")
        return
    if not view.trust.attestations:
        page.field("attested", "no: this package is not signed")
    if view.trust.head is not None:
        page.field("head", brief_head(str(view.trust.head)))
    page.field("trust", _TRUST_TEXTS[view.trust.verdict.value])
    state = "matches the tag manifests" if view.metadata_holds else "CHANGED: run archtool verify"
    page.field("checked", _checked(view, state))


def _checked(view: PackageView, state: str) -> str:
    if not view.quoted_files:
        return f"metadata only ({state}); the payload was not read"
    is_changed = any(finding.place and finding.place.file.startswith("data/") for finding in view.findings)
    text_state = "CHANGED: run archtool verify" if is_changed else "as in the manifests"
    quoted = counted(view.quoted_files, "quoted text")
    return f"metadata ({state}) and {quoted} ({text_state}); the rest of the payload was not read"


def _hides_attestations(finding: Finding) -> bool:
    """Return whether a finding is about a tag file that could not be read."""
    is_payload = finding.place is not None and finding.place.file.startswith("data/")
    return finding.code in _UNREAD and not is_payload


_UNREAD = ("fixity.file-unreadable", "attestation.file-unreadable")
_TRUST_TEXTS = {
    "trusted": "trusted",
    "untrusted": "untrusted: no entry of the allowed_signers file trusts the key",
    "unsigned": "unsigned",
    "broken": "BROKEN: the package differs from what was signed; run archtool verify",
    "unreadable": "unknown: some tag files could not be read",
    "not-asked": "not checked (use --trust ALLOWED_SIGNERS)",
}


def _attestation(attestation: AttestationReport) -> str:
    statement = attestation.statement
    place = "\nin the sidecar" if attestation.is_in_sidecar else ""
    if statement is None:
        return f"{attestation.number:04} {attestation.event}; its statement cannot be read{place}"
    claimants = ", ".join(claimant.principal for claimant in statement.claimants) or "an unnamed claimant"
    details = [f"{key}: {value}" for key, value in sorted(statement.details.items())]
    details += [f"note: {statement.note}"] if statement.note else []
    claim = f"{attestation.number:04} {attestation.event}, by {claimants}"
    claim += f", dated {_format_time(statement.claimed_at)} by the signer"
    return "\n".join([claim, *map(one_line, details)]) + place


def _signature(signature: SignatureReport) -> str:
    key = f"{signature.key_type} {signature.fingerprint}"
    if signature.certificate is not None:
        key += f"\nof authority {signature.certificate.authority}"
    if not signature.is_good:
        return f"BROKEN: {signature.reason or 'it is not valid'}"
    if signature.trusted_by is not None:
        return f"good, by {', '.join(signature.principals)} (trusted by {signature.trusted_by})\n{key}"
    doubt = f"not trusted: {signature.reason}" if signature.reason else NOT_CHECKED_SIGNER
    return f"good, but the key is {doubt}\n{key}"


def _since(signature: SignatureReport) -> str:
    """Format the time at which a signature existed; empty without a timestamp."""
    if signature.proved_time is not None:
        proved = signature.proved_time
        return f"existed at {_format_time(proved.at)}, proved by {proved.authority} ({proved.path})"
    if signature.timestamp is None or signature.timestamp.at is None:
        return ""
    doubt = signature.timestamp.reason or NOT_CHECKED_AUTHORITY
    return f"dated {_format_time(signature.timestamp.at)} by its timestamp, not proved: {doubt}"


def _format_time(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
