"""What lies in the bag against what its manifests list: complete, and nothing besides.

Source: RFC 8493 §3 (complete), §2.1.3, §2.2.1, §6.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from archtool.bag import kinds
from archtool.bag.info import parse_oxum
from archtool.bag.manifests import read_manifest_name
from archtool.bag.model import Bag, Manifest
from archtool.findings import Finding
from archtool.fixity.paths import NameTrouble, find_twins, normal_form, shown
from archtool.fixity.tree import FileKind, FoundFile

_SPECIAL = {FileKind.LINK, FileKind.FIFO, FileKind.SOCKET, FileKind.DEVICE}


@dataclass(frozen=True, slots=True)
class Layout:
    """The names on disk, and which of them a manifest's path stands for."""

    files: Mapping[str, int]
    """Regular files and their sizes in bytes."""
    named: Mapping[str, str]
    """Listed path → path on disk, for the paths whose Unicode form differs."""

    def on_disk(self, listed: str) -> str | None:
        """The file that a listed path stands for."""
        if listed in self.files:
            return listed
        return self.named.get(listed)

    @property
    def payload(self) -> dict[str, int]:
        """The payload files and their sizes in bytes."""
        return {path: size for path, size in self.files.items() if path.startswith("data/")}


def lay_out(bag: Bag, found: Sequence[FoundFile]) -> tuple[Layout, tuple[Finding, ...]]:
    """Match the listed names with those on disk, and look at what is not a file."""
    files = {f.path: f.size_bytes for f in found if f.kind is FileKind.FILE}
    listed = {e.path for m in (*bag.manifests, *bag.tag_manifests) for e in m.entries}
    named = _match_by_form(listed - files.keys(), files.keys() - listed)
    findings = [
        kinds.UNICODE_FORM.at(f"{shown(path)} is written in another Unicode form in the manifest", disk)
        for path, disk in named.items()
    ]
    return Layout(files, named), (*findings, *_check_kinds(found), *_check_twins(files))


def _match_by_form(missing: Iterable[str], unlisted: Iterable[str]) -> dict[str, str]:
    """Pair names that differ only by their Unicode form, where there is exactly one of each."""
    by_form: dict[str, list[str]] = {}
    for path in unlisted:
        by_form.setdefault(normal_form(path), []).append(path)
    pairs: dict[str, str] = {}
    for path in sorted(missing):
        candidates = by_form.get(normal_form(path), [])
        if len(candidates) == 1:
            pairs[path] = candidates.pop()
    return pairs


def _check_kinds(found: Sequence[FoundFile]) -> Iterator[Finding]:
    if not any(f.path == "data" or f.path.startswith("data/") for f in found):
        yield kinds.NO_PAYLOAD_FOLDER.at("there is no folder data/", "data")
    for item in found:
        if item.kind in _SPECIAL:
            yield kinds.NOT_A_FILE.at(f"{shown(item.path)} is a {item.kind.value}", item.path)
        elif item.kind is FileKind.UNREADABLE:
            yield kinds.FOLDER_UNREADABLE.at(f"cannot be listed: {item.problem}", item.path or ".")
        elif item.kind is FileKind.FOLDER and item.path.startswith("data/"):
            yield kinds.EMPTY_FOLDER.at(f"{shown(item.path)}/ is empty", item.path)


def _check_twins(files: Iterable[str]) -> Iterator[Finding]:
    for trouble, one, other in find_twins(files):
        kind = kinds.UNICODE_TWINS if trouble is NameTrouble.UNICODE_TWIN else kinds.CASE_TWINS
        yield kind.at(f"{shown(one)} and {shown(other)} can be told apart only here", other)


def check_completeness(bag: Bag, layout: Layout) -> tuple[Finding, ...]:
    """Everything that is listed is there, and every payload file is listed as its version asks."""
    payload = layout.payload
    findings: list[Finding] = []
    for manifest in bag.manifests:
        findings.extend(_check_missing(bag, manifest, layout))
        findings.extend(
            kinds.MANIFEST_OUTSIDE.at(f"{shown(e.path)} is not below data/", manifest.name, e.line)
            for e in manifest.entries
            if not e.path.is_payload and bag.declaration.version >= (1, 0)
        )
    covered = [{layout.on_disk(e.path) for e in m.entries} for m in bag.manifests]
    if bag.declaration.version < (1, 0):  # there, one manifest was enough
        covered = [set().union(*covered)] if covered else []
    names = [m.name for m in bag.manifests] if len(covered) == len(bag.manifests) else ["any manifest"]
    for paths, name in zip(covered, names, strict=False):
        findings.extend(
            kinds.FILE_UNLISTED.at(f"{shown(path)} is not listed in {name}", path)
            for path in sorted(payload.keys() - paths)
        )
    return tuple(findings)


def _check_missing(bag: Bag, manifest: Manifest, layout: Layout) -> Iterator[Finding]:
    fetchable = {item.path: item for item in bag.fetch}
    for entry in manifest.entries:
        if layout.on_disk(entry.path) is not None:
            continue
        item = fetchable.get(entry.path)
        if item is not None:
            yield kinds.FETCH_HOLE.at(f"{shown(entry.path)} is to be fetched", "fetch.txt", item.line)
        else:
            message = f"{shown(entry.path)} is listed and not there"
            yield kinds.FILE_MISSING.at(message, manifest.name, entry.line)


def check_oxum(bag: Bag, layout: Layout) -> tuple[Finding, ...]:
    """Size and number of the payload files against bag-info.txt; right is no proof, wrong is one."""
    name = bag.declaration.info_name
    oxum, findings = parse_oxum(bag.info, name)
    if oxum is None:
        return findings
    payload = layout.payload
    seen = sum(payload.values()), len(payload)
    if seen == oxum:
        return findings
    message = f"expected {oxum[0]:,} bytes in {oxum[1]:,} files, found {seen[0]:,} bytes in {seen[1]:,} files"
    return (*findings, kinds.OXUM_DIFFERS.at(message, name))


def check_tag_manifests(bag: Bag, layout: Layout) -> tuple[Finding, ...]:
    """What tag manifests must, must not and should list."""
    findings: list[Finding] = []
    for manifest in bag.tag_manifests:
        findings.extend(_check_tag_manifest(bag, manifest))
        findings.extend(_check_missing(bag, manifest, layout))
    if bag.tag_manifests:
        listed = {layout.on_disk(e.path) for m in bag.tag_manifests for e in m.entries}
        tag_files = {p for p in layout.files if not p.startswith("data/") and not _is_tag_manifest(p)}
        findings.extend(
            kinds.TAGMANIFEST_UNLISTED.at(f"{shown(path)} is listed in no tag manifest", path)
            for path in sorted(tag_files - listed)
        )
    return tuple(findings)


def _check_tag_manifest(bag: Bag, manifest: Manifest) -> Iterator[Finding]:
    for entry in manifest.entries:
        if entry.path.is_payload:
            yield kinds.TAGMANIFEST_PAYLOAD.at(f"lists {shown(entry.path)}", manifest.name, entry.line)
        elif _is_tag_manifest(entry.path):
            yield kinds.TAGMANIFEST_SELF.at(f"lists {entry.path}", manifest.name, entry.line)
    listed = {e.path for e in manifest.entries}
    for payload_manifest in bag.manifests:
        if payload_manifest.name not in listed:
            yield kinds.TAGMANIFEST_OMITS.at(f"does not list {payload_manifest.name}", manifest.name)


def _is_tag_manifest(path: str) -> bool:
    name = read_manifest_name(path)
    return name is not None and name.is_tag
