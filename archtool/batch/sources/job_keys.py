"""What must be known of all packages of one file before the first of them is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from archtool.batch.job import Job
from archtool.batch.sources.keys import path_inside, refusals
from archtool.errors import UsageError
from archtool.files.paths import shown, why_unsafe
from archtool.findings import Place
from archtool.operations import finding_kinds
from archtool.operations.sources.shared_folders import SharedFolders
from archtool.report.numbers import counted

STRAYS_KEY = "files that nobody declares"
"""What stands in the place of a job's key where no package can be named."""
HERE = frozenset(["", "."])
"""How the folder itself is called that others count from."""
_NAMED = 5  # of the rows that stand for one package


class Intake:
    """Takes in the packages one by one, then says which are refused and whose folder is shared."""

    def __init__(
        self, source: Path, base: Path, output: Path, own: Iterable[Path], what: str, hint: str | None = None
    ) -> None:
        if output.resolve() == base.resolve():
            raise UsageError(
                f"the packages would lie among their sources: {shown(str(output))}",
                hint="name another folder for them with -o",
            )
        self._source = source
        self._output = output
        self._what = what
        self._hint = hint
        self._own = [*own, output]
        self._folders = SharedFolders(self._own)
        self._keys: list[str | None] = []
        self._whys: list[str | None] = []
        self._count: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def add(
        self, key: str | None, folder: Path, declared: Iterable[str], left_out: Iterable[str], *,
        by_default: bool = False,
    ) -> None:  # fmt: skip
        """One package: its key, where one was said, and the files that it declares from its folder.

        `by_default`: what it leaves out was said once for all packages.
        """
        self._keys.append(key)
        self._folders.add(folder, declared, left_out, by_default=by_default)

    def is_shared(self, folder: Path) -> bool:
        """Whether files of others may lie in a folder; to be asked once all were added."""
        return self._folders.is_shared(folder)

    def close(self) -> None:
        """All were added."""
        named = [key for key in self._keys if key is not None]
        places = (path_inside(path, self._output) for path in (*self._folders.folders(), *self._own))
        sources = {place for place in places if place is not None}
        whys = iter(refusals(named, self._what, sources))
        self._whys = [_NO_KEY if key is None else next(whys) for key in self._keys]
        for number, (key, why) in enumerate(zip(self._keys, self._whys, strict=True)):
            if key is not None and why is not None:
                self._count.setdefault(key.casefold(), []).append(number)

    def refused(
        self, number: int, place_of: Callable[[int], Place], trouble: str | None = None
    ) -> Job | None:
        """The job that cannot be begun, because of its key or of another trouble; `None` where it can."""
        key = self._keys[number]
        why = trouble or self._whys[number]
        if why is None:
            return None
        place = place_of(number)
        if trouble is not None or key is None:
            name = key or str(replace(place, column=None, column_name=None))
            return refused_job(name, self._source, why, place, None if trouble is None else self._hint)
        alike = self._count[key.casefold()]
        if len(alike) > 1:
            numbers = [place_of(one) for one in alike[:_NAMED]]
            words = ", ".join(str(one.row or one.line) for one in numbers)
            why += f" ({self._what} {words}{' …' if len(alike) > _NAMED else ''})"
        return refused_job(key, self._source, why, place)

    def stray_jobs(self) -> Iterator[Job]:
        """One for what lies in the shared folders and nobody declares, if anything does."""
        count, findings = self._folders.strays(shown(self._source.name))
        if count:
            nobody = f"{'is' if count == 1 else 'are'} declared by none of its {self._what}"
            message = f"{counted(count, 'file')} in the folders of {shown(str(self._source))} {nobody}"
            yield Job(STRAYS_KEY, self._source, message, findings)


_NO_KEY = "it is not said which package this is"


def refused_job(key: str, source: Path, why: str, place: Place, hint: str | None = None) -> Job:
    """A job that cannot be begun, because of one cell or one line."""
    finding = replace(finding_kinds.BATCH_PACKAGE.at(why, hint=hint), place=place)
    return Job(key, source, f"{shown(str(place))}: {why}", (finding,))


def why_no_folder(said: str) -> str | None:
    """Why the files of a package cannot be in a folder of this name; `None`: they may be."""
    path = said.removesuffix("/")
    if path in HERE:
        return None
    is_text = not any("\ud800" <= char <= "\udfff" for char in path)
    return why_unsafe(path) if is_text else "holds half of a surrogate pair, which is no character"


def why_leads_elsewhere(base: Path, said: str) -> str | None:
    """Why the folder of a row may not be used: a step on the way to it is a link; none is followed."""
    folder = base
    for part in said.removesuffix("/").split("/"):
        folder = folder / part
        if part not in HERE and folder.is_symlink():
            return f"leads through the link {shown(str(folder))}: links are not followed"
    return None


def texts_named(values: object, keys: Sequence[str] = ("file", "transcription", "library")) -> Iterator[str]:
    """The files that a description declares, wherever in it."""
    if isinstance(values, dict):
        for key, value in values.items():
            if isinstance(value, str) and key in keys:
                yield value
            else:
                yield from texts_named(value, keys)
    elif isinstance(values, list):
        for value in values:
            yield from texts_named(value, keys)
