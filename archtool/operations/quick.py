"""Decides whether a bag may go the quick way, and what is left to look at after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from archtool.bag.declaration import FILE_NAME as DECLARATION_NAME
from archtool.bag.declaration import parse_declaration
from archtool.bag.fixity import FixityTask
from archtool.bag.layout import Layout
from archtool.bag.manifests import read_manifest_name
from archtool.bag.plain import Proof, look_for_plain, prove
from archtool.bag.reader import MAX_DECLARATION_BYTES, MAX_INFO_BYTES, MAX_MANIFEST_BYTES
from archtool.fixity.filekinds import FileKind, FoundFile
from archtool.fixity.source import FileSource
from archtool.fixity.tree import Tree
from archtool.operations.places import PROFILE_IDENTIFIER
from archtool.progress import Progress


@dataclass(frozen=True, slots=True)
class Quick:
    """A payload that was gone through, and what else lies at the bag's root."""

    proof: Proof
    at_root: tuple[FoundFile, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left to say of the payload."""
        return not self.proof.failing

    def left(self, tasks: list[FixityTask]) -> list[FixityTask]:
        """The tasks that are not done yet: tag files, and payload files that differed."""
        return [t for t in tasks if not t.path.startswith("data/") or t.path in self.proof.failing]

    def laid_out(self, layout: Layout) -> Layout:
        """The layout with the payload's totals in the place of the payload."""
        return replace(layout, proved=(self.proof.files, self.proof.size_bytes)) if self.is_clean else layout

    def already(self, layout: Layout) -> tuple[int, int]:
        """Files and bytes that were read and are what they should be."""
        differing = [layout.files[path] for path in self.proof.failing]
        return self.proof.files - len(differing), self.proof.size_bytes - sum(differing)


def go_quickly(source: FileSource, jobs: int, progress: Progress) -> Quick | None:
    """Go through the payload of a plain bag in a folder; `None` where the slow way has to be taken.

    Only bags without tag folders: in a package of ours the metadata speak of every payload file.
    """
    if not isinstance(source, Tree):
        return None
    try:
        found = source.at_root()
        kinds = {item.path: item.kind for item in found}
        declaration, seen = parse_declaration(source.read_bytes(DECLARATION_NAME, MAX_DECLARATION_BYTES))
        info = (
            source.read_bytes(declaration.info_name, MAX_INFO_BYTES)
            if declaration.info_name in kinds
            else b""
        )
        lists = [source.read_bytes(name, MAX_MANIFEST_BYTES) for name in _tag_manifests(kinds)]
    except OSError:
        return None
    files = {path for path, kind in kinds.items() if kind is FileKind.FILE}
    if (
        seen
        or any(b"data/" in data for data in lists)
        or kinds.keys() - files != {"data"}
        or PROFILE_IDENTIFIER.encode() in info
    ):
        return None
    payload = look_for_plain(source, declaration, list(kinds), jobs)
    proof = prove(source, payload, jobs, progress) if payload is not None else None
    return Quick(proof, tuple(found)) if proof is not None else None


def _tag_manifests(names: Iterable[str]) -> Iterator[str]:
    return (name for name in names if (read := read_manifest_name(name)) is not None and read.is_tag)
