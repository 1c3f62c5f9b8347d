"""A folder in memory, which mutators change and each case writes to disk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link."""

    target: str


@dataclass(frozen=True, slots=True)
class Fifo:
    """A FIFO: opening it blocks forever."""


@dataclass(frozen=True, slots=True)
class Folder:
    """An empty folder."""


Item = bytes | Link | Fifo | Folder
Folders = dict[str, Item]


def write_folder(root: Path, items: Mapping[str, Item]) -> None:
    """Write the folder again; a name that this disk cannot store is left out."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for name, item in items.items():
        if name.startswith("/") or ".." in name.split("/"):
            continue  # mutators change names in manifests; files outside the folder stay unchanged
        with suppress(OSError, ValueError):
            _write_item(os.path.join(root, name), item)  # noqa: PTH118 - a Path would tidy up the name


def _write_item(path: str, item: Item) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120 - the same
    match item:
        case bytes():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            os.write(descriptor, item)
            os.close(descriptor)
        case Link(target):
            os.symlink(target, path)  # noqa: PTH211 - the same
        case Fifo():
            os.mkfifo(path)
        case Folder():
            os.mkdir(path)  # noqa: PTH102 - the same
