"""What lies in a bag, and which of the listed names stands for which file.

Source: RFC 8493 §2.1.2, §5.1, §6.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from archtool.bag import kinds
from archtool.bag.model import Bag, Manifest, ManifestEntry
from archtool.bag.names import brief
from archtool.bag.sightings import bounded_by_file
from archtool.bag.unreadable import unreadable
from archtool.findings import Finding, Kind
from archtool.fixity.paths import NameTrouble, find_twins, normal_form, shown
from archtool.fixity.tree import FileKind, FoundFile

_SPECIAL = {FileKind.LINK, FileKind.HARD_LINK, FileKind.FIFO, FileKind.SOCKET, FileKind.DEVICE}
_HARD_LINK_HINT = (
    "make the archive again with every file in it, for example with GNU tar's option --hard-dereference"
)
MAX_COMPARED_CHARS = 4096  # a longer name cannot be on disk, and comparing its folders takes time


@dataclass(frozen=True, slots=True)
class Layout:
    """The names on disk, and which of them a manifest's path stands for."""

    files: Mapping[str, int]
    """Regular files and their sizes in bytes."""
    named: Mapping[str, str]
    """Listed path → path on disk, where the two are written differently."""
    others: Mapping[str, FileKind] = field(default_factory=dict)
    """What is there and is no file: folders, links, FIFOs …"""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Listed path → the path of a file with the same bytes that no manifest lists."""
    proved: tuple[int, int] | None = None
    """Files and bytes of a payload that the quick way went through (`plain`): `files` has none of it."""

    def on_disk(self, listed: str) -> str | None:
        """The file that a listed path stands for."""
        if listed in self.files:
            return listed
        return self.named.get(listed)

    def is_below_unreadable(self, path: str) -> bool:
        """Whether a path leads through a folder that could not be listed: its files are unknown."""
        return bool(self._unreadable()) and path.startswith(self._unreadable())

    def _unreadable(self) -> tuple[str, ...]:
        return tuple(f"{folder}/" for folder, kind in self.others.items() if kind is FileKind.UNREADABLE)

    @property
    def payload(self) -> dict[str, int]:
        """The payload files and their sizes in bytes."""
        return {path: size for path, size in self.files.items() if path.startswith("data/")}

    @property
    def payload_as_listed(self) -> dict[str, int]:
        """The payload files by the names that the manifests give them, where those differ."""
        listed_as = {path: listed for listed, path in (*self.named.items(), *self.renamed.items())}
        return {listed_as.get(path, path): size for path, size in self.payload.items()}

    @property
    def payload_totals(self) -> tuple[int, int]:
        """How many payload files there are, and their bytes."""
        if self.proved is not None:
            return self.proved
        payload = self.payload
        return len(payload), sum(payload.values())


def lay_out(bag: Bag, found: Sequence[FoundFile]) -> tuple[Layout, tuple[Finding, ...]]:
    """Match the listed names with those on disk, and look at what is not a file."""
    files = {f.path: f.size_bytes for f in found if f.kind is FileKind.FILE}
    named: dict[str, str] = {}
    findings: list[Finding] = []
    manifests = (*bag.manifests, *bag.tag_manifests)
    for manifest in manifests:
        matches = list(_match(manifest, files))
        named |= {entry.path: path for entry, path, _ in matches}
        findings += bounded_by_file(_tell(manifest, *match) for match in matches)
    findings += [*_check_kinds(found), *bounded_by_file(_check_twins(manifests, files))]
    return Layout(files, named, _others(found)), tuple(findings)


def _others(found: Sequence[FoundFile]) -> dict[str, FileKind]:
    others: dict[str, FileKind] = {f.path: f.kind for f in found if f.kind is not FileKind.FILE}
    for item in found:
        folder = item.path.rpartition("/")[0]
        while folder and folder not in others:
            others[folder] = FileKind.FOLDER
            folder = folder.rpartition("/")[0]
    return others


def _match(manifest: Manifest, files: Mapping[str, int]) -> Iterator[tuple[ManifestEntry, str, Kind]]:
    """Pair lines whose file is not there with a file of another spelling, where there is just one.

    Old tools wrote % and line ends as they are; some systems change the Unicode form of names.
    """
    missing = [e for e in manifest.entries if e.path not in files]
    if not missing:
        return
    free = files.keys() - {e.path for e in manifest.entries}
    by_form: dict[str, list[str]] = {}
    for path in free:
        by_form.setdefault(normal_form(path), []).append(path)
    taken: set[str] = set()
    for entry in missing:
        alike = by_form.get(normal_form(entry.path), ())
        if entry.written in free and entry.written not in taken:
            taken.add(entry.written)
            yield entry, entry.written, kinds.MANIFEST_NOT_ENCODED
        elif len(alike) == 1 and alike[0] not in taken:
            taken.add(alike[0])
            yield entry, alike[0], kinds.UNICODE_FORM


def _tell(manifest: Manifest, entry: ManifestEntry, path: str, kind: Kind) -> Finding:
    if kind is kinds.UNICODE_FORM:
        message = f"{brief(path)} is written in another Unicode form in {manifest.name}"
        return kind.at(message, path)
    return kind.at(f"read as it is written, for that file is there: {brief(path)}", manifest.name, entry.line)


def _check_kinds(found: Sequence[FoundFile]) -> Iterator[Finding]:
    top = next((f for f in found if f.path == "data" or f.path.startswith("data/")), None)
    if top is None or (top.path == "data" and top.kind is FileKind.FILE):
        yield kinds.NO_PAYLOAD_FOLDER.at("there is no folder data/", "data")
    for item in found:
        if item.kind in _SPECIAL:
            yield not_a_file(item.path, item.kind)
        elif item.kind is FileKind.UNREADABLE:
            error = OSError(item.trouble, item.problem)
            yield unreadable(kinds.FOLDER_UNREADABLE, error, item.path or ".", message="cannot be listed")
        elif item.kind is FileKind.FOLDER and item.path.startswith("data/"):
            yield kinds.EMPTY_FOLDER.at(f"{shown(item.path)}/ is empty", item.path)


def not_a_file(path: str, kind: FileKind) -> Finding:
    """Something that has no bytes of its own; of a hard link in an archive, what makes a file of it."""
    if kind is FileKind.HARD_LINK:
        message = f"{shown(path)} is a hard link, and to no earlier file of the bag"
        return kinds.NOT_A_FILE.at(message, path, hint=_HARD_LINK_HINT)
    return kinds.NOT_A_FILE.at(f"{shown(path)} is a {kind.value}", path)


def _check_twins(manifests: Sequence[Manifest], files: Mapping[str, int]) -> Iterator[Finding]:
    """Names that some system takes for one: among those on disk, and among those that a manifest lists."""
    seen = set()
    for trouble, one, other in find_twins(files):
        seen.add((one, other))
        yield _twins(trouble, one, other, other)
    for manifest in manifests:
        listed = [e.path for e in manifest.entries if len(e.path) <= MAX_COMPARED_CHARS]
        if any(path not in files for path in listed):
            for trouble, one, other in find_twins(listed):
                if (one, other) not in seen:
                    yield _twins(trouble, one, other, manifest.name)


def _twins(trouble: NameTrouble, one: str, other: str, file: str) -> Finding:
    kind = kinds.UNICODE_TWINS if trouble is NameTrouble.UNICODE_TWIN else kinds.CASE_TWINS
    # as code points: on the screen the two may look the same
    return kind.at(f"{one!a} and {other!a} are one name on some systems", file)
