"""Suggests the column that the author of a table meant by a name that is none; it is not refused next."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

from archtool.description.model_builder import OWN_PREFIX
from archtool.description.suggestions.meanings import words_for_keys
from archtool.description.table.columns import ANNEXES_KEY, ITEM, all_columns, find_column
from archtool.nearest_names import did_you_mean, fold, nearest_name

_NUMBER = re.compile(r"(?<=\.)[0-9]+(?=\.|\Z)")
_MAX_BESIDE = 20  # unknown names whose meaning is compared with another's: the search is slow
_MAX_NUMBER = 999  # of an item of a list
_NEARLY_SAME, _SIMILAR = 0.75, 0.65  # of 1: the part of a name that must agree


def column_hint(
    name: str, own: Sequence[str], of: str | None = None, taken: Collection[str] = ()
) -> str | None:
    """Return the hint about a column that is not known; `None` if nothing can be suggested.

    `own` are the columns that do not belong to the description, `of` is "annexes" for a table of annexes, and
    `taken` are the columns that the table has.
    """
    column = suggest_column(name, tuple(own), of)
    if column is None:
        return None
    others = _columns_beside(name, own, of, taken)
    other = "" if of == ANNEXES_KEY else f", or call this one `{OWN_PREFIX}{fold(name)}` to keep it"
    if column in others:
        free = _next_number(column, others)
        if free is not None:
            return did_you_mean(free)
        return f"the column `{column}` is there already: remove one of the two{other}"
    excluded = next((one for one in others if _exclude_each_other(one, column)), None)
    if excluded is not None:
        return f"it means `{column}`, which `{excluded}` excludes: keep one of the two{other}"
    return did_you_mean(column)


def _columns_beside(name: str, own: Sequence[str], of: str | None, taken: Collection[str]) -> Collection[str]:
    """Return the columns that a table has, with those that unknown names before this one mean."""
    known: list[str] = []
    meant: list[str | None] = []
    is_before = True
    for other in taken:
        is_before = is_before and other != name
        if other in own or find_column(other, of) is not None:
            known.append(other)
        elif is_before and len(meant) < _MAX_BESIDE:
            meant.append(suggest_column(other, tuple(own), of))
    return dict.fromkeys([*known, *(one for one in meant if one is not None)])


def _exclude_each_other(one: str, other: str) -> bool:
    """Whether one column has the whole value of which the other one has a part."""
    return one.startswith(f"{other}.") or other.startswith(f"{one}.")


@lru_cache(maxsize=256)
def suggest_column(name: str, own: tuple[str, ...], of: str | None = None) -> str | None:
    """Return the column that a name probably means, or `None`."""
    known = [*own, *(column.name for column in all_columns(of))]
    numbers = iter(_NUMBER.findall(name))
    plain = _NUMBER.sub(ITEM, name.strip())
    place = "annexe" if of == ANNEXES_KEY else "description"
    found = next(iter(_candidates(plain, known, place)), None)
    if found is None:
        return None
    return ".".join(next(numbers, "1") if part == ITEM else part for part in found.split("."))


def _candidates(plain: str, known: Sequence[str], place: str) -> Iterable[str]:
    """Yield possible columns, the most probable first; items of lists have no numbers yet."""
    yield from _found(nearest_name(plain, known, cutoff=1.0))
    yield from _inside(plain, known)
    first, dot, rest = plain.partition(".")
    meant = words_for_keys(place).get(fold(first)) or nearest_name(first, _first_parts(known), cutoff=1.0)
    if meant is not None:
        name = f"{meant}{dot}{rest}"
        yield from _found(nearest_name(name, known, cutoff=1.0))
        yield from _inside(name, known)
        yield from _found(nearest_name(name, known, cutoff=_NEARLY_SAME) if dot else None)
    yield from _found(nearest_name(plain, known, cutoff=_NEARLY_SAME))
    ends = {one.rpartition(".")[2]: one for one in reversed(known)}
    end = nearest_name(plain, ends, cutoff=_NEARLY_SAME)
    yield from _found(ends[end] if end is not None else None)
    yield from _found(nearest_name(plain, known, cutoff=_SIMILAR))


def _found(name: str | None) -> Iterable[str]:
    return () if name is None else (name,)


def _first_parts(known: Iterable[str]) -> Collection[str]:
    return dict.fromkeys(name.partition(".")[0] for name in known)


def _inside(name: str, known: Iterable[str]) -> Iterable[str]:
    """Yield the columns of the values inside the value that a name stands for."""
    begin = f"{fold(name)}."
    return (one for one in known if fold(one).startswith(begin))


def _next_number(column: str, taken: Collection[str]) -> str | None:
    """Return the same column of the next item of its list; `None` if it is in no list."""
    for number in range(2, _MAX_NUMBER + 1):
        other = _NUMBER.sub(str(number), column)
        if other not in taken:
            return None if other == column else other
    return None
