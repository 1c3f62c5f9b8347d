"""Recognises a storage root that objects can be added to, and puts objects into it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from archtool.errors import InputError, StorageError, UsageError
from archtool.exports.ocfl.layout import CONFIG, CONFIG_NAME, EXTENSION, LAYOUT_NAME, ROOT_DECLARATION
from archtool.files.paths import shown
from archtool.files.tree import Tree
from archtool.files.writing.atomic_rename import rename_to_new
from archtool.files.writing.storage_errors import cannot_write
from archtool.files.writing.tree_operations import flush, flush_folder
from archtool.operations.open_package.enclosing_bag import refuse_in_sidecar, refuse_inside_package
from archtool.strict_json import JsonRules, parse_json

_RULES = JsonRules(64 * 1024)  # two small files, which other programs write too


def check_root(root: Path) -> bool:
    """Return whether a storage root exists; refuse anything else that exists there.

    Raises:
        UsageError: something else exists there, or it is inside a package.
        InputError: it is a storage root of another version or layout.
    """
    refuse_inside_package(root.parent, shown(str(root)))
    refuse_in_sidecar(root, shown(str(root)))
    if not os.path.lexists(root):
        return False
    if not (root / ROOT_DECLARATION[0]).is_file():
        raise UsageError(
            f"{shown(str(root))} exists, and is not a storage root of OCFL 1.1",
            hint="name a new folder, or a storage root that archtool has made",
        )
    if _read_json(root, LAYOUT_NAME).get("extension") != EXTENSION or _read_json(root, CONFIG_NAME) != CONFIG:
        raise InputError(
            f"{shown(str(root))} has another layout than {EXTENSION} with the values that archtool uses",
            hint="export into a new storage root, and add its objects with the tool that keeps this one",
        )
    return True


def refuse_existing_object(root: Path, path: str, identifier: str) -> None:
    """Refuse an object that the storage root has.

    Raises:
        UsageError: it has the object.
    """
    if os.path.lexists(root / path):
        raise UsageError(
            f"{shown(str(root))} has the object {identifier} already, at {shown(path)}",
            hint="export the package and its predecessors into a new storage root",
        )


def add_objects(root: Path, made: Path, paths: Sequence[str], *, sync: bool = True) -> None:
    """Move objects from a staging folder into a storage root, each with one rename.

    `paths` are those of the objects, below `made` and below the root.

    Raises:
        StorageError: an object appeared meanwhile, or the root cannot be written.
    """
    try:
        if sync:
            flush_folder(made)
        for path in paths:
            parts = path.split("/")
            missing = next((n for n in range(len(parts)) if not _exists(root, parts[: n + 1])), None)
            if missing is None:  # two objects can begin with the same folder, moved with the first of them
                if os.path.lexists(made / path):
                    raise _appeared(root / path)
                continue
            target = root.joinpath(*parts[: missing + 1])
            rename_to_new(made.joinpath(*parts[: missing + 1]), target)
            if sync:
                flush(target.parent)
    except FileExistsError:
        raise _appeared(root) from None
    except OSError as error:
        raise cannot_write(root, error) from error


def _appeared(path: Path) -> StorageError:
    return StorageError(
        f"an object appeared in {shown(str(path))} while another one was being made for it",
        hint="another program made it: check what is there, then run the same command again",
    )


def _exists(root: Path, parts: Sequence[str]) -> bool:
    return os.path.lexists(root.joinpath(*parts))


def _read_json(root: Path, path: str) -> dict[str, object]:
    try:
        with Tree(root) as tree:
            value = parse_json(tree.read_bytes(path, _RULES.max_bytes), path, _RULES)
    except OSError:
        return {}
    return value if isinstance(value, dict) else {}
