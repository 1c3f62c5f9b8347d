"""bagit.txt: two lines, in their order, always UTF-8.

Source: RFC 8493 §2.1.1.
"""

from __future__ import annotations

import codecs
import re

from archtool.bag import kinds
from archtool.bag.model import KNOWN_VERSIONS, Declaration, Version
from archtool.bag.tagtext import split_lines
from archtool.encodings import is_text_encoding
from archtool.findings import Finding

FILE_NAME = "bagit.txt"
_VERSION = re.compile(r"BagIt-Version: ?([0-9]{1,3})\.([0-9]{1,3})")
_ENCODING = re.compile(r"Tag-File-Character-Encoding: ?(\S+)")
_FALLBACK = Declaration((1, 0), "utf-8")
_SHOWN_CHARS = 80


def format_declaration(version: Version, encoding: str = "UTF-8") -> str:
    """Write bagit.txt."""
    return f"BagIt-Version: {version[0]}.{version[1]}\nTag-File-Character-Encoding: {encoding}\n"


def parse_declaration(data: bytes) -> tuple[Declaration, tuple[Finding, ...]]:
    """Read bagit.txt; what it fails to say is taken to be 1.0 and UTF-8, so that the rest is looked at."""
    findings: list[Finding] = []
    if data.startswith(codecs.BOM_UTF8):
        findings.append(kinds.DECLARATION_MALFORMED.at("begins with a byte-order mark", FILE_NAME, 1))
        data = data[len(codecs.BOM_UTF8) :]
    lines = split_lines(data.decode("utf-8", "replace"))
    if len(lines) != 2:
        message = f"has {len(lines)} lines, not 2"
        findings.append(kinds.DECLARATION_MALFORMED.at(message, FILE_NAME))
    version = _parse_version(lines[0] if lines else "", findings)
    encoding = _parse_encoding(lines[1] if len(lines) > 1 else "", findings)
    return Declaration(version, encoding), tuple(findings)


def _parse_version(line: str, findings: list[Finding]) -> Version:
    match = _VERSION.fullmatch(line)
    if match is None:
        message = f"line 1 is not a BagIt-Version: {line[:_SHOWN_CHARS]!r}"
        findings.append(kinds.DECLARATION_MALFORMED.at(message, FILE_NAME, 1))
        return _FALLBACK.version
    version = int(match[1]), int(match[2])
    if version not in KNOWN_VERSIONS:
        message = f"the bag declares BagIt {match[1]}.{match[2]}"
        findings.append(kinds.VERSION_UNKNOWN.at(message, FILE_NAME, 1))
        return _FALLBACK.version
    return version


def _parse_encoding(line: str, findings: list[Finding]) -> str:
    match = _ENCODING.fullmatch(line)
    if match is None:
        message = f"line 2 is not a Tag-File-Character-Encoding: {line[:_SHOWN_CHARS]!r}"
        findings.append(kinds.DECLARATION_MALFORMED.at(message, FILE_NAME, 2))
        return _FALLBACK.encoding
    if not is_text_encoding(match[1]):
        message = f"there is no character encoding {match[1][:_SHOWN_CHARS]!r}"
        findings.append(kinds.ENCODING_UNKNOWN.at(message, FILE_NAME, 2))
        return _FALLBACK.encoding
    return match[1]
