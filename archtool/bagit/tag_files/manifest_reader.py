"""Reads a payload or tag manifest into columns.

Lines in canonical form, as in nearly all manifests, are read many at a time. A canonical line has a digest of
the algorithm's length, as many blanks as the other lines, and a path without codes, control characters and
steps such as `..`. All other lines are read one by one; both ways add equal entries to the same columns.

Source: RFC 8493 §2.1.3, §2.2.1, §5.1.
"""

from __future__ import annotations

import codecs
import operator
import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from archtool.bagit import finding_kinds
from archtool.bagit.bounded_findings import BoundedFindings
from archtool.bagit.limits import MAX_LINE_CHARS
from archtool.bagit.model import Declaration, IrregularEntry, Manifest, ManifestEntry
from archtool.bagit.tag_files.manifest_lines import parse_line
from archtool.bagit.tag_files.manifest_writer import ManifestName
from archtool.bagit.tag_files.path_encoding import brief
from archtool.bagit.tag_files.text_lines import decode_tag_file, split_lines
from archtool.files.hashing.digests import Algorithm
from archtool.findings import Finding

_PLAIN_BYTES = bytes(set(range(0x20, 0x100)) - set(b"%\\\x7f")) + b"\n"
# an empty part of a path, `.`, `..`, and a folder instead of a file
_IRREGULAR_STEP = re.compile(rb"/(?:\.{0,2}/|\.{0,2}\n)")
_IRREGULAR_FIRST_CHARS = frozenset(("", " ", "*", "/", "~", "."))
_CHUNK_BYTES = 64 * 1024  # some hundred lines, so that reading them one by one costs little
_ASCII_SUPERSETS = frozenset(("utf-8", "ascii"))


def parse_manifest(
    data: bytes, name: ManifestName, declaration: Declaration
) -> tuple[Manifest, tuple[Finding, ...]]:
    """Parse a manifest: every entry that can be used, and a finding for everything else."""
    columns = _Columns(name, declaration)
    if not _is_plain_utf8(data, declaration.encoding) or not columns.add_chunks(data):
        columns = _Columns(name, declaration)
        text, problems = decode_tag_file(data, declaration.encoding, name.name)
        columns.findings.extend(problems)
        columns.add_lines(split_lines(text))
    return columns.manifest()


def _is_plain_utf8(data: bytes, encoding: str) -> bool:
    """Return whether a manifest can be split at its line feeds; decoding checks the encoding later."""
    if codecs.lookup(encoding).name not in _ASCII_SUPERSETS:
        return False
    return not data.startswith(codecs.BOM_UTF8) and b"\r" not in data


def _read_canonical(chunk: bytes, text: str, algorithm: Algorithm) -> tuple[list[str], bytes] | None:
    """Return the paths and digests of complete lines; `None` where one of them is not in canonical form.

    `text` is the decoded `chunk`.
    """
    is_long = len(chunk) > MAX_LINE_CHARS  # a line can be longer than allowed
    if is_long or not chunk.endswith(b"\n") or chunk.translate(None, _PLAIN_BYTES):
        return None
    rows, width = text[:-1].split("\n"), algorithm.hex_length
    rest = rows[0][width:]
    blanks = rest[: len(rest) - len(rest.lstrip(" "))]
    begin = width + len(blanks)
    paths = [row[begin:] for row in rows]
    first_chars = (path[:1] for path in paths)
    are_plain = _IRREGULAR_STEP.search(chunk) is None and _IRREGULAR_FIRST_CHARS.isdisjoint(first_chars)
    if not are_plain or not blanks or {row[width:begin] for row in rows} != {blanks}:
        return None
    try:
        digests = bytes.fromhex("".join([row[:width] for row in rows]))
    except ValueError:
        return None
    # `fromhex` ignores a blank between two digits
    return (paths, digests) if len(digests) == len(rows) * algorithm.hasher_size_bytes else None


class _Columns:
    """Builds the columns of a manifest."""

    def __init__(self, name: ManifestName, declaration: Declaration) -> None:
        self.findings = BoundedFindings()
        self._name, self._declaration = name, declaration
        self._codec = codecs.lookup(declaration.encoding).name
        self._paths: list[str] = []
        self._digests = bytearray()
        self._lines: list[int] | None = None  # `None` while every line so far has an entry
        self._irregular: dict[int, IrregularEntry] = {}
        self._line = 0  # number of the last line that was read

    def add_chunks(self, data: bytes) -> bool:
        """Add all lines in chunks; return False where they are not text in the declared encoding."""
        begin = 0
        while begin < len(data):
            end = data.find(b"\n", begin + _CHUNK_BYTES) + 1 or len(data)
            chunk = data[begin:end]
            begin = end
            try:
                text = chunk.decode(self._codec)
            except UnicodeDecodeError:
                return False
            if not self._add_canonical(chunk, text) and not self.add_lines(split_lines(text)):
                break
        return True

    def _add_canonical(self, chunk: bytes, text: str) -> bool:
        """Add complete lines if all of them are in canonical form."""
        read = _read_canonical(chunk, text, self._name.algorithm) if self._name.algorithm else None
        if read is None:
            return False
        paths, digests = read
        if self._lines is not None:
            self._lines.extend(range(self._line + 1, self._line + 1 + len(paths)))
        self._line += len(paths)
        self._paths += paths
        self._digests += digests
        return True

    def add_lines(self, lines: Iterable[str]) -> bool:
        """Add lines of any form; return False after so many errors that the rest is not read."""
        for line in lines:
            self._line += 1
            if self.findings.has_too_many_errors(self._name.name, self._line):
                return False
            entry = parse_line(line, self._line, self._name, self._declaration, self.findings)
            if entry is not None:
                self._add(entry)
            elif self._lines is None:
                self._lines = list(range(1, self._line))
        return True

    def _add(self, entry: ManifestEntry) -> None:
        algorithm = self._name.algorithm
        if algorithm is None or entry.written or not entry.hex:
            self._irregular[len(self._paths)] = IrregularEntry(entry.hex, entry.written)
        if algorithm is not None:
            self._digests += bytes.fromhex(entry.hex) or bytes(algorithm.hasher_size_bytes)
        self._paths.append(entry.path)
        if self._lines is not None:
            self._lines.append(entry.line)

    def manifest(self) -> tuple[Manifest, tuple[Finding, ...]]:
        """Return the manifest, and the findings about its lines."""
        lines = range(1, len(self._paths) + 1) if self._lines is None else tuple(self._lines)
        name, algorithm = self._name.name, self._name.algorithm
        # the digests are not copied: a copy would take 64 MB more for a million files in sha512
        manifest = Manifest(name, algorithm, self._paths, self._digests, lines, self._irregular)
        if self._has_repeats():
            manifest = self._without_repeats(manifest)
        return manifest, self.findings.as_tuple()

    def _has_repeats(self) -> bool:
        paths = self._paths
        if all(map(operator.lt, paths, islice(paths, 1, None))):
            return False  # sorted, as nearly all manifests are: no set of a million paths is needed
        return len(set(paths)) != len(paths)

    def _without_repeats(self, manifest: Manifest) -> Manifest:
        """Report paths that are listed twice; drop later entries with the digest of the first."""
        first: dict[str, ManifestEntry] = {}
        kept: list[int] = []
        for number, entry in enumerate(manifest.entries):
            if self.findings.has_too_many_errors(manifest.name, entry.line):
                break
            earlier = first.setdefault(entry.path, entry)
            if earlier is not entry:
                self.findings.append(self._repeat(earlier, entry))
            if earlier is entry or earlier.hex != entry.hex:
                kept.append(number)
        return replace(manifest.select(kept), has_repeats=len(kept) > len(first))

    def _repeat(self, earlier: ManifestEntry, entry: ManifestEntry) -> Finding:
        same = (
            finding_kinds.MANIFEST_TWICE if self._declaration.is_strict else finding_kinds.MANIFEST_REPEATED
        )
        kind = same if earlier.hex == entry.hex else finding_kinds.MANIFEST_CONTRADICTION
        message = f"{brief(entry.path)} is also listed on line {earlier.line}"
        return kind.at(message, self._name.name, entry.line)
