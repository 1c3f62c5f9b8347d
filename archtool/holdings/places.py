"""Places of copies as the register names them: an absolute path, or `LABEL:path` on a medium."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.holdings.limits import MAX_LABEL_CHARACTERS
from archtool.holdings.model import PlaceKind

_LABEL = re.compile(rf"[^\s:/\\][^:/\\\x00-\x1f\x7f]{{0,{MAX_LABEL_CHARACTERS - 1}}}")


@dataclass(frozen=True, slots=True)
class MediumPlace:
    """A place on a medium that is not always connected: a tape, an external disk."""

    label: str
    """What is written on the medium."""
    path: str
    """The path on the medium, without a leading `/`."""

    @classmethod
    def parse(cls, label: str, path: str) -> MediumPlace:
        """Return a place on a medium.

        Raises:
            InputError: label or path cannot be used.
        """
        if not _LABEL.fullmatch(label):
            raise InputError(
                f"not a label of a medium: {shown(label)!r}",
                hint=f"use at most {MAX_LABEL_CHARACTERS} characters, without `:`, `/` and `\\`",
            )
        inside = os.path.normpath(path.lstrip("/"))
        if inside in ("", ".", "..") or inside.startswith("../"):
            raise InputError(
                f"not a path on the medium {label}: {shown(path)!r}",
                hint="name the folder or the archive of the package, as seen from the top of the medium",
            )
        return cls(label, require_utf8(inside))

    def __str__(self) -> str:
        return f"{self.label}:{self.path}"


def place_of(path: Path) -> str:
    """Return the place of a path: absolute, without `..`; links are kept, since they can be lasting names.

    Raises:
        InputError: the path is not UTF-8.
    """
    return require_utf8(os.path.abspath(path))  # noqa: PTH100 - `resolve` would follow links


def require_utf8(path: str) -> str:
    """Return the path.

    Raises:
        InputError: it is not UTF-8, so that no event can name it.
    """
    if not is_utf8(path):
        raise InputError(
            f"the path is not UTF-8: {shown(path)}",
            hint="rename the folder or file whose name is not UTF-8; the register can then name it",
        )
    return path


def is_utf8(path: str) -> bool:
    """Whether a path is UTF-8; Python represents other bytes by lone surrogates."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def local_path(place: str, kind: PlaceKind, mounts: Mapping[str, Path]) -> Path | None:
    """Return the path of a registered place on this machine; `None` for a medium that is not connected.

    `mounts` are the folders of the connected media, by their labels.
    """
    if kind is not PlaceKind.MEDIUM:
        return Path(place)
    label, _, path = place.partition(":")
    return mounts[label] / path.lstrip("/") if label in mounts else None


def shelf_of(place: str, shelves: Sequence[str]) -> str | None:
    """Return the innermost shelf that a place is on."""
    above = [shelf for shelf in shelves if place.startswith(f"{shelf.rstrip('/')}/")]
    return max(above, key=len, default=None)
