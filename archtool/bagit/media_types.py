"""Media types and names that profiles use for the formats of archives.

Systems use different names: Windows calls a zip `application/x-zip-compressed`, and types that were
registered late (`application/gzip`, RFC 6713) had other names before (`application/x-gzip`).

Source: IANA media types; the shared MIME-info database of freedesktop.org.
"""

from __future__ import annotations

_NAMES = {
    "zip": (
        "zip", "application/zip", "application/x-zip", "application/x-zip-compressed",
        "application/zip-compressed", "application/x-compress-zip", "multipart/x-zip",
    ),
    "tar": (
        "tar", "application/tar", "application/x-tar", "application/x-gtar", "application/x-ustar",
        "application/ustar", "multipart/x-tar",
    ),
    "tar.gz": (
        "tar.gz", "tgz", "application/gzip", "application/x-gzip", "application/tar+gzip",
        "application/x-tar+gzip", "application/x-gtar", "application/x-gzip-compressed",
        "application/gzip-compressed", "application/gzipped", "application/x-compressed-tar",
        "application/x-tgz", "application/x-tar-gz", "application/x-gtar-compressed",
        "multipart/x-gzip",
    ),
    "tar.bz2": (
        "tar.bz2", "tbz2", "application/bzip2", "application/x-bzip2", "application/x-bzip",
        "application/bzip", "application/tar+bzip2", "application/x-bzip-compressed-tar",
        "application/x-bzip2-compressed-tar",
    ),
    "tar.xz": (
        "tar.xz", "txz", "application/xz", "application/x-xz", "application/tar+xz",
        "application/x-xz-compressed-tar",
    ),
}  # fmt: skip


def is_name_of(media_type: str, serialisation: str) -> bool:
    """Return whether a media type in a profile means a format, ignoring case and parameters (RFC 2045)."""
    return media_type.partition(";")[0].strip().lower() in _NAMES[serialisation]
