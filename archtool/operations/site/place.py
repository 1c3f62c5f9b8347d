"""Puts new files of a site into its folder, and removes those that it has no more; touches no other file.

The folder is a site's if its state file is there, or if it is empty. New files are written into a staging
folder in it, flushed, and renamed one by one. Before the first rename the state file lists everything that
may be there afterwards, without digests for what changes: a run after an interruption knows these files as
the site's own, and makes them again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from archtool.errors import StorageError, UsageError
from archtool.files.lock import locked_folder
from archtool.files.os_errors import cannot_read
from archtool.files.paths import shell_word, shown
from archtool.files.writing.blocked import while_blocked
from archtool.files.writing.leftovers import is_staged
from archtool.files.writing.staging import Stage, stage_beside
from archtool.files.writing.storage_errors import cannot_write, storage_errors
from archtool.files.writing.tree_operations import flush, flush_folder
from archtool.operations.open_package.enclosing_bag import refuse_inside_package
from archtool.operations.site.state import STATE_NAME, SiteState, WrittenFile, format_state, parse_state
from archtool.report.site.model import PACKAGES

_NEW_GIVEN = "give a new folder, or an empty one, or that of a site"


def check_target(target: Path) -> None:
    """Refuse a folder that is not a site's, before anything is read.

    Raises:
        UsageError: it has other files, is no folder, or is inside a package.
        StorageError: the folder above it does not exist.
    """
    if target == Path("-"):
        raise UsageError("a site is a folder, and not written to standard output", hint="name it: -o site")
    refuse_inside_package(target.parent.absolute() / target.name, "the site")
    if not target.parent.is_dir():
        raise StorageError(
            f"{shown(str(target))} cannot be made: the folder above it does not exist",
            hint="create that folder, or give another one",
        )
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise UsageError(f"{shown(str(target))} exists, and is not a folder", hint=_NEW_GIVEN)
    with storage_errors(target):
        names = sorted(name for name in os.listdir(target) if not is_staged(name))
    if names and STATE_NAME not in names:
        raise UsageError(
            f"{shown(str(target))} is not a site that archtool made: it has {shell_word(names[0])}",
            hint=_NEW_GIVEN,
        )


@contextmanager
def open_site(target: Path) -> Iterator[tuple[SiteState, Stage]]:
    """Lock the folder of a site, which is made if missing; yield its state, and a folder for new files.

    Raises:
        StorageError: another run has locked it, or it cannot be written.
        InputError: its state file is damaged.
    """
    is_new = not target.exists()
    with storage_errors(target):
        target.mkdir(exist_ok=True)
    try:
        with locked_folder(target.resolve()), stage_beside(target / STATE_NAME) as stage:
            (stage.path / PACKAGES.rstrip("/")).mkdir()
            yield _read_state(target), stage
    except BlockingIOError as error:
        raise StorageError(
            f"{shown(str(target))} is being changed by another run",
            hint="wait until that run has finished, then run the same command again",
        ) from error
    finally:
        if is_new:
            with suppress(OSError):  # it is not empty: the site was made
                target.rmdir()


def _read_state(target: Path) -> SiteState:
    path = target / STATE_NAME
    if not os.path.lexists(path):
        return SiteState()
    if not path.is_file():
        raise UsageError(f"{shown(str(path))} is not a file of archtool", hint="remove it, then run again")
    try:
        return parse_state(path.read_bytes(), shown(str(path)))
    except OSError as error:
        message = f"{shown(str(path))} cannot be read: {error.strerror}"
        raise cannot_read(message, error, hint="check its permissions") from error


def sizes_on_disk(target: Path) -> dict[str, int]:
    """Return the files in the folders of a site with their sizes; links and folders are left out."""
    found: dict[str, int] = {}
    for above in ("", PACKAGES):
        try:
            with os.scandir(target / above) as entries:
                for entry in entries:
                    if entry.is_file(follow_symlinks=False):
                        found[f"{above}{entry.name}"] = entry.stat(follow_symlinks=False).st_size
        except (FileNotFoundError, NotADirectoryError):
            continue
    return found


def put_in_place(
    target: Path, old: SiteState, new: SiteState, stage: Stage, staged: Mapping[str, int]
) -> None:
    """Rename the staged files into the site, remove what it has no more, and write the new state.

    Raises:
        UsageError: a file that is not the site's own is in the way; nothing was changed.
        StorageError: a file cannot be written.
    """
    removed = sorted(old.files.keys() - new.files.keys())
    _refuse_others(target, (path for path in staged if path not in old.files))
    if not staged and not removed and old == new:
        return
    with storage_errors(target):
        flush_folder(stage.path)
        (target / PACKAGES.rstrip("/")).mkdir(exist_ok=True)
    if staged or removed:
        _write_state(target, stage, _between(old, new, staged))
        for path in sorted(staged):
            _rename(stage.path / path, target / path)
        for path in removed:
            with storage_errors(target / path):
                (target / path).unlink(missing_ok=True)
        with storage_errors(target):
            flush(target / PACKAGES.rstrip("/"))
            flush(target)
    _write_state(target, stage, new)
    with storage_errors(target):
        flush(target)


def _refuse_others(target: Path, paths: Iterator[str]) -> None:
    folder = target / PACKAGES.rstrip("/")
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageError(
            f"{shown(str(folder))} is in the way: it is not a folder of the site", hint="remove it"
        )
    for path in paths:
        if os.path.lexists(target / path):
            raise UsageError(
                f"{shown(str(target / path))} was not written by archtool site; nothing was changed",
                hint="rename that file, or move it out of the site, then run the same command again",
            )


def _between(old: SiteState, new: SiteState, staged: Mapping[str, int]) -> SiteState:
    """Return a state that is true at every instant of the renames."""
    unsure = {path: WrittenFile("", 0) for path in staged}
    kept = {name: record for name, record in old.packages.items() if new.packages.get(name) == record}
    return replace(old, collection="", packages=kept, files={**old.files, **unsure})


def _write_state(target: Path, stage: Stage, state: SiteState) -> None:
    path = stage.path / STATE_NAME
    with storage_errors(target / STATE_NAME):
        path.write_bytes(format_state(state))
        flush(path)
    _rename(path, target / STATE_NAME)


def _rename(made: Path, path: Path) -> None:
    try:
        while_blocked(os.replace, made, path)
    except OSError as error:
        raise cannot_write(path, error) from error
