"""Checks the keys of a batch's jobs: they are the paths of the packages, and each must be unique."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Container, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from archtool.batch.limits import MAX_KEY_CHARACTERS, MAX_NAME_BYTES
from archtool.files.paths import shown, why_not_portable, why_unsafe
from archtool.files.writing.leftovers import STAGED_PREFIX
from archtool.operations.open_package.package_paths import SIDECAR_SUFFIX

_PREDECESSOR = re.compile(r"\.predecessor-[0-9]+$")
_SHOWN = 200  # characters of a key, in messages
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\ud800-\udfff]+')

_OTHER_ROWS = "give each package its own path, or delete the rows that are too many"
_OTHER_LINES = "give each package its own name, or delete the lines that are too many"
NO_NAME = "write the name of the package, such as its shelfmark, into this cell"
_AMONG_SOURCES = "write another path, or choose another folder for the packages with -o"


def path_inside(one: Path, other: Path) -> str | None:
    """Return the relative path of one path in another, or `None` if it is not inside."""
    inner, outer = one.resolve(), other.resolve()
    return inner.relative_to(outer).as_posix() if inner != outer and inner.is_relative_to(outer) else None


class Refusal(NamedTuple):
    """Why a key is refused."""

    reason: str
    hint: str


def refusals(keys: Sequence[str], unit: str, sources: Collection[str]) -> Iterator[Refusal | None]:
    """Yield for each key why its job is refused and what helps, or `None`.

    Keys are compared without case, as some file systems do. `unit` is what has keys, for messages: rows or
    lines. `sources` are the paths of sources in the output folder.
    """
    counts = Counter(key.casefold() for key in keys)
    source_paths = {source.casefold() for source in sources}
    parents = {parent for source in source_paths for parent in _parents(source)} | source_paths
    for key in keys:
        folded = key.casefold()
        problem = _problem_of(key)
        outer = next((one for one in _parents(folded) if one in counts), None)
        if problem is not None:
            meant = shown(key[:_SHOWN].replace("\\", "/"))
            problem += f"; did you mean `{meant}`?" if "\\" in key else ""
            reason = f"its package cannot be called {shown(key[:_SHOWN])}{key[_SHOWN:] and '…'}: it {problem}"
            yield Refusal(reason, _key_hint(key, counts))
        elif counts[folded] > 1:
            hint = _OTHER_LINES if unit == "lines" else _OTHER_ROWS
            yield Refusal(f"{counts[folded]} {unit} stand for the package {shown(key)}", hint)
        elif outer is not None:
            yield Refusal(f"its package would be inside the package {shown(outer)}", _outside_hint(outer))
        elif folded in parents or any(one in source_paths for one in _parents(folded)):
            yield Refusal("its package would be among the sources, or would replace them", _AMONG_SOURCES)
        else:
            yield None


def _outside_hint(outer: str) -> str:
    """Return a hint for a key that is inside the key of another package."""
    return (
        f"write a path that does not begin with {shown(outer[:_SHOWN])}/, or give that package another path"
    )


def _key_hint(key: str, taken: Container[str]) -> str:
    """Return a hint for a key that no package can have: a similar one that can be used, if there is one.

    `taken` are the folded keys of the other packages.
    """
    parts = [part for part in re.split(r"[/\\]", key) if part not in ("", ".", "..")]
    plain = [_FORBIDDEN.sub("-", part).strip(" .") or "-" for part in parts]
    for candidate in ("/".join(plain), "/".join([*plain[:-1], f"package-{plain[-1]}"]) if plain else ""):
        if candidate and _problem_of(candidate) is None and candidate.casefold() not in taken:
            return f"write a path below the folder of the packages, such as {shown(candidate[:_SHOWN])}"
    return (
        "write a short path below the folder of the packages: letters, digits and hyphens are always possible"
    )


def _problem_of(key: str) -> str | None:
    """Return why no package can have this name, or `None`."""
    if len(key) > MAX_KEY_CHARACTERS or any(
        len(p.encode("utf-8", "replace")) > MAX_NAME_BYTES for p in key.split("/")
    ):
        return (
            f"is longer than {MAX_KEY_CHARACTERS:,} characters,"
            f" or a part of it is longer than {MAX_NAME_BYTES} bytes"
        )
    portable = why_not_portable(key)
    # the first part of a name on the disk can begin with `~`
    return why_unsafe(f"-/{key}") or (portable and portable[1]) or _why_reserved(key)


def _why_reserved(key: str) -> str | None:
    """Return why a name is reserved, or `None`: the package would be mistaken for a file of archtool."""
    for part in key.casefold().split("/"):
        if part.startswith("batch-journal") and part.endswith(".jsonl"):
            return "is the name of a batch journal"
        if part.startswith(STAGED_PREFIX):
            return "begins like the name of an unfinished package of archtool"
        if part.endswith(SIDECAR_SUFFIX):
            return f"ends in {SIDECAR_SUFFIX}, like a folder of attestations next to a package"
        if _PREDECESSOR.search(part) is not None:
            return "ends like the name of a package that was kept when another one replaced it"
    return None


def _parents(path: str) -> list[str]:
    """Return the parent folders of a path, the nearest first."""
    parents = []
    end = path.rfind("/")
    while end > 0:
        parents.append(path[:end])
        end = path.rfind("/", 0, end)
    return parents
