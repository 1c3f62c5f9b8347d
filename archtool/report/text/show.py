"""Formats the page that `archtool show` prints: what a package contains and who attests it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from archtool.attestations.report import AttestationReport, SignatureReport
from archtool.description.model import Agent, Annexe, Attribution, Creator, CustodyEvent, Description
from archtool.report.numbers import counted, format_size
from archtool.report.package_view import PackageView
from archtool.report.text.own_parts import write_own_parts
from archtool.report.text.page import Page, one_line
from archtool.report.text.result import NOT_CHECKED_AUTHORITY, NOT_CHECKED_SIGNER, brief_head
from archtool.report.text.tree import Branch, draw_tree

DEFAULT_WIDTH = 80
_STATES = {
    "reproduced": "reproduced here",
    "listed": "listed, not in this text",
    "not-reproduced": "not reproduced in the source",
    "lost": "lost",
    "this-document": "this document itself",
    "unknown": "unknown",
}


def format_view(view: PackageView, width: int = DEFAULT_WIDTH) -> str:
    """Return the page; lines are broken at `width` columns, words are never cut."""
    page = Page(width)
    if view.description is not None:
        _write_description(page, view.description, view.citation)
    else:
        what = (
            "not all of it could be read"
            if view.has_unread_metadata
            else "a bag without an archtool description"
        )
        page.heading(f"{view.subject}: {what}")
        for label, value in view.info:
            page.field(label, value)
    size = format_size(view.payload_bytes)
    page.section("Package")
    page.field("payload", f"{counted(view.payload_files, 'file')}, {size}")
    info = dict(view.info)
    if "Bag-Count" in info:  # the description lists the files of all parts
        page.field(
            "part", f"{info['Bag-Count']} of the group {info.get('Bag-Group-Identifier', 'without a name')}"
        )
    if view.placeholders:
        kept = counted(len(view.placeholders), "empty folder")
        page.field("", f"{kept} kept, each by an empty file .keep, which is not content")
    _write_trust(page, view)
    return page.text()


def _write_description(page: Page, description: Description, citation: str | None) -> None:
    page.heading(description.title)
    page.optional("id", description.id)
    page.optional("genre", description.genre)
    page.optional("date", description.date)
    page.optional("place", description.place)
    for creator in description.creators:
        page.field(creator.role, _creator(creator))
    for agent in description.addressees:
        page.field("addressee", agent.name)
    _write_original(page, description)
    page.section("Source")
    page.optional("citation", citation)
    _write_text(page, description)
    _write_annexes(page, description.annexes)
    _write_custody(page, description.custody)
    page.section("Rights")
    for layer in description.rights:
        holder = f" (held by {layer.holder})" if layer.holder else ""
        page.field(layer.layer, f"{layer.statement}{holder}")
        page.optional("", layer.note)
    if not description.rights:
        page.field("", "not stated")
    write_own_parts(page, description)


def _creator(creator: Creator) -> str:
    if creator.attribution is None:
        return creator.agent.name
    return f"{creator.agent.name}\n{_attribution(creator.attribution)}"


def _attribution(attribution: Attribution) -> str:
    parts: list[str] = [attribution.status]
    parts += [f"on {attribution.evidence} evidence"] if attribution.evidence else []
    parts += [f"certainty {attribution.certainty}"] if attribution.certainty else []
    parts += [f"on the basis of {', '.join(attribution.basis)}"] if attribution.basis else []
    parts += [f"by {attribution.by.name}"] if attribution.by else []
    text = ", ".join(parts)
    return f"{text}: {attribution.note}" if attribution.note else text


def _write_original(page: Page, description: Description) -> None:
    original = description.original
    if original is None:
        return
    parts = [f"in {original.language}" if original.language else ""]
    parts.append({True: "signed", False: "unsigned", None: ""}[original.signed])
    parts.append(original.medium or "")
    parts.append(f"held by {original.held_by.name}" if original.held_by else "")
    parts.append(original.shelfmark or "")
    page.field("original", ", ".join(part for part in parts if part))
    page.optional("", original.note)


def _write_text(page: Page, description: Description) -> None:
    translation = description.translation
    if translation is not None:
        page.section("Translation")
        origin = f"from {translation.from_language} " if translation.from_language else ""
        first = ", the first in that language" if translation.first_in_language else ""
        page.field("languages", f"{origin}to {translation.to_language}{first}")
        page.optional("credit", translation.credit)
        page.optional("by", _names(translation.translators))
        page.optional("note", translation.note)
    page.section("Text")
    for part in description.transcription:
        language = part.language or description.language
        page.field("file", f"data/{part.file}" + (f" ({language})" if language else ""))
        page.optional("credit", part.credit)
        page.optional("method", part.method)
        page.optional("by", _names(part.transcribers))
        page.optional("note", part.note)
    for other in description.files:
        page.field(other.role, f"data/{other.file}")


def _names(agents: Sequence[Agent]) -> str:
    return ", ".join(agent.name for agent in agents)


def _write_annexes(page: Page, annexes: Sequence[Annexe]) -> None:
    page.section("Annexes")
    if not annexes:
        page.field("", "none described")
    branches = [_branch(page, annexe, 5) for annexe in annexes]
    page.lines += [f"  {line}" for line in draw_tree(branches)]


def _branch(page: Page, annexe: Annexe, room: int) -> Branch:
    is_counted = annexe.number is not None and annexe.number.isdecimal()
    title = f"{annexe.number}. {annexe.title}" if is_counted else annexe.title
    lines = [*page.wrapped(title, room + 3)]
    facts = [f"no. {annexe.number}" if annexe.number and not is_counted else "", annexe.date or ""]
    facts.append(_names([c.agent for c in annexe.creators]))
    facts.append(f"to {_names(annexe.addressees)}" if annexe.addressees else "")
    if any(facts):
        lines += page.wrapped(", ".join(fact for fact in facts if fact), room + 3)
    lines += page.wrapped(_state(annexe), room + 3)
    if annexe.note:
        lines += page.wrapped(annexe.note, room + 3)
    inner = tuple(_branch(page, enclosure, room + 3) for enclosure in annexe.enclosures)
    return Branch(tuple(lines), inner)


def _state(annexe: Annexe) -> str:
    state = f"[{_STATES[annexe.status.value]}]"
    if annexe.file is not None:
        state += f" data/{annexe.file}"
    if annexe.within is not None:
        last = f" to {annexe.within.to_line}" if annexe.within.to_line is not None else " to the end"
        state += f" data/{annexe.within.file}, lines {annexe.within.from_line}{last}"
    if annexe.according_to is not None:
        state += f" (according to {annexe.according_to})"
    if annexe.enclosures_stated is not None:
        state += f"; states {counted(annexe.enclosures_stated, 'enclosure')}"
    return state


def _write_custody(page: Page, events: Sequence[CustodyEvent]) -> None:
    if not events:
        return
    page.section("Custody")
    for event in events:
        facts = [event.label, f"by {event.by.name}" if event.by else ""]
        facts += [f"to {event.to.name}" if event.to else "", event.place or ""]
        facts.append(f"evidence: {', '.join(event.evidence)}" if event.evidence else "")
        page.field(event.date or "undated", "; ".join(fact for fact in facts if fact))


def _write_trust(page: Page, view: PackageView) -> None:
    for attestation in view.trust.attestations:
        page.field("attested", _attestation(attestation))
        for signature in attestation.signatures:
            page.field("signature", f"{_signature(signature)}\n{_since(signature)}")
    if any(finding.code in _UNREAD for finding in view.findings):
        page.field("attested", "unknown: some tag files could not be read")
        return
    if not view.trust.attestations:
        page.field("attested", "no: this package is not signed")
    if view.trust.head is not None:
        page.field("head", brief_head(str(view.trust.head)))
    page.field("trust", _TRUST_TEXTS[view.trust.verdict.value])
    state = "matches the tag manifests" if view.metadata_holds else "CHANGED: run archtool verify"
    page.field("checked", f"metadata only ({state}); the payload was not read")


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
