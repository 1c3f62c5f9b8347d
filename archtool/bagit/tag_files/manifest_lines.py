"""Parses one line of a manifest, a digest, blanks and a path, and reports its faults.

Source: RFC 8493 §2.1.3, §2.2.1, §6.1.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archtool.bagit import finding_kinds
from archtool.bagit.bounded_findings import BoundedFindings
from archtool.bagit.limits import MAX_LINE_CHARS
from archtool.bagit.model import Declaration, ManifestEntry
from archtool.bagit.tag_files.manifest_writer import ManifestName
from archtool.bagit.tag_files.path_encoding import brief, decode_name, is_encoded
from archtool.files.hashing.digests import Algorithm, is_hex_of
from archtool.files.paths import NOT_PLAIN, PayloadPath, why_unsafe
from archtool.findings import Kind

_LINE = re.compile(r"(\\?)(\S+)[ \t]+([^ \t].*)", re.DOTALL)
_HEX = re.compile(r"[0-9a-f]+")
_MD5SUM_CODES = {"\\\\": "\\", "\\n": "\n", "\\r": "\r"}
_SHOWN_CHARS = 140


def parse_line(
    line: str, number: int, name: ManifestName, declaration: Declaration, findings: BoundedFindings
) -> ManifestEntry | None:
    """Parse a line of any form; return `None`, with a finding, where it names no file."""
    if len(line) > MAX_LINE_CHARS:
        message = f"a line of {len(line):,} characters (the limit is {MAX_LINE_CHARS:,})"
        findings.append(finding_kinds.LINE_TOO_LONG.at(message, name.name, number))
        return None
    match = _LINE.fullmatch(line)
    if match is None:
        message = f"not a digest and a path: {line[:_SHOWN_CHARS]!r}"
        findings.append(finding_kinds.MANIFEST_LINE.at(message, name.name, number))
        return None
    path, written, oddities = read_path(match[3], declaration, was_escaped=bool(match[1]))
    findings.extend(kind.at(message, name.name, number) for kind, message in oddities)
    fault = path_fault(path)
    if fault is not None:
        findings.append(fault[0].at(fault[1], name.name, number))
        return None
    value = match[2].lower()
    if not _is_digest(value, name.algorithm):
        findings.append(
            finding_kinds.MANIFEST_DIGEST.at(_why_no_digest(match[2], name.algorithm), name.name, number)
        )
        value = ""  # the file counts as listed, but there is nothing to compare it with
    return ManifestEntry(PayloadPath(path), value, number, written if written != path else "")


def _is_digest(value: str, algorithm: Algorithm | None) -> bool:
    return bool(_HEX.fullmatch(value)) if algorithm is None else is_hex_of(algorithm, value)


def _why_no_digest(written: str, algorithm: Algorithm | None) -> str:
    start = written[:_SHOWN_CHARS]
    if algorithm is None:
        return f"not hexadecimal: {start!r}"
    return (
        f"not a {algorithm.value} digest: {start!r} "
        f"(expected {algorithm.hex_length} hexadecimal digits, found {len(written)} characters)"
    )


def read_path(
    rest: str, declaration: Declaration, *, was_escaped: bool = False
) -> tuple[str, str, tuple[tuple[Kind, str], ...]]:
    """Return the path that a line names, the path before decoding, and deviations in how it is written.

    `md5sum` and `find` write `*` or `./` before a path, and a backslash before the digest where the path
    contains one.
    """
    written = rest[1:] if rest.startswith("*") else rest
    while written.startswith("./"):
        written = written[2:]
    plain = _unescaped(written) if was_escaped else written
    path = decode_name(plain, declaration.version)
    return (
        path,
        written,
        tuple(_oddities(path, written, declaration, is_md5sum=was_escaped or written != rest)),
    )


def _oddities(
    path: str, written: str, declaration: Declaration, *, is_md5sum: bool
) -> Iterator[tuple[Kind, str]]:
    if is_md5sum:
        yield finding_kinds.MANIFEST_MD5SUM, f"read as {brief(path)}"
    if declaration.is_strict and not is_encoded(written):
        yield finding_kinds.MANIFEST_NOT_ENCODED, f"a % without a valid code was read as %: {brief(path)}"


def _unescaped(written: str) -> str:
    return re.sub(r"\\[\\nr]", lambda code: _MD5SUM_CODES[code[0]], written)


def path_fault(path: str) -> tuple[Kind, str] | None:
    """Return why a manifest must not list a path; `None` where it may."""
    reason = why_unsafe(path)
    if reason is None:
        return None
    if reason == NOT_PLAIN and why_unsafe(path.rstrip("/")) is None:
        return finding_kinds.MANIFEST_FOLDER, f"{brief(path)} ends in `/`: it names a folder"
    is_odd = reason == NOT_PLAIN or "\0" in path or not path
    return finding_kinds.MANIFEST_PATH if is_odd else finding_kinds.MANIFEST_UNSAFE, f"{brief(path)} {reason}"
