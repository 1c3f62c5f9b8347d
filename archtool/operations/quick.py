"""Decides whether a bag may go the quick way, and what is left to look at after it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archtool.bag.limits import MAX_MANIFEST_BYTES
from archtool.bag.ordinary import (
    DECLARATION_NAME,
    INFO_NAME,
    OrdinaryTags,
    declared_version,
    look_for_ordinary,
    payload_manifests,
)
from archtool.bag.plain import look_for_plain
from archtool.bag.plain_proof import Proof, prove
from archtool.fixity.effort import Effort
from archtool.fixity.filekinds import FileKind
from archtool.fixity.tree import Tree
from archtool.operations.places import PROFILE_IDENTIFIER
from archtool.progress import Progress

if TYPE_CHECKING:
    from archtool.bag.fixity import FixityTask
    from archtool.bag.layout import Layout
    from archtool.fixity.source import FileSource

_KNOWN = re.compile(r"bagit\.txt|bag-info\.txt|package-info\.txt|(?:tag)?manifest-[a-z0-9]+\.txt")
_OXUM = re.compile(rb"^payload-oxum:[ \t]*([0-9]{1,18})\.([0-9]{1,18})", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Quick:
    """A payload that was gone through."""

    proof: Proof
    tag_files: int
    """All files at the bag's root."""
    tags: OrdinaryTags | None
    """What the tag files say, where nothing is left to say of them either."""

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left to say of the payload."""
        return not self.proof.failing

    @property
    def is_ordinary(self) -> bool:
        """Whether nothing is left to say of the bag at all: it is valid, and there is no finding."""
        if self.tags is None or not self.is_clean:
            return False
        return self.tags.oxum in (None, (self.proof.size_bytes, self.proof.files))

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


def go_quickly(source: FileSource, effort: Effort, progress: Progress) -> Quick | None:
    """Go through the payload of a plain bag in a folder; `None` where the slow way has to be taken.

    Only bags without tag folders: in a package of ours the metadata speak of every payload file.
    """
    if not isinstance(source, Tree):
        return None
    try:
        names = _names_beside_payload(source)
        texts = {
            name: source.read_listed(name, MAX_MANIFEST_BYTES) for name in names if _KNOWN.fullmatch(name)
        }
    except OSError:
        return None
    info_name = _info_name(texts)
    manifests = payload_manifests(texts)
    if info_name is None or manifests is None or _needs_thought(texts, info_name, names):
        return None
    payload = look_for_plain({n: (a, texts[n]) for n, a in manifests.items()}, effort.most)
    if payload is None:
        return None
    tags = look_for_ordinary(texts) if len(texts) == len(names) else None
    said = said_oxum(texts.get(info_name, b""))
    proof = prove(source, payload, effort, progress, said[0] if said else None)
    return Quick(proof, len(names), tags) if proof is not None else None


def said_oxum(info: bytes) -> tuple[int, int] | None:
    """Bytes and files of the payload in the bag's own words: for guesses at the time, and nothing else."""
    said = _OXUM.search(info)
    return (int(said[1]), int(said[2])) if said else None


def _names_beside_payload(tree: Tree) -> list[str]:
    """The files at the root, sorted; none where there is anything else than files and `data/`."""
    kinds = dict(tree.names_at_root())
    if kinds.pop("data", None) is not FileKind.FOLDER or not all(k is FileKind.FILE for k in kinds.values()):
        return []
    return sorted(kinds)


def _info_name(texts: Mapping[str, bytes]) -> str | None:
    """The name of the metadata file; `None` where the declaration needs a second look."""
    declaration = texts.get(DECLARATION_NAME, b"")
    if declared_version(declaration) is not None:
        return INFO_NAME
    from archtool.bag.declaration import parse_declaration

    declared, seen = parse_declaration(declaration)
    return declared.info_name if not seen and declared.encoding.lower() == "utf-8" else None


def _needs_thought(texts: Mapping[str, bytes], info_name: str, names: list[str]) -> bool:
    if any(name == "fetch.txt" or _is_odd_manifest(name) for name in names):
        return True
    if any(b"data/" in texts[name] for name in _tag_manifests(texts)):
        return True
    return PROFILE_IDENTIFIER.encode() in texts.get(info_name, b"")


def _is_odd_manifest(name: str) -> bool:
    """Whether a name may be a manifest's for somebody who is less strict."""
    return "manifest-" in name.lower() and _KNOWN.fullmatch(name) is None


def _tag_manifests(names: Mapping[str, bytes]) -> Iterator[str]:
    return (name for name in names if name.startswith("tagmanifest-"))
