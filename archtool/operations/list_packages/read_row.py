"""Reads what the metadata of one package records: bag-info.txt, and the newest of its attestations.

The payload is not read, and nothing is checked: that is the task of `verify`. Reading a package takes a few
small files, however large it is.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from archtool.archives.limits import Limits
from archtool.bagit.limits import MAX_DECLARATION_BYTES, MAX_INFO_BYTES, MAX_METADATA_BYTES
from archtool.bagit.model import BagInfo, Declaration
from archtool.bagit.tag_files import declaration as bagit_txt
from archtool.bagit.tag_files.bag_info import parse_info, parse_oxum
from archtool.bagit.unreadable import unreadable
from archtool.errors import ArchtoolError, InputError
from archtool.files.file_kinds import FileKind, NotAFileError
from archtool.files.source import FileSource
from archtool.findings import Finding, Severity
from archtool.operations import finding_kinds
from archtool.operations.formats.recorded_formats import recorded_formats
from archtool.operations.list_packages.package_search import FoundPackage
from archtool.operations.list_packages.recorded_attestations import read_recorded
from archtool.operations.open_package.nearby_bags import missing_declaration_error, refuse_unless_bag
from archtool.operations.open_package.opening import open_bag
from archtool.operations.open_package.package_paths import PROVENANCE_PATH
from archtool.operations.open_package.package_problem import package_problem
from archtool.operations.open_package.unread import refuse_unread
from archtool.provenance.reader import parse_prov_json
from archtool.report.package_row import PackageRow

_TITLES = ("title", "external-description", "internal-sender-description")
"""The labels whose first value is the title, in lower case: archtool's own, then those of other tools."""


def read_row(found: FoundPackage, limits: Limits | None = None, *, with_formats: bool = False) -> PackageRow:
    """Return what the metadata of a package records; a problem where it cannot be read."""
    row = PackageRow(found.name, str(found.path))
    if found.problem is not None:
        kind = finding_kinds.LIST_MISSING if found.is_missing else finding_kinds.LIST_UNREADABLE
        return replace(row, problem=kind.at(found.problem))
    try:
        with open_bag(found.path, limits) as source:
            return read_opened_row(found, source, with_formats=with_formats)[0]
    except ArchtoolError as error:
        return replace(row, problem=package_problem(finding_kinds.LIST_UNREADABLE, error))
    except OSError as error:
        return replace(row, problem=_unreadable(error, str(found.path), "the package cannot be read"))


def _unreadable(error: OSError, file: str, message: str) -> Finding:
    return unreadable(finding_kinds.LIST_UNREADABLE, error, file, message=message)


def read_opened_row(
    found: FoundPackage, source: FileSource, *, with_formats: bool = False
) -> tuple[PackageRow, BagInfo]:
    """Return what the metadata of an open package records, and its bag-info.txt.

    Raises:
        InputError: there is no bag, or it has no bagit.txt.
        OSError: a file cannot be read.
    """
    info = _read_info(found, source)
    row = _read(found, source, info)
    return (replace(row, formats=_formats(source)) if with_formats else row), info


def _read(found: FoundPackage, source: FileSource, info: BagInfo) -> PackageRow:
    path = found.path
    values = _first_values(info)
    problem = next((f for f in source.findings if f.severity is Severity.ERROR), None)
    oxum, _ = parse_oxum(info, "bag-info.txt")
    size_bytes, files = oxum if oxum is not None else _count_payload(source)
    head = last_check = None
    try:
        head, last_check = read_recorded(source, path)
    except OSError as error:
        problem = problem or _unreadable(error, str(path), "its attestations cannot be read")
    return PackageRow(
        found.name,
        str(path),
        problem=problem,
        id=values.get("external-identifier"),
        title=next((values[label] for label in _TITLES if label in values), None),
        date=values.get("date"),
        part=values.get("bag-count"),
        files=files,
        size_bytes=size_bytes,
        is_counted=oxum is None and files is not None,
        head=head,
        last_check=last_check,
    )


def _formats(source: FileSource) -> tuple[tuple[str, int], ...]:
    """Return the recorded formats; none for a bag without provenance, or with one that cannot be parsed."""
    try:
        document = parse_prov_json(source.read_bytes(PROVENANCE_PATH, MAX_METADATA_BYTES))
    except (FileNotFoundError, NotAFileError, InputError):
        return ()
    return tuple(recorded_formats(document).most_common())


def _read_info(found: FoundPackage, source: FileSource) -> BagInfo:
    """Read bag-info.txt by the rules of the declared version; without one, no field is known.

    Raises:
        InputError: there is no bag, or it has no bagit.txt.
        OSError: a file cannot be read.
    """
    try:
        data = source.read_bytes(bagit_txt.FILE_NAME, MAX_DECLARATION_BYTES)
    except (FileNotFoundError, NotAFileError):
        refuse_unread(source, str(found.path))
        refuse_unless_bag(found.path, source)
        raise missing_declaration_error(found.path) from None
    declaration = _parse_declaration(data)
    try:
        text = source.read_bytes(declaration.info_name, MAX_INFO_BYTES)
    except FileNotFoundError:
        return BagInfo()
    return parse_info(text, declaration, declaration.info_name)[0]


@lru_cache(maxsize=16)  # nearly all packages have the same one
def _parse_declaration(data: bytes) -> Declaration:
    return bagit_txt.parse_declaration(data)[0]


def _first_values(info: BagInfo) -> dict[str, str]:
    """Return the first value of each label that has one, by the label in lower case."""
    return {field.label.lower(): field.value for field in reversed(info.fields) if field.value}


def _count_payload(source: FileSource) -> tuple[int, int] | tuple[None, None]:
    """Return the size and the number of the payload files, from their names and sizes; `None` if unknown."""
    found = [item for item in source.walk() if item.path.startswith("data/") or not item.path]
    if any(item.kind is FileKind.UNREADABLE for item in found):
        return None, None
    files = [item for item in found if item.kind is FileKind.FILE]
    return sum(item.size_bytes for item in files), len(files)
