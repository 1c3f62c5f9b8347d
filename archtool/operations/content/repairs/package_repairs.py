"""Compares the change logs of a package with its payload, and replays them on request.

What a log says of its two files is always compared with their sizes and digests. A replay needs the bytes:
they are kept while the files are read for their digests, so each file is read once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from archtool.bagit.fixity import FixityTask
from archtool.bagit.model import Bag
from archtool.description.loading import load_description
from archtool.description.model import Description
from archtool.files.hashing.digests import Algorithm
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.operations.content.metadata import ManifestDigests, Metadata
from archtool.operations.repaired_texts import finding_kinds
from archtool.operations.repaired_texts.checks import (
    RepairNames,
    check_files,
    check_replay,
    check_rules,
    note_open_places,
)
from archtool.operations.repaired_texts.kept_bytes import KeptBytes
from archtool.operations.repaired_texts.reading import ReadRepairs, read_package_repairs
from archtool.operations.repaired_texts.repaired_text import NO_REPAIRS, RepairedTexts, log_path
from archtool.text.repairing.change_log import RepairedFile


def check_package_repairs(
    description: Description, metadata: Metadata, payload: Mapping[str, int], digests: ManifestDigests
) -> tuple[ReadRepairs, list[Finding]]:
    """Read the change logs, and compare what they say of their files with sizes and digests."""
    read = read_package_repairs(description, metadata.files)
    findings = [*read.findings]
    for part, _ in description.repairs():
        path = log_path(part.file)
        if path not in metadata.files and path not in metadata.unread:
            message = f"the change log {shown(path)} of {shown(f'data/{part.file}')} does not exist"
            if path in metadata.too_large:
                message = f"the change log {shown(path)} is larger than any that is read"
            findings.append(finding_kinds.LOG_MISSING.at(message, path))
    for text in read.texts:
        names = RepairNames.in_package(text)
        original = _listed(names.original, text.log.original, payload, digests)
        copy = _listed(names.copy, text.log.copy, payload, digests)
        findings += check_files(text, names, original, copy)
        findings += note_open_places(text, names)
    return read, findings


def _listed(
    path: str, stated: RepairedFile, payload: Mapping[str, int], digests: ManifestDigests
) -> RepairedFile | None:
    """Return a payload file as the manifests have it; what they do not state is taken from the log."""
    size_bytes, sha512 = payload.get(path), digests.get(path, {}).get(Algorithm.SHA512)
    if size_bytes is None:  # a missing file has its own finding
        return None
    return RepairedFile(path, size_bytes, sha512 if sha512 is not None else stated.sha512)


def texts_of_package(metadata: Metadata) -> RepairedTexts:
    """Return the repaired texts of a package, before its payload is read."""
    path = metadata.description_path
    if path not in metadata.files:
        return NO_REPAIRS
    description = load_description(metadata.files[path], path, is_json=path.endswith(".json")).description
    return read_package_repairs(description, metadata.files).texts if description is not None else NO_REPAIRS


@dataclass(slots=True)
class PackageRepairs:
    """The repairs of one package while it is verified; they are replayed only on request."""

    texts: RepairedTexts
    is_replayed: bool
    observed_paths: frozenset[str]
    """The payload files whose bytes are kept for the replay."""
    _kept: dict[str, KeptBytes] = field(default_factory=dict)
    """By payload path; of the files that were read."""
    _outcomes: dict[str, bool | None] = field(default_factory=dict)
    """By copy: whether the replay gave the same files; `None` if it could not be done."""

    @classmethod
    def of(cls, metadata: Metadata, *, is_replayed: bool) -> PackageRepairs:
        """Return the repairs that the metadata of a package record."""
        texts = texts_of_package(metadata)
        return cls(texts, is_replayed, _paths(texts) if is_replayed else frozenset())

    def wants_digests(self, bag: Bag) -> bool:
        """Return whether the logs state digests that no manifest has."""
        has_sha512 = any(manifest.algorithm is Algorithm.SHA512 for manifest in bag.manifests)
        return bool(self.texts.by_copy) and not has_sha512

    def add_digests(self, tasks: Sequence[FixityTask]) -> list[FixityTask]:
        """Return the tasks with the digest of the change logs for each original and copy."""
        paths = _paths(self.texts)
        if not paths:  # the usual case
            return [*tasks]
        return [
            replace(task, also=(*task.also, Algorithm.SHA512)) if task.path in paths else task
            for task in tasks
        ]

    def sinks(self, path: str) -> list[KeptBytes]:
        """Return the sink for the bytes of this file; only for the first read of it."""
        if path not in self.observed_paths or path in self._kept:
            return []
        self._kept[path] = KeptBytes()
        return [self._kept[path]]

    def replay(self, unchanged: frozenset[str]) -> list[Finding]:
        """Replay and undo each repair, and judge its changes, if this was requested.

        `unchanged` are the files that match their manifests: a damaged file has its own finding.
        """
        findings: list[Finding] = []
        for text in self.texts if self.is_replayed else ():
            names = RepairNames.in_package(text)
            found = [*check_rules(text, names)]
            originals = [self._bytes_of(path, unchanged) for path in (names.original, names.copy)]
            original, copy = originals
            if original is None or copy is None:
                missing = names.original if original is None else names.copy
                message = f"{shown(missing)} is not here as its manifest has it, or is too large"
                found.append(finding_kinds.NOT_REPLAYED.at(f"{message}: not replayed", text.log_path))
                self._outcomes[text.copy] = None
            else:
                differing = [*check_replay(text, names, original, copy)]
                self._outcomes[text.copy] = not differing
                found += differing
            findings += found
        return findings

    def _bytes_of(self, path: str, unchanged: frozenset[str]) -> bytes | None:
        kept = self._kept.get(path)
        return kept.data if kept is not None and path in unchanged else None

    def facts(self) -> dict[str, Any]:
        """Return what is recorded about each repair, and whether it was replayed; nothing without repairs."""
        if not self.texts.by_copy:  # the usual case
            return {}
        return {
            "repairs": [
                {
                    **text.facts(),
                    "replay": "not-asked"
                    if not self.is_replayed
                    else _OUTCOMES[self._outcomes.get(text.copy)],
                }
                for text in self.texts
            ]
        }


_OUTCOMES = {True: "same", False: "differs", None: "not-done"}


def _paths(texts: RepairedTexts) -> frozenset[str]:
    """Return the payload paths of all originals and copies."""
    return frozenset(f"data/{file}" for text in texts for file in (text.original, text.copy))
