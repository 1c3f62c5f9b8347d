"""Finds the known name that a person probably meant, for hints.

It is sought in three steps: first without case, accents, plural, blanks, underscores and hyphens; then by
meaning, in a table of other words; then by spelling. The caller passes only names that are not refused next.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping

_SPELLING = 0.65  # of 1: the part of a name that must agree
_PATH_SPELLING = 0.7  # of 1: paths have folders and endings in common
_SHORTEST = 3  # letters of a name that can have a plural
_MAX_COMPARED = 10_000  # names whose spelling is compared: each comparison takes time
_MAX_CHARACTERS = 200  # of a word whose spelling is compared


def fold(name: str) -> str:
    """Return a name without case, accents, blanks, underscores and hyphens; full stops remain."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(char for char in plain if char.isalnum() or char == ".")


def nearest_name(
    word: str, known: Collection[str], meanings: Mapping[str, str] | None = None, *, cutoff: float = _SPELLING
) -> str | None:
    """Return the known name that a word probably means, or `None`.

    `meanings` maps other words, folded, to known names; a meaning that is not among `known` is not used.
    """
    folded = fold(word)
    if not folded:
        return None
    same = _same(folded, known)
    if same is None and meanings is not None:
        meant = meanings.get(folded) or meanings.get(_singular(folded))
        same = meant if meant in known else None
    return same if same is not None else _nearest_spelling(folded, known, cutoff)


def nearest_path(path: str, known: Iterable[str], *, cutoff: float = _PATH_SPELLING) -> str | None:
    """Return the known path that is most similar to one that does not exist, or `None`."""
    names = list(known)
    wanted = _folded_path(path)
    same = next((name for name in names if _folded_path(name) == wanted), None)
    return same if same is not None else _close(path, names, cutoff)


def did_you_mean(name: str) -> str:
    """Return the hint that suggests a name."""
    return f"did you mean `{name}`?"


def _same(folded: str, known: Collection[str]) -> str | None:
    by_form = {fold(name): name for name in reversed([*known])}
    if folded in by_form:
        return by_form[folded]
    by_singular = {_singular(form): name for form, name in by_form.items()}
    return by_singular.get(_singular(folded))


def _singular(folded: str) -> str:
    """Return a folded name without the ending of its plural, the same for `annex`, `annexe` and `annexes`."""
    words = (
        word[:-1] if len(word) > _SHORTEST and word.endswith("s") else word for word in folded.split(".")
    )
    return ".".join(word[:-1] if len(word) > _SHORTEST and word.endswith("e") else word for word in words)


def _nearest_spelling(folded: str, known: Collection[str], cutoff: float) -> str | None:
    by_form = {fold(name): name for name in [*known][:_MAX_COMPARED]}
    close = _close(folded, list(by_form), cutoff)
    return by_form[close] if close is not None else None


def _close(word: str, names: list[str], cutoff: float) -> str | None:
    import difflib  # lazy: 4 ms, only input with faults needs it

    if len(word) > _MAX_CHARACTERS:
        return None
    close = difflib.get_close_matches(word, names[:_MAX_COMPARED], n=1, cutoff=cutoff)
    return close[0] if close else None


def _folded_path(path: str) -> str:
    plain = unicodedata.normalize("NFKD", path.casefold())
    return "".join(char for char in plain if char.isalnum() or char in "./")
