"""Archives that cannot be read completely: no conclusions are drawn from the missing part."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from archives import FORMATS, raw_zip, serialise
from command_line import archtool
from packages import make_package, tree_bytes
from unit.bagit.bag_builders import bag_files, look, with_tag_manifest, write_bag

LETTERS = {f"data/{n:02}.txt": f"letter {n}\n".encode() * 40 * n for n in range(1, 20)}
BAG = with_tag_manifest(bag_files(LETTERS, info="Payload-Oxum: 72640.19\n"))
FROM_ABSENCE = (
    "manifest.none", "declaration.missing", "bag.no-payload-folder", "complete.", "oxum.", "tagmanifest.",
    "content.", "metadata.", "baginfo.", "provenance.", "trust.", "signature.", "profile.", "description.",
)  # fmt: skip
"""Findings that would be reported because a part of the bag was not read."""


def assert_unread(archive: Path, *options: object) -> list[str]:
    """Check the verdict and the exit code for an unreadable archive; returns the codes of the findings."""
    run = archtool("verify", archive, "--json", *options)
    assert (run.code, run.objects[0]["verdict"]["bag"]) == (3, "unreadable"), run.said()
    assert [code for code in run.codes if code.startswith(FROM_ABSENCE)] == []
    return list(run.codes)


def with_password(folder: Path, archive: Path, *program: str) -> Path:
    if shutil.which(program[0]) is None:
        pytest.skip(f"{program[0]} is not installed: nothing can be encrypted with it")
    subprocess.run([*program, archive, folder.name], cwd=folder.parent, check=True, capture_output=True)
    return archive


ENCRYPTED = [("zip", "-qr", "-P", "secret"), ("7z", "a", "-psecret", "-mem=AES256", "-tzip")]


@pytest.mark.parametrize("program", ENCRYPTED, ids=["zip", "7z"])
def test_a_bag_in_a_zip_with_a_password_is_unreadable_and_not_invalid(
    program: tuple[str, ...], tmp_path: Path
) -> None:
    archive = with_password(write_bag(tmp_path / "bag", BAG), tmp_path / "a.zip", *program)
    assert set(assert_unread(archive)) == {"archive.member-unreadable"}
    assert "it is encrypted" in look(archive).findings[0].message


def test_a_signed_package_in_a_zip_with_a_password_is_not_reported_as_unsigned(tmp_path: Path) -> None:
    archive = with_password(make_package(tmp_path), tmp_path / "a.zip", *ENCRYPTED[0])
    signers = tmp_path / "signers"
    signers.write_text("")
    assert_unread(archive, "--trust", signers)


def test_an_encrypted_manifest_in_a_zip_is_not_reported_as_missing(tmp_path: Path) -> None:
    archive = with_password(write_bag(tmp_path / "bag", BAG), tmp_path / "a.zip", "zip", "-qr", "-P", "x")
    subprocess.run(["zip", "-qr", archive, "bag/data"], cwd=tmp_path, check=True)
    assert_unread(archive)


@pytest.mark.parametrize(
    ("method", "name"), [(9, "Deflate64"), (12, "bzip2"), (14, "LZMA"), (93, "Zstandard"), (95, "xz")]
)
def test_an_unsupported_method_is_named(method: int, name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(raw_zip(*((f"bag/{n}", data, {"method": method}) for n, data in BAG.items())))
    assert set(assert_unread(path)) == {"archive.member-unreadable"}
    assert f"method {method} ({name})" in look(path).findings[0].message
    assert "extract it with the program that made it" in str(look(path).findings[0].hint)


@pytest.mark.parametrize("name", FORMATS)
def test_a_cut_archive_is_unreadable_and_nothing_is_reported_as_missing(name: str, tmp_path: Path) -> None:
    whole = serialise(BAG, tmp_path / f"whole.{name}").read_bytes()
    path = tmp_path / f"cut.{name}"
    for part in range(1, 16):
        path.write_bytes(whole[: max(600, len(whole.rstrip(b"\0")) * part // 16)])
        assert_unread(path)


@pytest.mark.parametrize("name", ["tar", "tar.gz", "zip"])
def test_a_cut_package_is_reported_neither_as_inconsistent_nor_as_unsigned(name: str, tmp_path: Path) -> None:
    whole = serialise(tree_bytes(make_package(tmp_path)), tmp_path / f"whole.{name}").read_bytes()
    path = tmp_path / f"cut.{name}"
    path.write_bytes(whole[: len(whole.rstrip(b"\0")) * 2 // 3])
    assert_unread(path)
    result = look(path)
    assert (result.verdict["content"], result.verdict["trust"]) == ("not-described", "not-asked")


def test_a_tar_that_is_cut_between_two_members_is_unreadable(tmp_path: Path) -> None:
    """Every byte of it can be read: only the end mark is missing, and files that the bag lists."""
    whole = serialise(BAG, tmp_path / "whole.tar").read_bytes()
    path = tmp_path / "cut.tar"
    path.write_bytes(whole[: whole.index(b"letters/data/11.txt\0")])
    assert set(assert_unread(path)) == {"archive.damaged", "archive.end-missing"}


def test_a_changed_file_in_the_readable_part_of_a_cut_tar_is_reported(tmp_path: Path) -> None:
    files = {**BAG, "data/01.txt": b"another letter\n"}
    order = dict(sorted(files.items(), key=lambda item: item[0] not in ("manifest-sha512.txt", "bagit.txt")))
    whole = serialise(order, tmp_path / "whole.tar").read_bytes()
    path = tmp_path / "cut.tar"
    path.write_bytes(whole[: len(whole) // 2])
    assert "fixity.digest-mismatch" in assert_unread(path)


@pytest.mark.parametrize("command", ["show", "cite", "diff", "unpack", "report"])
def test_commands_for_bags_report_that_the_archive_cannot_be_read(command: str, tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "bag", BAG)
    encrypted = with_password(bag, tmp_path / "a.zip", *ENCRYPTED[0])
    cut = tmp_path / "cut.zip"
    cut.write_bytes(serialise(BAG, tmp_path / "whole.zip").read_bytes()[:4000])
    for archive in (encrypted, cut):
        target = ("-o", tmp_path / "out")
        more: tuple[object, ...] = {"diff": (bag,), "unpack": target, "report": target}.get(command, ())
        run = archtool(command, archive, *more)
        assert run.code == 3
        assert "cannot be read" in run.said()
        assert "no bagit.txt" not in run.said()
