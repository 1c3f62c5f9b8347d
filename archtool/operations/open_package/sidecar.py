"""Reads a sidecar: a folder of attestations beside a package that cannot be changed.

Its layout is that of `attestations/` in a package. No tag manifest covers it: each checksum list covers the
attestations before it, and only the signature protects the files of the last attestation.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from archtool.attestations.finding_kinds import FILE_UNREADABLE, UNEXPECTED_FILE
from archtool.attestations.layout import ROOT, read_layout
from archtool.bagit.limits import MAX_TAG_FILE_BYTES
from archtool.bagit.unreadable import unreadable
from archtool.errors import InputError
from archtool.files.file_kinds import FileKind, FoundFile
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shown
from archtool.files.tree import Tree
from archtool.findings import Finding
from archtool.operations.limits import MAX_SIDECAR_BYTES, MAX_SIDECAR_FILES


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The contents of a sidecar."""

    path: Path
    files: Mapping[str, bytes]
    """By their paths as in a package: `attestations/0002-…/…`."""
    findings: tuple[Finding, ...] = ()
    unread: tuple[Finding, ...] = ()
    """Findings about its files that could not be read."""


def read_sidecar(path: Path) -> Sidecar:
    """Read every file of a sidecar; anything that is not part of an attestation is a finding.

    Raises:
        InputError: there is no such folder, it cannot be read, or it is larger than a sidecar can be.
    """
    name = shown(str(path))
    try:
        with Tree(path) as tree:
            found = list(islice(tree.walk(), MAX_SIDECAR_FILES + 1))
            if len(found) > MAX_SIDECAR_FILES or _size_of(found) > MAX_SIDECAR_BYTES:
                raise InputError(
                    f"the sidecar {name} is too large: at most {MAX_SIDECAR_FILES:,} files and "
                    f"{MAX_SIDECAR_BYTES:,} bytes are read",
                    hint="a sidecar contains attestations only: move everything else out of it",
                )
            return _read(path, tree, found)
    except OSError as error:
        missing = error.errno in (errno.ENOENT, errno.ENOTDIR)
        reason = "there is no such folder" if missing else error.strerror or str(error)
        raise cannot_read(
            f"the sidecar {name} cannot be read: {reason}", error, hint="check the path"
        ) from error


def _size_of(found: list[FoundFile]) -> int:
    return sum(file.size_bytes for file in found)


def _read(path: Path, tree: Tree, found: list[FoundFile]) -> Sidecar:
    regular = [f"{ROOT}{file.path}" for file in found if file.kind is FileKind.FILE]
    _, unexpected = read_layout(regular)
    expected_kinds = (FileKind.FILE, FileKind.UNREADABLE)
    faults = [f"{file.path} is a {file.kind.value}" for file in found if file.kind not in expected_kinds]
    faults += [f"{name.removeprefix(ROOT)} is not part of an attestation" for name in unexpected]
    files: dict[str, bytes] = {}
    unlisted = [file for file in found if file.kind is FileKind.UNREADABLE]
    unread = [
        _unreadable(path, f.path, OSError(f.error_number, f.problem), "cannot be listed") for f in unlisted
    ]
    for name in sorted(set(regular) - set(unexpected)):
        try:
            files[name] = tree.read_bytes(name.removeprefix(ROOT), MAX_TAG_FILE_BYTES)
        except OSError as error:
            unread.append(_unreadable(path, name.removeprefix(ROOT), error, "cannot be read"))
    findings = tuple(UNEXPECTED_FILE.at(f"in the sidecar: {message}", str(path)) for message in faults)
    return Sidecar(path, files, findings, tuple(unread))


def _unreadable(sidecar: Path, name: str, error: OSError, problem: str) -> Finding:
    message = f"in the sidecar: {shown(name)} {problem}"
    return unreadable(FILE_UNREADABLE, error, str(sidecar), message=message)
