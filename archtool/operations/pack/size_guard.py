"""Whether `verify` would read whatever `pack` composed: no package may outgrow its own verification."""

from __future__ import annotations

from collections.abc import Mapping

from archtool.attestations.layout import ROOT
from archtool.bagit.limits import (
    MAX_INFO_BYTES,
    MAX_MANIFEST_BYTES,
    MAX_METADATA_BYTES,
    MAX_TAG_FILE_BYTES,
)
from archtool.bagit.tag_files.manifest_writer import read_manifest_name
from archtool.errors import InputError
from archtool.operations.open_package.package_paths import ADOPTED_FOLDER, METADATA_FOLDER


def refuse_unreadable(files: Mapping[str, bytes]) -> None:
    """Hold every tag file against the limit that it would be read with.

    Raises:
        InputError: one of them is larger; the package must not be made.
    """
    harmless_bytes = min(MAX_INFO_BYTES, MAX_MANIFEST_BYTES, MAX_METADATA_BYTES, MAX_TAG_FILE_BYTES)
    for path, data in files.items():
        if len(data) <= harmless_bytes:
            continue
        limit_bytes = _limit_of(path)
        if limit_bytes is not None and len(data) > limit_bytes:
            raise InputError(
                f"{path} would have {len(data):,} bytes, and no more than {limit_bytes:,} are read again: "
                "nothing was written",
                hint="divide the material into several packages",
            )


def _limit_of(path: str) -> int | None:
    """How much of a tag file is read at most; `None` for those of which only digests are taken."""
    if path.startswith(ROOT):
        return MAX_TAG_FILE_BYTES
    if path == "bag-info.txt":
        return MAX_INFO_BYTES
    if read_manifest_name(path.removeprefix(ADOPTED_FOLDER)) is not None:
        return MAX_MANIFEST_BYTES
    return MAX_METADATA_BYTES if path.startswith(METADATA_FOLDER) else None
