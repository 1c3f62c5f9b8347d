"""Adds tag files to a bag that is there: the bag is valid at every instant, also when the power goes.

1. The new files are written beside the bag, flushed, and get their names: each is there whole, or not at
   all, and never in the place of another. A tag file that no tag manifest lists yet makes no bag invalid.
2. The tag manifests, with lines for the new files and every older line as it was, are written beside the
   bag, flushed, and take the places of the old ones, each by one rename.

No digest of an older file is taken anew: a file that was damaged stays damaged in the eyes of whoever
verifies the bag. Only one run at a time may do this, from reading the tag manifests on (`changing`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from archtool.bag.tag_manifests import add_to_tag_manifest
from archtool.errors import InputError, StorageError
from archtool.fixity.digests import Algorithm, digest_bytes
from archtool.fixity.on_disk import NotOnDiskError, uninterrupted
from archtool.fixity.paths import shown
from archtool.fixity.placing import place_new
from archtool.fixity.staging import stage_beside
from archtool.fixity.storing import not_confirmed, storing
from archtool.fixity.updating import replace_file
from archtool.fixity.whole_folders import flush

_TAG_MANIFEST = re.compile(r"tagmanifest-([a-z0-9]+)\.txt")


def extend_tag_manifest(text: bytes, algorithm: Algorithm, files: Mapping[str, bytes]) -> bytes:
    """A tag manifest with a line for each of these files; what it says of others stays as it was.

    A file that is listed already, as it is, is listed once.

    Raises:
        InputError: it lists one of the files with another digest.

    Source: RFC 8493 §2.2.1.
    """
    listed = {_path_in(line): line for line in text.splitlines(keepends=True)}
    added = {path: digest_bytes(algorithm, data) for path, data in files.items()}
    for path, digest in added.items():
        line = listed.get(path.encode())
        if line is not None and line.split()[0].lower() != digest.hex.encode():
            raise InputError(
                f"tagmanifest-{algorithm.value}.txt lists another {path} than the one to be added"
            )
    return add_to_tag_manifest(text, {p: d for p, d in added.items() if p.encode() not in listed})


def _path_in(line: bytes) -> bytes:
    """The path in a manifest's line; it is only compared here."""
    return line.rstrip(b"\r\n").partition(b" ")[2].lstrip(b" \t*")


def extend_tag_manifests(manifests: Mapping[str, bytes], files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Every tag manifest, by its name, with lines for these files.

    Raises:
        InputError: one of them is of an algorithm that is not known, or contradicts the files.
    """
    return {name: extend_tag_manifest(text, _algorithm_of(name), files) for name, text in manifests.items()}


def is_tag_manifest_name(name: str) -> bool:
    """Whether a file at the root of a bag is a tag manifest."""
    return _TAG_MANIFEST.fullmatch(name) is not None


def _algorithm_of(name: str) -> Algorithm:
    found = _TAG_MANIFEST.fullmatch(name)
    try:
        return Algorithm.parse(found[1] if found else "")
    except InputError:
        raise InputError(
            f"{name} is of an algorithm that is not known here: nothing can be added to it",
            hint="add the files, and their lines in every tag manifest, with the tool that wrote it",
        ) from None


def add_tag_files(root: Path, files: Mapping[str, bytes], manifests: Mapping[str, bytes]) -> None:
    """Put new tag files and then the tag manifests that list them into a bag.

    A file that is there already with the same bytes is left as it is: so a run that was killed is finished
    by the next.

    Raises:
        StorageError: another file of that name is there, or the disk refuses.
    """
    with stage_beside(root) as stage:
        # (1) everything is written first, so that a full disk is seen while nothing is in place
        for name, text in manifests.items():
            with storing(root / name):
                (stage.path / name).write_bytes(text)
        with uninterrupted():
            # (2) the files get their names
            for count, path in enumerate(files):
                if not _is_there(root / path, files[path]):
                    _place(stage.path / f"file-{count}", root, path, files[path])
            # (3) then the tag manifests that list them
            for name in manifests:
                try:
                    replace_file(stage.path / name, root, name)
                except OSError as error:
                    raise _not_listed(root, name, error) from error


def _not_listed(root: Path, name: str, error: OSError) -> StorageError:
    """The error for new tag files that are in place, while a tag manifest that lists them may not be."""
    if isinstance(error, NotOnDiskError):
        return not_confirmed(root / name, error)
    return StorageError(
        f"the new files are in place, and {shown(str(root / name))}, which must list them, cannot be "
        f"written: {error.strerror or error}",
        hint="check the disk, then run the same command again: it finishes what is there",
    )


def _is_there(path: Path, data: bytes) -> bool:
    try:
        return path.is_file() and not path.is_symlink() and path.read_bytes() == data
    except OSError:
        return False


def _place(staged: Path, root: Path, path: str, data: bytes) -> None:
    with storing(root / path):
        staged.write_bytes(data)
        flush(staged)
        place_new(staged, root, path)
