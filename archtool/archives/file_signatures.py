"""What a file is that archtool does not read as an archive, by how it begins, and what to do with it.

Source: the formats' own specifications; file(1)'s magic numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

HEAD_BYTES = 36 * 1024
"""An ISO 9660 image is known by its block 16, of 2,048 bytes each."""
_EXTRACT = "extract it with {program} and verify the folder, or make a tar or zip of that folder"
_WEB_PAGE = "look at it in a browser: it may say why the archive was not sent"
_COPY = "fetch or copy it again"


@dataclass(frozen=True, slots=True)
class ArchiveSignature:
    """How the files of one format begin."""

    magic: bytes
    what: str
    hint: str
    at: int = 0
    """The byte where the mark stands."""


def _packed(magic: bytes, what: str, program: str, at: int = 0) -> ArchiveSignature:
    return ArchiveSignature(magic, what, _EXTRACT.format(program=program), at)


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
    ArchiveSignature(b"\0\5\x16\7", "an AppleDouble file, which macOS writes beside the true one",
              "name the file without `._` at its beginning"),
    ArchiveSignature(b"<!DOCTYPE", "a web page", _WEB_PAGE),
    ArchiveSignature(b"<html", "a web page", _WEB_PAGE),
    ArchiveSignature(b"version https://git-lfs", "a pointer of Git LFS, not the file itself", "git lfs pull"),
    ArchiveSignature(b"%PDF-", "a PDF file", "name a bag's folder or archive"),
)  # fmt: skip


def name_of(head: bytes) -> tuple[str, str]:
    """What a file is that begins so, and what to do with it."""
    if not head:
        return "an empty file", _COPY
    if not any(head):
        return "a file of zeros", _COPY
    for known in _SIGNATURES:
        if head.startswith(known.magic, known.at):
            return known.what, known.hint
    return "neither a folder nor an archive that archtool reads", (
        "tar, tar.gz, tar.bz2, tar.xz and zip are read: extract anything else with the program that made it, "
        "then verify the folder; if it should be one of these, fetch or copy it again"
    )
