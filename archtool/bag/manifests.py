"""Payload and tag manifests: a digest, blanks, a path.

Source: RFC 8493 §2.1.3, §2.2.1, §2.4, §6.1.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archtool.bag import kinds
from archtool.bag.model import Declaration, Manifest, ManifestEntry
from archtool.bag.names import brief, decode_name, encode_name, is_encoded
from archtool.bag.sightings import Sightings
from archtool.bag.tagtext import MAX_LINE_CHARS, decode_tag_file, split_lines
from archtool.findings import Finding, Kind
from archtool.fixity.digests import Algorithm, Digest, is_hex_of
from archtool.fixity.paths import NOT_PLAIN, PayloadPath, why_unsafe

_LINE = re.compile(r"(\\?)(\S+)[ \t]+([^ \t].*)", re.DOTALL)
_NAME = re.compile(r"(tag)?manifest-([^/]*)\.txt", re.DOTALL | re.IGNORECASE)
_PROPER_NAME = re.compile(r"(?:tag)?manifest-[a-z0-9]+\.txt")
_HEX = re.compile(r"[0-9a-f]+")
# names that other tools use for the same algorithms
_OTHER_NAMES = {"blake2b": Algorithm.BLAKE2B, "blake2s": Algorithm.BLAKE2S}
_MD5SUM_CODES = {"\\\\": "\\", "\\n": "\n", "\\r": "\r"}
_SHOWN_CHARS = 140


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
    """What the name means, however it is written; `None` where archtool cannot compute it."""
    is_proper: bool
    """Whether the name is as §2.4 asks: lower case, letters and digits only."""


def read_manifest_name(name: str) -> ManifestName | None:
    """Tell whether a file at the bag's root is a manifest, and of which algorithm."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    plain = re.sub("[^a-z0-9]", "", match[2].lower())
    known = {a.value: a for a in Algorithm} | _OTHER_NAMES
    return ManifestName(name, bool(match[1]), known.get(plain), bool(_PROPER_NAME.fullmatch(name)))


def parse_manifest(
    data: bytes, name: ManifestName, declaration: Declaration
) -> tuple[Manifest, tuple[Finding, ...]]:
    """Read a manifest: every entry that can be used, and a finding for everything else."""
    text, problems = decode_tag_file(data, declaration.encoding, name.name)
    findings = Sightings(problems)
    entries: list[ManifestEntry] = []
    first: dict[str, ManifestEntry] = {}
    for number, line in enumerate(split_lines(text), start=1):
        if findings.gives_up(name.name, number):
            break
        entry = _parse_line(line, number, name, declaration, findings)
        if entry is None:
            continue
        earlier = first.setdefault(entry.path, entry)
        if earlier is not entry:
            findings.append(_repeat(earlier, entry, name, declaration))
        if earlier is entry or earlier.hex != entry.hex:
            entries.append(entry)
    return Manifest(name.name, name.algorithm, tuple(entries)), findings.gathered()


def _repeat(
    earlier: ManifestEntry, entry: ManifestEntry, name: ManifestName, declaration: Declaration
) -> Finding:
    same = kinds.MANIFEST_TWICE if declaration.is_strict else kinds.MANIFEST_REPEATED
    kind = same if earlier.hex == entry.hex else kinds.MANIFEST_CONTRADICTION
    message = f"{brief(entry.path)} is listed on line {earlier.line} too"
    return kind.at(message, name.name, entry.line)


def _parse_line(
    line: str, number: int, name: ManifestName, declaration: Declaration, findings: Sightings
) -> ManifestEntry | None:
    if len(line) > MAX_LINE_CHARS:
        message = f"a line of {len(line):,} characters (the limit is {MAX_LINE_CHARS:,})"
        findings.append(kinds.LINE_TOO_LONG.at(message, name.name, number))
        return None
    match = _LINE.fullmatch(line)
    if match is None:
        message = f"not a digest and a path: {line[:_SHOWN_CHARS]!r}"
        findings.append(kinds.MANIFEST_LINE.at(message, name.name, number))
        return None
    path, written, seen = read_path(match[3], declaration, was_escaped=bool(match[1]))
    findings.extend(kind.at(message, name.name, number) for kind, message in seen)
    fault = path_fault(path)
    if fault is not None:
        findings.append(fault[0].at(fault[1], name.name, number))
        return None
    value = match[2].lower()
    if not _is_digest(value, name.algorithm):
        findings.append(kinds.MANIFEST_DIGEST.at(_no_digest(match[2], name.algorithm), name.name, number))
        value = ""  # the file counts as listed, but there is nothing to compare it with
    return ManifestEntry(PayloadPath(path), value, number, written if written != path else "")


def _is_digest(value: str, algorithm: Algorithm | None) -> bool:
    return bool(_HEX.fullmatch(value)) if algorithm is None else is_hex_of(algorithm, value)


def _no_digest(written: str, algorithm: Algorithm | None) -> str:
    shown = written[:_SHOWN_CHARS]
    if algorithm is None:
        return f"not hexadecimal: {shown!r}"
    return (
        f"not a {algorithm.value} digest: {shown!r} "
        f"(expected {algorithm.hex_length} hexadecimal digits, found {len(written)} characters)"
    )


def read_path(
    rest: str, declaration: Declaration, *, was_escaped: bool = False
) -> tuple[str, str, tuple[tuple[Kind, str], ...]]:
    """The path that a line names, the same before decoding, and what was odd about it.

    `md5sum` and `find` put `*` or `./` before a path, and a backslash before the digest where the path
    holds one.
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
        yield kinds.MANIFEST_MD5SUM, f"read as {brief(path)}"
    if declaration.is_strict and not is_encoded(written):
        yield kinds.MANIFEST_NOT_ENCODED, f"a % that is no code was read as itself: {brief(path)}"


def _unescaped(written: str) -> str:
    return re.sub(r"\\[\\nr]", lambda code: _MD5SUM_CODES[code[0]], written)


def path_fault(path: str) -> tuple[Kind, str] | None:
    """Why a path may not stand in a manifest; `None` where it may."""
    reason = why_unsafe(path)
    if reason is None:
        return None
    if reason == NOT_PLAIN and why_unsafe(path.rstrip("/")) is None:
        return kinds.MANIFEST_FOLDER, f"{brief(path)} ends in `/`: it names a folder"
    is_odd = reason == NOT_PLAIN or "\0" in path or not path
    return kinds.MANIFEST_PATH if is_odd else kinds.MANIFEST_UNSAFE, f"{brief(path)} {reason}"
