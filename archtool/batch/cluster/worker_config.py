"""What a client wants of cluster workers, besides the jobs: read only by those of its own version."""

from __future__ import annotations

import pickle
import platform
from dataclasses import dataclass

import archtool
from archtool.batch.cluster.run_marker import Beacon


@dataclass(frozen=True, slots=True)
class Versions:
    """What must be alike everywhere, or packages would not be."""

    archtool: str
    python: str
    """Its first two numbers: with them come the tables of Unicode."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What a client wants of a worker, besides the jobs."""

    order: bytes
    beacon: Beacon | None
    """`None`: nothing is written anywhere."""
    reads: tuple[str, ...]
    """The folders and files that the jobs need."""
    fingerprints: tuple[str, ...]
    """Of the keys that the order is signed with, as the client has them."""
    timeout_seconds: float | None = None


def versions() -> Versions:
    """Those of this process."""
    return Versions(archtool.__version__, ".".join(platform.python_version_tuple()[:2]))


def write_errand(errand: Errand) -> bytes:
    """An errand as `look` and `do_chunk` take it."""
    return pickle.dumps((_as_plain(versions()), pickle.dumps(errand)))


def read_errand(data: bytes) -> Errand | None:
    """An errand, if it comes from a client of our versions."""
    theirs, inner = pickle.loads(data)  # noqa: S301 - see `read_order`
    if theirs != _as_plain(versions()):
        return None
    errand = pickle.loads(inner)  # noqa: S301 - see `read_order`
    assert isinstance(errand, Errand)  # noqa: S101 - written by `write_errand`
    return errand


def _as_plain(what: Versions) -> tuple[str, str]:
    return what.archtool, what.python
