"""Decodes a tag file in its declared encoding and splits it into lines at CR, LF or CRLF."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from archtool.bagit import finding_kinds
from archtool.findings import Finding

_MARK = "\ufeff"
# encodings with a byte-order mark: without one they are big-endian (RFC 2781 §4.3)
_MARKS = {
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
}
_LINE_END = re.compile(r"\r\n|\r|\n")


def decode_tag_file(data: bytes, encoding: str, file: str) -> tuple[str, tuple[Finding, ...]]:
    """Decode a tag file; bytes that are not valid in the encoding are reported, and kept where possible.

    Source: RFC 8493 §2.3.
    """
    name = codecs.lookup(encoding).name
    if name in _MARKS and not data.startswith(_MARKS[name]):
        name += "-be"
    findings: list[Finding] = []
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        findings.append(_not_of_encoding(data, error, encoding, file))
        wide = name.startswith(("utf-16", "utf-32"))
        text = data.decode(name, "replace") if wide else data.decode("utf-8", "surrogateescape")
    if text.startswith(_MARK):
        findings.append(finding_kinds.TAG_FILE_BOM.at("the file begins with a byte-order mark", file, 1))
    return text.removeprefix(_MARK), tuple(findings)


def _not_of_encoding(data: bytes, error: UnicodeDecodeError, encoding: str, file: str) -> Finding:
    line = data[: error.start].count(b"\n") + 1
    message = f"byte {error.start + 1} is not {encoding}: found 0x{data[error.start]:02x} ({error.reason})"
    return finding_kinds.TAG_FILE_ENCODING.at(message, file, line)


def split_lines(text: str) -> Iterator[str]:
    """Split a text at CR, LF and CRLF only: U+2028 and a form feed are parts of names.

    Source: RFC 8493 §2.1.3 and §2.2.2 (line ends).
    """
    start = 0
    for end in _LINE_END.finditer(text):
        yield text[start : end.start()]
        start = end.end()
    if start < len(text):
        yield text[start:]
