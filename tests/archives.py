"""Archives for the tests, made with the standard library and by hand: good ones and ones that do harm."""

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
    """An archive of these files in the folder `base`; its name says which kind."""
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
    """A tar's header of a file, and its data."""
    header = tarfile.TarInfo(path)
    header.size = len(data)
    return header, io.BytesIO(data)


def special(path: str, kind: bytes, points_to: str = "") -> tarfile.TarInfo:
    """A tar's header of something that is no file."""
    header = tarfile.TarInfo(path)
    header.type, header.linkname = kind, points_to
    return header


def tar_of(target: Path, *members: tarfile.TarInfo | tuple[str, bytes]) -> Path:
    """A tar of just these members, in this order."""
    with tarfile.open(target, "w") as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
            else:
                archive.addfile(*regular(*member))
    return target


def zip_of(target: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    """A zip of just these members, in this order, stored."""
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members:
            archive.writestr(name, data)
    return target


def raw_zip(*members: tuple[str, bytes, dict[str, int]]) -> bytes:
    """A zip by hand; each member may lie in its directory entry.

    The keys of a lie: `size`, `packed`, `crc`, `offset`, `method`, `flags`; and `local_size` before the data.
    """
    body, directory = bytearray(), bytearray()
    for name, data, lie in members:
        raw = name.encode()
        deflater = zlib.compressobj(wbits=-15)
        method = lie.get("method", 8)
        packed = deflater.compress(data) + deflater.flush() if method == 8 else data
        offset, crc = lie.get("offset", len(body)), lie.get("crc", zlib.crc32(data))
        flags, size = lie.get("flags", 0), lie.get("size", len(data))
        length = lie.get("packed", len(packed))
        local = (crc, length, lie.get("local_size", size), len(raw), 0)
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
    """The one folder of an archive, extracted by the standard library and not by archtool."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as members:
                members.extractall(folder)  # noqa: S202 - an archive of ours
        else:
            with tarfile.open(archive) as tar:
                tar.extractall(folder, filter="data")
        (only,) = folder.iterdir()
        yield only
