"""Checks the paths that the archivist's own tag files get in the package.

Names are compared without regard to case and Unicode form: on some systems they are one file.

Source: RFC 8493 §2.2 (tag files), §6.1 (names).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archtool.description import finding_kinds
from archtool.description.model import Description
from archtool.files.paths import find_twins, normal_form, why_not_portable
from archtool.findings import Finding
from archtool.schemas import SchemaPath

KEY = "tag-files"
RESERVED_FOLDERS = ("data", "metadata", "attestations", "evidence")
RESERVED_FILES = ("bagit.txt", "bag-info.txt", "package-info.txt", "fetch.txt", "VERIFY.txt")
_RESERVED = frozenset(normal_form(name.casefold()) for name in (*RESERVED_FOLDERS, *RESERVED_FILES))
_MANIFEST = re.compile(r"(tag)?manifest-[^/]*\.txt", re.IGNORECASE)
_SIGNATURES = (".asc", ".p7s")
_HINT = "choose another path in the package with `as:`"
_OWN_PREFIX = ".archtool-"


def check_tag_files(description: Description) -> Iterator[tuple[SchemaPath, Finding]]:
    """Report each path that a tag file cannot have, or that two of them have."""
    first: dict[str, int] = {}
    for number, tag_file in enumerate(description.tag_files):
        path = tag_file.path
        place: SchemaPath = (KEY, number, "file" if path == tag_file.file else "as")
        reason = why_reserved(path)
        if reason is not None:
            yield place, finding_kinds.TAG_FILE_PATH.at(f"the tag file `{path}` {reason}", hint=_HINT)
        elif (other := first.get(path)) is not None:
            message = f"tag files {other + 1} and {number + 1} are both `{path}`"
            yield (
                place,
                finding_kinds.TAG_FILE_PATH.at(message, hint=_HINT),
            )
        first.setdefault(path, number)
    yield from _check_twins(first)


def why_reserved(path: str) -> str | None:
    """Return why a path has a meaning of its own in a package; `None` if it is free."""
    top = normal_form(path.partition("/")[0].casefold())
    if top in _RESERVED:
        return (
            f"would be {'in ' if '/' in path else ''}`{path.partition('/')[0]}`, which a package uses itself"
        )
    if _MANIFEST.fullmatch(path):
        return "is named like a manifest, which archtool writes"
    if path.endswith(_SIGNATURES):
        return f"ends in `{path[-4:]}`, so it would count as a signature of the package"
    if top.startswith(_OWN_PREFIX):
        return f"begins with `{_OWN_PREFIX}`, like the files of an unfinished run"
    if "%" in path or len(path.splitlines()) > 1:
        return "contains `%` or a line end, which some programs misread in manifests"
    trouble = why_not_portable(path)
    return None if trouble is None else trouble[1]


def _check_twins(paths: dict[str, int]) -> Iterator[tuple[SchemaPath, Finding]]:
    """Report tag files that would be in another tag file, or that are one file on some systems."""
    owners: dict[str, int] = {}
    """The first tag file of each path, and of each folder on the way to it."""
    for path, number in paths.items():
        above = [folder for folder in _folders_of(path) if folder in paths]
        if above:
            message = f"the tag file `{path}` would be in `{above[0]}`, which is a tag file itself"
            yield (KEY, number), finding_kinds.TAG_FILE_PATH.at(message, hint=_HINT)
        for name in (path, *_folders_of(path)):
            owners.setdefault(name, number)
    for _, one, other in find_twins(paths.keys()):
        message = f"the tag files `{one}` and `{other}` have one name on some systems"
        yield (KEY, owners[other]), finding_kinds.TAG_FILE_PATH.at(message, hint=_HINT)


def _folders_of(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
