"""Checks the working folder and the folder for temporary files: writable, and with space."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from archtool.errors import ArchtoolError
from archtool.files.mounts import network_file_system
from archtool.files.paths import shown
from archtool.holdings.register import open_register
from archtool.operations.doctor.model import Check, Surroundings, failed, passed, warned
from archtool.report.numbers import format_size

_AREA = "storage"
_LOW_BYTES = 1_000_000_000  # less is soon used up by a package with scans
_TOO_LOW_BYTES = 10_000_000  # less is not enough for a package with one image
_TOO_FEW_FILES = 100
_OTHER_FOLDER = "write into another folder: -o DIR/NAME"


def check_storage(surroundings: Surroundings) -> Iterator[Check]:
    """Check both folders; a working folder that cannot be written is only a warning: checks need none."""
    yield _check_folder("the working folder", surroundings.folder, is_needed=False)
    try:
        temporary = Path(tempfile.gettempdir())
    except OSError as error:
        yield failed(_AREA, f"there is no folder for temporary files: {error.strerror}", "export TMPDIR=DIR")
        return
    yield _check_folder("the folder for temporary files", temporary, is_needed=True)


def check_register(surroundings: Surroundings) -> Iterator[Check]:
    """Check that the configured register can be opened, and that its file system keeps locks."""
    path = surroundings.register
    if path is None:
        yield passed("register", "no register is configured", "archtool holdings init FILE")
        return
    name = shown(str(path))
    try:
        with open_register(path, read_only=True) as register, register.reading() as connection:
            (count,) = connection.execute("SELECT count(*) FROM event").fetchone()
    except ArchtoolError as error:
        yield failed("register", error.message, error.hint)
        return
    kind = network_file_system(path)
    if kind is not None:
        yield warned(
            "register",
            f"{name} is on a network file system ({kind}): if two machines write into it, it can be damaged",
            "keep it on a local disk, and put a copy on the network with: archtool holdings export",
        )
    elif not os.access(path, os.W_OK):
        yield warned("register", f"{name}: you can read it, not write into it")
    else:
        yield passed("register", f"{name}: {count:,} events; prove it with: archtool holdings verify")


def space_of(folder: Path) -> tuple[int, int]:
    """Return the free bytes, and the number of files that there is room for; 0 if the system does not say."""
    files = os.statvfs(folder).f_favail if hasattr(os, "statvfs") else 0
    return shutil.disk_usage(folder).free, files


def _check_folder(what: str, folder: Path, *, is_needed: bool) -> Check:
    name = f"{what}, {shown(str(folder))}"
    bad = failed if is_needed else warned
    if not os.access(folder, os.W_OK | os.X_OK):
        return bad(_AREA, f"{name}, cannot be written", "export TMPDIR=DIR" if is_needed else _OTHER_FOLDER)
    try:
        free, files = space_of(folder)
    except OSError as error:
        return bad(_AREA, f"{name}: {error.strerror}")
    if 0 < files < _TOO_FEW_FILES:
        return failed(_AREA, f"{name}, has room for {files} more files", "delete files, or use another disk")
    if free < _TOO_LOW_BYTES:
        return failed(_AREA, f"{name}, has {format_size(free)} free", "make room, or use another disk")
    if free < _LOW_BYTES:
        return warned(_AREA, f"{name}, has only {format_size(free)} free", "make room before large packages")
    return passed(_AREA, f"{name}: {format_size(free)} free")
