"""Payload and tag manifests: a digest, blanks, a path.

Source: RFC 8493 §2.1.3, §2.2.1, §2.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from archtool.bag import kinds
from archtool.bag.model import Declaration, Manifest, ManifestEntry
from archtool.bag.names import decode_name, encode_name
from archtool.bag.tagtext import decode_tag_file, split_lines
from archtool.findings import Finding
from archtool.fixity.digests import Algorithm, Digest, is_hex_of
from archtool.fixity.paths import PayloadPath, why_unsafe

_LINE = re.compile(r"(\\?)(\S+)[ \t]+(.+)", re.DOTALL)
_NAME = re.compile(r"(tag)?manifest-(.*)\.txt", re.DOTALL | re.IGNORECASE)
_PROPER_NAME = re.compile(r"(?:tag)?manifest-[a-z0-9]+\.txt")
# names that other tools use for the same algorithms
_OTHER_NAMES = {"blake2b": Algorithm.BLAKE2B, "blake2s": Algorithm.BLAKE2S}


def manifest_name(algorithm: Algorithm, *, tag: bool = False) -> str:
    """The file name of a manifest."""
    return f"{'tag' if tag else ''}manifest-{algorithm.value}.txt"


def format_manifest(digests: Iterable[tuple[str, Digest]]) -> str:
    """Write a manifest, sorted by path; two spaces, so that `sha512sum -c` and BusyBox read it."""
    ordered = sorted(digests, key=lambda pair: pair[0].encode("utf-8", "surrogateescape"))
    return "".join(f"{digest.hex}  {encode_name(path)}\n" for path, digest in ordered)


@dataclass(frozen=True, slots=True)
class ManifestName:
    """A file name that looks like a manifest's."""

    name: str
    is_tag: bool
    algorithm: Algorithm | None
    is_proper: bool
    """Whether the name is as §2.4 asks: lower case, letters and digits only."""


def read_manifest_name(name: str) -> ManifestName | None:
    """Tell whether a file at the bag's root is a manifest, and of which algorithm."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    written = match[2]
    known = {a.value: a for a in Algorithm} | _OTHER_NAMES
    return ManifestName(name, bool(match[1]), known.get(written), bool(_PROPER_NAME.fullmatch(name)))


def parse_manifest(
    data: bytes, name: ManifestName, declaration: Declaration
) -> tuple[Manifest, tuple[Finding, ...]]:
    """Read a manifest: every entry that can be used, and a finding for everything else."""
    text, problems = decode_tag_file(data, declaration.encoding, name.name)
    findings = list(problems)
    entries: list[ManifestEntry] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(split_lines(text), start=1):
        entry = _parse_line(line, number, name, declaration, findings)
        if entry is None:
            continue
        if entry.path in seen:
            message = f"{entry.path} is listed on line {seen[entry.path]} too"
            findings.append(kinds.MANIFEST_TWICE.at(message, name.name, number))
        seen.setdefault(entry.path, number)
        entries.append(entry)
    return Manifest(name.name, name.algorithm, tuple(entries)), tuple(findings)


def _parse_line(
    line: str, number: int, name: ManifestName, declaration: Declaration, findings: list[Finding]
) -> ManifestEntry | None:
    match = _LINE.fullmatch(line)
    if match is None:
        findings.append(kinds.MANIFEST_LINE.at(f"not a digest and a path: {line[:80]!r}", name.name, number))
        return None
    escaped, written, rest = match.groups()
    path, was_md5sum = _as_md5sum_writes(rest)
    if was_md5sum or escaped:
        findings.append(kinds.MANIFEST_MD5SUM.at(f"read as {path!r}", name.name, number))
    path = decode_name(path, declaration.version)
    reason = why_unsafe(path)
    if reason is not None:
        findings.append(kinds.MANIFEST_UNSAFE.at(f"{path[:200]!r} {reason}", name.name, number))
        return None
    lower = written.lower()
    if name.algorithm is not None and not is_hex_of(name.algorithm, lower):
        message = (
            f"not a {name.algorithm.value} digest: {written[:140]!r} "
            f"(expected {name.algorithm.hex_length} hexadecimal digits, found {len(written)} characters)"
        )
        findings.append(kinds.MANIFEST_DIGEST.at(message, name.name, number))
        lower = ""  # the file counts as listed, but there is nothing to compare it with
    return ManifestEntry(PayloadPath(path), lower, number)


def _as_md5sum_writes(rest: str) -> tuple[str, bool]:
    """The path without the `*` or `./` that md5sum and find put before it.

    Source: RFC 8493 §6.1.3.
    """
    path = rest[1:] if rest.startswith("*") else rest
    while path.startswith("./"):
        path = path[2:]
    return path, path != rest
