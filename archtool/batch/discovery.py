"""Finds the descriptions in a folder, and gives each job a key that is its alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from archtool.batch.job import Job
from archtool.batch.plan import Plan
from archtool.errors import InputError, UsageError
from archtool.fixity.paths import shown, why_not_portable
from archtool.fixity.tree import Tree

MAX_FILES = 10_000_000  # a folder named by mistake must not start a day's walk
NAMES = tuple(
    f"{name}.{ending}" for name in ("description", "*.description") for ending in ("yaml", "yml", "json")
)


def find_descriptions(folder: Path, output: Path, pattern: str | None = None) -> Plan:
    """Every description below a folder, sorted by its job's key.

    A description is called `description.yaml` (or `.yml`, `.json`), or `NAME.description.yaml`; or as the
    pattern says, for instance `*.yaml`. The key is the folder that it lies in, or for the others their path
    without the ending. Jobs with one key, and jobs whose package would lie inside another's, are refused one
    by one: which of them was meant, nobody can know. What lies below the output folder is not looked at: the
    packages hold descriptions themselves.

    Raises:
        InputError: no such folder, or there is no description in it.
        UsageError: the packages would lie among the sources.
    """
    if output.resolve() == folder.resolve():
        raise UsageError(
            f"the packages would lie among their sources: {shown(str(output))}",
            hint="name another folder for them with -o",
        )
    try:
        tree = Tree(folder)
    except OSError as error:
        raise InputError(
            f"{shown(str(folder))}: the folder cannot be opened: {error.strerror}", hint="check the path"
        ) from error
    with tree:
        passed_over = _inside(output, folder)
        paths = sorted(path for path in _descriptions(tree, pattern) if not _is_below(path, passed_over))
    if not paths:
        wanted = pattern or "description.yaml or NAME.description.yaml"
        raise InputError(
            f"there is no description in {shown(str(folder))}: nothing is called {wanted}",
            hint="say with --match PATTERN how the descriptions are called, for instance '*.yaml'",
        )
    keyed = [(_key(path, folder), folder / path) for path in paths]
    refusals = _refusals(keyed, _inside(folder, output))
    jobs = [Job(key, path, refusal) for (key, path), refusal in zip(keyed, refusals, strict=True)]
    return Plan(len(jobs), jobs)


def _descriptions(tree: Tree, pattern: str | None) -> Iterator[str]:
    wanted = NAMES if pattern is None else (pattern,)
    for count, found in enumerate(tree.walk()):
        if count >= MAX_FILES:
            raise InputError(f"more than {MAX_FILES:,} files in {shown(str(tree.root))}")
        name = found.path.rpartition("/")[2]
        if any(fnmatchcase(name, one) for one in wanted):
            yield found.path


def _inside(one: Path, other: Path) -> str | None:
    """The path of one folder in another, if it lies there."""
    inner, outer = one.resolve(), other.resolve()
    return inner.relative_to(outer).as_posix() if inner != outer and inner.is_relative_to(outer) else None


def _is_below(path: str, above: str | None) -> bool:
    return above is not None and path.startswith(f"{above}/")


def _meets(one: str, other: str) -> bool:
    """Whether one of two paths is the other, or leads to it."""
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")


def _key(path: str, folder: Path) -> str:
    """The path of the package below the output folder."""
    place = PurePosixPath(path)
    stem = place.name.rpartition(".")[0]
    if stem == "description":
        return str(place.parent) if place.parent.name else folder.resolve().name
    return str(place.with_name(stem.removesuffix(".description") or stem))


def _refusals(keyed: Sequence[tuple[str, Path]], sources: str | None) -> Iterator[str | None]:
    """For each job why it is refused; keys are compared as file systems that fold case would do it.

    `sources` is where the folder of the sources lies in the output folder, if it does.
    """
    counts = Counter(key.casefold() for key, _ in keyed)
    for key, _ in keyed:
        trouble = why_not_portable(key)
        above = [str(parent).casefold() for parent in PurePosixPath(key).parents if parent.name]
        outer = next((one for one in above if one in counts), None)
        if trouble is not None:
            yield f"its package cannot be called {shown(key)}: it {trouble[1]}"
        elif counts[key.casefold()] > 1:
            yield f"{counts[key.casefold()]} descriptions stand for the package {shown(key)}"
        elif outer is not None:
            yield f"its package would lie inside the package {shown(outer)}"
        elif sources is not None and _meets(key.casefold(), sources.casefold()):
            yield "its package would lie among the sources, or in their place"
        else:
            yield None
