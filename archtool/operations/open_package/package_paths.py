"""The paths of the files in a package that have a meaning for archtool."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

CITATION_PATH = "metadata/citation.json"
INVENTORY_PATH = "metadata/annexes.json"
PROVENANCE_PATH = "metadata/provenance.json"
PREMIS_PATH = "metadata/premis.xml"
FILE_TIMES_PATH = "metadata/file-times.txt"
"""Exists only where the times were to be kept (`pack --keep-times`)."""
GROUP_MANIFEST_PATH = "metadata/group-manifest.txt"
"""Exists only in the parts of a payload that was divided (`pack --split-size`)."""
CRATE_PATH = "data/ro-crate-metadata.json"
"""Exists where the package was to be an RO-Crate too (`pack --crate`); else it is a file like any other."""
DESCRIPTION_PATHS = ("metadata/description.yaml", "metadata/description.json")
PROFILE_IDENTIFIER = "urn:archtool:bagit-profile:1"
METADATA_FOLDER = "metadata/"
ADOPTED_FOLDER = "metadata/adopted/"
"""The tag files of the bag that the payload was taken from, byte for byte."""
REPAIRS_FOLDER = "metadata/repairs/"
"""The change logs of repaired texts, byte for byte."""
ATTESTATIONS_FOLDER = "attestations/"
SIDECAR_SUFFIX = ".attestations"
"""The suffix that makes the name of a sidecar from the name of its package."""


_BY_PRODUCT_ENDINGS = (
    SIDECAR_SUFFIX, ".partial", ".kept", ".jsonl", ".ndjson", ".json", ".csv", ".html"
)  # fmt: skip

_REPLACED_MARK = ".replaced-"


def may_be_by_product(path: str) -> bool:
    """Return whether a path is named like a file that archtool writes beside packages (`by_products`)."""
    bare = path.rstrip("/")
    if bare.endswith(_BY_PRODUCT_ENDINGS):
        return True
    name = bare.rpartition("/")[2]
    return name.startswith(".archtool-") or _REPLACED_MARK in name


def has_signatures(paths: Iterable[str]) -> bool:
    """Return whether any of the tag files is, or could be, a signature of the package."""
    return any(
        path.startswith(ATTESTATIONS_FOLDER) or path.endswith((".asc", ".p7s"))
        for path in paths
        if not path.startswith("data/")
    )


def sidecar_of(root: Path) -> Path:
    """Return the path of a package's sidecar: beside the package, named after its full name.

    A link is followed, so a package has one sidecar however it is opened.
    """
    named = root if root.name not in ("", "..") and not root.is_symlink() else root.resolve()
    return Path(f"{named}{SIDECAR_SUFFIX}")  # not `with_name`: the file system's root has no name


def find_sidecar(root: Path, named: Path | None = None) -> Path | None:
    """Return the sidecar that was named, or the one beside the package if it exists."""
    if named is not None:
        return named
    # fast path for runs over many bags: most have no sidecar; `access` parses no path and raises no exception
    # `Path.is_symlink` raises an error for a name that is too long
    is_plain = root.name not in ("", "..") and not os.path.islink(root)  # noqa: PTH114
    if is_plain and not os.access(f"{root}{SIDECAR_SUFFIX}", os.F_OK):
        return None
    sidecar = sidecar_of(root)
    return sidecar if sidecar.is_dir() else None
