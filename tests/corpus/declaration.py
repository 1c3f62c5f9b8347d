"""bagit.txt, the encoding that it declares, and the payload folder."""

from __future__ import annotations

import codecs
from pathlib import Path

from corpus.case import (
    LISTED,
    MANIFEST,
    UTF8,
    V1,
    Build,
    Case,
    encoded,
    legal,
    then,
    writes,
    wrong,
)
from unit.bagit.bag_builders import LETTER, LETTER_NAME, bag_files

_CAFE = bag_files({"data/café.txt": LETTER})
_TWO = "bagit.txt is exactly two lines: the version, then the encoding."
_FORM = "In 1.0 each line of bagit.txt is a label, a colon, one space and a value."
_MARK = "bagit.txt is UTF-8 and never begins with a byte-order mark."
_ENDS = "A line ends at CR, LF or CRLF; the last one need not have an end."
_KNOWN = "The encoding is a registered one."
_ANY = "Tag files may be in any registered encoding."
_DATA = "A bag has a folder data/, even if nothing is in it."


def _declared(data: bytes) -> Build:
    return writes(bag_files(extra={"bagit.txt": data}))


def _encoding(name: str) -> Build:
    return _declared(V1 + f"Tag-File-Character-Encoding: {name}\n".encode())


def _no_declaration(root: Path) -> None:
    (root / "bagit.txt").unlink()


def _data_is_a_file(root: Path) -> None:
    (root / "data").rmdir()
    (root / "data").write_bytes(LETTER)


# fmt: off
CASES: tuple[Case, ...] = (
    wrong("bagit-txt-missing", "A bag declares itself in bagit.txt.", "§2.1.1",
          then(bag_files(), _no_declaration), "declaration.missing", "invalid"),
    wrong("bagit-txt-empty", _TWO, "§2.1.1", _declared(b""), "declaration.malformed", "invalid"),
    wrong("bagit-txt-has-one-line", _TWO, "§2.1.1", _declared(V1), "declaration.malformed", "invalid"),
    wrong("bagit-txt-lines-swapped", _TWO, "§2.1.1", _declared(UTF8 + V1), "declaration.malformed", "valid"),
    wrong("bagit-txt-third-line", _TWO, "§2.1.1", _declared(V1 + UTF8 + b"Title: A\n"),
          "declaration.malformed", "valid"),
    wrong("bagit-txt-empty-line-between", _TWO, "§2.1.1", _declared(V1 + b"\n" + UTF8),
          "declaration.malformed", "valid"),
    wrong("bagit-txt-blank-before-colon", _FORM, "§2.1.1", _declared(V1.replace(b":", b" :") + UTF8),
          "declaration.malformed", "valid"),
    wrong("bagit-txt-no-blank-after-colon", _FORM, "§2.1.1", _declared(V1.replace(b": ", b":") + UTF8),
          "declaration.malformed", "valid"),
    wrong("bagit-txt-tab-after-colon", _FORM, "§2.1.1", _declared(V1.replace(b": ", b":\t") + UTF8),
          "declaration.malformed", "valid"),
    wrong("bagit-txt-version-in-words", "The version is two numbers with a full stop between them.", "§2.1.1",
          _declared(b"BagIt-Version: one\n" + UTF8), "declaration.malformed", "invalid"),
    wrong("bagit-txt-byte-order-mark", _MARK, "§2.1.1", _declared(codecs.BOM_UTF8 + V1 + UTF8),
          "declaration.bom", "invalid"),
    wrong("bagit-txt-in-utf-16", _MARK, "§2.1.1", _declared((V1 + UTF8).decode().encode("utf-16")),
          "declaration.malformed", "crashes"),
    Case("no-tag-file-at-all", "A folder without any tag file is not a bag, and gets no verdict.", "§2",
         writes({LETTER_NAME: LETTER}), "unreadable", frozenset(["bag.not-a-bag"]), "invalid", exit_code=3),
    Case("bagit-txt-too-large", "Two lines need no more than 64 KiB.", "archtool's limit",
         _declared(V1 + UTF8 + b" " * 70_000), "unreadable", frozenset(["bag.tag-file-too-large"]), "valid",
         exit_code=3),
    legal("bagit-txt-ends-lines-with-cr", _ENDS, "§2.3", _declared((V1 + UTF8).replace(b"\n", b"\r")),
          "valid"),
    legal("bagit-txt-ends-lines-with-crlf", _ENDS, "§2.3",
          _declared((V1 + UTF8).replace(b"\n", b"\r\n")), "valid"),
    legal("bagit-txt-without-last-line-end", _ENDS, "§2.3", _declared((V1 + UTF8).rstrip()), "valid"),
    legal("bagit-txt-label-as-in-the-examples",
          "The label may be written as in the RFC's own examples.",
          "§4.1", _declared(b"BagIt-version: 1.0\n" + UTF8), "invalid"),

    wrong("encoding-is-no-encoding", _KNOWN, "§2.1.1", _encoding("klingon"),
          "declaration.encoding-unknown", "invalid"),
    wrong("encoding-rot13", _KNOWN, "§2.1.1", _encoding("rot13"), "declaration.encoding-unknown", "crashes"),
    wrong("encoding-idna", _KNOWN, "§2.1.1", _encoding("idna"), "declaration.encoding-unknown", "valid"),
    wrong("encoding-with-marks-about-it", _KNOWN, "§2.1.1", _encoding("/ UTF-8"),
          "declaration.encoding-unknown", "valid"),
    wrong("encoding-left-empty", _KNOWN, "§2.1.1", _encoding(""), "declaration.malformed", "invalid"),
    legal("encoding-iso-8859-1", _ANY, "§2.1.1", writes(encoded(_CAFE, "ISO-8859-1")), "valid"),
    legal("encoding-utf-16-with-mark", _ANY, "§2.3", writes(encoded(_CAFE, "UTF-16")), "valid"),
    legal("encoding-utf-16-without-mark", "UTF-16 without a byte-order mark is big-endian.", "§2.3",
          writes(encoded(_CAFE, "UTF-16", "utf-16-be")), "crashes"),
    legal("encoding-windows-1251", _ANY, "§2.1.1",
          writes(encoded(bag_files({"data/письмо.txt": LETTER}), "windows-1251")), "valid"),
    wrong("manifest-in-another-encoding", "Tag files are in the encoding that bagit.txt declares.", "§2.3",
          writes(_CAFE | {MANIFEST: _CAFE[MANIFEST].decode().encode("iso-8859-1")}),
          "bag.tag-file-encoding complete.file-renamed", "crashes"),
    wrong("manifest-byte-order-mark", "A UTF-8 tag file does not begin with a byte-order mark.", "§2.3",
          writes(bag_files(extra={MANIFEST: codecs.BOM_UTF8 + LISTED.encode()})), "bag.tag-file-bom",
          "valid"),
    wrong("manifest-byte-order-mark-in-utf-16le",
          "Only an encoding that needs a byte-order mark may have one.",
          "§2.3", writes(encoded(_CAFE, "UTF-16LE") | {MANIFEST: ("\ufeff" + LISTED).encode("utf-16-le"),
                                                       "data/letter.txt": LETTER}),
          "bag.tag-file-bom complete.file-unlisted", "invalid"),

    wrong("data-folder-missing", _DATA, "§2.1.2", then(bag_files({}), lambda root: (root / "data").rmdir()),
          "bag.no-payload-folder", "invalid"),
    wrong("data-is-a-file", _DATA, "§2.1.2", then(bag_files({}), _data_is_a_file),
          "bag.no-payload-folder", "invalid"),
    legal("payload-empty", "An empty payload has an empty manifest.", "§2.1.2", writes(bag_files({})),
          "valid"),
    legal("payload-folder-empty", "A manifest cannot list an empty folder.", "§2.1.3",
          then(bag_files(), lambda root: (root / "data" / "box").mkdir()), "valid", notes="bag.empty-folder"),
)
# fmt: on
