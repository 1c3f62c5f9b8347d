"""Reads a batch from JSON Lines: each line is a description, or an object that wraps one.

    {"archtool": 1, "id": "letter-0001", "title": …}
    {"package": "letters/0001", "folder": "0001", "description": {"archtool": 1, …}}

The file is read twice: once for the keys and the names of the declared files, then line by line as the jobs
are made. Input from a pipe is copied to a temporary file first.

Source: jsonlines.org (UTF-8, one value for each line).
"""

from __future__ import annotations

import shutil
import tempfile
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from archtool.batch.job import STANDARD_INPUT, Job, Plan
from archtool.batch.limits import MAX_JSON_LINE_BYTES, MAX_LINES
from archtool.batch.sources.job_keys import (
    CURRENT_FOLDER_NAMES,
    JobKeys,
    declared_files,
    why_behind_link,
    why_no_folder,
)
from archtool.batch.sources.rows.described_files import kept_matches
from archtool.batch.sources.rows.file_names import FileNames
from archtool.batch.sources.table_files import open_source, refuse_changed, stamp
from archtool.description.document.json_reader import read_json
from archtool.description.document.nodes import FindingCollector, TextPlaces, TextRefused
from archtool.description.limits import MAX_DEPTH, MAX_VALUES
from archtool.description.loading import WRAPPED
from archtool.encodings import UTF8_MARK, open_as_utf8
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.findings import Place
from archtool.operations.describe.load_description import EmbeddedDescription
from archtool.strict_json import DoubledKeys, JsonRules, parse_json

# for a description in its wrapper; errors in the description are reported by its job
_RULES = JsonRules(
    MAX_JSON_LINE_BYTES,
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
    """The JSON Lines file, and where the files of its packages are."""

    source: Path
    """`-` for standard input."""
    output: Path
    base: Path
    """The folder that paths are relative to."""
    library: Path | None = None

    @property
    def name(self) -> str:
        """The name of the source for messages."""
        return "standard input" if self.source == STANDARD_INPUT else str(self.source)


def find_lines(request: LinesRequest, standard_input: BinaryIO | None = None) -> Plan:
    """Return a job for every line that is not empty. All lines have been read when this returns.

    `standard_input`, if given, is read instead of a file.

    Raises:
        InputError: the file is missing, unreadable or empty.
        UsageError: the packages would be written among their sources.
    """
    own = [] if request.source == STANDARD_INPUT else [request.source]
    own += [request.library] if request.library is not None else []
    keys = JobKeys(request.source, request.base, request.output, own, "lines", _HINT)
    opened = _open(request.source, standard_input)
    file = open_as_utf8(opened, shown(request.name))
    notes: tuple[str, ...] = ()
    if file is not opened:
        opened.close()
        notes = (f"{shown(request.name)} was read as UTF-16",)
    lines = _Lines(request, keys, file)
    lines.read_all()
    if not len(keys):
        raise InputError(
            f"there is no line in {shown(request.name)}", hint="write one description in JSON on each line"
        )
    keys.finish()
    others = list(keys.stray_jobs())
    return Plan(len(keys) + len(others), lines.jobs(others), notes)


def _open(source: Path, standard_input: BinaryIO | None) -> BinaryIO:
    if standard_input is None:
        return open_source(source)
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - it stays open while there are jobs
    shutil.copyfileobj(standard_input, copy)
    copy.seek(0)
    return copy


@dataclass(frozen=True, slots=True)
class _Line:
    """The content of a line."""

    key: str | None
    folder: str
    description: Any
    is_wrapped: bool
    problem: str | None = None
    """Why the line cannot be used."""


class _Lines:
    """The lines of one file, by their number among those that are not empty."""

    def __init__(self, request: LinesRequest, keys: JobKeys, file: BinaryIO) -> None:
        self._request = request
        self._keys = keys
        self._file = file
        self._stamp = stamp(file)
        self._names = FileNames(
            frozenset(path.resolve() for path in (request.source, request.library) if path is not None)
        )
        self._starts, self._numbers = array("q"), array("q")
        self._problems: dict[int, str] = {}

    def __del__(self) -> None:
        self._file.close()

    def read_all(self) -> None:
        """Read every line and collect its key and its declared files."""
        start = number = 0
        while data := self._file.readline(MAX_JSON_LINE_BYTES + 1):
            number += 1
            if number > MAX_LINES or len(data) > MAX_JSON_LINE_BYTES:
                limit = (
                    f"{MAX_LINES:,} lines"
                    if number > MAX_LINES
                    else f"{MAX_JSON_LINE_BYTES:,} bytes in a line"
                )
                raise InputError(f"{shown(self._request.name)}, line {number}: more than {limit}")
            if data.strip() and data != UTF8_MARK:
                self._add(start, number, data)
            start += len(data)
        refuse_changed(self._request.source, self._file, self._stamp)

    def _add(self, start: int, number: int, data: bytes) -> None:
        line = _read(data, self._request.name, number)
        behind_link = why_behind_link(self._request.base, line.folder)
        if line.problem is not None:
            self._problems[len(self._keys)] = line.problem
        elif behind_link is not None:
            self._problems[len(self._keys)] = f"the folder {line.folder[:60]!r} {behind_link}"
        is_lost = len(self._keys) in self._problems
        if is_lost:
            self._keys.lose_folder()
        left_out = line.description.get("left-out", ()) if isinstance(line.description, dict) else ()
        patterns = [p for p in left_out if isinstance(p, str)] if isinstance(left_out, list) else []
        folder = self._request.base / line.folder
        declared = self._declared(folder, line.description, patterns)
        self._keys.add(line.key, None if is_lost else folder, declared, patterns)
        self._starts.append(start)
        self._numbers.append(number)

    def _declared(self, folder: Path, description: Any, left_out: Sequence[str]) -> Iterator[str]:
        """Yield the files that a description declares; of a pattern those that it matches now."""
        name = description.get("id") if isinstance(description, dict) else None
        for text in declared_files(description):
            found = self._names.files(folder, text, name if isinstance(name, str) else "")
            if found.is_pattern:
                yield from kept_matches(found.paths, set(), left_out)
            else:
                yield text

    def jobs(self, others: list[Job]) -> Iterator[Job]:
        """Yield the jobs one by one, after the given jobs, which concern all lines."""
        yield from others
        for index in range(len(self._keys)):
            yield self._keys.refusal_of(index, self._place, self._problems.get(index)) or self._job(index)

    def _place(self, index: int) -> Place:
        return Place(self._request.name, self._numbers[index])

    def _job(self, index: int) -> Job:
        number = self._numbers[index]
        self._file.seek(self._starts[index])
        data = self._file.readline(MAX_JSON_LINE_BYTES + 1)
        refuse_changed(self._request.source, self._file, self._stamp)
        line = _read(data, self._request.name, number)
        folder = self._request.base / line.folder
        name = f"{self._request.name}:{number}"
        embedded = EmbeddedDescription(
            _stripped(data), is_json=True, folder=folder, places=TextPlaces(self._request.name, number),
            name=name, folder_name=name, is_wrapped=line.is_wrapped, is_shared=self._keys.is_shared(folder),
        )  # fmt: skip
        return Job(line.key or name, self._request.source, embedded=embedded)


def _stripped(data: bytes) -> bytes:
    """Return the line without its line ending, as the package stores it."""
    return data.removeprefix(UTF8_MARK).removesuffix(b"\n").removesuffix(b"\r")


def _read(data: bytes, name: str, number: int) -> _Line:
    """Read a line with the fast parser; errors in a description are reported by its job."""
    try:
        value = parse_json(_stripped(data), "the line", _RULES)
    except InputError as error:
        problem = _syntax(data, name, number) or error.message
        return _Line(None, "", None, is_wrapped=False, problem=problem)
    if not isinstance(value, dict):
        return _Line(None, "", None, is_wrapped=False, problem="the line is not a JSON object")
    if _PACKAGE in value or WRAPPED in value:
        return _wrapped(value)
    key = value.get("id")
    if isinstance(key, str) and key:
        return _Line(key, "", value, is_wrapped=False)
    problem = "the description has no `id`, which would be the name of its package"
    return _Line(None, "", value, is_wrapped=False, problem=problem)


def _wrapped(value: dict[str, Any]) -> _Line:
    key, folder, description = value.get(_PACKAGE), value.get(_FOLDER, ""), value.get(WRAPPED)
    problem = None
    doubled = value.doubled if isinstance(value, DoubledKeys) else None
    unknown = sorted(value.keys() - _WRAPPER_KEYS)
    if doubled is not None:
        problem = f"the key `{shown(doubled[:60])}` occurs twice"
    elif unknown:
        known = ", ".join(f"`{one}`" for one in (_PACKAGE, _FOLDER, WRAPPED))
        problem = f"unknown key `{shown(unknown[0][:60])}` next to `{WRAPPED}`: the allowed keys are {known}"
    elif not isinstance(key, str) or not key:
        problem = f"`{_PACKAGE}` is missing or not a text"
    elif not isinstance(description, dict):
        problem = f"`{WRAPPED}` is missing or not a JSON object"
    elif not isinstance(folder, str):
        problem = f"`{_FOLDER}` is not a text"
    elif (reason := why_no_folder(folder)) is not None:
        problem = f"the folder {folder[:60]!r} {reason}"
    if problem is not None:
        return _Line(
            key if isinstance(key, str) and key else None, "", None, is_wrapped=True, problem=problem
        )
    return _Line(key, "" if folder in CURRENT_FOLDER_NAMES else str(folder), description, is_wrapped=True)


def _syntax(data: bytes, name: str, number: int) -> str | None:
    """Return the strict reader's message about a line that is not JSON; `None` if it accepts the line."""
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
