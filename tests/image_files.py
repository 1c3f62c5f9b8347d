"""Makes small images for the tests: real PNG files, and files that only begin like others."""

from __future__ import annotations

import struct
import zlib


def png(width: int = 60, height: int = 90, stated: tuple[int, int] | None = None) -> bytes:
    """Return a PNG image with stripes; its header can state another size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes([230 if y % 8 else 90]) * width for y in range(height))
    header = struct.pack(">IIBBBBB", *(stated or (width, height)), 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def jpeg_header(width: int, height: int) -> bytes:
    """Return the beginning of a JPEG image: a comment of any length, then the frame header."""
    comment = b"\xff\xfe" + struct.pack(">H", 2 + 300) + b"c" * 300
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\0"
    return b"\xff\xd8" + comment + b"\xff" + frame + b"\xff\xda\0\x02"


def webp_header(kind: bytes, width: int, height: int) -> bytes:
    """Return the beginning of a WebP image of one of the three kinds."""
    if kind == b"VP8X":
        size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        body = b"\0\0\0\0" + size
    elif kind == b"VP8L":
        body = b"\x2f" + (width - 1 | (height - 1) << 14).to_bytes(4, "little") + b"\0" * 8
    else:
        body = b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height)
    return b"RIFF\0\0\0\0WEBP" + kind + struct.pack("<I", len(body)) + body


TIFF = b"II*\0" + b"\0" * 60
