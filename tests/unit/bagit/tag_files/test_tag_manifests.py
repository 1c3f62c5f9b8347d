"""Lines are added to tag manifests, and the existing lines do not change."""

from __future__ import annotations

import pytest

from archtool.bagit.tag_files.tag_manifests import add_to_tag_manifest, is_ascii_compatible
from archtool.files.hashing.digests import Algorithm, digest_bytes

NEW = {"attestations/0001-x/statement.json": digest_bytes(Algorithm.SHA256, b"new")}
LINE = f"{NEW['attestations/0001-x/statement.json'].hex}  attestations/0001-x/statement.json\n".encode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"", LINE),
        (b"aa  a\nbb  z\n", b"aa  a\n" + LINE + b"bb  z\n"),
        (b"bb  z\naa  a\n", b"bb  z\naa  a\n" + LINE),
        (b"bb  z", LINE + b"bb  z\n"),
        (b"bb  z\r\n", b"bb  z\r\n" + LINE),
        (b"bb  z\rcc  zz\r", b"bb  z\rcc  zz\r" + LINE),
    ],
)
def test_lines_are_added_in_order_and_no_other_byte_changes(old: bytes, new: bytes) -> None:
    assert add_to_tag_manifest(old, NEW) == new


@pytest.mark.parametrize(
    ("encoding", "is_fit"),
    [("UTF-8", True), ("ISO-8859-1", True), ("windows-1251", True), ("UTF-16", False), ("utf-32", False),
     ("cp037", False), ("no-such", False)],
)  # fmt: skip
def test_lines_in_ascii_fit_into_most_encodings(encoding: str, *, is_fit: bool) -> None:
    assert is_ascii_compatible(encoding) is is_fit
