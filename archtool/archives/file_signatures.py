"""Recognises files that archtool does not read as archives, by their first bytes, for messages and hints.

Source: the formats' own specifications; file(1)'s magic numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

HEAD_BYTES = 36 * 1024
"""An ISO 9660 image has its mark in block 16, of 2,048 bytes each."""
_EXTRACT = "extract it with {program} and verify the folder, or make a tar or zip of that folder"
_WEB_PAGE = "open it in a browser: it may explain why the archive was not sent"
_COPY = "fetch or copy it again"


@dataclass(frozen=True, slots=True)
class ArchiveSignature:
    """The mark of the files of one format."""

    magic: bytes
    description: str
    hint: str
    offset: int = 0
    """The byte at which the mark begins."""


def _packed(magic: bytes, description: str, program: str, offset: int = 0) -> ArchiveSignature:
    return ArchiveSignature(magic, description, _EXTRACT.format(program=program), offset)


_SIGNATURES = (
    _packed(b"7z\xbc\xaf\x27\x1c", "a 7z archive", "7-Zip (`7z x`)"),
    _packed(b"Rar!\x1a\x07", "a RAR archive", "unrar or 7-Zip"),
    _packed(b"\x28\xb5\x2f\xfd", "a file compressed with Zstandard", "`tar --zstd -xf`"),
    _packed(b"\x04\x22\x4d\x18", "a file compressed with LZ4", "lz4 and tar"),
    _packed(b"LZIP", "a file compressed with lzip", "`tar --lzip -xf`"),
    _packed(b"\x89LZO\0", "a file compressed with lzop", "`tar --lzop -xf`"),
    _packed(b"\x5d\0\0", "a file compressed with LZMA", "`tar --lzma -xf`"),
    _packed(b"\x1f\x9d", "a file compressed with compress (.Z)", "`tar -xZf`"),
    _packed(b"\x1f\xa0", "a file compressed with compress (.Z)", "gzip and tar"),
    _packed(b"070701", "a cpio archive", "cpio or bsdtar"),
    _packed(b"070702", "a cpio archive", "cpio or bsdtar"),
    _packed(b"070707", "a cpio archive", "cpio or bsdtar"),
    _packed(b"\xc7\x71", "a cpio archive", "cpio or bsdtar"),
    _packed(b"\x71\xc7", "a cpio archive", "cpio or bsdtar"),
    _packed(b"!<arch>\n", "an ar archive", "ar or bsdtar"),
    _packed(b"xar!", "a xar archive", "bsdtar"),
    _packed(b"MSCF", "a Windows cabinet (.cab)", "7-Zip or bsdtar"),
    _packed(b"MSWIM\0\0\0", "a Windows image (.wim)", "7-Zip"),
    _packed(b"\x60\xea", "an ARJ archive", "7-Zip"),
    _packed(b"-lh", "an LHA archive", "7-Zip or bsdtar", 2),
    _packed(b"StuffIt", "a StuffIt archive", "The Unarchiver (`unar`)"),
    _packed(b"SIT!", "a StuffIt archive", "The Unarchiver (`unar`)"),
    _packed(b"hsqs", "a SquashFS image", "unsquashfs"),
    _packed(b"CD001", "a disk image (ISO 9660)", "7-Zip or bsdtar", 32769),
    _packed(b"MZ", "a Windows program, perhaps an archive that extracts itself,", "7-Zip"),
    ArchiveSignature(b"PK\7\x08", "the first part of a zip in several parts",
              "join the parts first (`zip -s 0 PARTS.zip --out WHOLE.zip`), then verify that"),
    ArchiveSignature(b"\0\5\x16\7", "an AppleDouble file, which macOS writes next to the file itself",
              "name the file without `._` at its beginning"),
    ArchiveSignature(b"<!DOCTYPE", "a web page", _WEB_PAGE),
    ArchiveSignature(b"<html", "a web page", _WEB_PAGE),
    ArchiveSignature(b"version https://git-lfs", "a pointer of Git LFS, not the file itself", "git lfs pull"),
    ArchiveSignature(b"%PDF-", "a PDF file", "name a bag's folder or archive"),
)  # fmt: skip


def describe_file(head: bytes) -> tuple[str, str]:
    """Describe a file by its first bytes, and return a hint for the user."""
    if not head:
        return "an empty file", _COPY
    if not any(head):
        return "a file of zeros", _COPY
    for known in _SIGNATURES:
        if head.startswith(known.magic, known.offset):
            return known.description, known.hint
    return "neither a folder nor an archive that archtool reads", (
        "archtool reads tar, tar.gz, tar.bz2, tar.xz and zip: extract other archives with the program that "
        "made them, then verify the folder; if this should be one of these formats, fetch or copy it again"
    )
