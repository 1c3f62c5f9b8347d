"""Archives for the tests, valid and hostile, made with the standard library and by hand."""

from __future__ import annotations

import io
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

FORMATS = ("tar", "tar.gz", "tar.bz2", "tar.xz", "zip")
Files = Mapping[str, bytes]


def serialise(files: Files, target: Path, base: str = "letters") -> Path:
    """Write an archive of these files in the folder `base`, in the format that its name ends in."""
    named = {f"{base}/{path}" if base else path: data for path, data in files.items()}
    if target.suffix == ".zip":
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, data in named.items():
                archive.writestr(path, data)
        return target
    kind = target.suffix[1:]
    with tarfile.open(target, "w" if kind == "tar" else f"w:{kind}") as archive:  # type: ignore[call-overload]
        for path, data in named.items():
            archive.addfile(*regular(path, data))
    return target


def regular(path: str, data: bytes) -> tuple[tarfile.TarInfo, io.BytesIO]:
    """Return the header of a file in a tar, and its data."""
    header = tarfile.TarInfo(path)
    header.size = len(data)
    return header, io.BytesIO(data)


def special(path: str, kind: bytes, points_to: str = "") -> tarfile.TarInfo:
    """Return the header of a tar member that is not a file."""
    header = tarfile.TarInfo(path)
    header.type, header.linkname = kind, points_to
    return header


def tar_of(target: Path, *members: tarfile.TarInfo | tuple[str, bytes]) -> Path:
    """Write a tar of exactly these members, in this order."""
    with tarfile.open(target, "w") as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
            else:
                archive.addfile(*regular(*member))
    return target


def zip_of(target: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    """Write a zip of exactly these members, in this order, uncompressed."""
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members:
            archive.writestr(name, data)
    return target


def raw_zip(*members: tuple[str, bytes, dict[str, int]]) -> bytes:
    """Build a zip by hand; the directory entry of each member can have false values.

    Their keys: `size`, `packed`, `crc`, `offset`, `method`, `flags`; and `local_size` for the local header.
    """
    body, directory = bytearray(), bytearray()
    for name, data, false_values in members:
        raw = name.encode()
        deflater = zlib.compressobj(wbits=-15)
        method = false_values.get("method", 8)
        packed = deflater.compress(data) + deflater.flush() if method == 8 else data
        offset, crc = false_values.get("offset", len(body)), false_values.get("crc", zlib.crc32(data))
        flags, size = false_values.get("flags", 0), false_values.get("size", len(data))
        length = false_values.get("packed", len(packed))
        local = (crc, length, false_values.get("local_size", size), len(raw), 0)
        body += struct.pack("<4s5H3L2H", b"PK\3\4", 20, flags, method, 0, 0x21, *local) + raw + packed
        directory += struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", 20, 20, flags, method, 0, 0x21, crc, length, size, len(raw),
            0, 0, 0, 0, 0, offset,
        ) + raw  # fmt: skip
    count = len(members)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory + end)


@contextmanager
def extracted(archive: Path) -> Iterator[Path]:
    """Extract the only folder of an archive with the standard library instead of archtool."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as members:
                members.extractall(folder)  # noqa: S202 - an archive that a test made
        else:
            with tarfile.open(archive) as tar:
                tar.extractall(folder, filter="data")
        (only,) = folder.iterdir()
        yield only
