"""Reads the description of an open package, with the lines of annexes in the repaired texts."""

from __future__ import annotations

from dataclasses import dataclass

from archtool.description.loading import load_description
from archtool.description.model import Description
from archtool.operations.content.package_reader import OpenPackage
from archtool.operations.repaired_texts.reading import read_package_repairs
from archtool.operations.repaired_texts.repaired_text import NO_REPAIRS, RepairedTexts


@dataclass(frozen=True, slots=True)
class PackagedDescription:
    """The description of a package, and the repairs that it records."""

    description: Description | None = None
    """`None` if it is missing or cannot be used. A range of lines in an original is one in the copy here."""
    repairs: RepairedTexts = NO_REPAIRS


def read_packaged_description(package: OpenPackage) -> PackagedDescription:
    """Return the description of a package and its repaired texts; what is wrong with them, `verify` says."""
    files, path = package.metadata.files, package.metadata.description_path
    if path not in files:
        return PackagedDescription()
    description = load_description(files[path], path, is_json=path.endswith(".json")).description
    if description is None:
        return PackagedDescription()
    repairs = read_package_repairs(description, files).texts
    return PackagedDescription(repairs.with_lines_of_copies(description), repairs)
