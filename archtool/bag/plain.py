"""The quick way through the payload of a plain bag: the form that nearly every bag has.

A bag is plain if nothing in it needs to be thought about: its manifests are known algorithms, name the
same files in the same order, line by line in the one form that RFC 8493 shows, with names that stand for
themselves; and below `data/` lie just as many regular files. Then a file that can be opened under each
listed name proves that both sets are the same, and all that is left is to read and compare.

Anything else is for the slow way, which knows every rule and reports every finding: this one reports none.
It only says that there is nothing to report, or which files differ.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archtool.bag.manifests import ManifestName, read_manifest_name
from archtool.bag.model import Declaration
from archtool.bag.reader import MAX_MANIFEST_BYTES
from archtool.fixity.digests import Algorithm
from archtool.fixity.forked import MAX_UNITS, run_units
from archtool.fixity.listed import Held, hold_lines
from archtool.fixity.paths import normal_form
from archtool.fixity.tree import Tree
from archtool.progress import Progress

_ORDINARY = bytes(set(range(0x20, 0x100)) - set(b"%\\\x7f")) + b"\n"
# nothing that leads elsewhere or nowhere: empty parts, `.`, `..`, and folders in the place of files
_NOT_PLAIN = (b"//", b"/./", b"/../", b"/\n", b"/.\n", b"/..\n")
_PATH_MARK = b"  data/"
_CHUNK_BYTES = 64 * 1024  # of a manifest: some hundred lines are one unit of work
_FEW_FILES, _FEW_BYTES = 256, 4 * 1024 * 1024  # read sooner than another process is there
_MIN_UNITS_PER_JOB = 32  # so that no process waits long for the last one


@dataclass(frozen=True, slots=True)
class PlainManifest:
    """A manifest in its plain form, as bytes."""

    name: str
    algorithm: Algorithm
    data: bytes
    """Ends with a line feed."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some lines of every manifest, the same files in each."""

    begin: int
    """In bytes, in the first manifest."""
    end: int
    first_line: int
    """Counted from 0."""
    lines: int


@dataclass(frozen=True, slots=True)
class PlainPayload:
    """A payload that can be gone through quickly."""

    manifests: tuple[PlainManifest, ...]
    stretches: tuple[Stretch, ...]
    files: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What the quick way found; sizes are in bytes."""

    manifests: tuple[tuple[str, Algorithm], ...]
    files: int
    size_bytes: int
    failing: frozenset[str]
    """The files that differ from a digest; all others are what every manifest says."""


def look_for_plain(
    tree: Tree, declaration: Declaration, names: Sequence[str], jobs: int
) -> PlainPayload | None:
    """Whether the payload can be gone through quickly; `names` is all that lies at the bag's root."""
    if declaration.encoding.lower() != "utf-8" or "fetch.txt" in names or "data" not in names:
        return None
    manifests = _read_manifests(tree, names)
    if not manifests:
        return None
    stretches = _stretches(manifests, jobs)
    if stretches is None:
        return None
    files = stretches[-1].first_line + stretches[-1].lines if stretches else 0
    return PlainPayload(manifests, stretches, files) if files and _count_files(tree) == files else None


def _read_manifests(tree: Tree, names: Sequence[str]) -> tuple[PlainManifest, ...]:
    """Every payload manifest, or none."""
    found = []
    for name in map(read_manifest_name, names):
        if name is None or name.is_tag:
            continue
        manifest = _read_plain(tree, name)
        if manifest is None:
            return ()
        found.append(manifest)
    return tuple(found)


def _read_plain(tree: Tree, name: ManifestName) -> PlainManifest | None:
    if name.algorithm is None or not name.is_proper:
        return None
    try:
        data = tree.read_bytes(name.name, MAX_MANIFEST_BYTES)
    except OSError:
        return None
    if not data.endswith(b"\n") or data.translate(None, _ORDINARY) or any(p in data for p in _NOT_PLAIN):
        return None
    if not data.isascii():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return None
    return PlainManifest(name.name, name.algorithm, data)


def _stretches(manifests: Sequence[PlainManifest], jobs: int) -> tuple[Stretch, ...] | None:
    """The lines in units of work; `None` where a path stands twice or the manifests differ in their paths."""
    first = manifests[0]
    width = first.algorithm.hex_length
    lines = first.data.count(b"\n")
    for other in manifests[1:]:  # each line is longer by the same number of digits, or it is another path
        if len(other.data) - len(first.data) != lines * (other.algorithm.hex_length - width):
            return None
    found: list[Stretch] = []
    hashes = array("q")
    is_sorted, last = True, b""
    for begin, end in _chunks(first.data, max(jobs * _MIN_UNITS_PER_JOB, 1)):
        rows = first.data[begin : end - 1].split(b"\n")
        paths = [row[width:] for row in rows]
        if not all(path.startswith(_PATH_MARK) for path in paths):
            return None
        is_sorted = is_sorted and last < paths[0] and all(map(bytes.__lt__, paths, paths[1:]))
        last = paths[-1]
        hashes.extend(map(hash, paths))
        found.append(Stretch(begin, end, len(hashes) - len(paths), len(paths)))
    if not is_sorted and _has_twice(hashes):
        return None
    return tuple(found)


def _has_twice(hashes: array[int]) -> bool:
    """Whether two paths may be the same; two others of one hash only cost the slow way."""
    ordered = sorted(hashes)
    return any(map(int.__eq__, ordered, ordered[1:]))


def _chunks(data: bytes, wanted_units: int) -> Iterator[tuple[int, int]]:
    size = min(_CHUNK_BYTES, max(1, len(data) // wanted_units))
    size = max(size, len(data) // MAX_UNITS + 1)
    begin = 0
    while begin < len(data):
        end = data.index(b"\n", min(begin + size, len(data)) - 1) + 1
        yield begin, end
        begin = end


def _count_files(tree: Tree) -> int | None:
    """How many regular files lie below `data/`; `None` where anything there has to be thought about."""
    count, pending = 0, ["data"]
    try:
        while pending:
            folder = pending.pop()
            with os.scandir(tree.folder_handle(folder)) as entries:
                names, folders = [], []
                for entry in entries:
                    names.append(entry.name)
                    if entry.is_file(follow_symlinks=False):
                        count += 1
                    elif entry.is_dir(follow_symlinks=False):
                        folders.append(f"{folder}/{entry.name}")
                    else:
                        return None
            if not names or len({_folded(name) for name in names}) != len(names):
                return None  # an empty folder, or names that some system takes for one
            pending += folders
    except OSError:
        return None
    return count


def _folded(name: str) -> str:
    return name.lower() if name.isascii() else normal_form(normal_form(name).casefold())


def prove(tree: Tree, payload: PlainPayload, jobs: int, progress: Progress) -> Proof | None:
    """Read every file and compare; `None` where one could not be read, which the slow way will tell of."""

    def hold(unit: int) -> Held:
        with tree.again() as view:
            return _hold(view, payload, payload.stretches[unit])

    files = total = 0
    failing: list[bytes] = []
    progress.start("verifying", None)
    is_small = payload.files <= _FEW_FILES and _bytes_of(tree, payload) <= _FEW_BYTES
    for held in run_units(len(payload.stretches), hold, 1 if is_small else jobs):
        if held.trouble is not None:
            return None
        files += held.files
        total += held.size_bytes
        failing += held.failing
        progress.advance(held.size_bytes)
    progress.finish()
    used = tuple((manifest.name, manifest.algorithm) for manifest in payload.manifests)
    return Proof(used, files, total, frozenset(path.decode() for path in failing))


def _bytes_of(tree: Tree, payload: PlainPayload) -> int:
    first = payload.manifests[0]
    begin = first.algorithm.hex_length + 2
    paths = (os.fsdecode(line[begin:]) for line in first.data[:-1].split(b"\n"))
    try:
        return sum(tree.stat(path).st_size for path in paths)
    except OSError:
        return 0  # whoever reads it will say so


def _hold(tree: Tree, payload: PlainPayload, stretch: Stretch) -> Held:
    first = payload.manifests[0]
    rows = first.data[stretch.begin : stretch.end - 1].split(b"\n")
    lists = [(first.algorithm, rows)]
    for other in payload.manifests[1:]:
        wider = other.algorithm.hex_length - first.algorithm.hex_length
        begin = stretch.begin + wider * stretch.first_line
        end = stretch.end + wider * (stretch.first_line + stretch.lines)
        more = other.data[begin : end - 1].split(b"\n")
        if not _same_paths(rows, first.algorithm, more, other.algorithm):
            return Held(0, 0, trouble="the manifests name other files, or in another order")
        lists.append((other.algorithm, more))
    return hold_lines(tree, lists)


def _same_paths(
    one: Sequence[bytes], one_algorithm: Algorithm, other: Sequence[bytes], other_algorithm: Algorithm
) -> bool:
    width, other_width = one_algorithm.hex_length, other_algorithm.hex_length
    return [row[width:] for row in one] == [row[other_width:] for row in other]
