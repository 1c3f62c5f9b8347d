"""fetch.txt: what is not in the bag yet, and where to get it.

Source: RFC 8493 §2.2.3.
"""

from __future__ import annotations

import re

from archtool.bag import kinds
from archtool.bag.model import Declaration, FetchItem, Manifest
from archtool.bag.names import decode_name
from archtool.bag.tagtext import decode_tag_file, split_lines
from archtool.findings import Finding
from archtool.fixity.paths import PayloadPath, why_unsafe

FILE_NAME = "fetch.txt"
_LINE = re.compile(r"(\S+)[ \t]+([0-9]{1,18}|-)[ \t]+(.+)", re.DOTALL)
_ABSOLUTE_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


def parse_fetch(data: bytes, declaration: Declaration) -> tuple[tuple[FetchItem, ...], tuple[Finding, ...]]:
    """Read fetch.txt: every item that can be used, and a finding for everything else."""
    text, problems = decode_tag_file(data, declaration.encoding, FILE_NAME)
    findings = list(problems)
    items: list[FetchItem] = []
    for number, line in enumerate(split_lines(text), start=1):
        match = _LINE.fullmatch(line)
        if match is None or not _ABSOLUTE_URI.fullmatch(match[1]):
            message = f"not an absolute URL, a length and a path: {line[:120]!r}"
            findings.append(kinds.FETCH_LINE.at(message, FILE_NAME, number))
            continue
        path = decode_name(match[3].removeprefix("./"), declaration.version)
        reason = why_unsafe(path) or (None if path.startswith("data/") else "is not below data/")
        if reason is not None:
            kind = kinds.FETCH_LINE if reason == "is not below data/" else kinds.MANIFEST_UNSAFE
            findings.append(kind.at(f"{path[:200]!r} {reason}", FILE_NAME, number))
            continue
        length = None if match[2] == "-" else int(match[2])
        items.append(FetchItem(match[1], length, PayloadPath(path), number))
    return tuple(items), tuple(findings)


def check_fetch(items: tuple[FetchItem, ...], manifests: tuple[Manifest, ...]) -> tuple[Finding, ...]:
    """Every item must be listed in every payload manifest."""
    listed = {manifest.name: {entry.path for entry in manifest.entries} for manifest in manifests}
    return tuple(
        kinds.FETCH_UNLISTED.at(f"{item.path} is not listed in {name}", FILE_NAME, item.line)
        for item in items
        for name, paths in listed.items()
        if item.path not in paths
    )
