"""Parses the bag-info.txt of the adopted bag, which a package keeps as evidence."""

from __future__ import annotations

from collections.abc import Mapping

from archtool.bagit.model import BagInfo, Declaration
from archtool.bagit.tag_files.bag_info import parse_info
from archtool.bagit.tag_files.declaration import FILE_NAME as DECLARATION_NAME
from archtool.bagit.tag_files.declaration import UNDECLARED, parse_declaration
from archtool.operations.open_package.package_paths import ADOPTED_FOLDER

ADOPTED_INFO_PATHS = frozenset(
    f"{ADOPTED_FOLDER}{name}" for name in (DECLARATION_NAME, "bag-info.txt", "package-info.txt")
)


def parse_adopted_info(files: Mapping[str, bytes]) -> BagInfo | None:
    """Return the fields by the rules of the adopted bag's own version; `None` if the file was not read."""
    declaration = _declaration(files)
    path = f"{ADOPTED_FOLDER}{declaration.info_name}"  # another name before 0.96
    if path not in files:
        return None
    return parse_info(files[path], declaration, path)[0]


def _declaration(files: Mapping[str, bytes]) -> Declaration:
    path = f"{ADOPTED_FOLDER}{DECLARATION_NAME}"
    return parse_declaration(files[path])[0] if path in files else UNDECLARED
