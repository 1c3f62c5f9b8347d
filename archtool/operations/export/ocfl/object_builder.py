"""Writes one object in a staging folder: the files of each version, then the inventories.

Bytes that an earlier version has are not written again. At the end everything is read back and compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from archtool.errors import MaterialRefusedError, StorageError
from archtool.exports.ocfl.inventory import (
    INVENTORY_NAME,
    OBJECT_DECLARATION,
    SIDECAR_NAME,
    Inventory,
    ObjectVersion,
    content_path,
    format_inventory,
    format_sidecar,
    version_name,
)
from archtool.files.hashing.digests import Algorithm
from archtool.files.hashing.hash_file import hash_file
from archtool.files.paths import shell_word, shown
from archtool.files.tree import Tree
from archtool.files.writing.storage_errors import storage_errors
from archtool.findings import Finding
from archtool.operations.export.ocfl import finding_kinds
from archtool.operations.export.ocfl.edition import Edition
from archtool.operations.export.sound_bag import SoundBag

_ALGORITHM = Algorithm.SHA512


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """What a version added to its object."""

    package: Path
    created: str
    files: int
    """Of the package."""
    new_files: int
    """Whose bytes no earlier version has."""
    new_bytes: int


@dataclass(slots=True)
class ObjectBuilder:
    """An object under construction."""

    folder: Path
    identifier: str
    software: str
    """The name and version of the program, which is the user of versions whose maker is not stated."""
    versions: list[ObjectVersion] = field(default_factory=list)
    manifest: dict[str, str] = field(default_factory=dict)
    facts: list[VersionFacts] = field(default_factory=list)
    _texts: dict[str, str] = field(default_factory=dict)

    def add_version(self, edition: Edition, bag: SoundBag) -> None:
        """Copy the files of a package that no earlier version has; all of them are checked.

        Raises:
            MaterialRefusedError: the package is damaged, or changed while it was read.
            StorageError: the object cannot be written.
        """
        _refuse_names(bag)
        number, state, findings = len(self.versions) + 1, dict[str, str](), list[Finding]()
        new_files = new_bytes = 0
        for path in bag.files():
            digest, is_new, of_file = self._add_file(bag, path, number)
            findings += of_file
            state[path] = digest
            new_files += is_new
            new_bytes += bag.bag.layout.files[path] if is_new else 0
        bag.refuse(findings)
        created = _rfc3339(edition.made_at)
        user, address = edition.maker or self.software, edition.maker_uri
        address = address if edition.maker else "urn:archtool:software"
        message = f"the package {edition.label}, made {created}"
        self.versions.append(ObjectVersion(created, message, user, address, state))
        self.facts.append(VersionFacts(edition.root, created, len(state), new_files, new_bytes))
        self._write_inventory(f"{version_name(number)}/")

    def _add_file(self, bag: SoundBag, path: str, number: int) -> tuple[str, bool, tuple[Finding, ...]]:
        """Return the digest of a file, whether its bytes are new, and what is wrong with it."""
        if bag.expected(path, _ALGORITHM) in self.manifest:
            record, findings = bag.hash(path, _ALGORITHM)
            return (record.digest(_ALGORITHM).hex if record else "", False, findings)
        own = content_path(number, path)
        record, findings = bag.copy(path, self.folder / own, _ALGORITHM)
        digest = record.digest(_ALGORITHM).hex if record else ""
        if digest in self.manifest:
            with storage_errors(self.folder / own):
                (self.folder / own).unlink()
                _remove_empty((self.folder / own).parent, self.folder)
            return digest, False, findings
        self.manifest[digest] = own
        return digest, True, findings

    def finish(self) -> Inventory:
        """Write the declaration and the inventory of the whole object, and read everything back.

        Raises:
            StorageError: the object cannot be written, or a file is read back with other bytes.
        """
        self._write(*OBJECT_DECLARATION)
        inventory = self._write_inventory("")
        self.compare_all()
        return inventory

    def compare_all(self) -> None:
        """Read every file of the object back, and compare it with what was written.

        Raises:
            StorageError: a file has other bytes.
        """
        with Tree(self.folder) as tree:
            for digest, path in self.manifest.items():
                self._compare(path, hash_file(tree, path, (_ALGORITHM,)).digest(_ALGORITHM).hex == digest)
            for path, text in self._texts.items():
                data = text.encode()
                self._compare(path, tree.read_bytes(path, len(data)) == data)

    def _compare(self, path: str, is_equal: bool) -> None:
        if not is_equal:
            raise StorageError(
                f"{shown(str(self.folder / path))} was read back with other bytes than were written",
                hint="check the disk, or choose a target on another one",
            )

    def _write_inventory(self, folder: str) -> Inventory:
        inventory = Inventory(self.identifier, tuple(self.versions), dict(self.manifest))
        text = format_inventory(inventory)
        self._write(f"{folder}{INVENTORY_NAME}", text)
        self._write(f"{folder}{SIDECAR_NAME}", format_sidecar(text))
        return inventory

    def _write(self, path: str, text: str) -> None:
        write_texts(self.folder, {path: text})
        self._texts[path] = text


def write_texts(folder: Path, texts: Mapping[str, str]) -> None:
    """Write new small files below a folder.

    Raises:
        StorageError: a file exists, or cannot be written.
    """
    for path, text in texts.items():
        target = folder / path
        with storage_errors(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                file.write(text.encode())


def _remove_empty(folder: Path, end: Path) -> None:
    """Remove the folders that a removed copy has left empty: OCFL allows no empty folders."""
    while folder != end and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _refuse_names(bag: SoundBag) -> None:
    found = [path for path in bag.bag.layout.files if not _is_unicode(path)]
    findings = [finding_kinds.OCFL_NAME.at(f"{shown(path)} is not Unicode", path) for path in sorted(found)]
    if findings:
        name, word = shown(str(bag.root)), shell_word(str(bag.root))
        raise MaterialRefusedError(
            f"not exported: {name} has names that an OCFL inventory cannot list; nothing was written",
            tuple(findings),
            hint=f"the payload is written as it is by: archtool unpack {word} --payload-only -o FOLDER",
        )


def _is_unicode(path: str) -> bool:
    return path.isascii() or not any("\ud800" <= char <= "\udfff" for char in path)


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
