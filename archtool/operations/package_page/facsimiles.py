"""Reads the facsimiles that the page shows: raster images of the types that every browser shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archtool.description.model import Description, OtherFile
from archtool.file_metadata.image_size import image_size, image_type
from archtool.operations.content.package_reader import OpenPackage
from archtool.operations.package_page.payload_reading import PayloadReader, why_absent
from archtool.operations.sources.folders import folder_of
from archtool.report.numbers import format_size
from archtool.report.package_page.limits import (
    MAX_IMAGE_BYTES,
    MAX_IMAGE_PIXELS,
    MAX_IMAGES,
    MAX_IMAGES_BYTES,
)
from archtool.report.package_page.model import Facsimiles, FileState, ImageNotShown, ShownImage
from archtool.text.file_signatures import HEAD_BYTES, recognise

_ROLE = "facsimile"


@dataclass(frozen=True, slots=True)
class _Declared:
    """A file, and what the description says about it or its folder."""

    file: str
    said: OtherFile


def read_facsimiles(package: OpenPackage, description: Description, *, is_wanted: bool) -> Facsimiles:
    """Count the facsimiles, and read them if they are wanted, within the limits of one page."""
    declared = tuple(_declared(package, description))
    if not is_wanted or not declared:
        return Facsimiles(len(declared), is_wanted)
    reader = PayloadReader(package, [one.file for one in declared])
    accepted, refused = _choose(reader, declared, why_absent(package))
    by_file = {one.file: one.said for one in accepted}
    images: dict[str, ShownImage] = {}
    for file in reader.in_order(by_file):
        found = _read(reader, file, by_file[file])
        if isinstance(found, ImageNotShown):
            refused[file] = found
        else:
            images[file] = found
    return Facsimiles(
        len(declared),
        is_wanted,
        tuple(images[one.file] for one in declared if one.file in images),
        tuple(refused[one.file] for one in declared if one.file in refused),
    )


def _declared(package: OpenPackage, description: Description) -> Iterator[_Declared]:
    """Yield the facsimiles in the order of the description; those of a folder by their names."""
    stated = [other for other in description.files if other.role == _ROLE]
    files = {other.file: other for other in stated if not other.is_folder}
    folders = {other.file: other for other in stated if other.is_folder}
    members: dict[str, list[str]] = {}
    payload = (
        [path.removeprefix("data/") for path in sorted(package.layout.payload_as_listed)] if folders else []
    )
    for file in payload:
        folder = None if file in files else folder_of(file, folders)
        if folder is not None:
            members.setdefault(folder, []).append(file)
    for other in stated:
        for file in members.get(other.file, ()) if other.is_folder else (other.file,):
            yield _Declared(file, other)


def _choose(
    reader: PayloadReader, declared: Sequence[_Declared], absent: str
) -> tuple[list[_Declared], dict[str, ImageNotShown]]:
    """Return the files that there is room for, and why the others are not shown."""
    accepted: list[_Declared] = []
    refused: dict[str, ImageNotShown] = {}
    left_bytes = MAX_IMAGES_BYTES
    for one in declared:
        size_bytes = reader.size_of(one.file)
        reason = absent if size_bytes is None else _why_no_room(size_bytes, left_bytes, len(accepted))
        if reason is not None:
            refused[one.file] = ImageNotShown(one.file, reason)
        else:
            accepted.append(one)
            left_bytes -= size_bytes or 0
    return accepted, refused


def _why_no_room(size_bytes: int, left_bytes: int, images: int) -> str | None:
    if size_bytes > MAX_IMAGE_BYTES:
        return (
            f"{format_size(size_bytes)}: this page has no image of more than {format_size(MAX_IMAGE_BYTES)}"
        )
    if images >= MAX_IMAGES:
        return f"this page has at most {MAX_IMAGES} images"
    if size_bytes > left_bytes:
        return f"{format_size(size_bytes)}: this page has at most {format_size(MAX_IMAGES_BYTES)} of images"
    return None


def _read(reader: PayloadReader, file: str, said: OtherFile) -> ShownImage | ImageNotShown:
    content = reader.read(file, MAX_IMAGE_BYTES)
    if content.state is FileState.NOT_READ:
        return ImageNotShown(file, "it could not be read")
    media_type, size = image_type(content.data), image_size(content.data)
    if media_type is None:
        found = recognise(content.data[:HEAD_BYTES])
        return ImageNotShown(file, f"{found.name if found else 'no image'}: not all browsers show it")
    if size is None:
        return ImageNotShown(file, "its header is damaged")
    width, height = size
    if width * height > MAX_IMAGE_PIXELS:
        return ImageNotShown(file, f"{width:,} × {height:,} pixels: too large for this page")
    return ShownImage(
        file, media_type, content.data, width, height, content.state,
        title=said.title, note=said.note, of=said.of,
    )  # fmt: skip
