"""File systems with unstable inode numbers, where a new number does not mean another file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archtool.files import mounts


@pytest.mark.parametrize(
    ("kind", "lasts"),
    [("ext4", True), ("xfs", True), ("nfs4", True), ("fuseblk", False), ("fuse.sshfs", False)],
)
def test_the_kind_of_a_file_system_decides_whether_inodes_are_stable(
    kind: str, lasts: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _mount(kind, tmp_path, monkeypatch)
    assert mounts.has_stable_inodes(tmp_path) is lasts


def _mount(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system's list of mounts say that this folder is on a file system of this kind."""
    device = tmp_path.stat().st_dev
    table = tmp_path / "mountinfo"
    here = f"{os.major(device)}:{os.minor(device)}"
    table.write_text(
        "36 35 98:0 / /other rw - fuseblk /dev/other rw\n"
        f"37 35 {here} / /home rw,noatime shared:1 - {kind} x rw\n"
    )
    monkeypatch.setattr(mounts, "_MOUNTS", table)


@pytest.mark.parametrize(
    ("kind", "network"),
    [("ext4", None), ("fuseblk", None), ("fuse.exfat", None), ("nfs4", "nfs4"), ("cifs", "cifs"),
     ("9p", "9p"), ("fuse.sshfs", "fuse.sshfs"), ("smb3", "smb3")],
)  # fmt: skip
def test_a_network_file_system_is_told_from_a_local_one(
    kind: str, network: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _mount(kind, tmp_path, monkeypatch)
    assert mounts.network_file_system(tmp_path) == network


def test_inodes_are_stable_on_a_system_without_a_list_of_mounts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mounts, "_MOUNTS", tmp_path / "missing")
    assert mounts.has_stable_inodes(tmp_path)
