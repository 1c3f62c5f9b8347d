"""Finds out whether a file system always reports the same inode number for a file.

Most do. File systems in user space (FUSE: exFAT, NTFS, sshfs …) and some network drives assign a new number
when the system has dropped the file from its cache, so there a new number does not mean another file.
"""

from __future__ import annotations

import os
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")  # Linux; on other systems all inode numbers count as stable
_UNSTABLE = ("fuse", "cifs", "smb", "9p", "vfat", "msdos", "exfat")


def has_stable_inodes(root: Path) -> bool:
    """Return whether another inode number means another file on the file system of this folder."""
    try:
        device = root.stat().st_dev
        lines = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return True
    wanted = f"{os.major(device)}:{os.minor(device)}"
    kinds = [kind for number, kind in map(_parse_line, lines) if number == wanted]
    return not any(kind.startswith(_UNSTABLE) for kind in kinds)


def _parse_line(line: str) -> tuple[str, str]:
    """Return the device number and the kind of file system (proc(5), `/proc/pid/mountinfo`)."""
    before, _, after = line.partition(" - ")
    fields, kind = before.split(), after.split()
    return (fields[2], kind[0]) if len(fields) > 2 and kind else ("", "")
