"""Checks the keys and folders of all packages of one file before the first package is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from archtool.batch.job import Job
from archtool.batch.sources.keys import NO_NAME, Refusal, path_inside, refusals
from archtool.batch.sources.output_folder import refuse_among_sources
from archtool.files.paths import shown, why_unsafe
from archtool.findings import Place
from archtool.operations import finding_kinds
from archtool.operations.sources.shared_folders import SharedFolders
from archtool.report.numbers import counted

STRAYS_KEY = "files that nobody declares"  # part of the JSON output: never change it
"""The key of the job for undeclared files, which belong to no package."""
CURRENT_FOLDER_NAMES = frozenset(["", "."])
"""The names of the folder that relative paths start from."""
_NAMED = 5  # rows that are named in a message
_FILE_KEYS = ("file", "transcription", "library")
_REPAIR_KEYS = ("original", "changes")  # in `repair`; elsewhere `original` is another key


class JobKeys:
    """Collects the packages one by one, then reports which are refused and which folders are shared.

    `unit` is what the file consists of, for messages: rows or lines.
    """

    def __init__(
        self, source: Path, base: Path, output: Path, own: Iterable[Path], unit: str, hint: str | None = None
    ) -> None:
        if output.resolve() == base.resolve():
            refuse_among_sources(output)
        self._base = base
        self._source = source
        self._output = output
        self._unit = unit
        self._hint = hint
        self._own = [*own, output]
        self._folders = SharedFolders(self._own)
        self._keys: list[str | None] = []
        self._refusals: list[Refusal | None] = []
        self._numbers: dict[str, list[int]] = {}
        self._has_lost_folders = False
        """Whether the folder of a package is not known."""

    def __len__(self) -> int:
        return len(self._keys)

    def add(
        self, key: str | None, folder: Path | None, declared: Iterable[str], left_out: Iterable[str], *,
        by_default: bool = False,
    ) -> None:  # fmt: skip
        """Add a package: its key, if it has one, and the files that it declares in its folder.

        `by_default`: `left_out` comes from defaults that apply to all packages.
        """
        self._keys.append(key)
        if folder is not None:
            self._folders.add(folder, declared, left_out, by_default=by_default)

    def lose_folder(self) -> None:
        """Note that the folder of a package is not known: files that no other declares can be its files."""
        self._has_lost_folders = True

    def is_shared(self, folder: Path) -> bool:
        """Whether a folder can contain files of other packages. Call `finish` first."""
        return self._folders.is_shared(folder)

    def finish(self) -> None:
        """Check the keys and the folders after all packages were added.

        Raises:
            UsageError: the packages would be written into the folder of a package's files.
        """
        output, base = (f"{path.resolve().as_posix()}/" for path in (self._output, self._base))
        for real, folder, count in self._folders.resolved_folders():
            # a folder that packages share can have everything in it, as the folder of the table
            is_shared = count > 1 or base.startswith(f"{real}/")
            if output == f"{real}/" or (output.startswith(f"{real}/") and not is_shared):
                refuse_among_sources(self._output, folder)
        named = [key for key in self._keys if key is not None]
        paths = (path_inside(path, self._output) for path in (*self._folders.folders(), *self._own))
        sources = {path for path in paths if path is not None}
        found = iter(refusals(named, self._unit, sources))
        self._refusals = [_NO_KEY if key is None else next(found) for key in self._keys]
        for number, (key, refusal) in enumerate(zip(self._keys, self._refusals, strict=True)):
            if key is not None and refusal is not None:
                self._numbers.setdefault(key.casefold(), []).append(number)

    def refusal_of(
        self, number: int, place_of: Callable[[int], Place], problem: str | None = None
    ) -> Job | None:
        """Return the refused job for a package whose key or other content has a problem, or `None`."""
        key = self._keys[number]
        refusal = self._refusals[number] if problem is None else Refusal(problem, self._hint or "")
        if refusal is None:
            return None
        place = place_of(number)
        reason, hint = refusal
        if problem is not None or key is None:
            name = key or str(replace(place, column=None, column_name=None))
            return refused_job(name, self._source, reason, place, self._hint or hint or None)
        same = self._numbers[key.casefold()]
        if len(same) > 1:
            places = [place_of(other) for other in same[:_NAMED]]
            numbers = ", ".join(str(other.row or other.line) for other in places)
            reason += f" ({self._unit} {numbers}{' …' if len(same) > _NAMED else ''})"
        return refused_job(key, self._source, reason, place, hint)

    def stray_jobs(self) -> Iterator[Job]:
        """Yield a job for the undeclared files in shared folders, if there are any."""
        if self._has_lost_folders:
            return
        count, findings = self._folders.strays(shown(self._source.name))
        if count:
            undeclared = f"{'is' if count == 1 else 'are'} declared by none of its {self._unit}"
            message = f"{counted(count, 'file')} in the folders of {shown(str(self._source))} {undeclared}"
            yield Job(STRAYS_KEY, self._source, message, findings)


_NO_KEY = Refusal("the package has no name", NO_NAME)


def refused_job(key: str, source: Path, reason: str, place: Place, hint: str | None = None) -> Job:
    """Return a job that cannot begin because of one cell or one line."""
    finding = replace(finding_kinds.BATCH_PACKAGE.at(reason, hint=hint), place=place)
    return Job(key, source, f"{shown(str(place))}: {reason}", (finding,))


def why_no_folder(name: str) -> str | None:
    """Return why a package's files cannot be in a folder with this name, or `None`."""
    path = name.removesuffix("/")
    if path in CURRENT_FOLDER_NAMES:
        return None
    is_text = not any("\ud800" <= char <= "\udfff" for char in path)
    return why_unsafe(path) if is_text else "contains half of a surrogate pair, which is not a character"


def why_behind_link(base: Path, name: str) -> str | None:
    """Return why the folder of a row is refused: a link leads to it, and links are not followed."""
    folder = base
    for part in name.removesuffix("/").split("/"):
        folder = folder / part
        if part not in CURRENT_FOLDER_NAMES and folder.is_symlink():
            return f"leads through the link {shown(str(folder))}: links are not followed"
    return None


def declared_files(values: object, keys: Sequence[str] = _FILE_KEYS) -> Iterator[str]:
    """Yield the files that a description declares, at any depth."""
    if isinstance(values, dict):
        for key, value in values.items():
            if isinstance(value, str) and key in keys:
                yield value
            else:
                yield from declared_files(value, _REPAIR_KEYS if key == "repair" else keys)
    elif isinstance(values, list):
        for value in values:
            yield from declared_files(value, keys)
