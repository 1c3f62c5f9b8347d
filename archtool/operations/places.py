"""Where the files of a package lie that archtool gives a meaning to."""

from __future__ import annotations

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
SIDECAR_SUFFIX = ".attestations"
"""What the name of a package's sidecar adds to the package's own."""


def sidecar_of(root: Path) -> Path:
    """Where attestations lie that could not be put into a package: beside it, under its whole name."""
    named = root if root.name not in ("", "..") else root.resolve()
    return named.with_name(named.name + SIDECAR_SUFFIX)


def find_sidecar(root: Path, named: Path | None = None) -> Path | None:
    """The sidecar that was named, or the one beside the package if there is one."""
    beside = named or sidecar_of(root)
    return beside if named is not None or beside.is_dir() else None
