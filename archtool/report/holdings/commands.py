"""Writes the commands of an advice so that they can be copied: complete, quoted, on one line."""

from __future__ import annotations

from collections.abc import Sequence

from archtool.files.paths import shell_word


def move_command(holding: str, new: str, old: str | None) -> str:
    """Return the command that records the new place of a copy; `old` says which, where there are several."""
    option = f" --from {shell_word(old)}" if old is not None else ""
    return f"archtool holdings move{option} {name_argument(holding)} {shell_word(new)}"


def repair_command(holding: str, place: str | None = None) -> str:
    """Return the command that restores the copies of a holding, or the one at a place."""
    option = f"--copy {shell_word(place)} " if place is not None else ""
    return f"archtool repair {option}{name_argument(holding)}"


def adopt_command(folder: str) -> str:
    """Return the command that registers what is on a shelf."""
    return f"archtool holdings adopt {shell_word(folder)}"


def update_command(holding: str, place: str) -> str:
    """Return the command that registers what a copy is now."""
    options = f"--copy {shell_word(place)} --reason TEXT"
    if holding.startswith("-"):
        return f"archtool holdings update {options} {name_argument(holding)}"
    return f"archtool holdings update {shell_word(holding)} {options}"


def registering_commands(places: Sequence[str], count: int, shelves: Sequence[str]) -> list[str]:
    """Return the commands that register packages on shelves; `places` are some of `count`."""
    if count == 1 and places:
        return [f"archtool holdings add {shell_word(places[0])}"]
    used = [shelf for shelf in shelves if any(p.startswith(f"{shelf.rstrip('/')}/") for p in places)]
    return [adopt_command(shelf) for shelf in used] or ["archtool holdings adopt DIR"]


def name_argument(holding: str) -> str:
    """Return the name of a holding as the first argument of a command; it can begin with a hyphen."""
    return f"-- {shell_word(holding)}" if holding.startswith("-") else shell_word(holding)
