"""Finds the packages of a site, and learns of each whether its page must be made again."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from archtool.errors import ArchtoolError, InputError
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.free_names import FreeNames
from archtool.operations import finding_kinds
from archtool.operations.list_packages.package_search import FoundPackage, no_package_error, search_packages
from archtool.operations.list_packages.read_row import read_opened_row, read_row
from archtool.operations.list_packages.read_side_by_side import read_side_by_side
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.package_paths import find_sidecar
from archtool.operations.open_package.package_problem import package_problem
from archtool.operations.site.fingerprint import fingerprint_of
from archtool.operations.site.request import SiteRequest
from archtool.operations.site.state import PackageRecord


@dataclass(frozen=True, slots=True)
class SurveyedPackage:
    """A package that was found, with what decides whether its page is made again."""

    name: str
    """Its path below the folder that was searched; different from that of every other package."""
    found: FoundPackage
    id: str | None = None
    packaged_on: str | None = None
    part: str | None = None
    """Which part of a divided package it is: `2 of 3`."""
    fingerprint: str = ""
    problem: Finding | None = None
    """Why it has no page."""


def find_packages(request: SiteRequest) -> list[SurveyedPackage]:
    """Return the packages below the folders, each once, in the order of the folders and the paths.

    Raises:
        InputError: a folder does not exist, cannot be searched, or has no package.
    """
    known_places: set[str] = set()
    names = FreeNames(pattern="{name} ({number})")
    packages: list[SurveyedPackage] = []
    for root in request.roots:
        for found in _search(root):
            place = os.path.realpath(found.path)
            if place not in known_places:
                known_places.add(place)
                name = _name_in_site(found, root, several=len(request.roots) > 1)
                packages.append(SurveyedPackage(names.take(name), found))
    return packages


def _search(root: Path) -> Iterator[FoundPackage]:
    if not os.path.lexists(root):
        raise InputError(f"{shown(str(root))}: there is no such folder or archive", hint="check the path")
    if root.is_file():
        yield FoundPackage(root.name, root, is_root=True)
        return
    is_empty = True
    for found in search_packages(root):
        is_empty = False
        yield found
    if is_empty:
        raise no_package_error(root)


def _name_in_site(found: FoundPackage, root: Path, *, several: bool) -> str:
    """Return the name in the site; it has no part of the path above the folder that was named."""
    folder = root.name or root.resolve().name
    return f"{folder}/{found.name}" if several and not found.is_root else found.name


def survey_packages(
    request: SiteRequest, packages: Sequence[SurveyedPackage], known: Mapping[str, PackageRecord]
) -> list[SurveyedPackage]:
    """Read the identifier of each package; of known ones also the digest of what the page is made from.

    Raises:
        ChildProcessError: a process ended early.
    """

    def survey(package: SurveyedPackage) -> SurveyedPackage:
        record = known.get(package.name)
        return _survey(package, request, record.shown_files if record is not None else None)

    return list(read_side_by_side(iter(packages), survey, request.concurrency))


def _survey(
    package: SurveyedPackage, request: SiteRequest, shown_files: Sequence[str] | None
) -> SurveyedPackage:
    found = package.found
    if found.problem is not None:
        return replace(package, problem=read_row(found).problem)
    try:
        with open_bag(found.path, request.limits) as source:
            row, info = read_opened_row(found, source)
            dates = info.values("Bagging-Date")
            fingerprint = ""
            if shown_files is not None:
                fingerprint = fingerprint_of(source, find_sidecar(found.path), shown_files)
    except (ArchtoolError, OSError) as error:
        return replace(package, problem=package_problem(finding_kinds.LIST_UNREADABLE, error))
    day = _day(dates)
    return replace(package, id=row.id, packaged_on=day, part=row.part, fingerprint=fingerprint)


def _day(dates: Sequence[str]) -> str | None:
    """Return the first date that is one of the calendar; a bag can state anything."""
    for text in dates:
        try:
            return date.fromisoformat(text.strip()[:10]).isoformat()
        except ValueError:
            continue
    return None
