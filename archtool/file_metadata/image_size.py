"""Reads the size in pixels of PNG, JPEG, GIF and WebP images from their headers; decodes nothing.

Written by hand, because an image library decodes what it opens, and these are untrusted files.

Sources: PNG (ISO/IEC 15948) §11.2.2; ITU-T T.81 §B.2.2 (JPEG frame header); GIF89a §18; RFC 9649 (WebP) §2.
"""

from __future__ import annotations

import struct

_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # JPEG markers of frames: SOF0 to SOF15
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))  # JPEG markers without a length
_MAX_SEGMENTS = 10_000
_WEBP_HEADER = 30

Size = tuple[int, int]


def image_type(data: bytes) -> str | None:
    """Return the media type of an image that every browser shows; `None` for all else."""
    if data.startswith(_PNG):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def image_size(data: bytes) -> Size | None:
    """Return width and height in pixels; `None` if the header cannot be read, or states no pixel."""
    readers = {"image/png": _png, "image/jpeg": _jpeg, "image/gif": _gif, "image/webp": _webp}
    kind = image_type(data)
    if kind is None:
        return None
    try:
        width, height = readers[kind](data)
    except (struct.error, ValueError, IndexError):
        return None
    return (width, height) if width and height else None


def _png(data: bytes) -> Size:
    if data[12:16] != b"IHDR":
        raise ValueError("no header")
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _gif(data: bytes) -> Size:
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height


def _jpeg(data: bytes) -> Size:
    at = 2
    for _ in range(_MAX_SEGMENTS):
        while data[at] == 0xFF and data[at + 1] == 0xFF:  # fill bytes
            at += 1
        if data[at] != 0xFF:
            break
        marker = data[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        if marker in _ALONE:
            at += 2
        else:
            (length,) = struct.unpack_from(">H", data, at + 2)
            at += 2 + max(length, 2)
    raise ValueError("no frame header")


def _webp(data: bytes) -> Size:
    if len(data) < _WEBP_HEADER:
        raise ValueError("too short")
    chunk = data[12:16]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if chunk == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    if chunk == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    raise ValueError("no image chunk")
