"""`archtool repair`: a package in one archive is replaced as a whole, by an undamaged archive of its kind."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from archives import serialise
from command_line import archtool
from packages import ARCHIVIST, left_behind, tree_bytes, write_allowed_signers
from repairs import LETTER, make_copies, repair, replaced_folders


def make_archives(folder: Path, kind: str) -> tuple[Path, Path, Path]:
    """Return two equal archives of a package, and its folder."""
    package, _ = make_copies(folder)
    files = tree_bytes(package)
    one, other = (serialise(files, folder / f"{name}.{kind}") for name in ("one", "other"))
    return one, other, package


def damage(archive: Path, kind: str, package: Path) -> None:
    """Flip a bit of the letter in an archive; in a compressed tar, a bit in the middle of the file."""
    data = bytearray(archive.read_bytes())
    at = len(data) // 2
    if kind == "tar":
        at = data.find((package / LETTER).read_bytes())
    elif kind == "zip":
        with zipfile.ZipFile(archive) as opened:
            at = opened.getinfo(f"letters/{LETTER}").header_offset + 30 + len(f"letters/{LETTER}") + 4
    data[at] ^= 1
    archive.write_bytes(bytes(data))


@pytest.mark.parametrize("kind", ["tar", "tar.gz", "zip"])
def test_a_damaged_archive_is_replaced_by_an_undamaged_one_and_kept(tmp_path: Path, kind: str) -> None:
    archive, other, package = make_archives(tmp_path, kind)
    damage(archive, kind, package)
    damaged = archive.read_bytes()
    trust = ("--trust", write_allowed_signers(tmp_path, ARCHIVIST))
    planned = repair(archive, other, options=trust)
    assert planned.code == 1
    assert archive.read_bytes() == damaged
    done = repair(archive, other, options=("--apply", *trust))
    assert done.code == 0, done.said()
    assert archive.read_bytes() == other.read_bytes()
    (kept,) = replaced_folders(archive)
    assert (kept / "files" / archive.name).read_bytes() == damaged
    assert left_behind(tmp_path) == []
    assert archtool("verify", archive).code == 0


@pytest.mark.parametrize("kind", ["tar", "tar.gz", "zip"])
def test_a_truncated_archive_is_replaced_by_an_undamaged_one(tmp_path: Path, kind: str) -> None:
    archive, other, _ = make_archives(tmp_path, kind)
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 3])
    trust = ("--trust", write_allowed_signers(tmp_path, ARCHIVIST))
    done = repair(archive, other, options=("--apply", *trust))
    assert done.code == 0, done.said()
    assert archive.read_bytes() == other.read_bytes()


def test_an_archive_of_which_nothing_can_be_read_is_replaced_only_with_trusted_keys(tmp_path: Path) -> None:
    archive, other, _ = make_archives(tmp_path, "zip")
    archive.write_bytes(archive.read_bytes()[:-30])
    before = archive.read_bytes()
    done = repair(archive, other, options=("--apply",))
    assert done.code == 1
    assert "--trust" in done.said()
    assert archive.read_bytes() == before


def test_a_damaged_archive_is_not_replaced_by_a_damaged_one(tmp_path: Path) -> None:
    archive, other, package = make_archives(tmp_path, "tar")
    for path in (archive, other):
        damage(path, "tar", package)
    before = tree_bytes(tmp_path)
    done = repair(archive, other, options=("--apply", "--json"))
    assert done.code == 1
    assert "repair.by-hand" in done.codes
    assert tree_bytes(tmp_path) == before


def test_for_an_archive_whose_copy_is_a_folder_the_hint_says_what_to_do_by_hand(tmp_path: Path) -> None:
    archive, _, package = make_archives(tmp_path, "zip")
    damage(archive, "zip", package)
    before = tree_bytes(tmp_path)
    done = repair(archive, package, options=("--apply",))
    assert done.code != 0
    assert f"archtool unpack {archive}" in done.said()
    assert tree_bytes(tmp_path) == before
