"""Refuses tag files that are larger than `verify` reads, so that every package can be verified."""

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


def refuse_oversized(files: Mapping[str, bytes]) -> None:
    """Compare the size of every tag file with the limit for reading it.

    Raises:
        InputError: a file is larger; the package must not be made.
    """
    smallest_limit = min(MAX_INFO_BYTES, MAX_MANIFEST_BYTES, MAX_METADATA_BYTES, MAX_TAG_FILE_BYTES)
    for path, data in files.items():
        if len(data) <= smallest_limit:
            continue
        limit_bytes = _limit_of(path)
        if limit_bytes is not None and len(data) > limit_bytes:
            raise InputError(
                f"{path} would have {len(data):,} bytes, but verify reads at most {limit_bytes:,}: "
                "nothing was written",
                hint="divide the material into several packages",
            )


def _limit_of(path: str) -> int | None:
    """Return the size limit in bytes for reading a tag file; `None` if only its digests are computed."""
    if path.startswith(ROOT):
        return MAX_TAG_FILE_BYTES
    if path == "bag-info.txt":
        return MAX_INFO_BYTES
    if read_manifest_name(path.removeprefix(ADOPTED_FOLDER)) is not None:
        return MAX_MANIFEST_BYTES
    return MAX_METADATA_BYTES if path.startswith(METADATA_FOLDER) else None
