"""Folders for tests of the package `files`: regular files, special files and permissions."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


def make_files(root: Path, files: Mapping[str, bytes]) -> Path:
    """Write files below a folder."""
    root.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


@contextmanager
def deep_folder(root: Path, depth: int) -> Iterator[str]:
    """Make nested folders with a file at the end; make and remove them step by step, without recursion."""
    handle = os.open(root, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d", dir_fd=handle)
        inner = os.open("d", os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    leaf = os.open("leaf", os.O_WRONLY | os.O_CREAT, dir_fd=handle)
    os.write(leaf, b"leaf")
    os.close(leaf)
    os.close(handle)
    try:
        yield "/".join(["d"] * depth)
    finally:
        while (root / "d").exists():
            (root / "d").rename(root / "emptied")
            if (root / "emptied" / "d").exists():
                (root / "emptied" / "d").rename(root / "d")
            shutil.rmtree(root / "emptied")


def make_socket(path: Path) -> None:
    """Make a socket; its path must be short, so it is made from inside its folder."""
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


@contextmanager
def public_folder() -> Iterator[Path]:
    """Make a temporary folder that every user may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="archtool-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Run the block without the rights of root, who ignores permissions."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def give_to_nobody(*paths: Path) -> None:
    """Change the owner of the paths to the user of `as_nobody`."""
    if os.geteuid() == 0:
        for path in paths:
            os.chown(path, NOBODY, NOBODY)


def open_handles() -> int:
    """Return how many descriptors this process has open."""
    return len(os.listdir("/proc/self/fd"))
