"""The other programs that read archives in the fuzz run, if they are installed."""

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
    """The reason why a program could not read the archive."""


def is_zip(path: Path) -> bool:
    """Decide by the first bytes: `zipfile.is_zipfile` would also find a zip inside a tar."""
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def make_readable(folder: Path) -> None:
    """No fault: a tar can forbid reading a file; a verifier reads its bytes regardless."""
    for root, folders, files in os.walk(folder):
        for name, mode in (*((f, 0o700) for f in folders), *((f, 0o600) for f in files)):
            path = os.path.join(root, name)  # noqa: PTH118 - names as they are
            if not os.path.islink(path):  # noqa: PTH114 - the same
                os.chmod(path, mode)  # noqa: PTH101 - the same


def programs_for(path: Path) -> Iterator[tuple[str, Callable[[Path, Path], None]]]:
    """Return the installed programs for this kind of archive."""
    for name in ("unzip", "bsdtar") if is_zip(path) else ("tar", "bsdtar"):
        if shutil.which(name):
            yield name, PROGRAMS[name]


def _tar(path: Path, scratch: Path) -> None:
    _run(scratch, "tar", "-xf", str(path), "-C", str(scratch), "--no-same-owner", "--no-same-permissions")


def _bsdtar(path: Path, scratch: Path) -> None:
    _run(scratch, "bsdtar", "-xf", str(path), "-C", str(scratch), "--no-same-owner", "--no-same-permissions")


def _unzip(path: Path, scratch: Path) -> None:
    # No fault: without `-^` it drops control characters from names (unzip(1)), which a bag can have
    copy = scratch.with_name("for-unzip")
    copy.write_bytes(_all_made_on_unix(path))
    try:
        _run(scratch, "unzip", "-qq", "-o", "-^", str(copy), "-d", str(scratch))
    finally:
        copy.unlink()


def _all_made_on_unix(path: Path) -> bytes:
    """No fault: unzip decodes a name in a code page of DOS if the member is marked so, flag or not.

    In this copy such members are marked as made on Unix; only that byte of their entries differs.
    """
    data = bytearray(path.read_bytes())
    with (
        suppress(Exception),
        zipfile.ZipFile(path) as archive,
    ):  # entries that the library cannot read stay unchanged
        at = archive.start_dir
        for info in archive.infolist():
            if info.create_system in MADE_ON_DOS and info.flag_bits & 0x800 and not info.filename.isascii():
                data[at + 5] = MADE_ON_UNIX
            at += 46 + sum(struct.unpack_from("<3H", data, at + 28))
    return bytes(data)


def _run(scratch: Path, *command: str) -> None:
    """Run a program and ignore its exit code, because many complain about times or owners."""
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
"""The programs that are used if they are installed."""
