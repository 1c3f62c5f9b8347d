"""Reads the tag files of a bag and reports every fault of their form."""

from __future__ import annotations

import errno
from collections.abc import Sequence

from archtool.bagit import finding_kinds
from archtool.bagit.limits import MAX_DECLARATION_BYTES, MAX_INFO_BYTES, MAX_MANIFEST_BYTES, MAX_MANIFESTS
from archtool.bagit.model import Bag, BagInfo, Declaration, FetchItem, Manifest
from archtool.bagit.tag_files import declaration as bagit_txt
from archtool.bagit.tag_files.bag_info import parse_info
from archtool.bagit.tag_files.fetch_txt import FILE_NAME as FETCH_NAME
from archtool.bagit.tag_files.fetch_txt import check_fetch, parse_fetch
from archtool.bagit.tag_files.manifest_reader import parse_manifest
from archtool.bagit.tag_files.manifest_writer import ManifestName, manifest_name, read_manifest_name
from archtool.bagit.unreadable import unreadable
from archtool.files.file_kinds import FileKind, FoundFile, NotAFileError
from archtool.files.source import FileSource
from archtool.findings import Finding


class _Reading:
    """The source of one bag, and the findings so far."""

    def __init__(self, source: FileSource, found: Sequence[FoundFile]) -> None:
        self.source = source
        folders = (FileKind.FOLDER, FileKind.UNREADABLE)
        self.at_root = [f.path for f in found if "/" not in f.path and f.kind not in folders]
        self.findings: list[Finding] = []
        self.unread: set[str] = set()

    def read(self, name: str, limit_bytes: int) -> bytes | None:
        """Return the bytes of a tag file at the root; `None`, with a finding, where it cannot be read."""
        try:
            return self.source.read_bytes(name, limit_bytes)
        except NotAFileError:
            return None  # `layout` reports it
        except OSError as error:
            self.unread.add(name)
            if error.errno == errno.EFBIG:
                message = f"is larger than {limit_bytes:,} bytes, the limit of archtool: it was not read"
                self.findings.append(finding_kinds.TAG_FILE_TOO_LARGE.at(message, name))
            else:
                kind = finding_kinds.TAG_FILE_UNREADABLE
                self.findings.append(unreadable(kind, error, name, message="cannot be read"))
            return None


def read_bag(source: FileSource, found: Sequence[FoundFile]) -> tuple[Bag, tuple[Finding, ...]]:
    """Read the tag files that RFC 8493 defines; `found` has all entries at the root of the source.

    A bag without a usable declaration is read as 1.0 in UTF-8, so that everything else is checked as well.
    """
    reading = _Reading(source, found)
    declaration = _read_declaration(reading)
    info = _read_info(reading, declaration)
    names = [name for name in map(read_manifest_name, reading.at_root) if name is not None]
    manifests = _read_manifests(reading, [n for n in names if not n.is_tag], declaration)
    tag_manifests = _read_manifests(reading, [n for n in names if n.is_tag], declaration)
    fetch = _read_fetch(reading, declaration, manifests)
    bag = Bag(declaration, info, manifests, tag_manifests, fetch, frozenset(reading.unread))
    return bag, (*reading.findings, *_check_algorithms(bag))


def _read_declaration(reading: _Reading) -> Declaration:
    if bagit_txt.FILE_NAME not in reading.at_root:
        reading.findings.append(
            finding_kinds.DECLARATION_MISSING.at("there is no bagit.txt", bagit_txt.FILE_NAME)
        )
        return bagit_txt.UNDECLARED
    data = reading.read(bagit_txt.FILE_NAME, MAX_DECLARATION_BYTES)
    if data is None:
        return bagit_txt.UNDECLARED
    declaration, findings = bagit_txt.parse_declaration(data)
    reading.findings.extend(findings)
    return declaration


def _read_info(reading: _Reading, declaration: Declaration) -> BagInfo:
    name = declaration.info_name
    data = reading.read(name, MAX_INFO_BYTES) if name in reading.at_root else None
    if data is None:
        return BagInfo()
    info, findings = parse_info(data, declaration, name)
    reading.findings.extend(findings)
    return info


def _read_manifests(
    reading: _Reading, names: Sequence[ManifestName], declaration: Declaration
) -> tuple[Manifest, ...]:
    if len(names) > MAX_MANIFESTS:
        message = f"there are {len(names):,} (the limit is {MAX_MANIFESTS}); the others were not read"
        reading.findings.append(finding_kinds.MANIFEST_TOO_MANY.at(message, names[MAX_MANIFESTS].name))
    manifests = []
    for name in names[:MAX_MANIFESTS]:
        if not name.is_proper:
            message = f"{name.name} is not a valid name of a manifest{_proper_name(name)}"
            reading.findings.append(finding_kinds.MANIFEST_NAME.at(message, name.name))
        data = reading.read(name.name, MAX_MANIFEST_BYTES)
        if data is not None:
            manifest, findings = parse_manifest(data, name, declaration)
            manifests.append(manifest)
            reading.findings.extend(findings)
    return tuple(manifests)


def _proper_name(name: ManifestName) -> str:
    if name.algorithm is None:
        return ""
    return f": it must be {manifest_name(name.algorithm, tag=name.is_tag)}"


def _read_fetch(
    reading: _Reading, declaration: Declaration, manifests: tuple[Manifest, ...]
) -> tuple[FetchItem, ...]:
    data = reading.read(FETCH_NAME, MAX_MANIFEST_BYTES) if FETCH_NAME in reading.at_root else None
    if data is None:
        return ()
    items, findings = parse_fetch(data, declaration)
    reading.findings.extend((*findings, *check_fetch(items, manifests, declaration)))
    return items


def _check_algorithms(bag: Bag) -> tuple[Finding, ...]:
    findings = [
        finding_kinds.MANIFEST_ALGORITHM.at(f"{m.name}: archtool cannot compute its digests", m.name)
        for m in (*bag.manifests, *bag.tag_manifests)
        if m.algorithm is None
    ]
    known = [m.algorithm for m in bag.manifests if m.algorithm is not None]
    if not bag.manifests and bag.has_unread_manifest:
        pass  # it exists, and has a finding already
    elif not bag.manifests:
        findings.append(finding_kinds.MANIFEST_NONE.at("there is no payload manifest"))
    elif not known:
        findings.append(finding_kinds.MANIFEST_NO_KNOWN.at("the payload could not be checked"))
    elif all(a.is_weak for a in known):
        used = ", ".join(a.value for a in known)
        findings.append(finding_kinds.MANIFEST_WEAK.at(f"the payload is protected by {used} only"))
    return tuple(findings)
