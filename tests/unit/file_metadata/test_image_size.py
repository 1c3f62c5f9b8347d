"""The size of an image comes from its header; a header that states nonsense gives none."""

from __future__ import annotations

import pytest

from archtool.file_metadata.image_size import image_size, image_type
from image_files import TIFF, jpeg_header, png, webp_header

GIF = b"GIF89a" + (320).to_bytes(2, "little") + (200).to_bytes(2, "little") + b"\0" * 10


@pytest.mark.parametrize(
    ("data", "kind", "size"),
    [
        (png(60, 90), "image/png", (60, 90)),
        (jpeg_header(1200, 1600), "image/jpeg", (1200, 1600)),
        (GIF, "image/gif", (320, 200)),
        (webp_header(b"VP8 ", 400, 300), "image/webp", (400, 300)),
        (webp_header(b"VP8L", 401, 302), "image/webp", (401, 302)),
        (webp_header(b"VP8X", 70_000, 3), "image/webp", (70_000, 3)),
    ],
)
def test_type_and_size_of_an_image_are_read_from_its_header(
    data: bytes, kind: str, size: tuple[int, int]
) -> None:
    assert (image_type(data), image_size(data)) == (kind, size)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        TIFF,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"BM" + b"\0" * 60,
    ],
)
def test_other_files_are_no_images_that_every_browser_shows(data: bytes) -> None:
    assert (image_type(data), image_size(data)) == (None, None)


@pytest.mark.parametrize("data", [png(), jpeg_header(3, 4), GIF, webp_header(b"VP8X", 5, 6)])
def test_an_image_that_is_cut_off_never_raises(data: bytes) -> None:
    for length in range(len(data)):
        size = image_size(data[:length])
        assert size is None or size == image_size(data)


def test_an_image_without_pixels_has_no_size() -> None:
    assert image_size(png(stated=(0, 90))) is None


def test_a_jpeg_of_markers_without_end_has_no_size() -> None:
    assert image_size(b"\xff\xd8\xff" + b"\xd0\xff" * 100_000) is None
