"""Computes one digest of everything that the page of a package is made from.

It covers the names and sizes of all files, the bytes of the tag files and of the attestations beside the
package, and the bytes of the payload files that the page shows. No time of a file is in it: a copy of the
package has the same digest on every machine.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path

from archtool.errors import SourceChangedError
from archtool.files.file_kinds import FileKind
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.hash_file import hash_file
from archtool.files.source import FileSource
from archtool.files.tree import Tree

_ALGORITHMS = (Algorithm.SHA256,)


def fingerprint_of(source: FileSource, sidecar: Path | None, shown_files: Collection[str]) -> str:
    """Return the digest; `shown_files` are the payload files that the page shows, by their paths."""
    whole = sha256()
    with ExitStack() as stack:
        sources = [source] if sidecar is None else [source, stack.enter_context(Tree(sidecar))]
        for each in sources:
            for line in _lines(each, frozenset(shown_files), is_sidecar=each is not source):
                whole.update(line.encode("utf-8", "surrogatepass"))
    return whole.hexdigest()


def _lines(source: FileSource, shown_files: frozenset[str], *, is_sidecar: bool) -> Iterator[str]:
    """Yield a line for each file, sorted; one that cannot be read has the reason instead of a digest."""
    yield f"{'beside' if is_sidecar else 'package'}\n"
    for found in sorted(source.walk(), key=lambda item: item.path.encode("utf-8", "surrogatepass")):
        is_read = found.kind is FileKind.FILE and (
            is_sidecar or not found.path.startswith("data/") or found.path in shown_files
        )
        digest = _digest(source, found.path) if is_read else ""
        yield f"{found.kind.name} {found.size_bytes} {digest} {found.path}\0\n"


def _digest(source: FileSource, path: str) -> str:
    try:
        return hash_file(source, path, _ALGORITHMS).digests[0].hex
    except (OSError, SourceChangedError) as error:
        return type(error).__name__
