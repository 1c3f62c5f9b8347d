"""Checks each metadata file of a package: description, citation, inventory, bag-info, provenance."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from archtool.bagit.model import Bag
from archtool.description.citation import check_citation, make_citation
from archtool.description.inventory import count_states
from archtool.description.loading import load_description
from archtool.description.model import Description
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.findings import Finding, Severity
from archtool.operations import finding_kinds
from archtool.operations.content.bag_info import (
    DESCRIBED_LABELS,
    description_fields,
    own_fields,
    reserved_description_fields,
)
from archtool.operations.content.crate.package_crate import ReadFile, check_package_crate, has_own_crate
from archtool.operations.content.derived_history import Payload, stated_profile
from archtool.operations.content.file_times import parse_file_times
from archtool.operations.content.group import GROUP_LABELS, read_group
from archtool.operations.content.inventory.inventory_check import check_inventory_file
from archtool.operations.content.metadata import ManifestDigests, Metadata
from archtool.operations.content.provenance_check import check_package_provenance, is_comparable
from archtool.operations.open_package.package_paths import (
    CITATION_PATH,
    CRATE_PATH,
    FILE_TIMES_PATH,
    INVENTORY_PATH,
    PROFILE_IDENTIFIER,
    PROVENANCE_PATH,
)
from archtool.operations.repaired_texts.repaired_text import NO_REPAIRS, RepairedTexts
from archtool.operations.sources.expansion import expand_in_package
from archtool.operations.sources.folders import digests_of_folders, folder_of


def check_metadata(
    metadata: Metadata,
    bag: Bag,
    payload: Mapping[str, int],
    digests: ManifestDigests,
    tag_files: Collection[str],
    read_file: ReadFile,
) -> tuple[dict[str, Any], list[Finding]]:
    """Check every existing metadata file, even if others are invalid; return facts and findings.

    `read_file` reads a payload file; only RO-Crate metadata that differs is read.
    """
    findings: list[Finding] = []
    group = read_group(metadata, bag)
    if group is not None:  # the metadata of a part describe the payload of all parts
        findings += group.check(digests)
        payload, digests = group.whole(payload, digests)
    description, has_crate = _load(metadata, findings), has_own_crate(metadata)
    own = frozenset([CRATE_PATH] if has_crate else [])
    if description is not None:
        description = expand_in_package(description, (digests.keys() | payload.keys()) - own)
    repairs = _check_repairs(description, metadata, payload, digests, findings)
    item: Mapping[str, Any] | None = None
    for citation in _read_json(metadata, CITATION_PATH, findings):
        faults = [*_check_citation(citation, description)]
        findings += faults
        if not any(f.code == finding_kinds.METADATA_INVALID.code for f in faults):
            item = citation[0]
    if description is not None and item is not None:
        profile = _profile_of(bag, metadata)
        findings += _check_bag_info(description, item, bag, profile, is_part=group is not None)
    for inventory in _read_json(metadata, INVENTORY_PATH, findings):
        findings += check_inventory_file(inventory, description, repairs, digests, payload)
    if description is not None:
        findings += _check_payload(description, payload, metadata.description_path, own)
        findings += _check_tag_files(description, tag_files, metadata.description_path)
    folders = [f"data/{folder}" for folder in description.payload_folders()] if description else []
    all_digests = {**digests, **digests_of_folders(folders, digests)} if folders else digests
    times_ns = _read_file_times(metadata, digests, findings)
    described_payload = Payload(payload, digests, times_ns, repairs)
    of_provenance = check_package_provenance(metadata, all_digests, description, item, described_payload)
    if has_crate and description is not None and item is not None and is_comparable(of_provenance):
        algorithms = [manifest.algorithm for manifest in bag.manifests if manifest.algorithm is not None]
        findings += check_package_crate(metadata, description, item, described_payload, algorithms, read_file)
    findings += of_provenance
    return _facts(description) | ({"group": group.facts()} if group is not None else {}), findings


def _check_repairs(
    description: Description | None,
    metadata: Metadata,
    payload: Mapping[str, int],
    digests: ManifestDigests,
    findings: list[Finding],
) -> RepairedTexts:
    """Compare each change log with the two files that it is about; return those that could be read."""
    if description is None or not any(description.repairs()):  # the usual case
        return NO_REPAIRS
    # lazy: only packages with repaired texts need it
    from archtool.operations.content.repairs.package_repairs import check_package_repairs

    read, found = check_package_repairs(description, metadata, payload, digests)
    findings += found
    return read.texts


def _read_file_times(
    metadata: Metadata, digests: ManifestDigests, findings: list[Finding]
) -> Mapping[str, int | None] | None:
    """Return the times that the files arrived with; `None` for a package that does not keep them."""
    if FILE_TIMES_PATH not in metadata.files:
        return None
    file_times = parse_file_times(metadata.files[FILE_TIMES_PATH], len(digests))
    findings += [*file_times.findings, *file_times.check_complete(digests.keys())]
    return file_times.times_ns


def _facts(description: Description | None) -> dict[str, Any]:
    if description is None:
        return {}
    return {
        "id": description.id,
        "title": description.title,
        "annexes": dict(count_states(description)),
    }


def _load(metadata: Metadata, findings: list[Finding]) -> Description | None:
    path = metadata.description_path
    if path not in metadata.files:
        return None
    loaded = load_description(metadata.files[path], path, is_json=path.endswith(".json"))
    for finding in _only_errors(loaded.findings):
        place = finding.place
        message = f"{finding.message} ({finding.code})"
        line, column = (place.line, place.column) if place else (None, None)
        findings.append(finding_kinds.METADATA_INVALID.at(message, path, line, column))
    return loaded.description


def _read_json(metadata: Metadata, path: str, findings: list[Finding]) -> Iterator[Any]:
    """Yield the value of a file once, if it exists and is JSON; `null` is a value too."""
    try:
        if path in metadata.files:
            yield metadata.json(path)
    except InputError as error:
        findings.append(finding_kinds.METADATA_INVALID.at(error.message, path))


def _check_citation(citation: Any, description: Description | None) -> Iterator[Finding]:
    faults = check_citation(citation)
    for fault in faults:
        yield finding_kinds.METADATA_INVALID.at(fault.message, CITATION_PATH)
    if faults or description is None:
        return
    source, item = description.source, citation[0]
    # a source cited by its key was resolved with a library that is not in the package
    expected = source.fields if source.cite is not None else make_citation(source, None)[0] or {}
    differing = [key for key, value in expected.items() if item.get(key) != value]
    extra = [key for key in item if key not in expected] if source.cite is None else []
    for key in (*differing, *extra):
        message = f"`{key}` differs from the source in the description"
        yield finding_kinds.CITATION_DIFFERS.at(message, CITATION_PATH)


def _check_payload(
    description: Description, payload: Mapping[str, int], path: str, own: frozenset[str]
) -> Iterator[Finding]:
    """Compare the payload with the declared files; `own` are files that archtool wrote."""
    declared = {f"data/{file}" for file in description.payload_files()}
    folders = frozenset(f"data/{folder}" for folder in description.payload_folders())
    filled = {folder_of(file, folders) for file in payload} if folders else set[str | None]()
    for missing in sorted([*(declared - payload.keys()), *(folders - filled)]):
        yield finding_kinds.DESCRIBED_FILE_MISSING.at(f"{shown(missing)} is declared but missing", path)
    extras = (file for file in payload.keys() - declared - own if folder_of(file, folders) is None)
    for extra in sorted(extras):
        yield finding_kinds.FILE_NOT_DESCRIBED.at(f"{shown(extra)} is not declared in {path}", extra)


def _check_tag_files(description: Description, tag_files: Collection[str], path: str) -> Iterator[Finding]:
    for tag_file in description.tag_files:
        if tag_file.path not in tag_files:
            message = f"the tag file {shown(tag_file.path)} is declared but missing"
            yield finding_kinds.DESCRIBED_FILE_MISSING.at(message, path)


def _profile_of(bag: Bag, metadata: Metadata) -> str:
    """Return the profile that bag-info.txt must name: archtool's, unless the provenance states another."""
    is_own = bag.info.values("BagIt-Profile-Identifier") == (PROFILE_IDENTIFIER,)
    if is_own and b'"arch:conforms-to"' not in metadata.files.get(PROVENANCE_PATH, b""):  # the usual case
        return PROFILE_IDENTIFIER
    try:
        document = metadata.json(PROVENANCE_PATH)
    except InputError:  # it has its own finding
        document = None
    return (stated_profile(document) if isinstance(document, dict) else None) or PROFILE_IDENTIFIER


def _check_bag_info(
    description: Description, citation: Mapping[str, Any], bag: Bag, profile: str, *, is_part: bool
) -> Iterator[Finding]:
    if bag.declaration.info_name in bag.unread:  # it could not be read: its fields are unknown
        return
    labels = dict.fromkeys((*DESCRIBED_LABELS, *description.bag_info))
    expected: dict[str, list[str]] = {label.casefold(): [] for label in labels}
    for label, value in (
        *reserved_description_fields(description, profile),
        *description_fields(description, citation),
        *own_fields(description),
    ):
        expected[label.casefold()].append(_with_single_blanks(value))
    if is_part:  # the group's labels replace those of the description (`group`)
        for label in GROUP_LABELS:
            expected.pop(label.casefold(), None)
    found: dict[str, list[str]] = {}
    for field in bag.info.fields:
        found.setdefault(field.label.casefold(), []).append(_with_single_blanks(field.value))
    names = {label.casefold(): label for label in reversed(labels)}
    for name, values in expected.items():
        if found.get(name, []) != values:
            message = f"`{names[name]}` differs from the description"
            yield finding_kinds.BAG_INFO_DIFFERS.at(message, bag.declaration.info_name)


def _with_single_blanks(value: str) -> str:
    # folding a long value over several lines keeps its words, not its blanks
    return " ".join(value.split())


def _only_errors(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    """Skip warnings: `pack` already reported what the description does not state."""
    return (f for f in findings if f.severity is Severity.ERROR)
