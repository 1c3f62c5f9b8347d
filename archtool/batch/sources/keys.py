"""The keys of a batch's jobs: the paths of the packages, each of which must be free for one job alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from archtool.files.paths import shown, why_not_portable, why_unsafe
from archtool.files.writing.staging import STAGED_PREFIX
from archtool.operations.open_package.package_paths import SIDECAR_SUFFIX

MAX_KEY_CHARACTERS = 1_000  # the output folder stands before it, and a whole path has 4,096 bytes
MAX_NAME_BYTES = 255
_PREDECESSOR = re.compile(r"\.predecessor-[0-9]+$")
_SHOWN = 200  # characters of a key, in messages


def path_inside(one: Path, other: Path) -> str | None:
    """The path of one place in another, if it lies there."""
    inner, outer = one.resolve(), other.resolve()
    return inner.relative_to(outer).as_posix() if inner != outer and inner.is_relative_to(outer) else None


def refusals(keys: Sequence[str], what: str, sources: Collection[str]) -> Iterator[str | None]:
    """For each key why its job is refused; they are compared as file systems that fold case would do it.

    `what` are the things that have keys, for messages. `sources` are the places in the output folder where
    sources lie.
    """
    counts = Counter(key.casefold() for key in keys)
    taken = {source.casefold() for source in sources}
    leading = {parent for source in taken for parent in _above(source)} | taken
    for key in keys:
        folded = key.casefold()
        trouble = _trouble_of(key)
        outer = next((one for one in _above(folded) if one in counts), None)
        if trouble is not None:
            meant = shown(key[:_SHOWN].replace("\\", "/"))
            trouble += f"; did you mean `{meant}`?" if "\\" in key else ""
            yield f"its package cannot be called {shown(key[:_SHOWN])}{key[_SHOWN:] and '…'}: it {trouble}"
        elif counts[folded] > 1:
            yield f"{counts[folded]} {what} stand for the package {shown(key)}"
        elif outer is not None:
            yield f"its package would lie inside the package {shown(outer)}"
        elif folded in leading or any(one in taken for one in _above(folded)):
            yield "its package would lie among the sources, or in their place"
        else:
            yield None


def _trouble_of(key: str) -> str | None:
    """Why no package can be called like this."""
    if len(key) > MAX_KEY_CHARACTERS or any(
        len(p.encode("utf-8", "replace")) > MAX_NAME_BYTES for p in key.split("/")
    ):
        return (
            f"is longer than {MAX_KEY_CHARACTERS:,} characters, or a part of it than {MAX_NAME_BYTES} bytes"
        )
    portable = why_not_portable(key)
    # on the disk a name may begin with `~`
    return why_unsafe(f"-/{key}") or (portable and portable[1]) or _why_reserved(key)


def _why_reserved(key: str) -> str | None:
    """Why a name is archtool's own: a package would be taken for a journal, a sidecar or a leftover."""
    for part in key.casefold().split("/"):
        if part.startswith("batch-journal") and part.endswith(".jsonl"):
            return "is the name of a batch's journal"
        if part.startswith(STAGED_PREFIX):
            return "begins as what archtool is still making does"
        if part.endswith(SIDECAR_SUFFIX):
            return f"ends in {SIDECAR_SUFFIX}, as the attestations beside a package do"
        if _PREDECESSOR.search(part) is not None:
            return "ends as a package does that was kept when another took its place"
    return None


def _above(path: str) -> list[str]:
    """The folders on the way to a path, the nearest first."""
    above = []
    end = path.rfind("/")
    while end > 0:
        above.append(path[:end])
        end = path.rfind("/", 0, end)
    return above
