"""Reads and writes bagit.txt: two lines in a fixed order, always in UTF-8.

Source: RFC 8493 §2.1.1.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import islice

from archtool.bagit import finding_kinds
from archtool.bagit.bounded_findings import BoundedFindings
from archtool.bagit.model import KNOWN_VERSIONS, Declaration, Version
from archtool.bagit.tag_files.text_lines import split_lines
from archtool.encodings import is_text_encoding
from archtool.findings import Finding

FILE_NAME = "bagit.txt"
UNDECLARED = Declaration((1, 0), "utf-8")  # used for a bag without a usable declaration
_LABELS = ("BagIt-Version", "Tag-File-Character-Encoding")
_VERSION = re.compile(r"(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})")
# Python ignores blanks and punctuation in such a name: it accepts `/ UTF-8` as UTF-8
_ENCODING_NAME = re.compile(r"[A-Za-z0-9]+(?:[-_.:][A-Za-z0-9]+)*")
_SHOWN_CHARS = 80


def format_declaration(version: Version, encoding: str = "UTF-8") -> str:
    """Return the text of bagit.txt."""
    return f"{_LABELS[0]}: {version[0]}.{version[1]}\n{_LABELS[1]}: {encoding}\n"


def parse_declaration(data: bytes) -> tuple[Declaration, tuple[Finding, ...]]:
    """Parse bagit.txt; a missing value counts as 1.0 or UTF-8, so that the rest of the bag is checked."""
    findings = BoundedFindings()
    if data.startswith(codecs.BOM_UTF8):
        findings.append(finding_kinds.DECLARATION_BOM.at("begins with a byte-order mark", FILE_NAME, 1))
        data = data[len(codecs.BOM_UTF8) :]
    lines = list(islice(split_lines(data.decode("utf-8", "replace")), 3))
    if len(lines) != 2:
        count = "more than 2 lines" if len(lines) > 2 else f"only {len(lines)} of 2 lines"
        findings.append(finding_kinds.DECLARATION_MALFORMED.at(f"has {count}", FILE_NAME))
    read = [_read_line(*pair) for pair in zip(lines[:2], _LABELS, strict=False)]
    version = _parse_version(read[0], findings) if read else UNDECLARED.version
    encoding = _parse_encoding(read[1], findings) if len(read) > 1 else UNDECLARED.encoding
    declaration = Declaration(version, encoding)
    if declaration.is_strict:
        _check_form(read, findings)
    return declaration, findings.as_tuple()


@dataclass(frozen=True, slots=True)
class _Line:
    """One of the two lines; a value of `None` where the line does not have the required label."""

    text: str
    value: str | None
    is_plain: bool
    """Whether there is one space after the colon, and no other blank."""


def _read_line(text: str, label: str) -> _Line:
    # upper or lower case: the examples in RFC 8493 §4 themselves write `BagIt-version`
    written, colon, value = text.partition(":")
    if not colon or written.strip(" \t").lower() != label.lower():
        return _Line(text, None, is_plain=False)
    stripped = value.strip(" \t")
    return _Line(text, stripped, is_plain=value == f" {stripped}" and len(written) == len(label))


def _check_form(lines: list[_Line], findings: BoundedFindings) -> None:
    """Check the form of a 1.0 declaration; earlier versions allowed any blanks."""
    for number, line in enumerate(lines, start=1):
        if line.value is not None and not line.is_plain:
            message = f"not `Label: value` with one space and no other: {line.text[:_SHOWN_CHARS]!r}"
            findings.append(finding_kinds.DECLARATION_MALFORMED.at(message, FILE_NAME, number))


def _parse_version(line: _Line, findings: BoundedFindings) -> Version:
    match = _VERSION.fullmatch(line.value or "")
    if match is None:
        message = f"line 1 is not a BagIt-Version: {line.text[:_SHOWN_CHARS]!r}"
        findings.append(finding_kinds.DECLARATION_MALFORMED.at(message, FILE_NAME, 1))
        return UNDECLARED.version
    version = int(match[1]), int(match[2])
    if version not in KNOWN_VERSIONS:
        message = f"the bag declares BagIt {match[0]}; it is read as 1.0"
        findings.append(finding_kinds.VERSION_UNKNOWN.at(message, FILE_NAME, 1))
        return UNDECLARED.version
    return version


def _parse_encoding(line: _Line, findings: BoundedFindings) -> str:
    if not line.value:
        message = f"line 2 is not a Tag-File-Character-Encoding: {line.text[:_SHOWN_CHARS]!r}"
        findings.append(finding_kinds.DECLARATION_MALFORMED.at(message, FILE_NAME, 2))
        return UNDECLARED.encoding
    if not _ENCODING_NAME.fullmatch(line.value) or not is_text_encoding(line.value):
        message = f"there is no character encoding {line.value[:_SHOWN_CHARS]!r}"
        findings.append(finding_kinds.ENCODING_UNKNOWN.at(message, FILE_NAME, 2))
        return UNDECLARED.encoding
    return line.value
