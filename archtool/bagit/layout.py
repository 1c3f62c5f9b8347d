"""Matches the names in a bag's manifests with the files on disk.

Source: RFC 8493 §2.1.2, §5.1, §6.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from archtool.bagit import finding_kinds
from archtool.bagit.bounded_findings import bounded_by_file
from archtool.bagit.limits import MAX_COMPARED_CHARS
from archtool.bagit.listing import PAYLOAD_FOLDER, BagListing
from archtool.bagit.model import Bag, Manifest, ManifestEntry
from archtool.bagit.tag_files.path_encoding import brief
from archtool.bagit.unreadable import unreadable
from archtool.files.file_kinds import FileKind
from archtool.files.paths import NameTrouble, find_twins, normal_form, shown
from archtool.findings import Finding, Kind

_SPECIAL = {FileKind.LINK, FileKind.HARD_LINK, FileKind.FIFO, FileKind.SOCKET, FileKind.DEVICE}
_HARD_LINK_HINT = (
    "make the archive again with copies instead of links, for example with GNU tar's --hard-dereference"
)


@dataclass(frozen=True, slots=True)
class BagLayout:
    """The names on disk, and the file for each path in a manifest."""

    files: dict[str, int]
    """Regular files and their sizes in bytes; `UNKNOWN_BYTES` for a size not known yet (`listing`)."""
    disk_names: Mapping[str, str]
    """Listed path → path on disk, where the two are written differently."""
    missing: Mapping[str, Sequence[int]]
    """By manifest, the numbers of the entries without a file of exactly that name."""
    outside_payload: Mapping[str, Sequence[int]]
    """By payload manifest, the numbers of the entries that are not below `data/`."""
    tag_files: Sequence[str]
    """The files outside the payload."""
    others: Mapping[str, FileKind] = field(default_factory=dict)
    """Entries that are not files: folders, links, FIFOs …"""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Listed path → the path of a file with the same bytes that no manifest lists."""

    def disk_path(self, listed: str) -> str | None:
        """Return the path on disk of the file that a manifest lists; `None` where it is missing."""
        if listed in self.files:
            return listed
        return self.disk_names.get(listed)

    def set_sizes(self, paths: Iterable[str], sizes_bytes: Iterable[int]) -> None:
        """Add the sizes of files that were listed without them."""
        self.files.update(zip(paths, sizes_bytes, strict=True))

    def known_size(self, path: str) -> int:
        """Return the size of a file in bytes; 0 where it is not known yet."""
        return max(0, self.files[path])

    @property
    def payload_paths(self) -> list[str]:
        """The payload files."""
        return [path for path in self.files if path[:5] == "data/"]

    @property
    def payload(self) -> dict[str, int]:
        """The payload files and their sizes in bytes."""
        return {path: self.files[path] for path in self.payload_paths}

    @property
    def payload_as_listed(self) -> dict[str, int]:
        """The payload files and their sizes in bytes, by the names in the manifests."""
        listed_as = {path: listed for listed, path in (*self.disk_names.items(), *self.renamed.items())}
        return {listed_as.get(path, path): size for path, size in self.payload.items()}

    @property
    def payload_totals(self) -> tuple[int, int]:
        """The number of payload files, and their total size in bytes."""
        tags_bytes = sum([self.files[path] for path in self.tag_files])
        return len(self.files) - len(self.tag_files), sum(self.files.values()) - tags_bytes

    def is_payload_listed_in(self, manifest: Manifest) -> bool:
        """Return whether a manifest provably lists every payload file: it lists as many, and no others."""
        if self.disk_names or manifest.has_repeats or self.outside_payload[manifest.name]:
            return False
        listed = len(manifest.paths) - len(self.missing[manifest.name])
        return listed == len(self.files) - len(self.tag_files)

    def absent_entries(self, manifest: Manifest) -> list[ManifestEntry]:
        """Return the entries whose file is missing under any spelling of its name."""
        entries = [manifest.entry(number) for number in self.missing[manifest.name]]
        return [entry for entry in entries if entry.path not in self.disk_names]


def build_layout(bag: Bag, listing: BagListing) -> tuple[BagLayout, tuple[Finding, ...]]:
    """Match the listed names with those on disk, and check the entries that are not files."""
    files = listing.files
    disk_names: dict[str, str] = {}
    findings: list[Finding] = []
    manifests = (*bag.manifests, *bag.tag_manifests)
    missing: dict[str, list[int]] = {}
    for manifest in manifests:
        absent = [number for number, path in enumerate(manifest.paths) if path not in files]
        missing[manifest.name] = absent
        matches = list(_match(manifest, absent, files)) if absent else []
        disk_names |= {entry.path: path for entry, path, _ in matches}
        findings += bounded_by_file(_report(manifest, *match) for match in matches)
    findings += _check_kinds(listing)
    findings += bounded_by_file(_check_twins([m for m in manifests if missing[m.name]], listing))
    outside = {
        manifest.name: [number for number, path in enumerate(manifest.paths) if path[:5] != "data/"]
        for manifest in bag.manifests
    }
    return BagLayout(files, disk_names, missing, outside, listing.tag_files, listing.others), tuple(findings)


def _match(
    manifest: Manifest, missing: Sequence[int], files: Mapping[str, int]
) -> Iterator[tuple[ManifestEntry, str, Kind]]:
    """Pair lines whose file is missing with a file of another spelling, where there is exactly one.

    Old tools wrote % and line ends unencoded; some systems change the Unicode form of names.
    """
    free = files.keys() - set(manifest.paths)
    by_form: dict[str, list[str]] = {}
    for path in free:
        by_form.setdefault(normal_form(path), []).append(path)
    matched: set[str] = set()
    for entry in map(manifest.entry, missing):
        alike = by_form.get(normal_form(entry.path), ())
        if entry.written in free and entry.written not in matched:
            matched.add(entry.written)
            yield entry, entry.written, finding_kinds.MANIFEST_NOT_ENCODED
        elif len(alike) == 1 and alike[0] not in matched:
            matched.add(alike[0])
            yield entry, alike[0], finding_kinds.UNICODE_FORM


def _report(manifest: Manifest, entry: ManifestEntry, path: str, kind: Kind) -> Finding:
    if kind is finding_kinds.UNICODE_FORM:
        message = f"{brief(path)} is written in another Unicode form in {manifest.name}"
        return kind.at(message, path)
    return kind.at(f"read without decoding, since this file exists: {brief(path)}", manifest.name, entry.line)


def _check_kinds(listing: BagListing) -> Iterator[Finding]:
    if PAYLOAD_FOLDER in listing.files or PAYLOAD_FOLDER not in listing.others:
        yield finding_kinds.NO_PAYLOAD_FOLDER.at("there is no folder data/", PAYLOAD_FOLDER)
    for item in listing.non_files:
        if item.kind in _SPECIAL:
            yield not_a_file(item.path, item.kind)
        elif item.kind is FileKind.UNREADABLE:
            error = OSError(item.error_number, item.problem)
            yield unreadable(
                finding_kinds.FOLDER_UNREADABLE, error, item.path or ".", message="cannot be listed"
            )
        elif item.kind is FileKind.FOLDER and item.path.startswith("data/"):
            yield finding_kinds.EMPTY_FOLDER.at(f"{shown(item.path)}/ is empty", item.path)


def not_a_file(path: str, kind: FileKind) -> Finding:
    """Return the finding for an entry without bytes; for a hard link in an archive with a hint of its own."""
    if kind is FileKind.HARD_LINK:
        message = f"{shown(path)} is a hard link, but not to an earlier file of the bag"
        return finding_kinds.NOT_A_FILE.at(message, path, hint=_HARD_LINK_HINT)
    return finding_kinds.NOT_A_FILE.at(f"{shown(path)} is a {kind.value}", path)


def _check_twins(incomplete: Sequence[Manifest], listing: BagListing) -> Iterator[Finding]:
    """Report names that are one name on some system: on disk, and in manifests that list missing files."""
    reported = set()
    folders = [path for path, kind in listing.others.items() if kind is FileKind.FOLDER]
    for trouble, one, other in find_twins(listing.files, folders):
        reported.add((one, other))
        yield _twins(trouble, one, other, other)
    for manifest in incomplete:
        listed = [path for path in manifest.paths if len(path) <= MAX_COMPARED_CHARS]
        for trouble, one, other in find_twins(listed):
            if (one, other) not in reported:
                yield _twins(trouble, one, other, manifest.name)


def _twins(trouble: NameTrouble, one: str, other: str, file: str) -> Finding:
    kind = finding_kinds.UNICODE_TWINS if trouble is NameTrouble.UNICODE_TWIN else finding_kinds.CASE_TWINS
    # as code points: on the screen the two can look the same
    return kind.at(f"{one!a} and {other!a} are one name on some systems", file)
