"""Writes the part of VERIFY.txt about a repaired text: how to check its change log with basic tools."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

_UNSAFE = ("\\", "\n", "\r")
"""Characters in a name that `sha512sum -c` reads as something else."""


@dataclass(frozen=True, slots=True)
class RepairPaths:
    """The files of one repair, by their paths in the package."""

    copy: str
    original: str
    log: str


def format_repair(paths: RepairPaths, *, is_whole: bool) -> str:
    """Return what was repaired, and the commands; `is_whole` is whether both texts are in this package."""
    text = (
        f"{_one_line(paths.copy)}\nis a repaired text. It was made from\n{_one_line(paths.original)}\n"
        f"and every change is in\n{_one_line(paths.log)}\n"
        "with its rule, its place (bytes of UTF-8 before it), and the text before and\n"
        "after. The schemas of archtool describe this list, with a short program that\n"
        "applies it; `diff` shows the lines that changed.\n"
    )
    if not is_whole or any(
        sign in path for sign in _UNSAFE for path in (paths.copy, paths.original, paths.log)
    ):
        return text
    commands = "".join(
        f"$ printf '%s  %s\\n' \"$(sed -n 's/^# {role}-sha512: //p' \\\n    {shlex.quote(paths.log)})\" \\\n"
        f"    {shlex.quote(path)} | sha512sum -c -\n"
        for role, path in (("original", paths.original), ("copy", paths.copy))
    )
    return f"{text}Check that the list is about these two files:\n\n{commands}"


def _one_line(path: str) -> str:
    # a line of a name must not look like a command
    return f"    {' '.join(path.split())}"
