"""The targets of the parts of a group: their names, and how all of them appear together.

The parts are made in one staging folder and get their names one after the other, the last part last. A
receipt in the staging folder names them before the first rename. After a kill between two renames, the next
run for the same target finds the receipt and takes back the parts in place: no incomplete group stays.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha512
from pathlib import Path
from typing import Any

from archtool.canonical_json import format_json_line
from archtool.errors import InputError, StorageError, UsageError
from archtool.files.paths import shown
from archtool.files.writing.atomic_rename import rename_to_new
from archtool.files.writing.durability import uninterrupted
from archtool.files.writing.leftovers import abandoned_with_receipt, clear_leftovers
from archtool.files.writing.staging import Stage, stage_beside
from archtool.files.writing.storage_errors import cannot_write, not_confirmed
from archtool.files.writing.tree_operations import flush, flush_folder
from archtool.operations.limits import MAX_PARTS
from archtool.operations.open_package.package_paths import SIDECAR_SUFFIX, sidecar_of
from archtool.strict_json import JsonRules, parse_json

_PART = re.compile(r"-[1-9][0-9]*of[1-9][0-9]*")
_RULES = JsonRules(max_bytes=1024 * 1024, max_values=4 * MAX_PARTS + 10, max_depth=4)


def part_name(name: str, number: int, count: int) -> str:
    """Return the name of a part: `letter-2of3`."""
    return f"{name}-{number}of{count}"


def part_target(target: Path, archive: str | None, number: int, count: int) -> Path:
    """Return the path of a part; an archive keeps its ending: `letter-2of3.tar`."""
    stem, ending = _divided(target, archive)
    return target.with_name(f"{part_name(stem, number, count)}{ending}")


def _divided(target: Path, archive: str | None) -> tuple[str, str]:
    is_ending = archive is not None and target.suffix.lower() == f".{archive}"
    return (target.stem, target.suffix) if is_ending else (target.name, "")


@dataclass(frozen=True, slots=True)
class UnfinishedRun:
    """A run for the same target that was killed before all of its parts were in place."""

    folder: Path
    """Its staging folder."""
    in_place: tuple[Path, ...]
    """The parts that have their names and are as that run made them."""

    def take_back(self) -> None:
        """Move the parts that are in place into the staging folder of that run, which is removed later.

        Raises:
            OSError: a part cannot be moved.
        """
        for path in self.in_place:
            rename_to_new(path, self.folder / path.name)


def _is_part(name: str, target: Path, archive: str | None) -> bool:
    stem, ending = _divided(target, archive)
    middle = name.removeprefix(stem).removesuffix(ending)
    return name == f"{stem}{middle}{ending}" and _PART.fullmatch(middle) is not None


def find_unfinished(target: Path, archive: str | None) -> tuple[UnfinishedRun, ...]:
    """Return the killed runs for a target whose parts are not all in place.

    Raises:
        UsageError: a part of such a run was changed since.
    """
    found = []
    for folder, receipt in abandoned_with_receipt(target):
        stated = _parse_receipt(receipt)
        made = {name: stated[name] for name in stated if _is_part(name, target, archive)}
        paths = [target.with_name(name) for name in made]
        existing = [path for path in paths if os.path.lexists(path)]
        if not existing or len(existing) == len(paths):
            continue  # nothing is in place, or everything: then only the receipt was not removed
        for path in existing:
            if made[path.name] != _identity(path) or os.path.lexists(sidecar_of(path)):
                raise UsageError(
                    f"{shown(str(path))} is one part of a group whose other parts were lost when its run was "
                    "killed, and it was changed since",
                    hint="move it to another folder, or choose another target",
                )
        found.append(UnfinishedRun(folder, tuple(existing)))
    return tuple(found)


def _parse_receipt(text: str) -> dict[str, str]:
    """Return the identities of the parts by their names; nothing for a receipt that was cut off."""
    try:
        value: Any = parse_json(text.encode("utf-8", "surrogateescape"), "the receipt", _RULES)
    except InputError:
        return {}
    parts = value.get("parts") if isinstance(value, dict) else None
    pairs = parts.items() if isinstance(parts, dict) else ()
    return {name: identity for name, identity in pairs if isinstance(identity, str)}


def _identity(path: Path) -> str:
    """Return a text that stays equal until a part is changed; renaming does not change it."""
    status = os.lstat(path)
    if not path.is_dir():
        return f"{status.st_dev}:{status.st_ino}:{status.st_size}:{status.st_mtime_ns}"
    hasher = sha512()
    for manifest in sorted(path.glob("tagmanifest-*.txt")):
        hasher.update(manifest.read_bytes())
    return f"{status.st_dev}:{status.st_ino}:{hasher.hexdigest()[:64]}"


def refuse_existing(target: Path, archive: str | None, unfinished: Sequence[UnfinishedRun]) -> None:
    """Refuse to add parts beside parts of another packing: two groups would be mixed.

    Raises:
        UsageError: a part exists.
    """
    own = {path for run in unfinished for path in run.in_place}
    taken: list[Path] = []
    with contextlib.suppress(FileNotFoundError), os.scandir(target.parent) as entries:
        for entry in entries:
            name = entry.name.removesuffix(SIDECAR_SUFFIX)  # a stray one would count as the new part's
            if _is_part(name, target, archive) and (path := target.with_name(entry.name)) not in own:
                taken.append(path)
    if taken:
        raise UsageError(
            f"a part of an earlier packing exists: {shown(str(min(taken)))}",
            hint="choose another target with -o, or remove the parts of that packing yourself",
        )


@contextlib.contextmanager
def stage_parts(target: Path, unfinished: Sequence[UnfinishedRun]) -> Iterator[Stage]:
    """Make a staging folder for all parts; leftovers of killed runs that have no part in place are removed.

    Raises:
        StorageError: the parent folder of the target is missing or cannot be written.
    """
    clear_leftovers(target, keep=[run.folder for run in unfinished])
    with stage_beside(target, clear=False) as stage:
        yield stage


def place_parts(
    stage: Stage, made: Sequence[tuple[Path, Path]], unfinished: Sequence[UnfinishedRun], *, sync: bool
) -> None:
    """Give each finished part its name, the last part last; after a failure none of them is in place.

    Raises:
        StorageError: a part cannot be moved, or appeared meanwhile.
    """
    folder = stage.target.parent
    try:
        _write_receipt(stage, made, sync=sync)
        with uninterrupted():
            _rename_all(stage, made, unfinished)
    except FileExistsError as error:
        raise StorageError(
            f"{shown(str(error.filename))} appeared while the parts were being made; no part is in place",
            hint="another program made it; choose another target, or move it away",
        ) from error
    except OSError as error:
        raise cannot_write(stage.target, error) from error
    if sync:
        try:
            flush(folder)
        except OSError as error:
            raise not_confirmed(made[-1][1], error) from error
    clear_leftovers(stage.target)  # of the unfinished runs; this run's own folder is locked


def _write_receipt(stage: Stage, made: Sequence[tuple[Path, Path]], *, sync: bool) -> None:
    """Name the parts in the staging folder, and flush everything in it."""
    identities = {target.name: _identity(source) for source, target in made}
    try:
        stage.write_receipt(format_json_line({"parts": identities}))
        if sync:
            flush_folder(stage.path)
    except BaseException:  # an interrupt too: with a receipt the staging folder would stay
        stage.drop_receipt()
        raise


def _rename_all(stage: Stage, made: Sequence[tuple[Path, Path]], unfinished: Sequence[UnfinishedRun]) -> None:
    placed: list[tuple[Path, Path]] = []
    try:
        for run in unfinished:
            run.take_back()
        for source, target in made:
            rename_to_new(source, target)
            placed.append((source, target))
    except OSError:
        for source, target in reversed(placed):
            rename_to_new(target, source)
        stage.drop_receipt()
        raise
