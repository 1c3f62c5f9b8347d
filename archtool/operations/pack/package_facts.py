"""Facts about a package that an earlier run made, from its small files; nothing in it is verified."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Any

from archtool.attestations.chain_head import ChainHead
from archtool.attestations.layout import LIST_NAME, ROOT, read_layout
from archtool.bagit.limits import MAX_INFO_BYTES, MAX_TAG_FILE_BYTES
from archtool.description.model import Description
from archtool.errors import InputError
from archtool.files.source import FileSource
from archtool.files.tree import Tree

_OXUM = re.compile(rb"^Payload-Oxum: *([0-9]{1,18})\.([0-9]{1,18}) *\r?$", re.MULTILINE)


def package_facts(package: Path, description: Description) -> dict[str, Any]:
    """Return path, title, head and size of a package; what cannot be read is `None`.

    The head is that of the package's newest attestation, and the size is the one in its `bag-info.txt`.
    """
    head = size = None
    with contextlib.suppress(OSError), Tree(package) as tree:
        size = _OXUM.search(_read(tree, "bag-info.txt", MAX_INFO_BYTES))
        head = _head(tree)
    return {
        "package": str(package),
        "id": description.id,
        "title": description.title,
        "head": head,
        "files": int(size[2]) if size else None,
        "bytes": int(size[1]) if size else None,
    }


def _head(tree: Tree) -> str | None:
    with contextlib.suppress(OSError, InputError):
        names = tree.list_names(ROOT.rstrip("/")).folders
        folders, _ = read_layout([f"{ROOT}{name}/{LIST_NAME}" for name in names])
        sums = _read(tree, folders[-1].list_path, MAX_TAG_FILE_BYTES) if folders else b""
        return str(ChainHead.of(folders[-1].name, sums)) if sums else None
    return None


def _read(source: FileSource, path: str, max_bytes: int) -> bytes:
    """Return the content of a file; nothing if it is missing, unreadable, too large or not a file."""
    with contextlib.suppress(OSError):
        return source.read_bytes(path, max_bytes)
    return b""
