"""The model of a bag: values without access to the disk."""

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
    """The content of bagit.txt."""

    version: Version
    encoding: str

    @property
    def is_strict(self) -> bool:
        """Whether the bag declares 1.0 or later; the rules of earlier versions are less strict."""
        return self.version >= (1, 0)

    @property
    def info_name(self) -> str:
        """The name of the metadata tag file, which was different before 0.96."""
        return "package-info.txt" if self.version < (0, 96) else "bag-info.txt"


@dataclass(frozen=True, slots=True)
class TagField:
    """One `Label: value` of bag-info.txt."""

    label: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class BagInfo:
    """The fields of bag-info.txt in their order, with repeated labels."""

    fields: tuple[TagField, ...] = ()

    def values(self, label: str) -> tuple[str, ...]:
        """Return every value of a label, in order; upper and lower case of the label are equal."""
        wanted = label.casefold()
        return tuple(f.value for f in self.fields if f.label.casefold() == wanted)

    def first(self, label: str) -> str | None:
        """Return the first value of a label."""
        return next(iter(self.values(label)), None)


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One line of a manifest."""

    path: PayloadPath
    hex: str
    """In lower case; empty where the line has no digest of its algorithm's form."""
    line: int
    written: str = ""
    """The path before decoding, where it differs."""


@dataclass(frozen=True, slots=True)
class IrregularEntry:
    """Values of one manifest line that do not fit into the columns."""

    hex: str
    """A digest of an unknown algorithm in lower case, or nothing."""
    written: str = ""
    """The path before decoding, where it differs."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A payload or tag manifest, in columns: a bag can have a million files.

    The columns have a value for each entry, in the order of the lines. An object for each entry would take
    five times the memory; `entries` makes such objects one after another.
    """

    name: str
    algorithm: Algorithm | None
    """`None` where archtool cannot compute it; then each entry is irregular."""
    paths: Sequence[str] = ()
    """Each is safe to open: a path that `PayloadPath.parse` refuses is a finding, and no entry."""
    digests: bytes | bytearray = b""
    """Concatenated, `width` bytes for each entry; zeros where the line has no digest of its form."""
    lines: Sequence[int] = ()
    """The number of each entry's line, from 1."""
    irregular: Mapping[int, IrregularEntry] = field(default_factory=dict)
    """By the number of the entry, from 0."""
    has_repeats: bool = False
    """Whether a path is listed twice, with two digests."""

    @property
    def width(self) -> int:
        """The number of bytes of one entry in `digests`."""
        return 0 if self.algorithm is None else self.algorithm.hasher_size_bytes

    @property
    def entries(self) -> Iterator[ManifestEntry]:
        """The entries, one after another."""
        return (self.entry(number) for number in range(len(self.paths)))

    def entry(self, number: int) -> ManifestEntry:
        """Return one entry by its number, from 0."""
        irregular = self.irregular.get(number)
        path, line = PayloadPath(self.paths[number]), self.lines[number]
        if irregular is not None:
            return ManifestEntry(path, irregular.hex, line, irregular.written)
        return ManifestEntry(path, self.hex(number), line)

    def hex(self, number: int) -> str:
        """Return the digest of one entry in lower-case hexadecimal; empty where the line has none."""
        irregular = self.irregular.get(number)
        if irregular is not None:
            return irregular.hex
        return self.digests[self.width * number : self.width * (number + 1)].hex()

    def select(self, numbers: Sequence[int]) -> Manifest:
        """Return a manifest with these entries only, by their numbers and in this order."""
        width, digests = self.width, self.digests
        return replace(
            self,
            paths=[self.paths[number] for number in numbers],
            digests=b"".join([digests[width * number : width * (number + 1)] for number in numbers]),
            lines=[self.lines[number] for number in numbers],
            irregular={new: self.irregular[old] for new, old in enumerate(numbers) if old in self.irregular},
        )

    def by_path(self) -> dict[str, ManifestEntry]:
        """Return the entries by path; for a path that is listed twice, the first."""
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
    """The tag files of a bag that RFC 8493 defines."""

    declaration: Declaration
    info: BagInfo
    manifests: tuple[Manifest, ...]
    tag_manifests: tuple[Manifest, ...]
    fetch: tuple[FetchItem, ...] = ()
    unread: frozenset[str] = frozenset()
    """Tag files at the root that could not be read: checks must not treat their content as absent."""

    @property
    def has_unread_manifest(self) -> bool:
        """Whether a payload manifest exists and could not be read."""
        return any(name.startswith("manifest-") for name in self.unread)

    def payload_paths(self) -> Iterator[str]:
        """Return every path that a payload manifest lists, each once."""
        return iter(dict.fromkeys(path for manifest in self.manifests for path in manifest.paths))
