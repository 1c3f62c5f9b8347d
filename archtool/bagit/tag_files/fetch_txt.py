"""Reads fetch.txt: the files that are not in the bag yet, and their URLs.

Source: RFC 8493 §2.2.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archtool.bagit import finding_kinds
from archtool.bagit.bounded_findings import BoundedFindings, bounded_by_file
from archtool.bagit.limits import MAX_LINE_CHARS
from archtool.bagit.model import Declaration, FetchItem, Manifest
from archtool.bagit.tag_files.manifest_lines import path_fault, read_path
from archtool.bagit.tag_files.path_encoding import brief
from archtool.bagit.tag_files.text_lines import decode_tag_file, split_lines
from archtool.files.paths import PayloadPath, normal_form
from archtool.findings import Finding, Kind

FILE_NAME = "fetch.txt"
_LINE = re.compile(r"(\S+)[ \t]+(\S+)[ \t]+([^ \t].*)", re.DOTALL)
# the end of a line whose URL contains blanks: its length and its path
_END = re.compile(r"[ \t]([0-9]{1,30}|-)[ \t]+(?:\./)?data/")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LENGTH = re.compile(r"[0-9]{1,30}|-")
# RFC 3986 §4.3: a scheme, then characters that a URI may contain, and no fragment
_ABSOLUTE_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
_SHOWN_CHARS = 200


def parse_fetch(data: bytes, declaration: Declaration) -> tuple[tuple[FetchItem, ...], tuple[Finding, ...]]:
    """Parse fetch.txt: every item that can be used, and a finding for everything else."""
    text, problems = decode_tag_file(data, declaration.encoding, FILE_NAME)
    findings = BoundedFindings(problems)
    items: list[FetchItem] = []
    for number, line in enumerate(split_lines(text), start=1):
        if findings.has_too_many_errors(FILE_NAME, number):
            break
        item = _parse_line(line, number, declaration, findings)
        if item is not None:
            items.append(item)
    return tuple(items), findings.as_tuple()


def _parse_line(
    line: str, number: int, declaration: Declaration, findings: BoundedFindings
) -> FetchItem | None:
    if len(line) > MAX_LINE_CHARS:
        message = f"a line of {len(line):,} characters (the limit is {MAX_LINE_CHARS:,})"
        findings.append(finding_kinds.LINE_TOO_LONG.at(message, FILE_NAME, number))
        return None
    match = _LINE.fullmatch(line)
    if match is None:
        message = f"not a URL, a length and a path: {line[:_SHOWN_CHARS]!r}"
        findings.append(finding_kinds.FETCH_LINE.at(message, FILE_NAME, number))
        return None
    url, length, rest = match.groups()
    spaced = _url_with_blanks(line, url)
    if spaced is not None:
        message = f"the URL contains a blank: {spaced[:_SHOWN_CHARS]!r}"
        encoded = spaced.replace(" ", "%20").replace("\t", "%09")
        hint = f"write each blank in it as %20: {encoded[:_SHOWN_CHARS]}"
        findings.append(finding_kinds.FETCH_URL.at(message, FILE_NAME, number, hint=hint))
        return None
    path, _, oddities = read_path(rest, declaration)
    findings.extend(kind.at(message, FILE_NAME, number) for kind, message in oddities)
    faults = [*_faults(url, length, path)]
    findings.extend(kind.at(message, FILE_NAME, number) for kind, message in faults)
    if faults:
        return None
    return FetchItem(url, None if length == "-" else int(length), PayloadPath(path), number)


def _url_with_blanks(line: str, first_word: str) -> str | None:
    """Return the URL of a line if it contains blanks, which must not be in a URL; `None` if it does not."""
    end = _END.search(line)
    if end is None or not _SCHEME.match(line):
        return None
    url = line[: end.start()].rstrip(" \t")
    return url if len(url) > len(first_word) else None


def _faults(url: str, length: str, path: str) -> Iterator[tuple[Kind, str]]:
    if not _ABSOLUTE_URI.fullmatch(url):
        yield finding_kinds.FETCH_URL, f"not an absolute URI: {url[:_SHOWN_CHARS]!r}"
    if not _LENGTH.fullmatch(length):
        yield finding_kinds.FETCH_LENGTH, f"not a number of bytes: {length[:_SHOWN_CHARS]!r}"
    fault = path_fault(path)
    if fault is not None:
        yield (
            finding_kinds.FETCH_UNSAFE
            if fault[0] is finding_kinds.MANIFEST_UNSAFE
            else finding_kinds.FETCH_LINE,
            fault[1],
        )
    elif not path.startswith("data/"):
        yield finding_kinds.FETCH_OUTSIDE, f"{brief(path)} is not below data/"


def check_fetch(
    items: tuple[FetchItem, ...], manifests: tuple[Manifest, ...], declaration: Declaration
) -> tuple[Finding, ...]:
    """Check that every item is listed in every payload manifest; before 1.0 one manifest was enough.

    Source: RFC 8493 §2.2.3, §3 (older versions).
    """
    if not items or not manifests:
        return ()
    listed = {manifest.name: {normal_form(e.path) for e in manifest.entries} for manifest in manifests}
    if not declaration.is_strict:
        listed = {"any payload manifest": set().union(*listed.values())}
    return bounded_by_file(
        finding_kinds.FETCH_UNLISTED.at(f"{brief(item.path)} is not listed in {name}", FILE_NAME, item.line)
        for item in items
        for name, paths in listed.items()
        if normal_form(item.path) not in paths
    )
