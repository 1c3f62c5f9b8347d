"""Reads what a package records about itself, as the register of holdings keeps it.

The payload is not read, and nothing is checked. The digests of the payload manifests are computed: they say
which content the package has, wherever it is.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archtool.archives.limits import Limits
from archtool.bagit.tag_files.manifest_writer import read_manifest_name
from archtool.errors import InputError
from archtool.files.hashing.digests import Algorithm, Digest
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shell_word, shown
from archtool.files.source import FileSource
from archtool.files.tree import Tree
from archtool.findings import clip
from archtool.holdings.model import Copy, Holding, PlaceKind
from archtool.operations.list_packages.package_search import FoundPackage
from archtool.operations.list_packages.read_row import read_opened_row
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.package_paths import METADATA_FOLDER, PROFILE_IDENTIFIER

PACKAGE, BAG = "package", "bag"
"""The kinds of a holding: made by archtool, or by another tool."""


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """What a package records about itself; nothing was checked."""

    place_kind: PlaceKind
    """A folder, or an archive."""
    kind: str
    """`package` if archtool made it, else `bag`."""
    manifests: Mapping[str, str]
    """File name of each payload manifest → digest of that file, `sha512:<hex>`."""
    files: int
    size_bytes: int
    """Of the payload, as Payload-Oxum states it; counted where there is none."""
    head: str | None = None
    """The newest attestation, `0001-packaging sha512:<hex>`."""
    id: str | None = None
    """The first External-Identifier."""
    title: str | None = None
    part: str | None = None
    """Which part of a group of packages it is, as Bag-Count states it, `2 of 3`."""
    formats: Mapping[str, int] | None = None
    """The recorded formats of the files; `None` where nothing is recorded."""
    tag_manifests: Mapping[str, str] | None = None
    """File name of each tag manifest → digest of that file, if the package has no attestation.

    Nothing else in such a package vouches for its tag files. `None` if it has no tag manifest either.
    """

    def detail(self) -> dict[str, Any]:
        """Return the members of `detail` that an ingestion and a migration share (`holdings.projection`)."""
        known = {"title": self.title, "head": self.head, "formats": self.formats}
        return {
            "kind": self.kind,
            "manifests": dict(self.manifests),
            "files": self.files,
            "bytes": self.size_bytes,
            **{name: value for name, value in known.items() if value is not None},
        }

    def differs_from(self, holding: Holding, copy: Copy) -> bool:
        """Whether a copy has other manifests than those that are registered for it."""
        known = copy.tag_manifests
        return self.manifests != holding.manifests or (known is not None and known != self.tag_manifests)


def registered_detail(holding: Holding) -> dict[str, Any]:
    """Return what is registered in the form of `PackageFacts.detail`."""
    known = {"title": holding.title, "head": holding.head, "formats": holding.formats}
    return {
        "kind": holding.kind,
        "manifests": dict(holding.manifests),
        "files": holding.files,
        "bytes": holding.size_bytes,
        **{name: value for name, value in known.items() if value is not None},
    }


def read_registered_facts(path: Path, limits: Limits | None = None) -> PackageFacts:
    """Read what a package, in a folder or in an archive, records about itself.

    Raises:
        InputError: it does not exist, is not a bag, has no payload manifest, or cannot be read.
        ReadFailedError: the system failed.
    """
    return read_found_facts(FoundPackage(path.name, path, is_root=True), limits)


def read_found_facts(found: FoundPackage, limits: Limits | None = None) -> PackageFacts:
    """Read what a package that a search found records about itself.

    Raises:
        InputError: it does not exist, is not a bag, has no payload manifest, or cannot be read.
        ReadFailedError: the system failed.
    """
    if found.problem is not None:
        raise InputError(f"{shown(str(found.path))}: {found.problem}", hint=found.hint)
    try:
        with open_bag(found.path, limits) as source:
            return _read(found, source)
    except OSError as error:
        message = f"{shown(str(found.path))} cannot be read: {error.strerror or error}"
        raise cannot_read(message, error, hint="check the permissions of the package") from error


def _read(found: FoundPackage, source: FileSource) -> PackageFacts:
    row, info = read_opened_row(found, source, with_formats=_has_metadata(source))
    if row.problem is not None:
        name = shown(row.path)
        raise InputError(
            f"{name}: {row.problem.message}",
            hint=f"list every problem with: archtool verify {shell_word(name)}",
        )
    if row.files is None or row.size_bytes is None:
        raise InputError(
            f"{shown(row.path)}: its files cannot be counted: a folder of the payload cannot be read",
            hint="check the permissions of the package",
        )
    manifests = read_manifest_digests(source)
    if not manifests:
        raise InputError(
            f"{shown(row.path)} has no payload manifest, so nothing says which content it must have",
            hint="restore its manifest from another copy, or make the bag again",
        )
    tag_manifests = read_manifest_digests(source, tag=True) if row.head is None else {}
    is_ours = PROFILE_IDENTIFIER in info.values("BagIt-Profile-Identifier")
    return PackageFacts(
        PlaceKind.FOLDER if source.serialisation is None else PlaceKind.ARCHIVE,
        PACKAGE if is_ours else BAG,
        manifests,
        row.files,
        row.size_bytes,
        row.head,
        row.id,
        clip(row.title) if row.title is not None else None,
        row.part,
        dict(row.formats) or None,
        tag_manifests or None,
    )


def _has_metadata(source: FileSource) -> bool:
    """Whether formats can be recorded; for a folder one look is faster than a file that cannot be opened."""
    return not isinstance(source, Tree) or os.path.lexists(source.root / METADATA_FOLDER)


def read_manifest_digests(source: FileSource, *, tag: bool = False) -> dict[str, str]:
    """Return the digest of each payload manifest of an open package, or tag manifest, by its name.

    Raises:
        OSError: a manifest cannot be read.
        SourceChangedError: a manifest changed while it was read.
    """
    digests = {}
    for name in sorted(_manifests(source, tag=tag)):
        hasher = Algorithm.SHA512.hasher()
        source.stream(name, [hasher])
        digests[name] = str(Digest(Algorithm.SHA512, hasher.hexdigest()))
    return digests


def _manifests(source: FileSource, *, tag: bool) -> list[str]:
    if isinstance(source, Tree):
        names = source.list_names("").files
    else:
        names = [found.path for found in source.walk() if "/" not in found.path]
    return [name for name in names if (read := read_manifest_name(name)) is not None and read.is_tag is tag]
