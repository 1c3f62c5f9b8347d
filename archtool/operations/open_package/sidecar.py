"""Reads a sidecar: attestations that lie beside a package, for it cannot be changed where it is kept.

Inside, it is laid out as `attestations/` in a package. No tag manifest guards it: what is in it is guarded by
the checksum lists that follow, and the files of its last attestation by their signature alone.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from archtool.bagit.limits import MAX_TAG_FILE_BYTES
from archtool.bagit.unreadable import unreadable
from archtool.errors import InputError
from archtool.files.file_kinds import FileKind, FoundFile
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shown
from archtool.files.tree import Tree
from archtool.findings import Finding

MAX_SIDECAR_FILES = 100_000  # ten for each of as many attestations as there can be
MAX_SIDECAR_BYTES = 256 * 1024 * 1024  # held in memory until it is judged


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What was read of one."""

    path: Path
    files: Mapping[str, bytes]
    """By their paths as they would be in the package, `attestations/0002-…/…`."""
    findings: tuple[Finding, ...] = ()
    unread: tuple[Finding, ...] = ()
    """Findings about files in it that could not be read."""


def read_sidecar(path: Path) -> Sidecar:
    """Read every file of a sidecar; what is no part of an attestation is a finding.

    Raises:
        InputError: there is no such folder, it may not be read, or it is larger than any sidecar.
    """
    name = shown(str(path))
    try:
        with Tree(path) as tree:
            found = list(islice(tree.walk(), MAX_SIDECAR_FILES + 1))
            if len(found) > MAX_SIDECAR_FILES or _size_of(found) > MAX_SIDECAR_BYTES:
                raise InputError(
                    f"the sidecar {name} is too large: at most {MAX_SIDECAR_FILES:,} files and "
                    f"{MAX_SIDECAR_BYTES:,} bytes are read",
                    hint="it holds attestations only: move everything else out of it",
                )
            return _read(path, tree, found)
    except OSError as error:
        missing = error.errno in (errno.ENOENT, errno.ENOTDIR)
        why = "there is no such folder" if missing else error.strerror or str(error)
        raise cannot_read(
            f"the sidecar {name} cannot be read: {why}", error, hint="check the path"
        ) from error


def _size_of(found: list[FoundFile]) -> int:
    return sum(file.size_bytes for file in found)


def _read(path: Path, tree: Tree, found: list[FoundFile]) -> Sidecar:
    from archtool.attestations.finding_kinds import UNEXPECTED_FILE
    from archtool.attestations.layout import ROOT, read_layout

    regular = [f"{ROOT}{file.path}" for file in found if file.kind is FileKind.FILE]
    _, strangers = read_layout(regular)
    others = (FileKind.FILE, FileKind.UNREADABLE)
    odd = [f"{file.path} is a {file.kind.value}" for file in found if file.kind not in others]
    odd += [f"{stranger.removeprefix(ROOT)} is no part of an attestation" for stranger in strangers]
    files: dict[str, bytes] = {}
    closed = [file for file in found if file.kind is FileKind.UNREADABLE]
    unread = [_unread(path, f.path, OSError(f.trouble, f.problem), "cannot be listed") for f in closed]
    for inside in sorted(set(regular) - set(strangers)):
        try:
            files[inside] = tree.read_bytes(inside.removeprefix(ROOT), MAX_TAG_FILE_BYTES)
        except OSError as error:
            unread.append(_unread(path, inside.removeprefix(ROOT), error, "cannot be read"))
    findings = tuple(UNEXPECTED_FILE.at(f"in the sidecar: {message}", str(path)) for message in odd)
    return Sidecar(path, files, findings, tuple(unread))


def _unread(sidecar: Path, inside: str, error: OSError, message: str) -> Finding:
    from archtool.attestations.finding_kinds import FILE_UNREADABLE

    shown_name = f"in the sidecar: {shown(inside)} {message}"
    return unreadable(FILE_UNREADABLE, error, str(sidecar), message=shown_name)
