"""A bag has the same verdict in a folder and in every archive of it."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from archives import FORMATS, serialise, tar_of, zip_of
from archtool.archives import archive as archives_
from archtool.archives.archive import Archive
from archtool.archives.errors import NotAnArchiveError
from archtool.archives.limits import Limits
from archtool.errors import SourceChangedError
from archtool.files.file_kinds import FileKind, NotAFileError
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.hash_file import hash_file
from archtool.files.tree import Tree
from archtool.progress import NoProgress
from unit.bagit.bag_builders import LETTER, bag_files, digest, look, manifest, with_tag_manifest, write_bag

MANY = {f"data/{n:02}/letter {n}.txt": f"letter {n}\n".encode() * n for n in range(40)}
BAG = with_tag_manifest(bag_files(MANY, info="Contact-Name: nobody\n"))


@pytest.fixture(params=FORMATS)
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return serialise(BAG, tmp_path / f"letters.{request.param}")


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_valid_bag_is_valid_in_every_archive(archive: Path, jobs: int) -> None:
    result = look(archive, jobs=jobs)
    assert (result.verdict["bag"], result.findings) == ("valid", ())
    assert result.facts["checked"]["files"] == len(BAG) - 1  # nothing lists the tag manifest
    assert result.facts["serialisation"] == archive.name.partition(".")[2]


def test_an_archive_has_the_findings_of_its_folder(archive: Path, tmp_path: Path) -> None:
    odd = {**BAG, "data/05/letter 5.txt": b"another letter\n", "data/new.txt": b"who added this?\n"}
    del odd["data/07/letter 7.txt"]
    in_folder = look(write_bag(tmp_path / "bag", odd))
    in_archive = look(serialise(odd, archive))
    assert in_archive.verdict == in_folder.verdict
    assert [(f.code, f.message) for f in in_archive.findings] == [
        (f.code, f.message) for f in in_folder.findings
    ]
    assert "found" in str(in_archive.findings)
    assert "twice" in str(in_archive.findings), "a mismatch is read a second time"


def test_an_archive_is_walked_and_read_like_a_folder(archive: Path, tmp_path: Path) -> None:
    root = write_bag(tmp_path / "bag", BAG)
    with Archive(archive, Limits()) as packed, Tree(root) as tree:
        on_disk = [
            found._replace(stamp=0, inode=0) for found in tree.walk()
        ]  # the times in an archive differ
        assert sorted(packed.walk()) == sorted(on_disk)
        assert packed.read_bytes("bagit.txt", 1000) == BAG["bagit.txt"]
        with packed.reopen() as view:
            for path in sorted(MANY, reverse=True):  # reading backwards is slow but correct
                record = hash_file(view, path, [Algorithm.SHA512])
                assert record.digests[0].hex == digest(MANY[path])


def test_special_members_are_refused_like_special_files_on_disk(archive: Path) -> None:
    with Archive(archive, Limits()) as packed:
        with pytest.raises(FileNotFoundError):
            packed.read_bytes("data/nothing.txt", 1000)
        with pytest.raises(OSError, match="larger than 5 bytes"):
            packed.read_bytes("bagit.txt", 5)


def test_a_link_of_an_archive_has_no_bytes(tmp_path: Path) -> None:
    link = tarfile.TarInfo("bag/data/link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with Archive(tar_of(tmp_path / "a.tar", link), Limits()) as packed:
        assert [f.kind for f in packed.walk()] == [FileKind.LINK]
        with pytest.raises(NotAFileError):
            packed.stream("data/link", [])


def test_an_archive_without_a_suffix_is_recognised_by_its_bytes(tmp_path: Path) -> None:
    path = serialise(BAG, tmp_path / "a.zip").rename(tmp_path / "letters-1847")
    assert look(path).facts["serialisation"] == "zip"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "an empty file"),
        (b"To the sections.\n", "neither a folder nor an archive"),
        (b"\0" * 2048, "a file of zeros"),
        (b"7z\xbc\xaf\x27\x1c" * 100, "a 7z archive"),
        (b"Rar!\x1a\x07\x01\0" + bytes(100), "a RAR archive"),
        (b"\x28\xb5\x2f\xfd" + bytes(100), "compressed with Zstandard"),
        (b"PK\7\x08PK\3\4" + bytes(100), "the first part of a zip in several parts"),
        (b"070701" + b"0" * 200, "a cpio archive"),
        (bytes(32769) + b"CD001" + bytes(100), "a disk image"),
        (b"\0\5\x16\7" + bytes(100), "an AppleDouble file"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (gzip.compress(LETTER * 100, mtime=0), "compressed, but contains no tar"),
        (gzip.compress(b"PK\3\4" + bytes(1000), mtime=0), "compressed, but contains a zip"),
    ],
)
def test_a_file_that_is_no_archive_is_described_with_a_hint(data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "letters.tar"
    path.write_bytes(data)
    result = look(path)
    assert (result.verdict["bag"], [f.code for f in result.findings]) == ("unreadable", ["bag.unreadable"])
    assert said in result.findings[0].message
    assert "permissions" not in str(result.findings[0].hint)


def test_a_fifo_instead_of_an_archive_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    assert "is a FIFO" in look(tmp_path / "fifo").findings[0].message
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotAnArchiveError):
        Archive(tmp_path / "fifo", Limits())


def test_a_tar_from_before_ustar_is_read(tmp_path: Path) -> None:
    path = serialise(BAG, tmp_path / "a.tar")
    data = bytearray(path.read_bytes())
    for at in range(0, len(data) - 512, 512):
        if data[at + 257 : at + 262] == b"ustar":
            data[at + 257 : at + 265] = bytes(8)
            data[at + 148 : at + 156] = b" " * 8
            data[at + 148 : at + 156] = b"%06o\0 " % sum(data[at : at + 512])
    path.write_bytes(data)
    assert look(path).verdict["bag"] == "valid"


def test_a_tar_made_of_a_dot_is_a_bag_without_a_folder(tmp_path: Path) -> None:
    path = serialise({f"./{name}": data for name, data in BAG.items()}, tmp_path / "a.tar", base="")
    result = look(path)
    assert (result.verdict["bag"], [f.code for f in result.findings]) == (
        "valid",
        ["archive.no-base-folder"],
    )


def test_folders_of_an_archive_are_members(tmp_path: Path) -> None:
    folders = []
    for name in (".", "./bag", "bag/data", "bag/data/", "bag/data/empty/"):
        folders.append(tarfile.TarInfo(name))
        folders[-1].type = tarfile.DIRTYPE
    files = [(f"./bag/{path}", data) for path, data in BAG.items()]
    result = look(tar_of(tmp_path / "a.tar", *folders, *files))
    assert (result.verdict["bag"], [f.code for f in result.findings]) == ("valid", ["bag.empty-folder"])


def test_names_that_are_not_utf8_or_not_ascii_are_kept(tmp_path: Path) -> None:
    files = bag_files({"data/Кни́га.txt": LETTER, f"data/{'n' * 250}.txt": LETTER})
    assert look(serialise(files, tmp_path / "a.tar")).verdict["bag"] == "valid"
    assert look(serialise(files, tmp_path / "a.zip")).verdict["bag"] == "valid"
    odd = look(serialise({**files, "data/\udcff.txt": LETTER}, tmp_path / "b.tar")).findings
    assert [(f.code, f.place and f.place.file) for f in odd] == [
        ("complete.file-unlisted", "data/\udcff.txt")
    ]


def test_an_old_zip_writes_its_names_in_code_page_437(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", ("bag/xxxx", LETTER), ("bag/bagit.txt", BAG["bagit.txt"]))
    path.write_bytes(path.read_bytes().replace(b"bag/xxxx", b"bag/na\x8bf"))
    with Archive(path, Limits()) as packed:
        assert "naïf" in packed.contents.index.members


def test_consecutive_streams_of_a_parallel_compressor_are_read(tmp_path: Path) -> None:
    whole = serialise(BAG, tmp_path / "a.tar").read_bytes()
    parts = [gzip.compress(whole[at : at + 10_000]) for at in range(0, len(whole), 10_000)]
    path = tmp_path / "a.tar.gz"
    path.write_bytes(b"".join(parts) + bytes(512))
    assert (look(path).verdict["bag"], look(path).findings) == ("valid", ())


@pytest.mark.parametrize(
    ("name", "compress"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)]
)
def test_many_empty_streams_are_refused_early(
    name: str, compress: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    whole = serialise(BAG, tmp_path / "a.tar").read_bytes()
    path = tmp_path / f"a.tar.{name}"
    path.write_bytes(compress(b"") * 1_000 + compress(whole) + compress(b"") * 1_000)
    assert (look(path).verdict["bag"], look(path).findings) == ("valid", ())
    path.write_bytes(compress(b"") * 40_000 + compress(whole))
    began = time.perf_counter()
    (finding,) = look(path).findings
    assert time.perf_counter() - began < 5
    assert (finding.code, "no program writes so many small ones" in finding.message) == (
        "archive.damaged",
        True,
    )


def test_a_tar_with_a_separate_stream_for_each_small_file_is_read(tmp_path: Path) -> None:
    whole = serialise(BAG, tmp_path / "a.tar").read_bytes()
    path = tmp_path / "a.tar.gz"
    path.write_bytes(b"".join(gzip.compress(whole[at : at + 512]) for at in range(0, len(whole), 512)))
    assert (look(path).verdict["bag"], look(path).findings) == ("valid", ())


@pytest.mark.parametrize(
    ("name", "rest", "code"),
    [
        ("tar.gz", b"and more", "archive.damaged"),
        ("tar.bz2", b"and more", "archive.foreign-data"),  # every tool ignores it
        ("tar.xz", b"and more", "archive.damaged"),
        ("tar.xz", bytes(6), "archive.damaged"),  # no padding: that comes in four bytes
        ("tar.xz", bytes(8), None),
        ("tar.bz2", bytes(6), None),
    ],
)
def test_data_after_a_compressed_tar_are_reported_where_tools_differ(
    name: str, rest: bytes, code: str | None, tmp_path: Path
) -> None:
    path = serialise(BAG, tmp_path / f"a.{name}")
    path.write_bytes(path.read_bytes() + rest)
    result = look(path)
    assert [f.code for f in result.findings] == ([code] if code else [])
    assert result.verdict["bag"] == ("unreadable" if code == "archive.damaged" else "valid")
    if code == "archive.damaged":
        assert f"; {len(BAG):,} members come before it" in result.findings[0].message


def test_an_archive_that_changes_during_a_read_has_no_digest(archive: Path) -> None:
    with Archive(archive, Limits()) as packed:
        with archive.open("ab") as file:
            file.write(b"more")
        with pytest.raises(SourceChangedError):
            packed.stream(min(MANY), [])
        with pytest.raises(SourceChangedError):
            packed.reopen()


def test_tag_files_above_the_memory_limit_are_read_again(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives_, "MAX_KEPT_BYTES", 50)
    assert (look(archive).verdict["bag"], look(archive).findings) == ("valid", ())


def test_a_compressed_archive_is_read_by_one_thread_from_its_beginning(tmp_path: Path) -> None:
    path = serialise(BAG, tmp_path / "a.tar.xz")
    before = threading.active_count()
    with Archive(path, Limits()) as packed:
        assert packed.is_sequential
        positions = [packed.position(f) for f in MANY]
    assert positions == sorted(positions)
    assert threading.active_count() == before


def test_times_that_no_system_can_store_are_dropped(tmp_path: Path) -> None:
    header = tarfile.TarInfo("bag/bagit.txt")
    header.pax_headers = {"mtime": "nan"}
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        tar.addfile(header, io.BytesIO())
    with Archive(path, Limits()) as packed:
        assert packed.modified_at_ns("bagit.txt") == 0


def test_a_bag_larger_than_its_memory_limit_is_read(tmp_path: Path) -> None:
    """The two archives contain 96 MiB; the process must not grow by half of that."""
    import resource

    block = os.urandom(1024 * 1024)
    payload = {"data/large.bin": block * 96}
    files = bag_files(payload)
    paths = [serialise(files, tmp_path / name) for name in ("a.tar", "a.zip")]
    del payload, files
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert [look(path).verdict["bag"] for path in paths] == ["valid", "valid"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 48 * 1024


def test_manifest_lines_of_an_archive_name_paths_of_the_bag(tmp_path: Path) -> None:
    files = {**BAG, "manifest-sha512.txt": manifest({"letters/data/x": LETTER})}
    assert "manifest.not-payload" in [f.code for f in look(serialise(files, tmp_path / "a.tar")).findings]


class CountedProgress(NoProgress):
    """Records the stages of a task, and counts what its readers read."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, int | None]] = []
        self.read_bytes = 0
        self.meter = self  # type: ignore[assignment]  # one object for both, only here

    def start(self, label: str, total_bytes: int | None) -> None:
        self.stages.append((label, total_bytes))

    def add(self, size_bytes: int) -> None:
        self.read_bytes += size_bytes


def test_reading_the_headers_of_a_compressed_archive_reports_its_progress(tmp_path: Path) -> None:
    path = tmp_path / "bag.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for name in ("bag/bagit.txt", "bag/data/a"):
            info = tarfile.TarInfo(name)
            info.size = 100_000
            tar.addfile(info, io.BytesIO(os.urandom(info.size)))
    progress = CountedProgress()
    with Archive(path, Limits(), progress=progress):
        assert progress.stages == [("reading the archive", path.stat().st_size)]
        assert progress.read_bytes >= path.stat().st_size, "the beginning is read twice"
