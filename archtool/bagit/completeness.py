"""Compares the files in a bag with its manifests: missing files and unlisted files.

Source: RFC 8493 §3 (complete), §2.1.3, §2.2.1, §2.2.2.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from archtool.bagit import finding_kinds
from archtool.bagit.bounded_findings import bounded_by_file
from archtool.bagit.layout import BagLayout
from archtool.bagit.model import Bag, Manifest
from archtool.bagit.tag_files.bag_info import parse_oxum
from archtool.bagit.tag_files.manifest_writer import read_manifest_name
from archtool.bagit.tag_files.path_encoding import brief
from archtool.files.paths import normal_form, shown
from archtool.files.system_files import system_item
from archtool.files.tree import FileKind
from archtool.findings import Finding, Severity


def check_completeness(bag: Bag, layout: BagLayout) -> tuple[Finding, ...]:
    """Check that each listed file exists, and that each payload file is listed as the version requires."""
    fetchable = frozenset(normal_form(item.path) for item in bag.fetch)
    findings = [
        *_check_holes(bag, layout),
        *bounded_by_file(_check_renamed(bag, layout)),
        *(_check_unlisted if bag.declaration.is_strict else _check_unlisted_leniently)(bag, layout),
    ]
    for manifest in bag.manifests:
        findings += bounded_by_file(_check_missing(manifest, layout, fetchable))
        findings += bounded_by_file(_check_outside(bag, manifest, layout))
    return tuple(findings)


def _check_renamed(bag: Bag, layout: BagLayout) -> Iterator[Finding]:
    reported: set[str] = set()
    for manifest in (*bag.manifests, *bag.tag_manifests) if layout.renamed else ():
        for entry in manifest.entries:
            path = layout.renamed.get(entry.path)
            if path is None or entry.path in reported:
                continue
            reported.add(entry.path)
            message = (
                f"{brief(entry.path)} is listed but missing; a file with the same bytes is {brief(path)}"
            )
            hint = None
            if entry.path.replace("\\", "/") == path:
                hint = "the manifest contains \\ instead of /: correct it, or have the bag made again"
            yield finding_kinds.FILE_RENAMED.at(message, manifest.name, entry.line, hint=hint)


def _check_missing(manifest: Manifest, layout: BagLayout, fetchable: frozenset[str]) -> Iterator[Finding]:
    unreadable = tuple(f"{path}/" for path, kind in layout.others.items() if kind is FileKind.UNREADABLE)
    for entry in layout.absent_entries(manifest):
        if normal_form(entry.path) in fetchable:
            continue
        if entry.path.startswith(unreadable):
            continue  # the folder could not be listed: the file can be in it
        kind = layout.others.get(entry.path)
        if entry.path in layout.renamed:
            continue  # reported as renamed
        if kind is None:
            message = f"{brief(entry.path)} is listed but missing"
            yield finding_kinds.FILE_MISSING.at(message, manifest.name, entry.line)
        elif kind in (FileKind.FOLDER, FileKind.UNREADABLE):
            message = f"{brief(entry.path)} is a folder"
            yield finding_kinds.MANIFEST_FOLDER.at(message, manifest.name, entry.line)
        # a link, a FIFO … has a finding already (`layout`)


def _check_holes(bag: Bag, layout: BagLayout) -> Iterator[Finding]:
    if not bag.fetch:
        return
    listed = {normal_form(path) for path in bag.payload_paths()}
    items = {normal_form(item.path): item for item in bag.fetch}
    present = {normal_form(path) for path in (*layout.files, *layout.others)} if items else set()
    holes = [item for form, item in items.items() if form in listed and form not in present]
    for number, item in enumerate(holes, start=1):
        message = f"{brief(item.path)} is to be fetched ({number:,} of {len(holes):,})"
        yield finding_kinds.FETCH_HOLE.at(message, "fetch.txt", item.line)


def _check_outside(bag: Bag, manifest: Manifest, layout: BagLayout) -> Iterator[Finding]:
    kind = finding_kinds.MANIFEST_OUTSIDE if bag.declaration.is_strict else finding_kinds.MANIFEST_TAG_FILE
    for number in layout.outside_payload[manifest.name]:
        entry = manifest.entry(number)
        if entry.path not in layout.renamed:
            yield kind.at(f"{brief(entry.path)} is not below data/", manifest.name, entry.line)


def _check_unlisted(bag: Bag, layout: BagLayout) -> Iterator[Finding]:
    """Check a bag of version 1.0, in which every payload manifest lists every payload file."""
    unproven = [manifest for manifest in bag.manifests if not layout.is_payload_listed_in(manifest)]
    covered = {manifest.name: _files_of(manifest, layout) for manifest in unproven}
    for path in _unlisted_somewhere(layout.payload_paths if unproven else (), covered.values(), layout):
        omitting = [name for name, paths in covered.items() if path not in paths]
        yield _unlisted(path, ", ".join(omitting))


def _unlisted_somewhere(
    paths: Sequence[str], covered: Collection[Collection[str]], layout: BagLayout
) -> Iterator[str]:
    """Yield the paths that one of the manifests does not list, except renamed files, which are reported."""
    omitted = [path for listed in covered for path in paths if path not in listed]
    renamed = frozenset(layout.renamed.values()) if omitted else ()
    yield from (path for path in dict.fromkeys(omitted) if path not in renamed)


def _unlisted(path: str, where: str) -> Finding:
    """Return the finding for an unlisted file; the hint names a file that a system made."""
    item = system_item(path.removeprefix("data/"))
    hint = None
    if item is not None:
        hint = f"it is {item[1]} and not part of the bag: remove it"
    return finding_kinds.FILE_UNLISTED.at(f"{shown(path)} is not listed in {where}", path, hint=hint)


def _check_unlisted_leniently(bag: Bag, layout: BagLayout) -> Iterator[Finding]:
    """Check a bag before 1.0: each file is in one manifest, and in one with a known algorithm if possible."""
    if bag.has_unread_manifest or all(map(layout.is_payload_listed_in, bag.manifests)):
        return
    covered = [(manifest, _files_of(manifest, layout)) for manifest in bag.manifests]
    known = [paths for manifest, paths in covered if manifest.algorithm is not None]
    for path in _unlisted_somewhere(layout.payload_paths, [paths for _, paths in covered], layout):
        listing = [manifest for manifest, paths in covered if path in paths]
        if not listing:
            yield _unlisted(path, "any manifest")
        elif known and all(manifest.algorithm is None for manifest in listing):
            yield finding_kinds.NOT_CHECKED.at(f"{shown(path)} is listed in {listing[0].name} only", path)
        else:
            names = ", ".join(manifest.name for manifest in listing)
            yield finding_kinds.MANIFEST_OMITS.at(f"{shown(path)} is listed in {names} only", path)


def _files_of(manifest: Manifest, layout: BagLayout) -> Collection[str]:
    """Return the files that a manifest lists, by their names on disk; some can be missing."""
    listed = frozenset(manifest.paths)
    return (
        listed.union(layout.disk_names[path] for path in listed & layout.disk_names.keys())
        if layout.disk_names
        else listed
    )


def check_oxum(bag: Bag, layout: BagLayout) -> tuple[Finding, ...]:
    """Compare size and number of the payload files with bag-info.txt; a difference proves a change."""
    name = bag.declaration.info_name
    oxum, findings = parse_oxum(bag.info, name)
    if oxum is None:
        return findings
    files, size_bytes = layout.payload_totals
    found = size_bytes, files
    if found == oxum:
        return findings
    message = f"expected {_size(oxum)}, found {_size(found)}"
    return (*findings, finding_kinds.OXUM_DIFFERS.at(message, name))


def explain_oxum(findings: Sequence[Finding], bag: Bag, layout: BagLayout) -> tuple[Finding, ...]:
    """Replace a wrong oxum's finding where it is the only error of a full check: the line is out of date."""
    errors = {finding.code for finding in findings if finding.severity is Severity.ERROR}
    if errors != {finding_kinds.OXUM_DIFFERS.code}:
        return tuple(findings)
    files, size_bytes = layout.payload_totals
    name = bag.declaration.info_name
    message = (
        f"Payload-Oxum is out of date: every listed file is present and unchanged; "
        f"it must be {size_bytes}.{files}"
    )
    hint = f"the payload is intact: correct the line in {name}, and the digest of {name} in the tag manifests"
    stale = finding_kinds.OXUM_DIFFERS.at(message, name, hint=hint)
    return tuple(stale if f.code == finding_kinds.OXUM_DIFFERS.code else f for f in findings)


def _size(oxum: tuple[int, int]) -> str:
    bytes_, files = oxum
    return f"{bytes_:,} {'byte' if bytes_ == 1 else 'bytes'} in {files:,} {'file' if files == 1 else 'files'}"


def check_tag_manifests(bag: Bag, layout: BagLayout) -> tuple[Finding, ...]:
    """Check what the tag manifests list, and what they omit."""
    findings: list[Finding] = []
    for manifest in bag.tag_manifests:
        findings += bounded_by_file(_check_tag_manifest(bag, manifest))
        findings += bounded_by_file(_check_missing(manifest, layout, frozenset()))
    findings += _check_unlisted_tag_files(bag, layout)
    return tuple(findings if bag.declaration.is_strict else map(_for_version_before_1, findings))


def _for_version_before_1(finding: Finding) -> Finding:
    """Make a finding of a bag before 1.0 a note where only 1.0 has the rule.

    The drafts 0.93 to 0.97 require that each file in a tag manifest exists and is unchanged, and that it
    lists no payload file. Only 1.0 requires that it lists every payload manifest and all other tag files, and
    no tag manifest.
    """
    return replace(finding, severity=Severity.NOTE) if finding.code in _ONLY_SINCE_1 else finding


_ONLY_SINCE_1 = frozenset(
    kind.code
    for kind in (
        finding_kinds.TAGMANIFEST_OMITS,
        finding_kinds.TAGMANIFEST_SELF,
        finding_kinds.TAGMANIFEST_UNLISTED,
        finding_kinds.TAGMANIFEST_SETS,
    )
)


def _check_tag_manifest(bag: Bag, manifest: Manifest) -> Iterator[Finding]:
    for entry in manifest.entries:
        if entry.path.is_payload:
            yield finding_kinds.TAGMANIFEST_PAYLOAD.at(
                f"lists {brief(entry.path)}", manifest.name, entry.line
            )
        elif _is_tag_manifest(entry.path):
            yield finding_kinds.TAGMANIFEST_SELF.at(f"lists {brief(entry.path)}", manifest.name, entry.line)
    listed = frozenset(manifest.paths)
    for payload_manifest in bag.manifests:
        if payload_manifest.name not in listed:
            yield finding_kinds.TAGMANIFEST_OMITS.at(f"does not list {payload_manifest.name}", manifest.name)


def _check_unlisted_tag_files(bag: Bag, layout: BagLayout) -> Iterator[Finding]:
    covered = {manifest.name: _files_of(manifest, layout) for manifest in bag.tag_manifests}
    payload_manifests = {manifest.name for manifest in bag.manifests}
    renamed = frozenset(layout.renamed.values())
    for path in layout.tag_files if covered else ():
        if path in renamed or path in payload_manifests or _is_tag_manifest(path):
            continue
        omitting = [name for name, paths in covered.items() if path not in paths]
        if len(omitting) == len(covered):
            yield finding_kinds.TAGMANIFEST_UNLISTED.at(f"{shown(path)} is listed in no tag manifest", path)
        elif omitting:
            yield finding_kinds.TAGMANIFEST_SETS.at(
                f"{shown(path)} is not listed in {', '.join(omitting)}", path
            )


def _is_tag_manifest(path: str) -> bool:
    name = read_manifest_name(path)
    return name is not None and name.is_tag
