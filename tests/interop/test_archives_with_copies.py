"""Hard links and sparse files in a tar of any program are read as complete files."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from archtool.operations.unpack import UnpackRequest, unpack
from fuzz.archive_oracle import read_folder, why_readings_differ
from unit.bagit.bag_builders import bag_files, look, with_tag_manifest, write_bag

MIB = 1024 * 1024
LETTER, COPY, IMAGE = "data/letter.txt", "data/later/copy.txt", "data/image.bin"
LINKS, SPARSE = "archive.hard-links", "archive.sparse-files"
WITH_LINKS = {
    **{
        f"tar --format={form}": f"tar --format={form} -cf b.tar b"
        for form in ("gnu", "oldgnu", "pax", "ustar", "v7")
    },
    **{
        f"bsdtar --format {form}": f"bsdtar -c --format {form} -f b.tar b"
        for form in ("ustar", "pax", "gnutar")
    },
    "tar, gzip": "tar -czf b.tar b",
    "tar, xz": "tar -cJf b.tar b",
    "tar of a dot": "tar -cf b.tar -C b .",
    "busybox": "busybox tar -cf b.tar b",
    "pax -x ustar": "pax -w -x ustar -f b.tar b",
    "cpio -H ustar": "find b | cpio --quiet -o -H ustar > b.tar",
}
WITH_HOLES = {
    **{f"tar --format={form}": f"tar --format={form} -cSf b.tar b" for form in ("gnu", "oldgnu")},
    **{
        f"tar --sparse-version={version}": f"tar --format=pax --sparse-version={version} -cSf b.tar b"
        for version in ("0.0", "0.1", "1.0")
    },
    "tar --format=gnu, gzip": "tar -cSzf b.tar b",
    "tar --format=pax, xz": "tar --format=pax -cSJf b.tar b",
    "bsdtar --format pax": "bsdtar -c --format pax --read-sparse -f b.tar b",
}


def with_holes(parts: dict[int, bytes], size: int) -> bytes:
    data = bytearray(size)
    for at, part in parts.items():
        data[at : at + len(part)] = part
    return bytes(data)


IMAGES = {
    IMAGE: with_holes({MIB: b"toto"}, 3 * MIB),
    "data/only zeros.bin": bytes(MIB),
    "data/many pieces.bin": with_holes({n * 65_536: b"piece" for n in range(60)}, 60 * 65_536),
    "data/ends with a hole.bin": with_holes({0: b"begins"}, MIB + 1),
    f"data/{'n' * 120}.bin": with_holes({MIB - 4: b"ends"}, MIB),
}


def make_holes(path: Path) -> None:
    """Write a file again with holes instead of its zeros."""
    data = path.read_bytes()
    with path.open("wb") as file:
        for at in range(0, len(data), 4096):
            block = data[at : at + 4096]
            if any(block):
                file.seek(at)
                file.write(block)
        file.truncate(len(data))


def make_tar(command: str, folder: Path) -> Path:
    program = "cpio" if "cpio" in command else command.split(maxsplit=1)[0]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed: what it writes is not tried")
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    subprocess.run(["bash", "-c", command], cwd=folder, env=environment, check=True, capture_output=True)
    return folder / "b.tar"


def assert_all_programs_read(archive: Path, bag: Path, codes: list[str]) -> None:
    """Check that the bag is valid and unpacked unchanged, and that every other program extracts the same."""
    result = look(archive)
    found = [f.code for f in result.findings if f.code != "archive.no-base-folder"]
    assert (result.verdict["bag"], found) == ("valid", codes)
    out = bag.with_name("out")
    unpack(UnpackRequest(archive, out, sync=False))
    assert read_folder(out) == read_folder(bag)
    assert list(why_readings_differ(archive, read_folder(out), bag.with_name("scratch"))) == []


@pytest.mark.parametrize("name", WITH_LINKS)
def test_a_hard_link_is_read_as_a_copy_of_its_file(name: str, tmp_path: Path) -> None:
    payload = {LETTER: b"To the sections.\n" * 90, COPY: b"To the sections.\n" * 90, "data/z.txt": b"z"}
    bag = write_bag(tmp_path / "b", with_tag_manifest(bag_files(payload)))
    (bag / COPY).unlink()
    os.link(bag / LETTER, bag / COPY)
    assert_all_programs_read(make_tar(WITH_LINKS[name], tmp_path), bag, [LINKS])


@pytest.mark.parametrize("name", WITH_HOLES)
def test_a_sparse_file_is_read_with_its_zeros(name: str, tmp_path: Path) -> None:
    # the standard library and GNU tar read a long name in form 0.1 differently
    images = IMAGES if "0.1" not in name else {p: d for p, d in IMAGES.items() if "nnn" not in p}
    bag = write_bag(tmp_path / "b", with_tag_manifest(bag_files(images)))
    for path in images:
        make_holes(bag / path)
    archive = make_tar(WITH_HOLES[name], tmp_path)
    if archive.stat().st_size > 2 * MIB:
        pytest.skip("this file system keeps no holes, or this program does not see them")
    assert_all_programs_read(archive, bag, [SPARSE])


def test_a_sparse_file_whose_long_name_tools_read_differently_is_refused(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "b", with_tag_manifest(bag_files(IMAGES)))
    for path in IMAGES:
        make_holes(bag / path)
    result = look(make_tar(WITH_HOLES["tar --sparse-version=0.1"], tmp_path))
    assert result.verdict["bag"] == "invalid"
    assert any("two names" in finding.message for finding in result.findings)


def test_a_hard_link_to_a_sparse_file_is_read_with_its_zeros(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "b", with_tag_manifest(bag_files({IMAGE: IMAGES[IMAGE], COPY: IMAGES[IMAGE]})))
    make_holes(bag / IMAGE)
    (bag / COPY).unlink()
    os.link(bag / IMAGE, bag / COPY)
    for command in ("tar --format=pax -cSf b.tar b", "tar -cSzf b.tar b"):
        archive = make_tar(command, tmp_path)
        result = look(archive)
        assert (result.verdict["bag"], sorted(f.code for f in result.findings)) == ("valid", [LINKS, SPARSE])
