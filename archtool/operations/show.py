"""Collects the main facts about a package, and checks the metadata that they come from."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from archtool.archives.limits import Limits
from archtool.description.model import Description
from archtool.description.tag_names import language_name
from archtool.errors import InputError
from archtool.exports.citations.plain import format_plain
from archtool.operations.cite import contradictions, read_citation
from archtool.operations.content.adopted_info import parse_adopted_info
from archtool.operations.content.crate.package_crate import has_own_crate
from archtool.operations.content.derived_history import stated_placeholders
from archtool.operations.content.package_reader import OpenPackage, open_package
from archtool.operations.content.repairs.packaged_description import read_packaged_description
from archtool.operations.formats.recorded_formats import recorded_formats
from archtool.operations.open_package.package_paths import INVENTORY_PATH, PROVENANCE_PATH, find_sidecar
from archtool.operations.open_package.sidecar import read_sidecar
from archtool.operations.open_package.unread import is_unread
from archtool.operations.show_lines import QuotedTexts, read_quoted_texts
from archtool.operations.trust.trust_request import TrustRequest
from archtool.report.package_view import PackageView

RESULT_SCHEMA = "archtool/show/1"
_AGENT = "archtool "
"""The beginning of the `Bag-Software-Agent` of each package."""
_GIVER_LABELS = frozenset(
    ("source-organization", "organization-address", "contact-name", "contact-phone", "contact-email")
)


def show(
    root: Path, trust: TrustRequest, at: datetime, limits: Limits | None = None, sidecar: Path | None = None
) -> PackageView:
    """Read a package's metadata and its attestations; `trust` are the keys to check these by.

    Contradictions by the tag manifests or the signatures become findings. Of the payload only the texts are
    read that contain annexes as ranges of lines, to quote them; `verify` reads all of it.

    Raises:
        InputError: no such package, or no bag.
    """
    sidecar_path = find_sidecar(root, sidecar)
    with open_package(root, limits) as package:
        return view_package(root, package, trust, at, sidecar_path)


def view_package(
    root: Path,
    package: OpenPackage,
    trust: TrustRequest,
    at: datetime,
    sidecar_path: Path | None,
    *,
    with_quotations: bool = True,
) -> PackageView:
    """Return what `show` presents of a package that is open; without quotations no payload file is read."""
    item = read_citation(package)
    payload = package.layout.payload
    sidecar_files = read_sidecar(sidecar_path) if sidecar_path else None
    report = package.check_trust(trust, at, sidecar_files)
    unread = tuple(finding for finding in report.findings if is_unread(finding))
    differing = package.check_tag_files()
    packaged = read_packaged_description(package)
    description = packaged.description
    quoted = QuotedTexts()
    if description is not None and with_quotations:
        quoted = read_quoted_texts(package, description)
    return PackageView(
        subject=str(root),
        description=description,
        citation=format_plain(item) if item is not None else None,
        info=tuple((f.label, f.value) for f in package.bag.info.fields),
        payload_files=len(payload),
        payload_bytes=sum(payload.values()),
        trust=report,
        metadata_holds=package.has_all_tag_files() and not differing,
        has_unread_metadata=bool(package.unread),
        language_names={} if description is None else _language_names(description),
        giver=_giver(package),
        placeholders=_placeholders(package, description),
        has_crate=has_own_crate(package.metadata),
        formats=_formats(package),
        lines=quoted.lines,
        quoted_files=quoted.files,
        repairs={text.copy: text.facts() for text in packaged.repairs},
        description_fault=_description_fault(package) if description is None else None,
        findings=tuple(
            dict.fromkeys(  # several checks report the same unreadable file
                (
                    *package.source.findings,
                    *package.unread,
                    *unread,
                    *differing,
                    *contradictions(report),
                    *quoted.findings,
                )
            )
        ),
    )


def _description_fault(package: OpenPackage) -> str | None:
    """Return why a package of archtool has no description that can be shown; `None` for another bag."""
    metadata = package.metadata
    path = metadata.description_path
    if path in metadata.files or path in metadata.too_large:
        return f"its description ({path}) cannot be read: run archtool verify"
    is_own = any(own in metadata.files for own in (PROVENANCE_PATH, INVENTORY_PATH))
    if is_own or any(value.startswith(_AGENT) for value in package.bag.info.values("Bag-Software-Agent")):
        return f"an archtool package whose description ({path}) is missing: run archtool verify"
    return None


def _language_names(description: Description) -> dict[str, str]:
    """Return the names of all languages that a description mentions."""
    tags = [description.language]
    tags += [part.language for part in description.transcription]
    tags += [other.language for other in description.files]
    tags += [annexe.language for _, annexe in description.all_annexes()]
    if description.original is not None:
        tags.append(description.original.language)
    if description.translation is not None:
        tags += [description.translation.from_language, description.translation.to_language]
    named = {tag: language_name(tag) for tag in tags if tag is not None}
    return {tag: name for tag, name in named.items() if name is not None}


def _giver(package: OpenPackage) -> tuple[tuple[str, str], ...]:
    """Return who made the bag that the payload was taken from, as its own tag files state it."""
    info = parse_adopted_info(package.metadata.files)
    fields = info.fields if info is not None else ()
    return tuple((f.label, f.value) for f in fields if f.label.lower() in _GIVER_LABELS and f.value)


def _formats(package: OpenPackage) -> tuple[tuple[str, int], ...]:
    """Return the formats that the provenance records."""
    try:
        document = package.metadata.json(PROVENANCE_PATH)
    except InputError:  # verify reports it
        return ()
    return tuple(recorded_formats(document).most_common()) if isinstance(document, dict) else ()


def _placeholders(package: OpenPackage, description: Description | None) -> tuple[str, ...]:
    """Return the payload files that the provenance calls placeholders in empty folders."""
    if description is None or not description.keeps_empty_folders:
        return ()
    try:
        document = package.metadata.json(PROVENANCE_PATH)
    except InputError:  # verify reports it
        return ()
    sizes_bytes = package.layout.payload
    stated = stated_placeholders(document, sizes_bytes) if isinstance(document, dict) else ()
    return tuple(path for name in stated if (path := f"data/{name}") in sizes_bytes)
