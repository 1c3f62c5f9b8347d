"""What the manifests of a bag claim: of the files to compare without reading them, and of those not there.

Pure: nothing is opened here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archtool.bag.model import Bag, Manifest
from archtool.errors import InputError
from archtool.fixity.digests import DEFAULT_ALGORITHM, Algorithm, Digest
from archtool.fixity.filekinds import FileKind
from archtool.operations.diff_pairing import Seen
from archtool.operations.diff_side import Side, is_payload

_BEST_FIRST = (
    Algorithm.SHA512,
    Algorithm.SHA3_512,
    Algorithm.BLAKE2B,
    Algorithm.SHA384,
    Algorithm.SHA256,
    Algorithm.SHA3_256,
    Algorithm.BLAKE2S,
    Algorithm.SHA224,
    Algorithm.SHA1,
    Algorithm.MD5,
)


@dataclass(frozen=True, slots=True)
class Lost:
    """A file that a manifest lists and its own bag does not hold."""

    side: str
    path: str
    manifest: str
    line: int
    is_to_fetch: bool
    """Whether fetch.txt says where to get it: then it is not lost, only not here yet."""


def shared_algorithms(one: Bag, other: Bag) -> tuple[Algorithm, ...]:
    """The algorithms of both bags' payload manifests, the best first."""
    both = _algorithms(one) & _algorithms(other)
    return tuple(algorithm for algorithm in _BEST_FIRST if algorithm in both)


def _algorithms(bag: Bag) -> set[Algorithm]:
    return {manifest.algorithm for manifest in bag.manifests if manifest.algorithm is not None}


def algorithm_to_read_with(one: Bag, other: Bag) -> Algorithm:
    """One algorithm for all payload files: the manifests' own where that proves something, else SHA-512."""
    fit = (algorithm for algorithm in shared_algorithms(one, other) if not algorithm.is_weak)
    return next(fit, DEFAULT_ALGORITHM)


def algorithms_to_believe(one: Bag, other: Bag) -> tuple[Algorithm, ...]:
    """The algorithms in which both bags' manifests can be held against each other.

    Raises:
        InputError: there is none.
    """
    shared = shared_algorithms(one, other)
    if not shared:
        named = (", ".join(sorted(a.value for a in _algorithms(bag))) or "none" for bag in (one, other))
        raise InputError(
            "the payload manifests share no algorithm: ONE has {}, OTHER has {}".format(*named),
            hint="compare the bytes themselves: leave --by-manifest away",
        )
    return shared


def listed_payload(side: Side, algorithms: tuple[Algorithm, ...]) -> tuple[Seen, ...]:
    """Every payload file that a manifest lists, with the digests that it claims; nothing is read."""
    said: dict[str, dict[Algorithm, Digest]] = {}
    for manifest in side.bag.manifests:
        for entry in manifest.by_path().values():
            digests = said.setdefault(side.layout.on_disk(entry.path) or entry.path, {})
            if manifest.algorithm in algorithms and entry.hex:
                digests.setdefault(manifest.algorithm, Digest(manifest.algorithm, entry.hex))
    order = {algorithm: place for place, algorithm in enumerate(algorithms)}
    return tuple(
        Seen(path, digests=tuple(sorted(digests.values(), key=lambda digest: order[digest.algorithm])))
        for path, digests in sorted(said.items())
    )


def find_lost(side: Side, *, with_payload: bool) -> Iterator[Lost]:
    """Every file that some manifest lists and that is not there, each once, in the order of paths."""
    if not side.is_whole:
        return  # it may be in the part that was not read
    to_fetch = {item.path for item in side.bag.fetch}
    closed = {path for path, kind in side.layout.others.items() if kind is FileKind.UNREADABLE}
    lost: dict[str, Lost] = {}
    for manifest in (*side.bag.manifests, *side.bag.tag_manifests):
        for path, line in _not_there(side, manifest, closed):
            if with_payload or not is_payload(path):
                lost.setdefault(path, Lost(side.name, path, manifest.name, line, path in to_fetch))
    yield from (lost[path] for path in sorted(lost))


def _not_there(side: Side, manifest: Manifest, closed: set[str]) -> Iterator[tuple[str, int]]:
    for entry in manifest.entries:
        is_there = side.layout.on_disk(entry.path) is not None or entry.path in side.layout.others
        if not is_there and not any(entry.path.startswith(f"{folder}/") for folder in closed):
            yield entry.path, entry.line
