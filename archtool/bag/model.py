"""A bag as it was read: values only, nothing of the disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archtool.fixity.digests import Algorithm
from archtool.fixity.paths import PayloadPath

Version = tuple[int, int]
CURRENT_VERSION: Version = (1, 0)
KNOWN_VERSIONS: frozenset[Version] = frozenset([(0, 93), (0, 94), (0, 95), (0, 96), (0, 97), (1, 0)])


@dataclass(frozen=True, slots=True)
class Declaration:
    """What bagit.txt says."""

    version: Version
    encoding: str

    @property
    def is_strict(self) -> bool:
        """Whether 1.0 or later was declared; what came before it left more open."""
        return self.version >= (1, 0)

    @property
    def info_name(self) -> str:
        """The metadata tag file's name, which was another one before 0.96."""
        return "package-info.txt" if self.version < (0, 96) else "bag-info.txt"


@dataclass(frozen=True, slots=True)
class TagField:
    """One `Label: value` of bag-info.txt."""

    label: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class BagInfo:
    """bag-info.txt: order and repeats are kept."""

    fields: tuple[TagField, ...] = ()

    def values(self, label: str) -> tuple[str, ...]:
        """Every value of a label, in order; reserved labels are the same in any case of letters."""
        wanted = label.casefold()
        return tuple(f.value for f in self.fields if f.label.casefold() == wanted)

    def first(self, label: str) -> str | None:
        """The first value of a label."""
        return next(iter(self.values(label)), None)


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One line of a manifest."""

    path: PayloadPath
    hex: str
    """In lower case; empty where the line has no digest of its algorithm's form."""
    line: int
    written: str = ""
    """The path before it was decoded, where that makes a difference."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A payload or tag manifest; `algorithm` is `None` where archtool cannot compute it."""

    name: str
    algorithm: Algorithm | None
    entries: tuple[ManifestEntry, ...]

    def by_path(self) -> dict[str, ManifestEntry]:
        """The entries by path; of a path that is listed twice, the first."""
        found: dict[str, ManifestEntry] = {}
        for entry in self.entries:
            found.setdefault(entry.path, entry)
        return found


@dataclass(frozen=True, slots=True)
class FetchItem:
    """One line of fetch.txt; a length of `None` is not known."""

    url: str
    length_bytes: int | None
    path: PayloadPath
    line: int


@dataclass(frozen=True, slots=True)
class Bag:
    """The tag files of a bag that RFC 8493 gives a meaning to."""

    declaration: Declaration
    info: BagInfo
    manifests: tuple[Manifest, ...]
    tag_manifests: tuple[Manifest, ...]
    fetch: tuple[FetchItem, ...] = ()
    unread: frozenset[str] = frozenset()
    """Tag files at the root that could not be read: nothing follows from what they do not say."""

    @property
    def has_unread_manifest(self) -> bool:
        """Whether a payload manifest is there and could not be read."""
        return any(name.startswith("manifest-") for name in self.unread)

    def payload_paths(self) -> Iterator[PayloadPath]:
        """Every path that some payload manifest lists, each once."""
        seen = {entry.path: None for manifest in self.manifests for entry in manifest.entries}
        return iter(seen)
