"""The files' own modification times are recorded on request, and compared by verify."""

from __future__ import annotations

import json
import os
import tarfile
from pathlib import Path

import pytest

from archives import extracted, regular
from archtool.archives.archive import Archive
from archtool.archives.limits import Limits
from command_line import DATE, archtool
from packages import pack, retag, tree_bytes, write_letter

TIME_NS, TEXT = 479019967_123456789, "1985-03-07T05:06:07.123456789Z"
FOLDER = "files: [{ file: scans/, role: facsimile }]\n"


@pytest.fixture
def letter(letters: Path) -> Path:
    (letters / "scans").mkdir()
    (letters / "scans" / "1.tif").write_bytes(b"II*\0")
    description = write_letter(letters, FOLDER)
    os.utime(letters / "letter.txt", ns=(0, TIME_NS))
    os.utime(letters / "scans" / "1.tif", ns=(0, -1_500_000_000))
    return description


def test_the_times_are_listed_and_in_both_provenance_manifests(letter: Path, tmp_path: Path) -> None:
    assert pack(letter, tmp_path / "package", "--keep-times").code == 0
    metadata = tmp_path / "package" / "metadata"
    listed = (metadata / "file-times.txt").read_text()
    assert listed == f"{TEXT}  data/letter.txt\n1969-12-31T23:59:58.5Z  data/scans/1.tif\n"
    entities = json.loads((metadata / "provenance.json").read_text())["entity"].values()
    stated = [entity["arch:file-system-modified-at"] for entity in entities if entity["arch:kind"] == "file"]
    assert stated == [{"$": TEXT, "type": "xsd:dateTime"}]
    assert f"<significantPropertiesValue>{TEXT}<" in (metadata / "premis.xml").read_text()
    assert "was not checked" in (metadata / "premis.xml").read_text()
    done = archtool("verify", tmp_path / "package", "--strict", "--json")
    assert (done.code, done.objects[0]["verdict"]["content"]) == (0, "consistent")


@pytest.mark.parametrize("form", ["tar", "zip"])
def test_an_archive_keeps_the_times_and_its_tag_files_have_the_date_of_the_package(
    form: str, letter: Path, tmp_path: Path
) -> None:
    assert pack(letter, tmp_path / "folder", "--keep-times").code == 0
    assert pack(letter, tmp_path / f"a.{form}", "--keep-times").code == 0
    assert pack(letter, tmp_path / f"b.{form}", "--keep-times").code == 0
    assert (tmp_path / f"a.{form}").read_bytes() == (tmp_path / f"b.{form}").read_bytes()
    with extracted(tmp_path / f"a.{form}") as folder:
        assert tree_bytes(folder) == tree_bytes(tmp_path / "folder")
    with Archive(tmp_path / f"a.{form}", Limits()) as archive:
        kept_ns = TIME_NS if form == "tar" else TIME_NS // 100 * 100
        assert archive.modified_at_ns("data/letter.txt") == kept_ns
        assert archive.modified_at_ns("bagit.txt") > TIME_NS
    assert archtool("verify", tmp_path / f"a.{form}").code == 0


@pytest.mark.parametrize("target", ["package", "package.tar", "package.zip"])
def test_without_the_option_times_change_nothing(target: str, letter: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir(), other.mkdir()
    assert pack(letter, one / target).code == 0
    os.utime(letter.parent / "letter.txt", (5, 5))
    assert pack(letter, other / target).code == 0
    assert tree_bytes(one) == tree_bytes(other)
    assert not (one / target / "metadata" / "file-times.txt").exists()


def test_a_folder_keeps_the_times_of_the_payload_on_the_disk(letter: Path, tmp_path: Path) -> None:
    assert pack(letter, tmp_path / "package").code == 0
    assert (tmp_path / "package" / "data" / "letter.txt").stat().st_mtime_ns == TIME_NS


def test_many_files_are_copied_by_several_processes_with_their_times(letters: Path, tmp_path: Path) -> None:
    (letters / "scans").mkdir()
    for number in range(300):
        path = letters / "scans" / f"{number:03}.tif"
        path.write_bytes(b"x" * 5000)
        os.utime(path, ns=(0, number * 10**9))
    description = write_letter(letters, FOLDER)
    assert pack(description, tmp_path / "package", "--keep-times", "--jobs", "3").code == 0
    lines = (tmp_path / "package" / "metadata" / "file-times.txt").read_text().splitlines()
    assert [line for line in lines if line.endswith("scans/299.tif")] == [
        "1970-01-01T00:04:59Z  data/scans/299.tif"
    ]
    assert len(lines) == 301
    assert archtool("verify", tmp_path / "package").code == 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (TEXT, "1985-03-07T05:06:08Z", "provenance.fact-differs"),
        (f"{TEXT}  data/letter.txt\n", "", "data/letter.txt has no line"),
        ("data/scans/1.tif", "data/scans/2.tif", "data/scans/2.tif is in no payload manifest"),
        ("1969-12-31", "1969-12-32", "not a time and a path"),
    ],
)
def test_a_list_of_times_that_was_changed_is_inconsistent(
    old: str, new: str, said: str, letter: Path, tmp_path: Path
) -> None:
    package = tmp_path / "package"
    assert pack(letter, package, "--keep-times").code == 0
    path = package / "metadata" / "file-times.txt"
    path.write_text(path.read_text().replace(old, new))
    retag(package)
    done = archtool("verify", package, "--json")
    assert (done.code, done.objects[0]["verdict"]["bag"]) == (1, "valid")
    assert done.objects[0]["verdict"]["content"] == "inconsistent"
    assert said in json.dumps(done.objects[0]["findings"])


def test_a_list_of_times_that_was_removed_is_inconsistent(letter: Path, tmp_path: Path) -> None:
    package = tmp_path / "package"
    assert pack(letter, package, "--keep-times").code == 0
    (package / "metadata" / "file-times.txt").unlink()
    retag(package)
    done = archtool("verify", package, "--json")
    assert done.objects[0]["verdict"]["content"] == "inconsistent"


def test_a_copy_with_other_times_on_the_disk_is_the_same_package(letter: Path, tmp_path: Path) -> None:
    package = tmp_path / "package"
    assert pack(letter, package, "--keep-times").code == 0
    os.utime(package / "data" / "letter.txt", (7, 7))
    assert archtool("verify", package).code == 0
    assert archtool("unpack", "--payload-only", package, "-o", tmp_path / "out").code == 0
    assert (tmp_path / "out" / "letter.txt").stat().st_mtime_ns == TIME_NS
    assert (tmp_path / "out" / "scans" / "1.tif").stat().st_mtime_ns == -1_500_000_000


def test_the_times_of_an_adopted_bag_are_recorded(letter: Path, tmp_path: Path) -> None:
    assert pack(letter, tmp_path / "given.tar", "--keep-times").code == 0
    done = pack(letter, tmp_path / "package", "--keep-times", "--from-bag", tmp_path / "given.tar")
    assert done.code == 0, done.err
    assert TEXT in (tmp_path / "package" / "metadata" / "file-times.txt").read_text()
    assert archtool("verify", tmp_path / "package").code == 0


def test_a_time_that_no_calendar_has_is_not_recorded_and_said(letter: Path, tmp_path: Path) -> None:
    assert pack(letter, tmp_path / "given").code == 0
    with tarfile.open(tmp_path / "given.tar", "w") as archive:
        for path, data in tree_bytes(tmp_path / "given").items():
            header, content = regular(f"given/{path}", data)
            header.mtime = 2**39
            archive.addfile(header, content)
    done = pack(letter, tmp_path / "package", "--keep-times", "--from-bag", tmp_path / "given.tar")
    assert (done.code, "payload.time-unknown" in done.said()) == (0, True)
    listed = (tmp_path / "package" / "metadata" / "file-times.txt").read_text()
    assert listed.splitlines()[0] == "-  data/letter.txt"
    assert archtool("verify", tmp_path / "package").code == 0
    assert archtool("unpack", "--payload-only", tmp_path / "package", "-o", tmp_path / "out").code == 0


def test_the_result_in_json_states_the_times(letter: Path, tmp_path: Path) -> None:
    done = pack(letter, tmp_path / "package", "--keep-times", "--json")
    files = {item["path"]: item.get("modified_at") for item in done.objects[0]["facts"]["payload"]}
    assert files == {"data/letter.txt": TEXT, "data/scans/1.tif": "1969-12-31T23:59:58.5Z"}


def test_a_batch_keeps_times_and_makes_packages_again_when_that_is_requested(
    letter: Path, tmp_path: Path
) -> None:
    command = ("batch", letter.parent.parent, "-o", tmp_path / "out", "--date", DATE)
    assert archtool(*command).code == 0
    listed = tmp_path / "out" / letter.parent.name / "metadata" / "file-times.txt"
    assert not listed.exists()
    assert archtool(*command, "--keep-times").code == 0
    assert TEXT in listed.read_text()
