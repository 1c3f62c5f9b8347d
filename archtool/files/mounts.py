"""Finds out what the file system of a folder cannot be relied on for.

Most file systems always report the same inode number for a file. File systems in user space (FUSE: exFAT,
NTFS, sshfs …) and some network drives assign a new number when the system has dropped the file from its
cache, so there a new number does not mean another file. On network file systems two machines share no
memory, and locks are not reliable.
"""

from __future__ import annotations

import os
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")  # Linux; on other systems all inode numbers count as stable
_UNSTABLE = ("fuse", "cifs", "smb", "9p", "vfat", "msdos", "exfat")
_NETWORK = (
    "nfs", "cifs", "smb", "9p", "afs", "ceph", "coda", "davfs", "gluster", "lustre", "beegfs", "gpfs",
    "ocfs2", "gfs2", "orangefs", "vboxsf", "vmhgfs", "virtiofs", "prl_fs", "fuse.",
)  # fmt: skip
_LOCAL_FUSE = frozenset(
    "fuse." + name
    for name in ("exfat", "ntfs-3g", "encfs", "gocryptfs", "cryfs", "mergerfs", "fuse-overlayfs", "apfs-fuse")
)


def network_file_system(path: Path) -> str | None:
    """Return the kind of network file system that a path is on, as `nfs4`; `None` if it is on a local one.

    A file system in user space that is not known to be local counts as a network file system.
    """
    kinds = _kinds_at(path)
    return next((k for k in kinds if k.startswith(_NETWORK) and k not in _LOCAL_FUSE), None)


def has_stable_inodes(root: Path) -> bool:
    """Return whether another inode number means another file on the file system of this folder."""
    return not any(kind.startswith(_UNSTABLE) for kind in _kinds_at(root))


def _kinds_at(path: Path) -> list[str]:
    """Return the kinds of file system with the device of a path; none without a list of mounts."""
    try:
        device = path.stat().st_dev
        lines = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    wanted = f"{os.major(device)}:{os.minor(device)}"
    return [kind for number, kind in map(_parse_line, lines) if number == wanted]


def _parse_line(line: str) -> tuple[str, str]:
    """Return the device number and the kind of file system (proc(5), `/proc/pid/mountinfo`)."""
    before, _, after = line.partition(" - ")
    fields, kind = before.split(), after.split()
    return (fields[2], kind[0]) if len(fields) > 2 and kind else ("", "")
