"""Decides whether a bag may go the quick way, and what is left to look at after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from archtool.bag.limits import MAX_MANIFEST_BYTES
from archtool.bag.ordinary import OrdinaryTags, declared_version, look_for_ordinary, read_info
from archtool.bag.plain import look_for_plain
from archtool.bag.plain_proof import Proof, prove
from archtool.bag.root_names import DECLARATION_NAME, INFO_NAME, RootNames, look_at_names
from archtool.fixity.effort import Effort
from archtool.fixity.tree import Tree
from archtool.operations.alone import SizeLimit, said_oxum
from archtool.operations.places import PROFILE_IDENTIFIER
from archtool.progress import Progress

if TYPE_CHECKING:
    from archtool.bag.fixity import FixityTask
    from archtool.bag.layout import Layout
    from archtool.fixity.source import FileSource

_PROFILE = PROFILE_IDENTIFIER.encode()


class Quick(NamedTuple):
    """A payload that was gone through."""

    proof: Proof
    tag_files: int
    """All files at the bag's root."""
    tags: OrdinaryTags | None
    """What the tag files say, where nothing is left to say of them either."""
    texts: Mapping[str, bytes]
    """The tag files that were read, as they were read: they are not read again."""

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
        from dataclasses import replace  # the whole look is there then, which brings it along

        return replace(layout, proved=(self.proof.files, self.proof.size_bytes)) if self.is_clean else layout

    def already(self, layout: Layout) -> tuple[int, int]:
        """Files and bytes that were read and are what they should be."""
        differing = [layout.files[path] for path in self.proof.failing]
        return self.proof.files - len(differing), self.proof.size_bytes - sum(differing)


def go_quickly(
    source: FileSource, effort: Effort, progress: Progress, limit: SizeLimit | None = None
) -> Quick | None:
    """Go through the payload of a plain bag in a folder; `None` where the slow way has to be taken.

    Only bags without tag folders: in a package of ours the metadata speak of every payload file.

    Raises:
        TooLargeError: it is larger than the limit.
    """
    if not isinstance(source, Tree):
        return None
    root = _read_root(source)
    if root is None:
        return None
    info = read_info(root.info)
    said = said_oxum(root.info) if info is None else info.oxum
    if limit is not None:
        limit.check(said, sum([len(root.texts[name]) for name in root.names.manifests]))
    manifests = {name: (algorithm, root.texts[name]) for name, algorithm in root.names.manifests.items()}
    payload = look_for_plain(manifests, effort.most)
    if payload is None:
        return None
    tags = look_for_ordinary(root.texts, root.names, info)
    proof = prove(source, payload, effort, progress, said[0] if said else None)
    return Quick(proof, root.files, tags, root.texts) if proof is not None else None


class _Root(NamedTuple):
    """What lies beside the payload."""

    files: int
    names: RootNames
    texts: Mapping[str, bytes]
    info: bytes
    """The metadata file."""


def _read_root(tree: Tree) -> _Root | None:
    """The tag files, as they were read; `None` where something of them needs thought."""
    try:
        files = _files_beside_payload(tree)
        names = look_at_names(files) if files else None
        if names is None:
            return None
        texts = tree.read_listed(names.read, MAX_MANIFEST_BYTES)
    except OSError:
        return None
    info_name = _info_name(texts)
    if info_name is None or any([b"data/" in texts[name] for name in names.tag_manifests]):  # noqa: C419 - quicker
        return None
    info = texts.get(info_name, b"")
    return None if _PROFILE in info else _Root(len(files), names, texts, info)


def _files_beside_payload(tree: Tree) -> tuple[str, ...]:
    """The files at the root, sorted; none where there is anything else than files and `data/`."""
    found = tree.names_in("")
    return tuple(sorted(found[0])) if found is not None and found[1] == ["data"] else ()


def _info_name(texts: Mapping[str, bytes]) -> str | None:
    """The name of the metadata file; `None` where the declaration needs a second look."""
    declaration = texts.get(DECLARATION_NAME, b"")
    if declared_version(declaration) is not None:
        return INFO_NAME
    from archtool.bag.declaration import parse_declaration

    declared, seen = parse_declaration(declaration)
    return declared.info_name if not seen and declared.encoding.lower() == "utf-8" else None
