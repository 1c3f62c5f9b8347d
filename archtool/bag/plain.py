"""Plain manifests: the form that nearly every bag has, and that can be gone through quickly (`plain_proof`).

They are of known algorithms, name the same files in the same order, line by line in the one form that
RFC 8493 shows, with names that stand for themselves: nothing in them needs to be thought about. Anything
else is for the slow way, which knows every rule.
"""

from __future__ import annotations

import operator
import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from archtool.fixity.digests import Algorithm
from archtool.fixity.effort import MAX_UNITS

_ORDINARY = bytes(set(range(0x20, 0x100)) - set(b"%\\\x7f")) + b"\n"
# an empty part of a path, `.`, `..`, and a folder in the place of a file
_LEADS_ELSEWHERE = re.compile(rb"/(?:\.{0,2}/|\.{0,2}\n)")
_FOLDER = b"data/"
_MAX_BLANKS = 8  # two nearly always; one with some tools
_CHUNK_BYTES = 64 * 1024  # of a manifest: some hundred lines are one unit of work
_MIN_UNITS, _MIN_UNITS_PER_JOB = 64, 8  # so that no process waits long for the last one; each costs a little


class PlainManifest(NamedTuple):
    """A manifest in its plain form, as bytes."""

    name: str
    algorithm: Algorithm
    data: bytes
    """Ends with a line feed."""


class Stretch(NamedTuple):
    """Some lines of every manifest, the same files in each."""

    begin: int
    """In bytes, in the first manifest."""
    end: int
    first_line: int
    """Counted from 0."""
    lines: int


class PlainPayload(NamedTuple):
    """A payload that can be gone through quickly."""

    manifests: tuple[PlainManifest, ...]
    stretches: tuple[Stretch, ...]
    files: int
    blanks: int
    """Between digest and path, the same number in every line of every manifest."""


def look_for_plain(manifests: Mapping[str, tuple[Algorithm, bytes]], jobs: int) -> PlainPayload | None:
    """Whether the payload can be gone through quickly, by so many at a time.

    `manifests` are all payload manifests of the bag by their names, in UTF-8.
    """
    read = [PlainManifest(name, algorithm, data) for name, (algorithm, data) in manifests.items()]
    if not read or not all([is_plain_text(manifest.data) for manifest in read]):  # noqa: C419 - no generator
        return None
    blanks = _count_blanks(read[0])
    stretches = _stretches(read, b" " * blanks + _FOLDER, jobs) if blanks else None
    if stretches is None:
        return None
    return PlainPayload(tuple(read), stretches, stretches[-1].first_line + stretches[-1].lines, blanks)


def _count_blanks(manifest: PlainManifest) -> int:
    """As the first line has it: all others are held against it."""
    width = manifest.algorithm.hex_length
    after = manifest.data[width : width + _MAX_BLANKS]
    return len(after) - len(after.lstrip(b" "))


def is_plain_text(data: bytes) -> bool:
    """Whether a manifest holds nothing but whole lines with paths that stand for themselves."""
    if not data.endswith(b"\n") or data.translate(None, _ORDINARY):
        return False
    if _LEADS_ELSEWHERE.search(data):
        return False
    if not data.isascii():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return False
    return True


def plain_lines(data: bytes) -> list[bytes] | None:
    """The lines of a plain manifest, without their ends."""
    return data[:-1].split(b"\n") if is_plain_text(data) else None


def _stretches(manifests: Sequence[PlainManifest], mark: bytes, jobs: int) -> tuple[Stretch, ...] | None:
    """The lines in units of work; `None` where a path stands twice or the manifests differ in their paths."""
    first = manifests[0]
    for other in manifests[1:]:  # each line is longer by the same number of digits, or it is another path
        longer = first.data.count(b"\n") * (other.algorithm.hex_length - first.algorithm.hex_length)
        if len(other.data) - len(first.data) != longer:
            return None
    found: list[Stretch] = []
    is_sorted, last, count = True, b"", 0
    for begin, end in _chunks(first.data, max(_MIN_UNITS, jobs * _MIN_UNITS_PER_JOB) if jobs > 1 else 1):
        paths = _after_digests(first, begin, end)
        is_chunk_sorted = all(map(operator.lt, paths, paths[1:]))
        # in a sorted list, what lies between two that begin alike begins like them
        judged = (paths[0], paths[-1]) if is_chunk_sorted else paths
        if any([path[: len(mark)] != mark for path in judged]):  # noqa: C419 - no generator
            return None
        is_sorted = is_sorted and is_chunk_sorted and last < paths[0]
        last = paths[-1]
        found.append(Stretch(begin, end, count, len(paths)))
        count += len(paths)
    if not is_sorted and _has_twice(first, found):
        return None
    return tuple(found)


def _after_digests(manifest: PlainManifest, begin: int, end: int) -> list[bytes]:
    """What follows the digest in each of these lines: blanks and path."""
    width = manifest.algorithm.hex_length
    return [row[width:] for row in manifest.data[begin : end - 1].split(b"\n")]


def _has_twice(manifest: PlainManifest, stretches: Sequence[Stretch]) -> bool:
    """Whether two paths may be the same; two others of one hash only cost the slow way."""
    hashes = array("q")
    for stretch in stretches:
        hashes.extend(map(hash, _after_digests(manifest, stretch.begin, stretch.end)))
    ordered = sorted(hashes)
    return any(map(operator.eq, ordered, ordered[1:]))


def _chunks(data: bytes, wanted_units: int) -> Iterator[tuple[int, int]]:
    if wanted_units == 1 and len(data) <= _CHUNK_BYTES:  # most bags are small
        yield 0, len(data)
        return
    size = min(_CHUNK_BYTES, max(1, len(data) // wanted_units))
    size = max(size, len(data) // (MAX_UNITS - 1) + 1)  # one more unit counts the files
    begin = 0
    while begin < len(data):
        end = data.index(b"\n", min(begin + size, len(data)) - 1) + 1
        yield begin, end
        begin = end
