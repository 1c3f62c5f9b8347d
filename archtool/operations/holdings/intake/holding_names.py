"""The name of a holding: what the package says about itself, or where it is."""

from __future__ import annotations

import re

from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.holdings.limits import MAX_NAME_CHARACTERS
from archtool.holdings.places import is_utf8
from archtool.operations.holdings.package_facts import PackageFacts
from archtool.operations.list_packages.package_search import ARCHIVES
from archtool.printable import show_steering

_PART = re.compile(r"0*([0-9]{1,9}) of (?:0*([0-9]{1,9})|\?)", re.IGNORECASE)
_JOINERS = str.maketrans("", "", "\u200c\u200d")  # Persian and Indic words are written with them
_HINT = "choose a name with archtool holdings add PACKAGE --name NAME"


def name_of(facts: PackageFacts, path: str) -> str:
    """Return the name of a package: its External-Identifier, else its path without the archive's ending.

    The parts of a group share one identifier; each gets its number, `letters/2-of-3`.
    """
    if not facts.id:
        return without_ending(path)
    part = _PART.fullmatch(facts.part or "")
    if part is None or part[2] == "1":
        return facts.id
    return f"{facts.id}/{part[1]}" + (f"-of-{part[2]}" if part[2] else "")


def without_ending(path: str) -> str:
    """Return a path without the ending of an archive: an archive and a folder can be copies of each other."""
    ending = next((e for e in sorted(ARCHIVES, key=len, reverse=True) if path.lower().endswith(e)), "")
    bare = path[: len(path) - len(ending)]
    return bare if bare.rpartition("/")[2] else path


def require_usable_name(name: str) -> str:
    """Return the name.

    Raises:
        InputError: it cannot stand in lists and in commands.
    """
    if not is_utf8(name):
        raise InputError(f"the name of the holding is not UTF-8: {shown(name)}", hint=_HINT)
    if not name or name != name.strip():
        raise InputError(
            f"the name of the holding is empty, or begins or ends with a blank: {shown(name)!r}", hint=_HINT
        )
    if len(name) > MAX_NAME_CHARACTERS:
        raise InputError(
            f"the name of the holding has {len(name):,} characters, at most {MAX_NAME_CHARACTERS}:"
            f" {shown(name[:40])}…",
            hint=_HINT,
        )
    if "\n" in name or "\t" in name or show_steering(plain := name.translate(_JOINERS)) != plain:
        raise InputError(f"the name of the holding has control characters: {shown(name)}", hint=_HINT)
    return name
