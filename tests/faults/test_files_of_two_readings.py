"""Files that two programs read as two different archives: archtool refuses them."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import shutil
import struct
import subprocess
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest

from archives import FORMATS, regular, serialise
from archtool.archives.archive import Archive
from archtool.archives.limits import Limits
from archtool.errors import SourceChangedError
from command_line import archtool
from unit.bagit.bag_builders import LETTER, bag_files, look, with_tag_manifest

BAG = with_tag_manifest(bag_files())
FORGED = b"FORGED\n"


def codes(path: Path) -> list[str]:
    return [f.code for f in look(path).findings]


def is_refused(path: Path) -> bool:
    """Whether `verify` and `unpack` refuse a file for its second reading and write nothing."""
    out = path.parent / f"unpacked-{path.name.replace('.', '-')}"
    done = archtool("unpack", path, "-o", out)
    verdict = look(path).verdict
    is_judged = (verdict["bag"], verdict["trust"]) != ("unreadable", "not-asked")
    return codes(path) == ["archive.two-readings"] and done.code == 3 and not out.exists() and not is_judged


def tar_bytes(*files: tuple[str, bytes], form: int = tarfile.USTAR_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for path, data in files:
            archive.addfile(*regular(path, data))
    return buffer.getvalue()


def zip_bytes(*files: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in files:
            archive.writestr(path, data)
    return buffer.getvalue()


def as_tar_header(block: bytes) -> bytes:
    """Return a block with the fields of a tar header set, except for the name."""
    header = bytearray(block.ljust(512, b"\0"))
    header[100:108], header[108:124] = b"0000644\0", b"0000000\0" * 2
    header[124:136] = header[136:148] = b"0" * 11 + b"\0"
    header[156:157], header[257:265], header[148:156] = b"0", b"ustar\x0000", b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


def gzip_with_tar_in_header(data: bytes) -> bytes:
    """Return a gzip file whose extra field (RFC 1952 §2.3.1.1) makes it start as a tar of a forged file."""
    forged = tar_bytes(("forged/letter.txt", FORGED))
    inside = 500 + len(forged)
    head = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff" + struct.pack("<H2sH", inside, b"AR", inside - 4)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    return as_tar_header(head) + forged + packed + struct.pack("<LL", zlib.crc32(data), len(data))


def gzip_with_zip_in_header(data: bytes) -> bytes:
    """Return a gzip file whose extra field is a complete zip, for programs that search for its end."""
    inside = zip_bytes(("letters/data/letter.txt", FORGED))
    body = gzip.compress(data, mtime=0)
    return body[:3] + b"\x04" + body[4:10] + struct.pack("<H", len(inside)) + inside + body[10:]


def zip_with_tar_in_extra_field(data: bytes) -> bytes:
    """Return a zip whose first local header, with an unknown extra field, is a tar of a forged file."""
    forged = tar_bytes(("forged/letter.txt", FORGED))
    name_bytes, extra_bytes = struct.unpack_from("<HH", data, 26)
    at = 30 + name_bytes
    assert not extra_bytes
    inside = 512 - (at + 4) + len(forged)
    head = bytearray(data[:at].ljust(512, b"\0"))
    struct.pack_into("<HH", head, 26, name_bytes, inside + 4)
    struct.pack_into("<HH", head, at, 0xCAFE, inside)
    begin = as_tar_header(bytes(head)) + forged
    moved = len(begin) - at
    whole = bytearray(begin + data[at:])
    end = whole.rfind(b"PK\5\6")
    entries, _, offset = struct.unpack_from("<HLL", whole, end + 10)
    struct.pack_into("<L", whole, end + 16, offset + moved)
    entry = offset + moved
    for _ in range(entries):
        lengths = struct.unpack_from("<HHH", whole, entry + 28)
        (begins,) = struct.unpack_from("<L", whole, entry + 42)
        struct.pack_into("<L", whole, entry + 42, begins + moved if begins else 0)
        entry += 46 + sum(lengths)
    return bytes(whole)


def extracted_by_tar(path: Path) -> bytes:
    program = shutil.which("tar")
    if program is None:
        pytest.skip("tar is not installed")
    command = [program, "xOf", str(path), "forged/letter.txt"]
    return subprocess.run(command, capture_output=True, check=False).stdout


@pytest.mark.parametrize("name", ["letters.zip", "letters.tar", "letters", "letters.tar.gz"])
def test_a_zip_whose_first_header_is_a_tar_header_is_refused_under_any_name(
    name: str, tmp_path: Path
) -> None:
    original = serialise(BAG, tmp_path / "a.zip").read_bytes()
    path = tmp_path / name
    path.write_bytes(zip_with_tar_in_extra_field(original))
    assert extracted_by_tar(path) == FORGED
    assert is_refused(path)


@pytest.mark.parametrize("name", ["letters.tar.gz", "letters.tgz", "letters.tar", "letters"])
def test_a_gzip_file_whose_extra_field_holds_a_tar_is_refused_under_any_name(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(gzip_with_tar_in_header(serialise(BAG, tmp_path / "a.tar").read_bytes()))
    assert extracted_by_tar(path) == FORGED
    assert is_refused(path)


def test_a_gzip_file_whose_extra_field_holds_a_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letters.tar.gz"
    path.write_bytes(gzip_with_zip_in_header(serialise(BAG, tmp_path / "a.tar").read_bytes()))
    with zipfile.ZipFile(path) as other:
        assert other.read("letters/data/letter.txt") == FORGED
    assert is_refused(path)


@pytest.mark.parametrize("at", ["stored name", "comment"])
def test_a_gzip_file_whose_texts_form_a_tar_header_is_refused(at: str, tmp_path: Path) -> None:
    """RFC 1952 §2.3: FNAME and FCOMMENT end at a NUL, so the header is written without one."""
    flag = {"stored name": 8, "comment": 16}[at]
    header = bytearray(b"\x1f\x8b\x08" + bytes([flag]) + b"\0\0\0\0\0\xff" + b"x" * 502)
    header[100:108], header[108:124], header[124:148] = b"0000644 ", b"0000000 " * 2, b"00000000000 " * 2
    header[156:157], header[257:265], header[148:156] = b"0", b"ustar  x", b" " * 8
    header[148:156] = b" %06o " % sum(header)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = serialise(BAG, tmp_path / "a.tar").read_bytes()
    packed = packer.compress(data) + packer.flush()
    path = tmp_path / "letters.tar.gz"
    path.write_bytes(bytes(header) + b"\0" + packed + struct.pack("<LL", zlib.crc32(data), len(data)))
    assert gzip.decompress(path.read_bytes()) == data
    assert is_refused(path)


def test_a_tar_header_with_a_checksum_of_signed_bytes_is_recognised(tmp_path: Path) -> None:
    """Some old systems summed signed bytes; GNU tar, libarchive and Python accept both sums."""
    header = bytearray(gzip_with_tar_in_header(b"")[:512])
    header[148:156] = b" " * 8
    signed = sum(header) - 256 * sum(byte > 127 for byte in header)
    header[148:156] = b"%06o\0 " % signed
    path = tmp_path / "letters.tar.gz"
    original = gzip_with_tar_in_header(serialise(BAG, tmp_path / "a.tar").read_bytes())
    path.write_bytes(bytes(header) + original[512:])
    assert extracted_by_tar(path) == FORGED
    assert is_refused(path)


@pytest.mark.parametrize("form", FORMATS[:4])
def test_a_tar_with_a_zip_behind_it_is_refused(form: str, tmp_path: Path) -> None:
    path = serialise(BAG, tmp_path / f"letters.{form}")
    path.write_bytes(path.read_bytes() + zip_bytes(("letters/data/letter.txt", FORGED)))
    with zipfile.ZipFile(path) as other:
        assert other.read("letters/data/letter.txt") == FORGED
    assert look(path).verdict["bag"] == "unreadable"
    assert is_refused(path)


def test_a_tar_with_a_zip_in_its_attributes_is_refused(tmp_path: Path) -> None:
    inside = zip_bytes(("letters/data/letter.txt", FORGED))
    path = tmp_path / "letters.tar"
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in BAG.items():
            header, file = regular(f"bag/{name}", data)
            header.pax_headers = {"comment": inside.decode("utf-8", "surrogateescape")}
            archive.addfile(header, file)
    assert zipfile.is_zipfile(path)
    assert is_refused(path)


def test_a_tar_with_a_zip_outside_the_bag_is_refused(tmp_path: Path) -> None:
    files = [(f"bag/{name}", data) for name, data in BAG.items()]
    path = tmp_path / "letters.tar"
    path.write_bytes(tar_bytes(*files, ("stray.bin", zip_bytes(("letters/data/letter.txt", FORGED)))))
    assert zipfile.is_zipfile(path)
    assert is_refused(path)


@pytest.mark.parametrize("ending", ["", ".gz", ".bz2", ".xz"])
def test_a_second_tar_behind_the_end_of_the_first_is_refused(ending: str, tmp_path: Path) -> None:
    pack = {"": bytes, ".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}[ending]
    first = tar_bytes(*((f"bag/{name}", data) for name, data in BAG.items()))
    path = tmp_path / f"letters.tar{ending}"
    path.write_bytes(pack(first) + pack(tar_bytes(("bag/data/letter.txt", FORGED))))
    assert is_refused(path)


@pytest.mark.parametrize(
    "signature", [b"\x28\xb5\x2f\xfd", b"LZIP\1", b"\x5d\0\0", b"7z\xbc\xaf\x27\x1c", b"PK\3\4"]
)
def test_a_tar_that_begins_like_another_archive_is_refused(signature: bytes, tmp_path: Path) -> None:
    data = bytearray(tar_bytes(("xxxxxxxx/x", b""), *((f"bag/{name}", data) for name, data in BAG.items())))
    data[: len(signature)], data[148:156] = signature, b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])
    path = tmp_path / "letters.tar"
    path.write_bytes(data)
    assert is_refused(path)


@pytest.mark.parametrize("form", ["tar", "zip"])
def test_an_archive_with_the_signature_of_a_disk_image_is_refused(form: str, tmp_path: Path) -> None:
    make = tar_bytes if form == "tar" else zip_bytes
    data = bytearray(make(("bag/image", bytes(64 * 1024)), *((f"bag/{n}", d) for n, d in BAG.items())))
    path = tmp_path / f"letters.{form}"
    data[32769:32774] = b"CD001"
    path.write_bytes(data)
    assert is_refused(path)


@pytest.mark.parametrize("form", FORMATS)
def test_an_archive_is_refused_under_the_ending_of_another_format(form: str, tmp_path: Path) -> None:
    original = serialise(BAG, tmp_path / f"original.{form}").read_bytes()
    for ending in (*FORMATS, "tgz", "txz", "7z", "iso"):
        path = tmp_path / f"letters-{ending}.{ending}"
        path.write_bytes(original)
        agrees = form == {"tgz": "tar.gz", "txz": "tar.xz"}.get(ending, ending)
        agrees |= ending == "tar" and form != "zip"  # every program detects how a tar is compressed
        assert is_refused(path) is not agrees
        if not agrees:
            assert f".{form}" in str(look(path).findings[0].hint)


@pytest.mark.parametrize("form", FORMATS)
def test_documents_that_are_zips_are_a_valid_payload(form: str, tmp_path: Path) -> None:
    document = zip_bytes(("word/document.xml", LETTER), ("[Content_Types].xml", b"<Types/>"))
    files = with_tag_manifest(bag_files({"data/letter.docx": document, "data/z/other.odt": document}))
    last = {name: files[name] for name in sorted(files, reverse=True)}
    for number, order in enumerate((files, last)):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert codes(serialise(order, folder / f"letters.{form}")) == []


def test_a_text_that_contains_the_end_signature_of_a_zip_is_a_valid_payload(tmp_path: Path) -> None:
    text = b"A zip ends with PK\5\6 and eighteen bytes more, or so they say, and with a comment.\n"
    files = with_tag_manifest(bag_files({"data/letter.txt": text}))
    for form in FORMATS:
        assert codes(serialise(files, tmp_path / f"letters.{form}")) == []


@pytest.mark.parametrize("form", FORMATS)
def test_a_changed_archive_with_its_old_time_is_reported_as_changed(form: str, tmp_path: Path) -> None:
    path = serialise(BAG, tmp_path / f"letters.{form}")
    before = path.stat()
    with Archive(path, Limits()) as archive:
        archive.read_bytes("bagit.txt", 1024)
        with path.open("r+b") as file:
            first = file.read(1)
            file.seek(0)
            file.write(first)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        with pytest.raises(SourceChangedError):
            archive.read_bytes("manifest-sha512.txt", 1024)
