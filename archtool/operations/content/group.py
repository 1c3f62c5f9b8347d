"""Writes and reads `metadata/group-manifest.txt`, by which a part of a group knows the other parts.

A payload that is too large for one package is divided into parts. Each part is a valid bag with the whole
description; `Bag-Group-Identifier` and `Bag-Count` in its bag-info.txt say which part it is. The group
manifest is the same in all parts. It lists each payload file of the group: the part, the size in bytes, the
digests, and the path as in a manifest.

Source: RFC 8493 §2.2.2 (Bag-Group-Identifier, Bag-Count).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from archtool.bagit.model import CURRENT_VERSION, Bag
from archtool.bagit.tag_files.path_encoding import brief, decode_name, encode_name
from archtool.errors import InputError
from archtool.files.hashing.digests import Algorithm, Digest, digest_bytes
from archtool.files.hashing.file_record import FileRecord
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.operations import finding_kinds
from archtool.operations.content.bag_info import Field
from archtool.operations.content.metadata import ManifestDigests, Metadata
from archtool.operations.limits import MAX_GROUP_FILES, MAX_LIST_FAULTS
from archtool.operations.open_package.package_paths import GROUP_MANIFEST_PATH
from archtool.report.numbers import counted, format_size

GROUP_LABELS = ("Bag-Group-Identifier", "Bag-Count")
"""The labels of bag-info.txt that a part has from its group, whatever the description states."""
_GROUP, _COUNT = GROUP_LABELS
_AFTER = "Payload-Oxum"
_FOLDED = frozenset(label.casefold() for label in GROUP_LABELS)
_OF = re.compile(r"([1-9][0-9]{0,5}) of ([1-9][0-9]{0,5})")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")
_SHOWN_CHARS = 140


@dataclass(frozen=True, slots=True)
class GroupFile:
    """A payload file of the group."""

    part: int
    """The number of the part that it is in; the first is 1."""
    size_bytes: int
    digests: tuple[Digest, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The group that a part belongs to, as the part states it."""

    identifier: str
    part: int
    count: int
    files: Mapping[str, GroupFile]
    """By their paths in the package."""
    digest: Digest
    """Of the group manifest: parts of one packing have the same."""
    findings: tuple[Finding, ...] = ()
    """About the form of the statements."""

    def elsewhere(self) -> dict[str, GroupFile]:
        """Return the files that are in other parts."""
        return {path: file for path, file in self.files.items() if file.part != self.part}

    def whole(
        self, payload: Mapping[str, int], digests: ManifestDigests
    ) -> tuple[Mapping[str, int], ManifestDigests]:
        """Return sizes and digests of the payload of all parts; those of this part are its own."""
        others = self.elsewhere()
        sizes = {path: file.size_bytes for path, file in others.items()}
        stated = {path: {d.algorithm: d.hex for d in file.digests} for path, file in others.items()}
        return {**sizes, **payload}, {**stated, **digests}

    def check(self, digests: ManifestDigests) -> Iterator[Finding]:
        """Compare the list with the payload manifests of this part."""
        yield from self.findings
        if not self.findings:  # otherwise a malformed line can be that of any file
            yield from islice(self._check_files(digests), MAX_LIST_FAULTS)
        others = self.elsewhere()
        size = format_size(sum(file.size_bytes for file in others.values()))
        elsewhere = f"{counted(len(others), 'more payload file')} ({size})"
        yield finding_kinds.GROUP_PART.at(
            f"part {self.part} of {self.count} of the group {shown(self.identifier)}: "
            f"{elsewhere} in the other parts, which are checked apart",
            "bag-info.txt",
        )

    def _check_files(self, digests: ManifestDigests) -> Iterator[Finding]:
        for path in digests:
            if path not in self.files:
                yield _differs(f"{brief(path)} is not in the list of the group's files")
        for path, file in self.files.items():
            listed = digests.get(path)
            if file.part != self.part and listed is not None:
                yield _differs(f"{brief(path)} is in this part, but listed in part {file.part}")
            elif file.part == self.part and listed is None:
                yield _differs(f"{brief(path)} is listed in this part, but in no payload manifest")
            elif listed is not None and any(listed.get(d.algorithm, d.hex) != d.hex for d in file.digests):
                yield _differs(f"{brief(path)} has another digest in the payload manifests")

    def facts(self) -> dict[str, Any]:
        """Return the facts for the result of a command."""
        return {
            "identifier": self.identifier,
            "part": self.part,
            "count": self.count,
            "manifest": str(self.digest),
        }


def in_group(fields: Sequence[Field], identifier: str, part: int, count: int) -> tuple[Field, ...]:
    """Return the fields of bag-info.txt of one part; the group takes the place of the collection."""
    kept = [field for field in fields if field[0].casefold() not in _FOLDED]
    place = next((i for i, field in enumerate(kept, 1) if field[0] == _AFTER), len(kept))
    return (*kept[:place], (_GROUP, identifier), (_COUNT, f"{part} of {count}"), *kept[place:])


def format_group_manifest(parts: Sequence[Sequence[FileRecord]]) -> str:
    """Format the list of all payload files of a group, sorted like a manifest."""
    numbered = ((record, number) for number, records in enumerate(parts, 1) for record in records)
    by_name = sorted(numbered, key=lambda pair: pair[0].path.encode("utf-8", "surrogateescape"))
    return "".join(
        f"{number}  {record.size_bytes}  {' '.join(map(str, record.digests))}  {encode_name(record.path)}\n"
        for record, number in by_name
    )


def read_group(metadata: Metadata, bag: Bag) -> Group | None:
    """Read what a package states about its group; `None` for one that is no part of a group."""
    data = metadata.files.get(GROUP_MANIFEST_PATH)
    if data is None:
        return None
    files, findings = _parse(data)
    identifiers, counts = bag.info.values(_GROUP), bag.info.values(_COUNT)
    stated = _OF.fullmatch(counts[0].strip()) if len(counts) == 1 else None
    part, count = (int(stated[1]), int(stated[2])) if stated else (0, 0)
    last = max((file.part for file in files.values()), default=0)
    if stated is None or len(identifiers) != 1 or not part <= count == last:
        message = f"{_GROUP} and {_COUNT} do not name one of its {counted(last, 'part')}: {', '.join(counts)}"
        findings.append(_differs(message))
    identifier = identifiers[0].strip() if identifiers else ""
    digest = digest_bytes(Algorithm.SHA512, data)
    return Group(identifier, part, count, files, digest, tuple(findings))


def _parse(data: bytes) -> tuple[dict[str, GroupFile], list[Finding]]:
    files: dict[str, GroupFile] = {}
    findings: list[Finding] = []
    lines = data.count(b"\n")
    if lines > MAX_GROUP_FILES:
        message = f"it has {lines:,} lines; at most {MAX_GROUP_FILES:,} are read"
        return {}, [_differs(message)]
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n")[:-1], 1):
        parsed = _parse_line(line)
        if parsed is None:
            message = f"not a part, a size, digests and a path: {line[:_SHOWN_CHARS]!r}"
            findings.append(_differs(message, number))
        elif parsed[0] in files:
            findings.append(_differs(f"a second line for {brief(parsed[0])}", number))
        else:
            files[parsed[0]] = parsed[1]
        if len(findings) == MAX_LIST_FAULTS:
            break
    if data and not data.endswith(b"\n"):
        findings.append(_differs("the last line has no end"))
    return files, findings


def _parse_line(line: str) -> tuple[str, GroupFile] | None:
    fields = line.split("  ", 3)
    if len(fields) != 4 or not all(map(_NUMBER.fullmatch, fields[:2])) or not fields[3].startswith("data/"):
        return None
    try:
        digests = tuple(map(Digest.parse, fields[2].split(" ")))
    except InputError:
        return None
    return decode_name(fields[3], CURRENT_VERSION), GroupFile(int(fields[0]), int(fields[1]), digests)


def _differs(message: str, line: int | None = None) -> Finding:
    return finding_kinds.GROUP_DIFFERS.at(message, GROUP_MANIFEST_PATH, line)
