"""Recognises files that are not plain text by their first bytes.

In a single-byte encoding every byte is a character, so any decoder accepts a PDF as ISO 8859-1.

Sources: the specifications of the formats; the PRONOM registry (The National Archives) lists the same bytes.
"""

from __future__ import annotations

import re
from typing import NamedTuple

HEAD_BYTES = 1024  # a PDF can begin with up to this many other bytes (ISO 32000, annex H)


class Format(NamedTuple):
    """A file format other than plain text."""

    name: str
    role: str
    """The usual role of such a file under `files` in a description."""
    media_type: str
    """Its media type; for a container of several formats, the beginning that their types share."""


_FACSIMILE, _OTHER = "facsimile", "other"
_BEGINNINGS: tuple[tuple[bytes, Format], ...] = (
    (b"%PDF-", Format("a PDF", _FACSIMILE, "application/pdf")),
    (b"%!PS", Format("a PostScript file", _FACSIMILE, "application/postscript")),
    (b"\xff\xd8\xff", Format("a JPEG image", _FACSIMILE, "image/jpeg")),
    (b"\x89PNG\r\n\x1a\n", Format("a PNG image", _FACSIMILE, "image/png")),
    (b"GIF87a", Format("a GIF image", _FACSIMILE, "image/gif")),
    (b"GIF89a", Format("a GIF image", _FACSIMILE, "image/gif")),
    (b"II*\0", Format("a TIFF image", _FACSIMILE, "image/tiff")),
    (b"MM\0*", Format("a TIFF image", _FACSIMILE, "image/tiff")),
    (b"II+\0", Format("a BigTIFF image", _FACSIMILE, "image/tiff")),
    (b"MM\0+", Format("a BigTIFF image", _FACSIMILE, "image/tiff")),
    (b"BM", Format("a BMP image", _FACSIMILE, "image/bmp")),
    (b"\0\0\0\x0cjP  \r\n\x87\n", Format("a JPEG 2000 image", _FACSIMILE, "image/jp2")),
    (b"\xff\x4f\xff\x51", Format("a JPEG 2000 image", _FACSIMILE, "image/jp2")),
    (b"AT&TFORM", Format("a DjVu document", _FACSIMILE, "image/vnd.djvu")),
    (b"8BPS", Format("a Photoshop image", _FACSIMILE, "image/vnd.adobe.photoshop")),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        Format("an old Microsoft Office document", _OTHER, "application/x-ole-storage"),
    ),
    (b"{\\rtf", Format("a Rich Text document", _OTHER, "application/rtf")),
    (b"7z\xbc\xaf\x27\x1c", Format("a 7z archive", _OTHER, "application/x-7z-compressed")),
    (b"Rar!\x1a\x07", Format("a RAR archive", _OTHER, "application/vnd.rar")),
    (b"\x1f\x8b", Format("a gzip file", _OTHER, "application/gzip")),
    (b"BZh", Format("a bzip2 file", _OTHER, "application/x-bzip2")),
    (b"\xfd7zXZ\0", Format("an xz file", _OTHER, "application/x-xz")),
    (b"\x28\xb5\x2f\xfd", Format("a Zstandard file", _OTHER, "application/zstd")),
    (b"ID3", Format("an MP3 recording", _OTHER, "audio/mpeg")),
    (b"OggS", Format("an Ogg recording", _OTHER, "application/ogg")),
    (b"fLaC", Format("a FLAC recording", _OTHER, "audio/flac")),
    (b"\x1aE\xdf\xa3", Format("a Matroska film", _OTHER, "video/matroska")),
    (b"SQLite format 3\0", Format("an SQLite database", _OTHER, "application/vnd.sqlite3")),
    (b"\x7fELF", Format("a program", _OTHER, "application/x-executable")),
    (b"MZ\x90\0", Format("a program", _OTHER, "application/x-executable")),
    (b"\0\x05\x16\x07", Format("metadata of a macOS file (AppleDouble)", _OTHER, "application/applefile")),
)
_RIFF = {
    b"WEBP": Format("a WebP image", _FACSIMILE, "image/webp"),
    b"WAVE": Format("a WAV recording", _OTHER, "audio/vnd.wave"),
}
_ZIP = b"PK\x03\x04"
_BITMAP = b"BM"
_OPEN_DOCUMENT = re.compile(rb"mimetype(application/vnd\.oasis\.opendocument\.[a-z-]+)")


def recognise(head: bytes) -> Format | None:
    """Return the format of a file from its first bytes; `None` if it can be plain text.

    `head` is the first `HEAD_BYTES` of the file, or the complete file if it is shorter.
    """
    for beginning, known in _BEGINNINGS:
        if head.startswith(beginning) and (beginning != _BITMAP or _is_bitmap(head)):
            return known
    if head.startswith(_ZIP):
        return _zip_format(head)
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], Format("a RIFF file", _OTHER, "application/x-riff"))
    if head[4:8] == b"ftyp":
        is_image = head[8:12] in (b"heic", b"heix", b"mif1", b"avif")
        return (
            Format("a HEIF image", _FACSIMILE, "image/heif")
            if is_image
            else Format("an MP4 film", _OTHER, "video/mp4")
        )
    if b"%PDF-" in head[:HEAD_BYTES]:
        return Format("a PDF", _FACSIMILE, "application/pdf")
    return None


def _is_bitmap(head: bytes) -> bool:
    """Whether bytes that begin with `BM` are an image: then the four bytes after the file size are zero."""
    return len(head) > 14 and head[6:10] == b"\0\0\0\0"


def _zip_format(head: bytes) -> Format:
    """Return the format of a zip container; office documents are recognised by their first members."""
    if (found := _OPEN_DOCUMENT.search(head)) is not None:
        return Format("an OpenDocument file (.odt, .ods)", _OTHER, found[1].decode("ascii"))
    if b"mimetypeapplication/epub" in head:
        return Format("an EPUB book", _OTHER, "application/epub+zip")
    if b"[Content_Types].xml" in head or b"word/" in head or b"_rels/" in head:
        return Format(
            "a Microsoft Office document (.docx, .xlsx)",
            _OTHER,
            "application/vnd.openxmlformats-officedocument",
        )
    return Format("a zip archive", _OTHER, "application/zip")
