"""Makes a bag in one file, in a random format, with changes before and after compression."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable
from random import Random

from fuzz import archive_tokens as tokens
from fuzz.folder import Folders
from fuzz.tar_form import tar_of_items
from fuzz.tar_mutators import change_tar
from fuzz.zip_form import zip_of_items
from fuzz.zip_mutators import change_zip

BASES = ("bag",) * 8 + ("letters 1847", "Tchécoslovaquie", "", ".", "./bag", "bag/inner", "b" * 120)
TAR_FORMS = ("ustar", "gnu", "pax", "v7")
ZIP_FORMS = ("stored", "deflated", "wide", "piped")
PACKERS = ("", "", "gz", "gz", "bz2", "xz")
MAX_CHANGES = 3


def serialise(random: Random, items: Folders) -> bytes:
    """Return an archive of these files with some changes, rarely none."""
    base = random.choice(BASES)
    changes = random.choice((0, 1, 1, 1, 2, MAX_CHANGES))
    with_folders = random.random() < 0.3
    if random.random() < 0.4:
        archive = zip_of_items(items, base, random.choice(ZIP_FORMS), with_folders=with_folders)
        for _ in range(changes):
            change_zip(random, archive)
        data = archive.to_bytes()
        return change_raw_bytes(random, data) if random.random() < 0.2 or not changes else data
    tar = tar_of_items(items, base, random.choice(TAR_FORMS), with_folders=with_folders)
    for _ in range(changes):
        change_tar(random, tar)
    data = tar.to_bytes()
    if random.random() < 0.1:
        data = change_raw_bytes(random, data)
    packer = random.choice(PACKERS)
    packed = compress(random, data, packer) if packer else data
    return change_raw_bytes(random, packed) if random.random() < 0.15 else packed


def change_raw_bytes(random: Random, data: bytes) -> bytes:
    """Change bytes regardless of their meaning."""
    if not data:
        return data
    start, end = sorted(random.randrange(len(data) + 1) for _ in range(2))
    changed = bytearray(data)
    match random.randrange(8):
        case 0 | 1:
            for _ in range(random.choice((1, 1, 1, 2, 8))):
                changed[random.randrange(len(data))] ^= 1 << random.randrange(8)
        case 2:
            del changed[start:]
        case 3:
            changed[start:start] = random.randbytes(random.randrange(1, 40))
        case 4:
            changed[end:end] = data[start:end] * random.randrange(1, 4)
        case 5:
            del changed[start:end]
        case 6:
            size = random.choice((1, 512, 1024))
            at = start // size * size
            changed[at : at + size] = bytes(size)
        case _:
            changed += random.choice((*tokens.RUBBISH, data))
    return bytes(changed)


def compress(random: Random, data: bytes, packer: str) -> bytes:
    """Compress into one stream or several in sequence, perhaps with other bytes between or after them."""
    pack = _PACKERS[packer]
    if random.random() < 0.7:
        return pack(random, data)
    at = sorted(random.randrange(len(data) + 1) for _ in range(random.randint(1, 3)))
    parts = [data[begin:end] for begin, end in zip([0, *at], [*at, len(data)], strict=True)]
    joint = random.choice((b"", b"", b"", bytes(4), bytes(512), b"x", b"\x1f", b"BZ"))
    tail = random.choice((b"", b"", b"", bytes(512), b"x", b"rubbish" * 100, pack(random, data)))
    return joint.join(pack(random, part) for part in parts) + tail


def _gz(random: Random, data: bytes) -> bytes:
    if random.random() < 0.6:
        return gzip.compress(data, 1, mtime=0)
    flags = random.choice((1, 2, 4, 8, 16, 31, 32, 0xE0))  # FTEXT, FHCRC, FEXTRA, FNAME, FCOMMENT, reserved
    head = b"\x1f\x8b\x08" + bytes([flags]) + bytes(4) + b"\0\3"
    head += b"\3\0abc" if flags & 4 else b""
    head += b"../../escaped\0" if flags & 8 else b""
    head += b"a comment\0" if flags & 16 else b""
    head += (zlib.crc32(head) & 0xFFFF).to_bytes(2, "little") if flags & 2 else b""
    packer = zlib.compressobj(1, wbits=-15)
    sizes = zlib.crc32(data).to_bytes(4, "little") + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")
    if random.random() < 0.15:
        sizes = random.choice((sizes[:4], bytes(8), sizes[4:] + sizes[:4], b""))
    return head + packer.compress(data) + packer.flush() + sizes


def _bz2(_random: Random, data: bytes) -> bytes:
    return bz2.compress(data, 1)


def _xz(random: Random, data: bytes) -> bytes:
    check = random.choice((lzma.CHECK_CRC32, lzma.CHECK_CRC64, lzma.CHECK_NONE, lzma.CHECK_SHA256))
    return lzma.compress(data, check=check, filters=[{"id": lzma.FILTER_LZMA2, "preset": 0}])


_PACKERS: dict[str, Callable[[Random, bytes], bytes]] = {"gz": _gz, "bz2": _bz2, "xz": _xz}
