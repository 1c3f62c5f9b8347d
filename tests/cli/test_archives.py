"""Packages in one archive file: the same bytes everywhere, read without extraction."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archives import extracted, serialise
from archtool.archives.writer import create_archive
from archtool.errors import InputError, SourceChangedError, StorageError
from command_line import DATE, archtool, unmeasured
from faults.test_killed_runs import limited_to
from packages import ARCHIVIST, make_package, tree_bytes, write_allowed_signers, write_key, write_letter

FORMATS = ("tar", "zip")


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    sources = tmp_path / "sources"
    sources.mkdir()
    return write_letter(sources)


def pack(letter: Path, target: Path, *options: str | Path) -> int:
    return archtool("pack", letter, "-o", target, "--date", DATE, *options).code


@pytest.mark.parametrize("name", FORMATS)
def test_a_package_in_an_archive_is_the_package(name: str, letter: Path, tmp_path: Path) -> None:
    key = write_key(tmp_path)
    assert pack(letter, tmp_path / "folder", "--sign", key) == 0
    assert pack(letter, tmp_path / f"letter.{name}", "--archive", name, "--sign", key) == 0
    with extracted(tmp_path / f"letter.{name}") as folder:
        assert tree_bytes(folder) == tree_bytes(tmp_path / "folder")
    signers = write_allowed_signers(tmp_path, ARCHIVIST)
    done = archtool("verify", tmp_path / f"letter.{name}", "--trust", signers, "--json")
    assert (done.code, done.objects[0]["verdict"]) == (
        0,
        {"bag": "valid", "content": "consistent", "trust": "trusted"},
    )


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_package_gives_the_same_archive_anywhere(name: str, letter: Path, tmp_path: Path) -> None:
    one, other = tmp_path / f"one.{name}", tmp_path / "elsewhere" / f"other.{name}"
    other.parent.mkdir()
    assert pack(letter, one, "--archive", name) == 0
    (letter.parent / "letter.txt").chmod(0o400)
    os.utime(letter.parent / "letter.txt", (0, 0))
    before = os.umask(0o077)
    try:
        assert pack(letter, other, "--archive", name) == 0
    finally:
        os.umask(before)
    assert one.read_bytes() == other.read_bytes()


def test_stock_tools_list_the_archives_and_find_nothing_wrong(letter: Path, tmp_path: Path) -> None:
    for name in FORMATS:
        assert pack(letter, tmp_path / f"letter.{name}", "--archive", name) == 0
    with tarfile.open(tmp_path / "letter.tar") as tar:
        members = tar.getmembers()
    assert {(m.uid, m.gid, m.uname, m.gname, m.mode) for m in members} == {(0, 0, "", "", 0o644)}
    assert {datetime.fromtimestamp(m.mtime, UTC).isoformat() for m in members} == {
        DATE.replace("Z", "+00:00")
    }
    with zipfile.ZipFile(tmp_path / "letter.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [m.name for m in members]
    listed = subprocess.run(
        ["tar", "-tf", tmp_path / "letter.tar"], capture_output=True, text=True, check=True
    )
    assert listed.stdout.splitlines() == [m.name for m in members]


@pytest.mark.parametrize("name", FORMATS)
def test_the_second_opinion_also_checks_an_archive(name: str, letter: Path, tmp_path: Path) -> None:
    target = tmp_path / f"letter.{name}"
    done = archtool("pack", letter, "-o", target, "--archive", name, "--second-opinion", "--json")
    assert done.codes == ["second-opinion.agrees"]
    looked = archtool("verify", target, "--second-opinion", "--json")
    assert (looked.code, looked.codes) == (0, ["second-opinion.not-asked"])


@pytest.mark.parametrize("name", ["letter.tar", "letter.zip", "LETTER.TAR", "Letter.Zip"])
def test_pack_makes_the_archive_format_of_the_name_ending(name: str, letter: Path, tmp_path: Path) -> None:
    form = name.lower().rpartition(".")[2]
    assert pack(letter, tmp_path / name) == 0
    assert pack(letter, tmp_path / f"other.{form}", "--archive", form) == 0
    assert (tmp_path / name).read_bytes() == (tmp_path / f"other.{form}").read_bytes()


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("letter.zip", ["--archive", "tar"], "named like a zip archive, but it would be a tar archive"),
        ("LETTER.TAR", ["--archive", "zip"], "named like a tar archive, but it would be a zip archive"),
        ("letter.tar.gz", [], "does not write (.tar.gz)"),
        ("letter.tar.gz", ["--archive", "tar"], "does not write (.tar.gz)"),
        ("letter.TGZ", [], "does not write (.tgz)"),
        ("letter.tar.xz", [], "does not write (.tar.xz)"),
        ("letter.7z", [], "does not write (.7z)"),
        ("letter.rar", ["--archive", "zip"], "does not write (.rar)"),
    ],
)
def test_pack_refuses_a_name_whose_ending_contradicts_the_format(
    name: str, options: list[str], said: str, letter: Path, tmp_path: Path
) -> None:
    done = archtool("pack", letter, "-o", tmp_path / name, *options)
    assert (done.code, said in done.said(), (tmp_path / name).exists()) == (2, True, False)


def test_pack_accepts_an_archive_without_an_ending_and_a_folder_with_a_dot(
    letter: Path, tmp_path: Path
) -> None:
    assert pack(letter, tmp_path / "letter", "--archive", "tar") == 0
    assert (tmp_path / "letter").is_file()
    assert pack(letter, tmp_path / "F. 17, op. 2") == 0
    assert (tmp_path / "F. 17, op. 2").is_dir()


@pytest.mark.parametrize("name", ["out.tar", "out.ZIP", "out.tar.gz", "out.7z"])
def test_unpack_and_batch_make_no_folder_that_is_named_like_an_archive(
    name: str, letter: Path, tmp_path: Path
) -> None:
    assert pack(letter, tmp_path / "letter.zip") == 0
    for command in (
        ("unpack", tmp_path / "letter.zip"), ("batch", letter.parent), ("batch", "template")
    ):  # fmt: skip
        done = archtool(*command, "-o", tmp_path / name)
        assert (done.code, "is named like" in done.said(), (tmp_path / name).exists()) == (2, True, False)


def test_an_archive_is_replaced_only_with_force_and_only_if_it_is_a_package(
    letter: Path, tmp_path: Path
) -> None:
    target = tmp_path / "letter.tar"
    assert pack(letter, target, "--archive", "tar") == 0
    assert pack(letter, target, "--archive", "tar") == 2
    inode = target.stat().st_ino
    assert pack(letter, target, "--archive", "tar", "--force") == 0
    assert target.stat().st_ino != inode
    for other in (b"not an archive", serialise({"x": b"y"}, tmp_path / "x.tar").read_bytes()):
        target.write_bytes(other)
        assert pack(letter, target, "--archive", "tar", "--force") == 2
        assert target.read_bytes() == other
    target.unlink()
    target.mkdir()
    assert pack(letter, target, "--archive", "tar", "--force") == 2
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".archtool")) == []


@pytest.mark.parametrize("name", FORMATS)
def test_a_refused_letter_leaves_no_archive(name: str, letter: Path, tmp_path: Path) -> None:
    (letter.parent / "letter.txt").write_bytes(b"\xff")
    assert pack(letter, tmp_path / f"letter.{name}", "--archive", name) == 3
    assert [p.name for p in tmp_path.iterdir()] == ["sources"]


def test_show_and_cite_read_an_archive_as_it_is(letter: Path, tmp_path: Path) -> None:
    target = tmp_path / "letter.tar"
    assert pack(letter, target, "--archive", "tar") == 0
    assert "Letter of the bureau" in archtool("show", target).out
    assert "Cahiers" in archtool("cite", target).out
    last_block = -(-len(target.read_bytes().rstrip(b"\0")) // 512)
    target.write_bytes(target.read_bytes()[: last_block * 512])
    shown = archtool("show", target, "--json")
    assert (shown.code, shown.codes) == (0, ["archive.end-missing"])
    assert archtool("cite", tmp_path / "sources").code == 3


@pytest.mark.parametrize("name", ["tar", "tar.gz", "tar.xz", "zip"])
def test_a_package_is_unpacked_as_it_was(name: str, tmp_path: Path) -> None:
    package = make_package(tmp_path)
    archive = serialise(tree_bytes(package), tmp_path / f"letter.{name}", base="letter")
    done = archtool("unpack", archive, "-o", tmp_path / "out")
    assert (done.code, "archtool verify" in done.said()) == (0, True)
    assert tree_bytes(tmp_path / "out") == tree_bytes(package)
    assert archtool("verify", tmp_path / "out").code == 0
    again = archtool("unpack", archive, "-o", tmp_path / "out")
    assert (again.code, "already" in again.said()) == (2, True)


def test_unpack_reports_the_extracted_files_as_json(tmp_path: Path) -> None:
    package = make_package(tmp_path, signed=False)
    files = tree_bytes(package)
    archive = serialise(files, tmp_path / "letter.tar.bz2")
    facts = archtool("unpack", archive, "-o", tmp_path / "out", "--json", "--no-sync").objects[0]["facts"]
    total = sum(len(data) for data in files.values())
    assert facts == {
        "package": str(tmp_path / "out"), "archive": "tar.bz2", "files": len(files), "bytes": total,
    }  # fmt: skip


def test_empty_folders_are_unpacked(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    (package / "data" / "empty").mkdir()
    subprocess.run(["tar", "-cf", tmp_path / "a.tar", "-C", tmp_path, "package"], check=True)
    assert archtool("unpack", tmp_path / "a.tar", "-o", tmp_path / "out").code == 0
    assert (tmp_path / "out" / "data" / "empty").is_dir()


def test_an_archive_that_cannot_be_unpacked_is_reported_and_nothing_is_written(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    no_bag = serialise({"x": b"y"}, tmp_path / "no-bag.tar")
    broken = serialise(tree_bytes(package), tmp_path / "broken.tar.gz")
    broken.write_bytes(broken.read_bytes()[:-40])
    out = tmp_path / "out"
    for archive, code, said in (
        (package, 3, "is a folder, not an archive"),
        (no_bag, 3, "there is no bag in"),
        (broken, 3, "cannot be read whole"),
        (tmp_path / "nowhere.tar", 3, "no such folder or archive"),
    ):
        done = archtool("unpack", archive, "-o", out)
        assert (done.code, said in done.said()) == (code, True), done.err
        assert not out.exists()
    assert archtool("unpack", serialise(tree_bytes(package), tmp_path / "a.zip"), "-o", out / "x").code == 5


def test_a_member_whose_bytes_are_broken_stops_the_unpacking(tmp_path: Path) -> None:
    package = make_package(tmp_path)
    archive = serialise(tree_bytes(package), tmp_path / "a.zip")
    data = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as members:
        at = members.getinfo("letters/data/letter.txt").header_offset
    data[at + 30 + len("letters/data/letter.txt")] ^= 0xFF
    archive.write_bytes(data)
    done = archtool("unpack", archive, "-o", tmp_path / "out")
    assert (done.code, (tmp_path / "out").exists()) == (3, False)
    assert "archtool verify" in done.said()


def test_a_name_that_is_too_long_for_the_disk_is_named_when_it_is_unpacked(tmp_path: Path) -> None:
    files = tree_bytes(make_package(tmp_path))
    name = "letter" + "s" * 260 + ".txt"
    archive = serialise({**files, f"data/{name}": b"To all.\n"}, tmp_path / "a.tar")
    done = archtool("unpack", archive, "-o", tmp_path / "out")
    assert (done.code, (tmp_path / "out").exists()) == (5, False)
    assert "too long for this file system (270 bytes" in done.said()
    assert "choose a target on another file system" in done.said()
    assert "free some space" not in done.said()


def test_a_full_disk_leaves_neither_an_archive_nor_a_staging_folder(letter: Path, tmp_path: Path) -> None:
    (letter.parent / "letter.txt").write_text("To the sections.\n" * 50_000)
    for name in FORMATS:
        command = ["pack", letter, "-o", tmp_path / f"letter.{name}", "--archive", name]
        limited = subprocess.run(
            [sys.executable, "-m", "archtool", *command], capture_output=True, text=True, check=False,
            env=unmeasured(), preexec_fn=lambda: limited_to(100_000),
        )  # fmt: skip
        assert (limited.returncode, "File too large" in limited.stderr) == (5, True)
        assert "Traceback" not in limited.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["sources"]


AT = datetime(2026, 11, 22, 12, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("said", [3, 5])
def test_a_member_that_is_not_as_long_as_announced_is_an_error(name: str, said: int, tmp_path: Path) -> None:
    writer = create_archive(tmp_path / f"a.{name}", name, AT)
    writer.begin("bag/x", said).update(memoryview(b"four"))
    with pytest.raises(SourceChangedError):
        writer.end()
    writer.abandon()


def test_names_that_an_archive_cannot_hold_are_refused(tmp_path: Path) -> None:
    writer = create_archive(tmp_path / "a.zip", "zip", AT)
    with pytest.raises(InputError, match="not UTF-8"):
        writer.begin("bag/\udcff", 1)
    writer.close()
    with pytest.raises(StorageError):
        create_archive(tmp_path / "a.zip", "zip", AT)


def test_a_zip_of_a_date_before_1980_is_dated_1980(tmp_path: Path) -> None:
    writer = create_archive(tmp_path / "a.zip", "zip", datetime(1932, 5, 1, tzinfo=UTC))
    writer.begin("bag/x", 0)
    writer.end()
    writer.close()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.getinfo("bag/x").date_time[:3] == (1980, 5, 1)


def test_a_profile_can_require_a_folder_or_certain_archives(letter: Path, tmp_path: Path) -> None:
    assert pack(letter, tmp_path / "a.tar", "--archive", "tar") == 0
    info = {"BagIt-Profile-Identifier": "https://example.org/p.json", "Source-Organization": "x"}
    info |= {"External-Description": "x", "Version": "1"}
    for rules, code in (
        ({"Serialization": "forbidden"}, ["profile.serialization-forbidden"]),
        ({"Serialization": "optional", "Accept-Serialization": ["application/zip"]},
         ["profile.serialization-format"]),
        ({"Serialization": "required", "Accept-Serialization": ["application/x-tar"]}, []),
    ):  # fmt: skip
        profile = tmp_path / "profile.json"
        profile.write_text(json.dumps({"BagIt-Profile-Info": info, **rules}))
        done = archtool("verify", tmp_path / "a.tar", "--profile", profile, "--json")
        assert [c for c in done.codes if c.startswith("profile.")] == code
