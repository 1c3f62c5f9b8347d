"""From a tag file's bytes to its lines: the declared encoding, and CR, LF or CRLF as line ends."""

from __future__ import annotations

import codecs

from archtool.bag import kinds
from archtool.findings import Finding

# encodings in which a byte-order mark is part of the encoding itself
_WITH_MARK = frozenset(["utf-16", "utf-32", "utf-8-sig"])


def decode_tag_file(data: bytes, encoding: str, file: str) -> tuple[str, tuple[Finding, ...]]:
    """Decode; bytes that are not of the encoding are kept as surrogate escapes and reported.

    Source: RFC 8493 §2.3.
    """
    if codecs.lookup(encoding).name in _WITH_MARK:
        return _decode_strictly(data, encoding, file)
    findings: tuple[Finding, ...] = ()
    if data.startswith(codecs.BOM_UTF8) and codecs.lookup(encoding).name == "utf-8":
        findings = (kinds.TAG_FILE_BOM.at("the file begins with the bytes EF BB BF", file, 1),)
        data = data[len(codecs.BOM_UTF8) :]
    try:
        return data.decode(encoding), findings
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        found = kinds.TAG_FILE_ENCODING.at(
            f"byte {error.start + 1} is not {encoding}: found 0x{data[error.start]:02x}", file, line
        )
        return data.decode("utf-8", "surrogateescape"), (*findings, found)


def _decode_strictly(data: bytes, encoding: str, file: str) -> tuple[str, tuple[Finding, ...]]:
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError as error:
        message = f"byte {error.start + 1} is not {encoding}: {error.reason}"
        return data.decode(encoding, "replace"), (kinds.TAG_FILE_ENCODING.at(message, file),)


def split_lines(text: str) -> list[str]:
    """Split at CR, LF and CRLF, and nowhere else: U+2028 and a form feed are parts of names.

    Source: RFC 8493 §2.1.3 and §2.2.2 (line ends).
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines
