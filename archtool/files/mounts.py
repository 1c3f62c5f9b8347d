"""Whether a file system gives a file the same number (inode) at every look.

Most do. A file system in user space (FUSE: exFAT, NTFS, sshfs …) and some network drives number a file anew
when the system has forgotten it, so there another number is no sign of another file.
"""

from __future__ import annotations

import os
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")  # Linux; other systems are taken at their word
_NUMBERS_ANEW = ("fuse", "cifs", "smb", "9p", "vfat", "msdos", "exfat")


def has_lasting_numbers(root: Path) -> bool:
    """Whether another inode number means another file, in the file system where this folder lies."""
    try:
        device = root.stat().st_dev
        lines = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return True
    here = f"{os.major(device)}:{os.minor(device)}"
    kinds = [kind for number, kind in map(_read_line, lines) if number == here]
    return not any(kind.startswith(_NUMBERS_ANEW) for kind in kinds)


def _read_line(line: str) -> tuple[str, str]:
    """The device's numbers and the kind of file system (proc(5), `/proc/pid/mountinfo`)."""
    before, _, after = line.partition(" - ")
    fields, kind = before.split(), after.split()
    return (fields[2], kind[0]) if len(fields) > 2 and kind else ("", "")
