"""A bag as it was read: values only, nothing of the disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from archtool.files.hashing.digests import Algorithm
from archtool.files.paths import PayloadPath

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
class OddEntry:
    """What the columns of a manifest cannot hold of one of its lines."""

    hex: str
    """As in `ManifestEntry`: a digest of an unknown algorithm, or nothing."""
    written: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A payload or tag manifest, in columns: a bag may have a million files.

    The columns have a value for each entry, in the order of the lines. An object for each entry would take
    five times the memory, so `entries` makes them one after another, for those who need all of a few lines.
    """

    name: str
    algorithm: Algorithm | None
    """`None` where archtool cannot compute it; then each entry is an odd one."""
    paths: Sequence[str] = ()
    """Each is safe to open: what `PayloadPath.parse` refuses is a finding, and no entry."""
    digests: bytes | bytearray = b""
    """One after another, `width` bytes for each entry; zeros where the line has no digest of its form."""
    lines: Sequence[int] = ()
    """The number of each entry's line, from 1."""
    odd: Mapping[int, OddEntry] = field(default_factory=dict)
    """By the number of the entry, from 0."""
    has_repeats: bool = False
    """Whether a path is listed twice, with two digests."""

    @property
    def width(self) -> int:
        """How many bytes of `digests` belong to one entry."""
        return 0 if self.algorithm is None else self.algorithm.hasher_size_bytes

    @property
    def entries(self) -> Iterator[ManifestEntry]:
        """The entries, one after another."""
        return (self.entry(number) for number in range(len(self.paths)))

    def entry(self, number: int) -> ManifestEntry:
        """Return one entry by its number, from 0."""
        odd = self.odd.get(number)
        path, line = PayloadPath(self.paths[number]), self.lines[number]
        if odd is not None:
            return ManifestEntry(path, odd.hex, line, odd.written)
        return ManifestEntry(path, self.hex(number), line)

    def hex(self, number: int) -> str:
        """Return the digest of one entry in lower-case hexadecimal; empty where the line has none."""
        odd = self.odd.get(number)
        if odd is not None:
            return odd.hex
        return self.digests[self.width * number : self.width * (number + 1)].hex()

    def select(self, numbers: Sequence[int]) -> Manifest:
        """Return a manifest with these entries only, by their numbers and in this order."""
        width, digests = self.width, self.digests
        return replace(
            self,
            paths=[self.paths[number] for number in numbers],
            digests=b"".join([digests[width * number : width * (number + 1)] for number in numbers]),
            lines=[self.lines[number] for number in numbers],
            odd={new: self.odd[old] for new, old in enumerate(numbers) if old in self.odd},
        )

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

    def payload_paths(self) -> Iterator[str]:
        """Every path that some payload manifest lists, each once."""
        return iter(dict.fromkeys(path for manifest in self.manifests for path in manifest.paths))
