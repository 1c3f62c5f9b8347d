"""Archives for the fuzzer: verified, unpacked, and compared with the files that other programs extract."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from archtool.errors import ArchtoolError
from archtool.findings import Severity
from archtool.operations.unpack import UnpackRequest, unpack
from archtool.results import Result
from fuzz.archive_cases import serialise
from fuzz.archive_oracle import (
    extracted_by_library,
    has_broken_member,
    read_folder,
    why_not_a_valid_archive,
    why_readings_differ,
)
from fuzz.archive_programs import NotReadError, is_zip
from fuzz.archive_tokens import ESCAPED
from fuzz.oracle import why_not_valid
from fuzz.runner import Judgement, Subject, change_folder
from fuzz.seeds import Seed

NO_FAULTS = (
    "too long",  # no disk stores a name of more than 255 bytes
    "cannot be read from the archive",  # the oracle calls the bag valid without it too: no manifest lists it
)
_AROUND = {"bag", "bag-evil", "outside", "shelf"}
_CHANGED_FOLDER_ONE_IN = 5


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The folder of the unpacked bag, or the error."""

    folder: Path
    error: ArchtoolError | None = None


def make(random: Random, start: Seed) -> bytes:
    """Make one archive, sometimes of a folder that was changed before."""
    changed = random.randrange(_CHANGED_FOLDER_ONE_IN) == 0
    return serialise(random, change_folder(random, start) if changed else start.items)


def write(path: Path, data: bytes) -> None:
    """Write the archive beside an empty folder to unpack it into."""
    if path.is_dir():
        shutil.rmtree(path)
    path.write_bytes(data)
    shutil.rmtree(_shelf(path), ignore_errors=True)
    _shelf(path).mkdir()


def use(path: Path) -> Unpacked:
    """Unpack the archive as the command does; an error of archtool's own is a valid result."""
    target = _shelf(path) / "bag"
    try:
        unpack(UnpackRequest(path, target, sync=False))
    except ArchtoolError as error:
        return Unpacked(target, error)
    return Unpacked(target)


def judge(path: Path, result: Result, used: Unpacked) -> Judgement:
    """Check that no file is written elsewhere or left behind, and that other programs extract the same."""
    faults = [*_left_behind(path, used)]
    is_valid = result.verdict["bag"] == "valid"
    if used.error is None:
        files = read_folder(used.folder)
        reason = why_not_valid(used.folder, exact_names=False) if is_valid else None
        faults += [f"the unpacked folder is not a valid bag: {reason}"] if reason is not None else []
        faults += [
            f"unpacked, although {reason}" for reason in why_readings_differ(path, files, _scratch(path))
        ]
    elif is_valid and not any(words in used.error.message for words in NO_FAULTS):
        faults.append(f"valid, but not unpacked: {used.error.message}")
    return Judgement(tuple(faults), None if is_valid else _refused(path, result))


def _left_behind(path: Path, used: Unpacked) -> Iterator[str]:
    around = set(os.listdir(path.parent)) - _AROUND
    in_shelf = set(os.listdir(_shelf(path))) - ({"bag"} if used.error is None else set())
    for name in sorted(around | in_shelf):
        yield f"left behind: {name!r}"
    if os.listdir(path.parent / "bag-evil") != ["outside"]:
        yield "written into the neighbour's folder"
    if ESCAPED.exists():
        ESCAPED.unlink()
        yield "written to an absolute path"


def _refused(path: Path, result: Result) -> str | None:
    if why_not_a_valid_archive(path, _scratch(path)) is not None or (
        is_zip(path) and has_broken_member(path)
    ):
        return None
    errors = [f for f in result.findings if f.severity is Severity.ERROR]
    # other findings follow from faults of the archive, if it has any
    first = next((f for f in errors if f.code.startswith("archive.")), next(iter(errors), None))
    if first is None:
        return "no error was found"
    message = _in_general(first.message.replace(str(path), "…"))
    return f"{'zip' if is_zip(path) else 'tar'}: {first.code}: {message}"


def _in_general(message: str) -> str:
    """Return a message without the names and numbers of its case."""
    return re.sub(r"[0-9][0-9,]*", "N", re.sub(r"(b?)(['\"]).*?\2", "…", message))


def _read(path: Path) -> Mapping[str, bytes]:
    try:
        with extracted_by_library(path, _scratch(path)) as root:
            return read_folder(root)
    except NotReadError:
        return {}


def _why_not_valid(path: Path, *, exact_names: bool = True) -> str | None:
    return why_not_a_valid_archive(path, _scratch(path), exact_names=exact_names)


def _shelf(path: Path) -> Path:
    return path.parent / "shelf"


def _scratch(path: Path) -> Path:
    return path.parent / "scratch"


ARCHIVES = Subject(make=make, write=write, why_not_valid=_why_not_valid, read=_read, use=use, judge=judge)
