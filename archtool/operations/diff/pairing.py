"""Pairs the files of two bags, and assigns each file to one class: same, changed, missing, added or moved.

It reads no files: its input is the digests of each file. The order of the input does not matter, and the time
grows no faster than sorting the files.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from archtool.files.file_kinds import FileKind
from archtool.files.hashing.digests import Digest
from archtool.files.paths import folders_above, normal_form

ONE, OTHER = "ONE", "OTHER"
"""The first and the second bag of the command line; a file is missing if only ONE has it."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One name in one bag, and what is known about the file."""

    path: str
    size_bytes: int | None = None
    """`None` if nothing was read."""
    digests: tuple[Digest, ...] = ()
    """In the algorithms that are compared; empty if the bytes could not be read."""
    kind: FileKind = FileKind.FILE
    problem: str | None = None
    """Why the bytes could not be read."""
    is_system_error: bool = False
    """Whether the storage failed, so that neither the file nor its permissions are the reason."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A file of ONE and the file of OTHER that corresponds to it."""

    one: FileEntry
    other: FileEntry
    equals: str | None = None
    """If the bytes differ: a file of ONE that has the bytes of `other`."""

    @property
    def has_same_bytes(self) -> bool | None:
        """Whether all digests that both have are equal; `None` if they share no algorithm."""
        digests, others = self.one.digests, self.other.digests
        matches = [d.matches(e) for d in digests for e in others if d.algorithm is e.algorithm]
        return all(matches) if matches else None

    @property
    def has_other_kind(self) -> bool:
        """Whether one is a file and the other something else, such as a link."""
        kinds = {self.one.kind, self.other.kind}
        return len(kinds) == 2 and FileKind.UNREADABLE not in kinds

    @property
    def is_renamed(self) -> bool:
        """Whether the two names are written differently."""
        return self.one.path != self.other.path


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A file that only one side has."""

    entry: FileEntry
    equals: str | None = None
    """A file of the other side with the same bytes."""


@dataclass(frozen=True, slots=True)
class NotCompared:
    """A file that could not be compared."""

    path: str
    reason: str
    is_system_error: bool = False
    """Whether the storage failed while it was read."""


@dataclass(frozen=True, slots=True)
class FilesComparison:
    """Every file of both sides, each in one class, in the order of paths."""

    same: tuple[Pair, ...] = ()
    changed: tuple[Pair, ...] = ()
    missing: tuple[Unmatched, ...] = ()
    added: tuple[Unmatched, ...] = ()
    moved: tuple[Pair, ...] = ()
    other_kind: tuple[Pair, ...] = ()
    not_compared: tuple[NotCompared, ...] = ()
    empty_folders: tuple[tuple[str, str], ...] = ()
    """Side and path of each folder that is empty there, and does not exist on the other side."""

    @property
    def differs(self) -> bool:
        """Whether anything is known to differ."""
        return bool(self.changed or self.missing or self.added or self.moved or self.other_kind)

    @property
    def renamed(self) -> tuple[Pair, ...]:
        """The files that are named in another Unicode form, whether or not their bytes changed."""
        return tuple(pair for pair in (*self.same, *self.changed) if pair.is_renamed)


def compare_files(one: Iterable[FileEntry], other: Iterable[FileEntry]) -> FilesComparison:
    """Assign every file of both sides to one class."""
    in_one, in_other = ({entry.path: entry for entry in side} for side in (one, other))
    # (1) pair by name; names that differ only in their Unicode form match, first those with the same bytes
    pairs = [Pair(in_one[path], in_other[path]) for path in in_one.keys() & in_other.keys()]
    left = [in_one[path] for path in in_one.keys() - in_other.keys()]
    right = [in_other[path] for path in in_other.keys() - in_one.keys()]
    more_pairs, left, right = _pair_by((_form_and_bytes, _form), left, right)
    pairs = sorted([*pairs, *more_pairs], key=_path_in_one)
    # (2) find the names that only one side has; a folder that cannot be listed can contain them
    missing, unknown = _split_known(left, right, ONE, OTHER)
    added, unknown_other = _split_known(right, left, OTHER, ONE)
    # (3) pair equal bytes under other names, first those where only the folder differs
    moved, missing, added = _pair_by((_last_name_and_bytes, _bytes), missing, added)
    # (4) classify; a file that differs or has no pair can have the bytes of another file
    paths_in_one, paths_in_other = _paths_by_bytes(in_one.values()), _paths_by_bytes(in_other.values())
    changed = (p for p in pairs if p.has_same_bytes is False)
    folders = [(ONE, e.path) for e in missing if e.kind is FileKind.FOLDER]
    folders += [(OTHER, e.path) for e in added if e.kind is FileKind.FOLDER]
    unknown += [*unknown_other, *_find_not_compared(pairs)]
    return FilesComparison(
        same=tuple(p for p in pairs if p.has_same_bytes),
        changed=tuple(Pair(p.one, p.other, paths_in_one.get(p.other.digests)) for p in changed),
        missing=tuple(Unmatched(e, paths_in_other.get(e.digests)) for e in missing if not _is_folder(e)),
        added=tuple(Unmatched(e, paths_in_one.get(e.digests)) for e in added if not _is_folder(e)),
        moved=tuple(moved),
        other_kind=tuple(p for p in pairs if p.has_other_kind),
        not_compared=tuple(sorted(unknown, key=lambda n: (n.path, n.reason))),
        empty_folders=tuple(folders),
    )


def pair_equal(one: Sequence[Hashable | None], other: Sequence[Hashable | None]) -> list[tuple[int, int]]:
    """Return the positions of equal values as pairs: the first of one with the first of the other, and so on.

    `None` is equal to nothing.
    """
    unpaired: dict[Hashable, list[int]] = {}
    for j in reversed(range(len(other))):
        if other[j] is not None:
            unpaired.setdefault(other[j], []).append(j)
    return [(i, unpaired[value].pop()) for i, value in enumerate(one) if unpaired.get(value)]


Key = Callable[[FileEntry], Hashable | None]


def _pair_by(
    keys: Iterable[Key], one: Iterable[FileEntry], other: Iterable[FileEntry]
) -> tuple[list[Pair], list[FileEntry], list[FileEntry]]:
    """Pair the files that have an equal key, by one key after another.

    Returns the pairs and the unpaired files of ONE and of OTHER, each in the order of paths.
    """
    pairs: list[Pair] = []
    left, right = sorted(one, key=_path), sorted(other, key=_path)
    for key in keys:
        positions = pair_equal([key(entry) for entry in left], [key(entry) for entry in right])
        pairs += [Pair(left[i], right[j]) for i, j in positions]
        paired, paired_other = {i for i, _ in positions}, {j for _, j in positions}
        left = [entry for i, entry in enumerate(left) if i not in paired]
        right = [entry for j, entry in enumerate(right) if j not in paired_other]
    return sorted(pairs, key=_path_in_one), left, right


def _path(entry: FileEntry) -> str:
    return entry.path


def _path_in_one(pair: Pair) -> str:
    return pair.one.path


def _form(entry: FileEntry) -> Hashable:
    return normal_form(entry.path)


def _bytes(entry: FileEntry) -> Hashable | None:
    return entry.digests or None


def _form_and_bytes(entry: FileEntry) -> Hashable | None:
    return (normal_form(entry.path), entry.digests) if entry.digests else None


def _last_name_and_bytes(entry: FileEntry) -> Hashable | None:
    return (normal_form(entry.path.rpartition("/")[2]), entry.digests) if entry.digests else None


def _is_folder(entry: FileEntry) -> bool:
    return entry.kind is FileKind.FOLDER


def _paths_by_bytes(entries: Iterable[FileEntry]) -> dict[tuple[Digest, ...], str]:
    """Return the first path of all files with the same bytes, by their digests."""
    paths: dict[tuple[Digest, ...], str] = {}
    for entry in sorted(entries, key=_path):
        if entry.digests:
            paths.setdefault(entry.digests, entry.path)
    return paths


def _split_known(
    entries: Iterable[FileEntry], others: Iterable[FileEntry], side: str, other_side: str
) -> tuple[list[FileEntry], list[NotCompared]]:
    """Return the files of one side that the other side is known not to have, and the files not compared.

    A file that cannot be read is in both: it was not compared, and the other side does not have it.
    """
    closed = {entry.path for entry in others if entry.kind is FileKind.UNREADABLE}
    known: list[FileEntry] = []
    unknown: list[NotCompared] = []
    for entry in entries:
        if closed and closed & folders_above([entry.path]):
            unknown.append(NotCompared(entry.path, f"its folder cannot be listed in {other_side}"))
            continue
        if entry.problem is not None:
            unknown.append(NotCompared(entry.path, f"{side}: {entry.problem}", entry.is_system_error))
        if entry.kind is not FileKind.UNREADABLE:
            known.append(entry)
    return known, unknown


def _find_not_compared(pairs: Iterable[Pair]) -> Iterator[NotCompared]:
    """Yield the pairs whose bytes could not be compared."""
    for pair in pairs:
        are_empty_folders = _is_folder(pair.one) and _is_folder(pair.other)
        if pair.has_same_bytes is None and not are_empty_folders and not pair.has_other_kind:
            is_system_error = pair.one.is_system_error or pair.other.is_system_error
            yield NotCompared(pair.one.path, _why_not_compared(pair), is_system_error)


def _why_not_compared(pair: Pair) -> str:
    problems = [f"{side}: {e.problem}" for side, e in ((ONE, pair.one), (OTHER, pair.other)) if e.problem]
    if not problems and pair.one.kind is not FileKind.FILE:
        return f"{pair.one.kind.value} on both sides"
    return "; ".join(problems) or "the manifests share no algorithm in which both list it"
