"""A bag in an archive of any common program is valid and unpacked unchanged: each program, each format."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from archtool.operations.unpack import UnpackRequest, unpack
from fuzz.archive_oracle import read_folder
from unit.bagit.bag_builders import bag_files, look, with_tag_manifest, write_bag

PAYLOAD = {
    "data/letter.txt": b"To the sections of the city.\n" * 300,
    "data/empty.txt": b"",
    "data/noise.bin": bytes((n * n * 7919 >> 5) & 255 for n in range(3000)),
    "data/letters/B\N{LATIN SMALL LETTER U WITH DIAERESIS}cher und mehr.txt": b"\xc3\xbc\n",
    f"data/{'long-folder-name/' * 6}{'a-long-file-name-' * 6}.txt": b"a name of more than 100 bytes\n",
}
NODE_PATH = os.environ.get("NODE_PATH")
"""The folder of the npm packages archiver, yazl, jszip, adm-zip and tar; `.ci/run` installs them."""
# the formats before 1988 store no name of more than 99 bytes
SHORT = {path: data for path, data in PAYLOAD.items() if len(path) < 90}

ZIPS = {
    "zip": "zip -qr b.zip b",
    "zip to a pipe": "zip -qr - b | cat > b.zip",
    "zip to a pipe, stored": "zip -qr0 - b | cat > b.zip",
    "zip to a pipe, never with 64 bits": "zip -qr -fz- - b | cat > b.zip",
    "zip with sizes that follow": "zip -qr -fd b.zip b",
    "zip with sizes that follow, stored": "zip -qr0 -fd b.zip b",
    "zip with 64 bits": "zip -qr -fz b.zip b",
    "zip without folders": "zip -qrD b.zip b",
    "zip without extra fields": "zip -qrX b.zip b",
    "bsdtar by the name": "bsdtar -a -cf b.zip b",
    "bsdtar": "bsdtar -c --format zip -f b.zip b",
    "bsdtar to a pipe": "bsdtar -c --format zip -f - b | cat > b.zip",
    "bsdtar, stored": "bsdtar -c --format zip --options zip:compression=store -f b.zip b",
    "bsdtar to a pipe, stored": "bsdtar -c --format zip --options zip:compression=store -f - b | cat > b.zip",
    "bsdtar with 64 bits": "bsdtar -c --format zip --options zip:zip64 -f b.zip b",
    "bsdtar to a pipe with 64 bits": "bsdtar -c --format zip --options zip:zip64 -f - b | cat > b.zip",
    "bsdtar with fields for streams": "bsdtar -c --format zip --options zip:experimental -f b.zip b",
    "7z": "7z a -bd -bso0 -bsp0 b.zip b",
    "7z, stored": "7z a -bd -bso0 -bsp0 -mx=0 b.zip b",
    "7z with names in UTF-8": "7z a -bd -bso0 -bsp0 -mcu=on b.zip b",
    "jar": "jar cf b.zip b",
    "jar to a pipe": "jar c b > b.zip",
    "jar, stored": "jar cf0 b.zip b",
    "jar without a manifest": "jar cfM b.zip b",
    "jar without a manifest, stored": "jar cfM0 b.zip b",
    "git": "git archive --prefix=b/ -o ../b.zip HEAD",
    "git, stored": "git archive --prefix=b/ --format=zip -0 HEAD > ../b.zip",
    "go": "go run writer.go b b.zip",
    **{
        f"node, {name}": f"node writers.js {name} b.zip"
        for name in ("archiver", "yazl", "yazl-streams", "jszip", "jszip-streams", "adm-zip")
    },
}
TARS = {
    **{f"tar --format={form}": f"tar --format={form} -cf b.tar b" for form in ("gnu", "oldgnu", "pax", "v7")},
    **{f"tar --format={form} to a pipe": f"tar --format={form} -c b | cat > b.tar" for form in ("gnu", "v7")},
    "tar --format=ustar": "tar --format=ustar -cf b.tar b",
    "tar in blocks of 512 bytes": "tar -b 1 -cf b.tar b",
    "tar of a dot": "tar -cf b.tar -C b .",
    "tar with a label": "tar -V 'Letters of 1847' -cf b.tar b",
    "tar, gzip": "tar -czf b.tar b",
    "tar, bzip2": "tar -cjf b.tar b",
    "tar, xz": "tar -cJf b.tar b",
    **{
        f"bsdtar --format {form}": f"bsdtar -c --format {form} -f b.tar b"
        for form in ("ustar", "pax", "gnutar", "v7")
    },
    "bsdtar, gzip": "bsdtar -czf b.tar b",
    "bsdtar, xz": "bsdtar -cJf b.tar b",
    "busybox": "busybox tar -cf b.tar b",
    "busybox, gzip": "busybox tar -czf b.tar b",
    "pax -x ustar": "pax -w -x ustar -f b.tar b",
    "pax -x tar": "pax -w -x tar -f b.tar b",
    "git": "git archive --prefix=b/ -o ../b.tar HEAD",
    "git, gzip": "git archive --prefix=b/ --format=tar.gz -o ../b.tar HEAD",
    **{
        f"node, {name}": f"node writers.js {name} b.tar"
        for name in ("archiver-tar", "tar", "tar-gz", "tar-portable")
    },
}
ADDED = {"jar": "archive.outside-bag", "tar of a dot": "archive.no-base-folder"}
"""Correct warnings about archives of some writers: `jar` adds META-INF/ beside the bag."""
ADDED |= dict.fromkeys(("jar to a pipe", "jar, stored"), ADDED["jar"])
ADDED["tar with a label"] = "archive.volume-label"
GO = """
package main
import ("archive/zip"; "io"; "os"; "path/filepath")
func main() {
    file, _ := os.Create(os.Args[2])
    archive := zip.NewWriter(file)
    filepath.Walk(os.Args[1], func(path string, info os.FileInfo, _ error) error {
        if !info.IsDir() {
            member, _ := archive.Create(path)
            source, _ := os.Open(path)
            io.Copy(member, source)
            source.Close()
        }
        return nil
    })
    archive.Close()
}
"""


def make_archive(command: str, folder: Path) -> Path:
    """Run a writer over a bag; return the path of the archive."""
    program = command.split(maxsplit=1)[0]
    if shutil.which(program) is None or (program == "node" and not NODE_PATH):
        pytest.skip(f"{program} is not installed: what it writes is not tried")
    long_names = not any(old in command for old in ("v7", "-x tar", "ustar"))
    bag = write_bag(folder / "b", with_tag_manifest(bag_files(PAYLOAD if long_names else SHORT)))
    place = folder
    if program == "git":
        place = _committed(bag)
    if program == "go":
        (folder / "writer.go").write_text(GO)
    if program == "node":
        shutil.copy(Path(__file__).with_name("archive_writers.js"), folder / "writers.js")
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "GO111MODULE": "off", "GOCACHE": str(folder / "cache")}
    subprocess.run(["bash", "-c", command], cwd=place, env=environment, check=True, capture_output=True)
    return folder / ("b.zip" if "b.zip" in command else "b.tar")


def _committed(bag: Path) -> Path:
    """Make a Git repository of the bag's files, beside it."""
    place = shutil.copytree(bag, bag.with_name("repository"))
    author = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "-c", "core.autocrlf=false")
    for command in (("init", "-q"), ("add", "-A"), (*author, "commit", "-q", "-m", "bag")):
        subprocess.run(["git", *command], cwd=place, check=True, capture_output=True)
    return place


def assert_unpacked_unchanged(archive: Path, bag: Path, codes: list[str]) -> None:
    """Check that the bag in the archive is valid, and that unpacking restores its files."""
    result = look(archive)
    assert (result.verdict["bag"], [f.code for f in result.findings]) == ("valid", codes)
    unpack(UnpackRequest(archive, bag.with_name("out"), sync=False))
    assert read_folder(bag.with_name("out")) == read_folder(bag)


@pytest.mark.parametrize("name", ZIPS)
def test_a_bag_in_a_zip_of_any_program_is_valid(name: str, tmp_path: Path) -> None:
    archive = make_archive(ZIPS[name], tmp_path)
    assert_unpacked_unchanged(archive, tmp_path / "b", [ADDED[name]] if name in ADDED else [])


@pytest.mark.parametrize("name", TARS)
def test_a_bag_in_a_tar_of_any_program_is_valid(name: str, tmp_path: Path) -> None:
    archive = make_archive(TARS[name], tmp_path)
    assert_unpacked_unchanged(archive, tmp_path / "b", [ADDED[name]] if name in ADDED else [])


class _Pipe(io.BytesIO):
    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise OSError


@pytest.mark.parametrize("is_piped", [False, True])
@pytest.mark.parametrize("is_wide", [False, True])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_bag_in_a_zip_of_python_is_valid(
    method: int, is_wide: bool, is_piped: bool, tmp_path: Path
) -> None:
    bag = write_bag(tmp_path / "b", with_tag_manifest(bag_files(PAYLOAD)))
    target = _Pipe() if is_piped else io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in read_folder(bag).items():
            with archive.open(f"b/{name}", "w", force_zip64=is_wide) as member:
                member.write(data)
    (tmp_path / "b.zip").write_bytes(target.getvalue())
    assert_unpacked_unchanged(tmp_path / "b.zip", bag, [])


@pytest.mark.parametrize("mode", ["w", "w|", "w|gz", "w|xz"])
@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_a_bag_in_a_tar_of_python_is_valid(form: int, mode: Any, tmp_path: Path) -> None:
    payload = SHORT if form == tarfile.USTAR_FORMAT else PAYLOAD
    bag = write_bag(tmp_path / "b", with_tag_manifest(bag_files(payload)))
    with tarfile.open(str(tmp_path / "b.tar"), mode, format=form) as archive:
        archive.add(bag, "b")
    assert_unpacked_unchanged(tmp_path / "b.tar", bag, [])


def test_a_zip_without_the_required_record_for_large_zips_is_reported(tmp_path: Path) -> None:
    """Info-ZIP 3.0 makes such a zip with `-fz` on a pipe; no tool can read it."""
    archive = make_archive("zip -qr -fz - b | cat > b.zip", tmp_path)
    result = look(archive)
    assert result.verdict["bag"] == "unreadable"
    assert "the record about the directory of a large zip is missing" in result.findings[0].message
