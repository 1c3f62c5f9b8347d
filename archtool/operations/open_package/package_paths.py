"""Where the files of a package lie that archtool gives a meaning to."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

CITATION_PATH = "metadata/citation.json"
INVENTORY_PATH = "metadata/annexes.json"
PROVENANCE_PATH = "metadata/provenance.json"
PREMIS_PATH = "metadata/premis.xml"
DESCRIPTION_PATHS = ("metadata/description.yaml", "metadata/description.json")
PROFILE_IDENTIFIER = "urn:archtool:bagit-profile:1"
METADATA_FOLDER = "metadata/"
ADOPTED_FOLDER = "metadata/adopted/"
"""The tag files of the bag that the payload was taken from, byte for byte."""
ATTESTATIONS_FOLDER = "attestations/"
SIDECAR_SUFFIX = ".attestations"
"""What the name of a package's sidecar adds to the package's own."""


_BY_PRODUCT_ENDINGS = (
    SIDECAR_SUFFIX, ".partial", ".kept", ".jsonl", ".ndjson", ".json", ".csv", ".html"
)  # fmt: skip


def may_be_by_product(path: str) -> bool:
    """Whether a path is named like something that archtool puts beside packages (`by_products`)."""
    bare = path.rstrip("/")
    return bare.endswith(_BY_PRODUCT_ENDINGS) or bare.rpartition("/")[2].startswith(".archtool-")


def has_signatures(paths: Iterable[str]) -> bool:
    """Whether anything among the tag files is, or could be, a signature of the package."""
    return any(
        path.startswith(ATTESTATIONS_FOLDER) or path.endswith((".asc", ".p7s"))
        for path in paths
        if not path.startswith("data/")
    )


def sidecar_of(root: Path) -> Path:
    """Where attestations lie that could not be put into a package: beside it, under its whole name.

    A link is followed: a package has one sidecar, whatever name it is opened by.
    """
    named = root if root.name not in ("", "..") and not root.is_symlink() else root.resolve()
    return Path(f"{named}{SIDECAR_SUFFIX}")  # the root of everything has no name to which it could be added


def find_sidecar(root: Path, named: Path | None = None) -> Path | None:
    """The sidecar that was named, or the one beside the package if there is one."""
    if named is not None:
        return named
    # done for each bag of many: no path is taken apart, and what is not there, nearly always, is no exception
    # `Path.is_symlink` raises an error for a name that is too long
    is_plain = root.name not in ("", "..") and not os.path.islink(root)  # noqa: PTH114
    if is_plain and not os.access(f"{root}{SIDECAR_SUFFIX}", os.F_OK):
        return None
    beside = sidecar_of(root)
    return beside if beside.is_dir() else None
