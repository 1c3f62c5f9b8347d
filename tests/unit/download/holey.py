"""Bags with holes: manifests that list what is not there, and a fetch.txt that says where it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from archtool.download.fetch_policy import FetchPolicy
from archtool.operations.fetch import FetchRequest, fetch
from archtool.results import Result
from unit.bagit.bag_builders import bag_files, write_bag
from unit.download.servers import Store

LETTERS = {
    "data/letter.txt": b"Dear friend, the archive is safe.\n" * 40,
    "data/annexe/list.txt": b"1. A map\n",
}
OPEN = FetchPolicy(allow_private=True, patience_seconds=20)


def fetch_lines(payload: Mapping[str, bytes], store: Store, *, lengths: bool = True) -> str:
    """fetch.txt for files that a server has under their own paths."""
    return "".join(
        f"{store.url('/' + path)} {len(data) if lengths else '-'} {path}\n" for path, data in payload.items()
    )


def holey_bag(
    root: Path,
    payload: Mapping[str, bytes],
    fetch_text: str,
    *,
    algorithms: Iterable[str] = ("sha512",),
    there: Iterable[str] = (),
    version: str = "1.0",
) -> Path:
    """A bag in which only the files named in `there` are there."""
    files = bag_files(payload, algorithms=algorithms, version=version)
    kept = {path: data for path, data in files.items() if path not in payload or path in set(there)}
    return write_bag(root, kept | {"fetch.txt": fetch_text.encode()})


def served_bag(root: Path, store: Store, payload: Mapping[str, bytes] = LETTERS, **options: bool) -> Path:
    """A bag all of whose files lie on the server, under their own paths."""
    return holey_bag(root, payload, fetch_lines(payload, store, **options))


def fill(root: Path, policy: FetchPolicy = OPEN, *, jobs: int = 1, dry_run: bool = False) -> Result:
    """Fetch as the command does."""
    return fetch(FetchRequest(root, policy, jobs, dry_run))


def codes(result: Result) -> list[str]:
    """The codes of what was found."""
    return [finding.code for finding in result.findings]


def payload_of(root: Path) -> dict[str, bytes]:
    """What lies in the bag's payload."""
    found = sorted(p for p in (root / "data").rglob("*") if p.is_file())
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in found}


def left_beside(root: Path) -> list[str]:
    """What a run left beside a bag."""
    return sorted(p.name for p in root.parent.iterdir() if p.name.startswith(".archtool-"))
