"""A batch from JSON Lines: each line is a description, or an object that says more and holds one.

    {"archtool": 1, "id": "letter-0001", "title": …}
    {"package": "letters/0001", "folder": "0001", "description": {"archtool": 1, …}}

The file is read twice: once for the keys and the names of the declared files, then line by line as the jobs
are made. What comes from a pipe is kept on the disk meanwhile.

Source: jsonlines.org (UTF-8, one value for each line).
"""

from __future__ import annotations

import shutil
import tempfile
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from archtool.batch.job import STANDARD_INPUT, Job, Plan
from archtool.batch.sources.job_keys import HERE, Intake, texts_named, why_leads_elsewhere, why_no_folder
from archtool.batch.sources.table_files import open_source, refuse_changed, stamp
from archtool.description.document.json_reader import read_json
from archtool.description.document.nodes import (
    MAX_DEPTH,
    MAX_DESCRIPTION_BYTES,
    MAX_VALUES,
    FindingCollector,
    TextPlaces,
    TextRefused,
)
from archtool.description.loading import WRAPPED
from archtool.encodings import UTF8_MARK, open_as_utf8
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.findings import Place
from archtool.operations.describe.load_description import EmbeddedDescription
from archtool.strict_json import DoubledKeys, JsonRules, parse_json

MAX_LINES = 10_000_000
MAX_LINE_BYTES = MAX_DESCRIPTION_BYTES + 64 * 1024  # a description, and what its wrapper says
# a description in its wrapper; what is wrong in the description is a matter of its job
_RULES = JsonRules(
    MAX_LINE_BYTES,
    MAX_VALUES + 100,
    MAX_DEPTH + 2,
    allows_half_pairs=True,
    keeps_doubled=True,
    skips_numbers=True,
)
_PACKAGE, _FOLDER = "package", "folder"
_WRAPPER_KEYS = frozenset([_PACKAGE, _FOLDER, WRAPPED])
_HINT = 'write a description with an `id` on each line, or {"package": PATH, "description": {…}}'


@dataclass(frozen=True, slots=True)
class LinesRequest:
    """Which lines, and where their files are."""

    source: Path
    """`-` for standard input."""
    output: Path
    base: Path
    """Where paths count from."""
    library: Path | None = None

    @property
    def name(self) -> str:
        """For messages."""
        return "standard input" if self.source == STANDARD_INPUT else str(self.source)


def find_lines(request: LinesRequest, standard_input: BinaryIO | None = None) -> Plan:
    """Every line that says something; all of them were read when this returns.

    `standard_input` is read where it is given, in the place of a file.

    Raises:
        InputError: the file is missing or cannot be read, or there is no line in it.
        UsageError: the packages would lie among their sources.
    """
    own = [] if request.source == STANDARD_INPUT else [request.source]
    own += [request.library] if request.library is not None else []
    intake = Intake(request.source, request.base, request.output, own, "lines", _HINT)
    opened = _open(request.source, standard_input)
    file = open_as_utf8(opened, shown(request.name))
    notes: tuple[str, ...] = ()
    if file is not opened:
        opened.close()
        notes = (f"{shown(request.name)} was read as UTF-16",)
    lines = _Lines(request, intake, file)
    lines.take_all()
    if not len(intake):
        raise InputError(
            f"there is no line in {shown(request.name)}", hint="write one description in JSON on each line"
        )
    intake.close()
    others = list(intake.stray_jobs())
    return Plan(len(intake) + len(others), lines.jobs(others), notes)


def _open(source: Path, standard_input: BinaryIO | None) -> BinaryIO:
    if standard_input is None:
        return open_source(source)
    kept = tempfile.TemporaryFile()  # noqa: SIM115 - it is read as long as there are jobs
    shutil.copyfileobj(standard_input, kept)
    kept.seek(0)
    return kept


@dataclass(frozen=True, slots=True)
class _Line:
    """What a line says besides the description."""

    key: str | None
    folder: str
    description: Any
    is_wrapped: bool
    trouble: str | None = None
    """Why nothing can be made of it."""


class _Lines:
    """The lines of one file, each found by its number among those that say something."""

    def __init__(self, request: LinesRequest, intake: Intake, file: BinaryIO) -> None:
        self._request = request
        self._intake = intake
        self._file = file
        self._stamp = stamp(file)
        self._starts, self._numbers = array("q"), array("q")
        self._troubles: dict[int, str] = {}

    def __del__(self) -> None:
        self._file.close()

    def take_all(self) -> None:
        """Read every line for what must be known of all."""
        start = number = 0
        while data := self._file.readline(MAX_LINE_BYTES + 1):
            number += 1
            if number > MAX_LINES or len(data) > MAX_LINE_BYTES:
                what = f"{MAX_LINES:,} lines" if number > MAX_LINES else f"{MAX_LINE_BYTES:,} bytes in a line"
                raise InputError(f"{shown(self._request.name)}, line {number}: more than {what}")
            if data.strip() and data != UTF8_MARK:
                self._take(start, number, data)
            start += len(data)
        refuse_changed(self._request.source, self._file, self._stamp)

    def _take(self, start: int, number: int, data: bytes) -> None:
        line = _read(data, self._request.name, number)
        elsewhere = why_leads_elsewhere(self._request.base, line.folder)
        if line.trouble is not None:
            self._troubles[len(self._intake)] = line.trouble
        elif elsewhere is not None:
            self._troubles[len(self._intake)] = f"the folder {line.folder[:60]!r} {elsewhere}"
        left_out = line.description.get("left-out", ()) if isinstance(line.description, dict) else ()
        patterns = [p for p in left_out if isinstance(p, str)] if isinstance(left_out, list) else []
        folder = self._request.base / line.folder
        self._intake.add(line.key, folder, texts_named(line.description), patterns)
        self._starts.append(start)
        self._numbers.append(number)

    def jobs(self, others: list[Job]) -> Iterator[Job]:
        """The jobs one by one; before them what has to be said of all together."""
        yield from others
        for index in range(len(self._intake)):
            yield self._intake.refused(index, self._place, self._troubles.get(index)) or self._job(index)

    def _place(self, index: int) -> Place:
        return Place(self._request.name, self._numbers[index])

    def _job(self, index: int) -> Job:
        number = self._numbers[index]
        self._file.seek(self._starts[index])
        data = self._file.readline(MAX_LINE_BYTES + 1)
        refuse_changed(self._request.source, self._file, self._stamp)
        line = _read(data, self._request.name, number)
        folder = self._request.base / line.folder
        name = f"{self._request.name}:{number}"
        given = EmbeddedDescription(
            _stripped(data), is_json=True, folder=folder, places=TextPlaces(self._request.name, number),
            name=name, folder_name=name, is_wrapped=line.is_wrapped, is_shared=self._intake.is_shared(folder),
        )  # fmt: skip
        return Job(line.key or name, self._request.source, given=given)


def _stripped(data: bytes) -> bytes:
    """The line without its end, as the package keeps it."""
    return data.removeprefix(UTF8_MARK).removesuffix(b"\n").removesuffix(b"\r")


def _read(data: bytes, name: str, number: int) -> _Line:
    """Read a line as fast as can be; what is wrong with a description is told by its job."""
    try:
        said = parse_json(_stripped(data), "the line", _RULES)
    except InputError as error:
        trouble = _syntax(data, name, number) or error.message
        return _Line(None, "", None, is_wrapped=False, trouble=trouble)
    if not isinstance(said, dict):
        return _Line(None, "", None, is_wrapped=False, trouble="the line is no JSON object")
    if _PACKAGE in said or WRAPPED in said:
        return _wrapped(said)
    key = said.get("id")
    if isinstance(key, str) and key:
        return _Line(key, "", said, is_wrapped=False)
    trouble = "the description has no `id`, which its package could be called after"
    return _Line(None, "", said, is_wrapped=False, trouble=trouble)


def _wrapped(said: dict[str, Any]) -> _Line:
    key, folder, description = said.get(_PACKAGE), said.get(_FOLDER, ""), said.get(WRAPPED)
    trouble = None
    doubled = said.doubled if isinstance(said, DoubledKeys) else None
    unknown = sorted(said.keys() - _WRAPPER_KEYS)
    if doubled is not None:
        trouble = f"the key `{shown(doubled[:60])}` is there twice"
    elif unknown:
        known = ", ".join(f"`{one}`" for one in (_PACKAGE, _FOLDER, WRAPPED))
        trouble = f"unknown key `{shown(unknown[0][:60])}` beside `{WRAPPED}`: there may be {known}"
    elif not isinstance(key, str) or not key:
        trouble = f"`{_PACKAGE}` is missing, or is no text"
    elif not isinstance(description, dict):
        trouble = f"`{WRAPPED}` is missing, or is no JSON object"
    elif not isinstance(folder, str):
        trouble = f"`{_FOLDER}` is no text"
    elif (why := why_no_folder(folder)) is not None:
        trouble = f"the folder {folder[:60]!r} {why}"
    if trouble is not None:
        return _Line(
            key if isinstance(key, str) and key else None, "", None, is_wrapped=True, trouble=trouble
        )
    return _Line(key, "" if folder in HERE else str(folder), description, is_wrapped=True)


def _syntax(data: bytes, name: str, number: int) -> str | None:
    """What the strict reader says of a line that is no JSON; `None` where it finds nothing to refuse."""
    complaints = FindingCollector(name, [], places=TextPlaces(name, number))
    try:
        read_json(_stripped(data).decode("utf-8"), complaints)
    except UnicodeDecodeError as error:
        return f"byte {error.start + 1} of the line is not UTF-8"
    except TextRefused as refused:
        place = refused.finding.place
        where = f" (column {place.column})" if place is not None and place.column is not None else ""
        return f"{refused.finding.message}{where}"
    return None
