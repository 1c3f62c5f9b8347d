"""Bags with missing files that a fetch.txt lists."""

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
OPEN = FetchPolicy(allow_private=True, timeout_seconds=20)


def fetch_lines(payload: Mapping[str, bytes], store: Store, *, lengths: bool = True) -> str:
    """Return a fetch.txt for files that a server has under their paths in the bag."""
    return "".join(
        f"{store.url('/' + path)} {len(data) if lengths else '-'} {path}\n" for path, data in payload.items()
    )


def holey_bag(
    root: Path,
    payload: Mapping[str, bytes],
    fetch_text: str,
    *,
    algorithms: Iterable[str] = ("sha512",),
    present: Iterable[str] = (),
    version: str = "1.0",
) -> Path:
    """Write a bag in which only the files in `present` exist."""
    files = bag_files(payload, algorithms=algorithms, version=version)
    kept = {path: data for path, data in files.items() if path not in payload or path in set(present)}
    return write_bag(root, kept | {"fetch.txt": fetch_text.encode()})


def served_bag(root: Path, store: Store, payload: Mapping[str, bytes] = LETTERS, **options: bool) -> Path:
    """Write a bag whose files are all on the server, under their paths in the bag."""
    return holey_bag(root, payload, fetch_lines(payload, store, **options))


def fill(root: Path, policy: FetchPolicy = OPEN, *, jobs: int = 1, dry_run: bool = False) -> Result:
    """Fetch the missing files as `archtool fetch` does."""
    return fetch(FetchRequest(root, policy, jobs, dry_run))


def codes(result: Result) -> list[str]:
    """Return the codes of the findings."""
    return [finding.code for finding in result.findings]


def payload_of(root: Path) -> dict[str, bytes]:
    """Return the payload files of a bag."""
    found = sorted(p for p in (root / "data").rglob("*") if p.is_file())
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in found}


def leftovers(root: Path) -> list[str]:
    """Return the names that a run left next to a bag."""
    return sorted(p.name for p in root.parent.iterdir() if p.name.startswith(".archtool-"))
