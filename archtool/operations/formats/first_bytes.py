"""Takes the media type of a file from its name and its first bytes, which are read while it is copied."""

from __future__ import annotations

from typing import NamedTuple

from archtool.files.paths import shown
from archtool.files.source import InlineSink
from archtool.findings import Finding
from archtool.formats.finding_kinds import NAME_DIFFERS
from archtool.provenance.file_formats import UNKNOWN_FORMAT, format_of_name
from archtool.text.file_signatures import HEAD_BYTES, Format, recognise

BOTH = "name and first bytes"
FIRST_BYTES = "first bytes"
_HAVE_SIGNATURES = (
    "application/epub+zip", "application/pdf", "application/rtf", "application/vnd.oasis.opendocument",
    "application/vnd.openxmlformats-officedocument", "image/",
)  # fmt: skip
"""The beginnings of the media types whose files have known first bytes."""
_ZIP, _OFFICE = "application/zip", "application/vnd.openxmlformats-officedocument"
_ZIP_BASED = ("application/epub+zip", "application/vnd.oasis.opendocument", _OFFICE)
_ENCRYPTED_OFFICE = "application/x-ole-storage"  # also the container of .docx files with a password


class MediaType(NamedTuple):
    """The media type of a file."""

    name: str
    """`unknown` if neither the name nor the first bytes show it."""
    basis: str | None = None
    """The evidence; `None` for the name alone."""
    warning: str | None = None
    """How the name and the first bytes contradict each other."""


class HeadSink(InlineSink):
    """Keeps the first bytes of a file."""

    def __init__(self) -> None:
        self.head = b""

    def update(self, data: memoryview, /) -> None:
        """Keep as many of the next bytes as are needed."""
        if len(self.head) < HEAD_BYTES:
            self.head += bytes(data[: HEAD_BYTES - len(self.head)])

    def format(self) -> Format | None:
        """Return the format that the first bytes show; `None` for a text, or a format that is not known."""
        return recognise(self.head)


def media_type_of(path: str, found: Format | None) -> MediaType:
    """Return the media type of a file from its path and the format that its first bytes show."""
    by_name = format_of_name(path)
    if found is None:
        if not by_name.startswith(_HAVE_SIGNATURES) or by_name == "image/svg+xml":
            return MediaType(by_name)
        return MediaType(UNKNOWN_FORMAT, FIRST_BYTES, f"the name suggests {by_name}, the first bytes do not")
    is_container = found.media_type == _ZIP and by_name.startswith(_ZIP_BASED)
    if by_name.startswith(found.media_type) or is_container:
        return MediaType(by_name, BOTH)
    media_type = _ZIP if found.media_type == _OFFICE else found.media_type
    if by_name == UNKNOWN_FORMAT or (
        found.media_type == _ENCRYPTED_OFFICE and by_name.startswith(_HAVE_SIGNATURES[-2])
    ):
        return MediaType(media_type, FIRST_BYTES)
    return MediaType(
        media_type,
        FIRST_BYTES,
        f"the name suggests {by_name}, the first bytes are those of {found.name}",
    )


def name_finding(path: str, media_type: MediaType) -> Finding | None:
    """Return a finding if the name of a file contradicts its first bytes."""
    if media_type.warning is None:
        return None
    return NAME_DIFFERS.at(f"{shown(path)}: {media_type.warning}", path)
