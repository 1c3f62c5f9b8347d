"""What lies in a bag, and which of the listed names stands for which file.

Source: RFC 8493 §2.1.2, §5.1, §6.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from archtool.bagit import finding_kinds
from archtool.bagit.bounded_findings import bounded_by_file
from archtool.bagit.listing import PAYLOAD_FOLDER, BagListing
from archtool.bagit.model import Bag, Manifest, ManifestEntry
from archtool.bagit.tag_files.path_encoding import brief
from archtool.bagit.unreadable import unreadable
from archtool.files.file_kinds import FileKind
from archtool.files.paths import NameTrouble, find_twins, normal_form, shown
from archtool.findings import Finding, Kind

_SPECIAL = {FileKind.LINK, FileKind.HARD_LINK, FileKind.FIFO, FileKind.SOCKET, FileKind.DEVICE}
_HARD_LINK_HINT = (
    "make the archive again with every file in it, for example with GNU tar's option --hard-dereference"
)
MAX_COMPARED_CHARS = 4096  # a longer name cannot be on disk, and comparing its folders takes time


@dataclass(frozen=True, slots=True)
class BagLayout:
    """The names on disk, and which of them a manifest's path stands for."""

    files: dict[str, int]
    """Regular files and their sizes in bytes; `UNKNOWN_BYTES` where it is not known yet (`listing`)."""
    named: Mapping[str, str]
    """Listed path → path on disk, where the two are written differently."""
    missing: Mapping[str, Sequence[int]]
    """By manifest, the numbers of the entries of which no file has the listed name."""
    outside: Mapping[str, Sequence[int]]
    """By payload manifest, the numbers of the entries that are not below `data/`."""
    tag_files: Sequence[str]
    """The files that do not belong to the payload."""
    others: Mapping[str, FileKind] = field(default_factory=dict)
    """What is there and is no file: folders, links, FIFOs …"""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Listed path → the path of a file with the same bytes that no manifest lists."""

    def on_disk(self, listed: str) -> str | None:
        """The file that a listed path stands for."""
        if listed in self.files:
            return listed
        return self.named.get(listed)

    def fill_in(self, paths: Iterable[str], sizes_bytes: Iterable[int]) -> None:
        """Take in the sizes of files that the listing did not ask for theirs."""
        self.files.update(zip(paths, sizes_bytes, strict=True))

    def known_size(self, path: str) -> int:
        """The size of a file in bytes; 0 where it is not known yet."""
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
        """The payload files by the names that the manifests give them, where those differ."""
        listed_as = {path: listed for listed, path in (*self.named.items(), *self.renamed.items())}
        return {listed_as.get(path, path): size for path, size in self.payload.items()}

    @property
    def payload_totals(self) -> tuple[int, int]:
        """How many payload files there are, and their bytes."""
        tags_bytes = sum([self.files[path] for path in self.tag_files])
        return len(self.files) - len(self.tag_files), sum(self.files.values()) - tags_bytes

    def is_payload_listed_in(self, manifest: Manifest) -> bool:
        """Whether a manifest certainly lists every payload file: it lists as many, and nothing else."""
        if self.named or manifest.has_repeats or self.outside[manifest.name]:
            return False
        listed = len(manifest.paths) - len(self.missing[manifest.name])
        return listed == len(self.files) - len(self.tag_files)

    def absent_entries(self, manifest: Manifest) -> list[ManifestEntry]:
        """The entries whose file is not there, whatever its name."""
        entries = [manifest.entry(number) for number in self.missing[manifest.name]]
        return [entry for entry in entries if entry.path not in self.named]


def build_layout(bag: Bag, listing: BagListing) -> tuple[BagLayout, tuple[Finding, ...]]:
    """Match the listed names with those on disk, and look at what is not a file."""
    files = listing.files
    named: dict[str, str] = {}
    findings: list[Finding] = []
    manifests = (*bag.manifests, *bag.tag_manifests)
    missing: dict[str, list[int]] = {}
    for manifest in manifests:
        absent = [number for number, path in enumerate(manifest.paths) if path not in files]
        missing[manifest.name] = absent
        matches = list(_match(manifest, absent, files)) if absent else []
        named |= {entry.path: path for entry, path, _ in matches}
        findings += bounded_by_file(_tell(manifest, *match) for match in matches)
    findings += _check_kinds(listing)
    findings += bounded_by_file(_check_twins([m for m in manifests if missing[m.name]], listing))
    outside = {
        manifest.name: [number for number, path in enumerate(manifest.paths) if path[:5] != "data/"]
        for manifest in bag.manifests
    }
    return BagLayout(files, named, missing, outside, listing.tag_files, listing.others), tuple(findings)


def _match(
    manifest: Manifest, missing: Sequence[int], files: Mapping[str, int]
) -> Iterator[tuple[ManifestEntry, str, Kind]]:
    """Pair lines whose file is not there with a file of another spelling, where there is just one.

    Old tools wrote % and line ends as they are; some systems change the Unicode form of names.
    """
    free = files.keys() - set(manifest.paths)
    by_form: dict[str, list[str]] = {}
    for path in free:
        by_form.setdefault(normal_form(path), []).append(path)
    taken: set[str] = set()
    for entry in map(manifest.entry, missing):
        alike = by_form.get(normal_form(entry.path), ())
        if entry.written in free and entry.written not in taken:
            taken.add(entry.written)
            yield entry, entry.written, finding_kinds.MANIFEST_NOT_ENCODED
        elif len(alike) == 1 and alike[0] not in taken:
            taken.add(alike[0])
            yield entry, alike[0], finding_kinds.UNICODE_FORM


def _tell(manifest: Manifest, entry: ManifestEntry, path: str, kind: Kind) -> Finding:
    if kind is finding_kinds.UNICODE_FORM:
        message = f"{brief(path)} is written in another Unicode form in {manifest.name}"
        return kind.at(message, path)
    return kind.at(f"read as it is written, for that file is there: {brief(path)}", manifest.name, entry.line)


def _check_kinds(listing: BagListing) -> Iterator[Finding]:
    if PAYLOAD_FOLDER in listing.files or PAYLOAD_FOLDER not in listing.others:
        yield finding_kinds.NO_PAYLOAD_FOLDER.at("there is no folder data/", PAYLOAD_FOLDER)
    for item in listing.odd:
        if item.kind in _SPECIAL:
            yield not_a_file(item.path, item.kind)
        elif item.kind is FileKind.UNREADABLE:
            error = OSError(item.trouble, item.problem)
            yield unreadable(
                finding_kinds.FOLDER_UNREADABLE, error, item.path or ".", message="cannot be listed"
            )
        elif item.kind is FileKind.FOLDER and item.path.startswith("data/"):
            yield finding_kinds.EMPTY_FOLDER.at(f"{shown(item.path)}/ is empty", item.path)


def not_a_file(path: str, kind: FileKind) -> Finding:
    """Something that has no bytes of its own; of a hard link in an archive, what makes a file of it."""
    if kind is FileKind.HARD_LINK:
        message = f"{shown(path)} is a hard link, and to no earlier file of the bag"
        return finding_kinds.NOT_A_FILE.at(message, path, hint=_HARD_LINK_HINT)
    return finding_kinds.NOT_A_FILE.at(f"{shown(path)} is a {kind.value}", path)


def _check_twins(incomplete: Sequence[Manifest], listing: BagListing) -> Iterator[Finding]:
    """Names that some system takes for one: on disk, and in manifests that list what is not there."""
    seen = set()
    folders = [path for path, kind in listing.others.items() if kind is FileKind.FOLDER]
    for trouble, one, other in find_twins(listing.files, folders):
        seen.add((one, other))
        yield _twins(trouble, one, other, other)
    for manifest in incomplete:
        listed = [path for path in manifest.paths if len(path) <= MAX_COMPARED_CHARS]
        for trouble, one, other in find_twins(listed):
            if (one, other) not in seen:
                yield _twins(trouble, one, other, manifest.name)


def _twins(trouble: NameTrouble, one: str, other: str, file: str) -> Finding:
    kind = finding_kinds.UNICODE_TWINS if trouble is NameTrouble.UNICODE_TWIN else finding_kinds.CASE_TWINS
    # as code points: on the screen the two may look the same
    return kind.at(f"{one!a} and {other!a} are one name on some systems", file)
