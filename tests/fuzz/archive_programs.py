"""The programs that the fuzz run asks what they make of an archive, where they are installed."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

PROGRAM_SECONDS = 20
MADE_ON_DOS, MADE_ON_UNIX = (0, 6, 11), 3


class NotReadError(Exception):
    """Why there is no reading."""


def is_zip(path: Path) -> bool:
    """By its first bytes: a tar may hold a zip, and `zipfile.is_zipfile` would find it there."""
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def make_readable(folder: Path) -> None:
    """No fault: a tar may say that nobody may read a file; who verifies its bytes does not ask."""
    for root, folders, files in os.walk(folder):
        for name, mode in (*((f, 0o700) for f in folders), *((f, 0o600) for f in files)):
            path = os.path.join(root, name)  # noqa: PTH118 - names as they are
            if not os.path.islink(path):  # noqa: PTH114 - the same
                os.chmod(path, mode)  # noqa: PTH101 - the same


def programs_for(path: Path) -> Iterator[tuple[str, Callable[[Path, Path], None]]]:
    """Those that are there for this kind of archive."""
    for name in ("unzip", "bsdtar") if is_zip(path) else ("tar", "bsdtar"):
        if shutil.which(name):
            yield name, PROGRAMS[name]


def _tar(path: Path, scratch: Path) -> None:
    _run(scratch, "tar", "-xf", str(path), "-C", str(scratch), "--no-same-owner", "--no-same-permissions")


def _bsdtar(path: Path, scratch: Path) -> None:
    _run(scratch, "bsdtar", "-xf", str(path), "-C", str(scratch), "--no-same-owner", "--no-same-permissions")


def _unzip(path: Path, scratch: Path) -> None:
    # No fault: without `-^` it drops control characters from names (unzip(1)), which a bag may well have
    copy = scratch.with_name("for-unzip")
    copy.write_bytes(_all_made_on_unix(path))
    try:
        _run(scratch, "unzip", "-qq", "-o", "-^", str(copy), "-d", str(scratch))
    finally:
        copy.unlink()


def _all_made_on_unix(path: Path) -> bytes:
    """No fault: it reads UTF-8 as a code page of DOS where the member is said to be made there, flag or not.

    In this copy such members are made on Unix; nothing but that byte of their entries is another.
    """
    data = bytearray(path.read_bytes())
    with suppress(Exception), zipfile.ZipFile(path) as archive:  # what the library cannot read stays as it is
        at = archive.start_dir
        for info in archive.infolist():
            if info.create_system in MADE_ON_DOS and info.flag_bits & 0x800 and not info.filename.isascii():
                data[at + 5] = MADE_ON_UNIX
            at += 46 + sum(struct.unpack_from("<3H", data, at + 28))
    return bytes(data)


def _run(scratch: Path, *command: str) -> None:
    """What counts is what is there afterwards: these programs complain of times, owners and much else."""
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    try:
        subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=PROGRAM_SECONDS,
            env=environment,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise NotReadError("it did not end") from error
    make_readable(scratch)


PROGRAMS: dict[str, Callable[[Path, Path], None]] = {"tar": _tar, "bsdtar": _bsdtar, "unzip": _unzip}
"""Those that are asked where they are installed."""
