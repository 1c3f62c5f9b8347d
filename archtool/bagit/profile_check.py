"""Checks a bag against the rules of a BagIt profile: a bag that was read, or one that is planned.

Source: BagIt Profiles specification 1.4.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archtool.bagit import finding_kinds
from archtool.bagit.layout import BagLayout
from archtool.bagit.limits import MAX_LISTED, MAX_VALUE_CHARS
from archtool.bagit.media_types import is_name_of
from archtool.bagit.model import Bag, BagInfo, Declaration
from archtool.bagit.profile import Profile
from archtool.bagit.tag_files.bag_info import parse_info
from archtool.bagit.tag_files.manifest_writer import read_manifest_name
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.findings import Finding

_STANDARD_TAG_FILES = frozenset(["bagit.txt", "bag-info.txt", "package-info.txt", "fetch.txt"])


@dataclass(frozen=True, slots=True)
class BagFacts:
    """What the rules of a profile are about."""

    version: str
    info_name: str
    info: BagInfo | None
    """`None` if it could not be read: its labels are unknown."""
    manifests: Sequence[str]
    """The names of the payload manifests."""
    tag_manifests: Sequence[str]
    files: Mapping[str, int]
    """Every file with its size in bytes."""
    serialisation: str | None = None
    """The format of the archive that contains the bag; `None` for a folder."""
    is_form_known: bool = True
    """Whether it is known if the bag is a folder or an archive."""
    archive_name: str = ""
    """The file name of the archive."""
    folder_name: str | None = None
    """The name of the bag's folder in the archive."""
    tag_infos: Mapping[str, BagInfo] = field(default_factory=dict)
    """The labels of those other tag files that the profile names, as far as they could be read."""


@dataclass(frozen=True, slots=True)
class UnmetRule:
    """A rule that a bag does not meet."""

    finding: Finding
    subject: str
    """The label, manifest, path or format that the rule is about."""
    allowed: Sequence[str] = ()
    """What the rule allows instead, if it lists anything."""
    tag_file: str = ""
    """The tag file that the label belongs to."""
    is_required: bool = False
    """Whether the profile requires what it does not allow: then no bag can meet it."""


def read_tag_infos(profile: Profile, read: Callable[[str], bytes], encoding: str) -> dict[str, BagInfo]:
    """Read the tag files whose labels a profile has rules for; those that cannot be read are left out.

    No standard defines their form: they are read by the rules of BagIt 0.97, with any blanks.
    """
    infos: dict[str, BagInfo] = {}
    for path in profile.tag_labels:
        try:
            infos[path] = parse_info(read(path), Declaration((0, 97), encoding), path)[0]
        except (OSError, InputError):
            continue  # it is missing, or the fixity check reports it
    return infos


def facts_of_bag(bag: Bag, layout: BagLayout, serialisation: str | None = None) -> BagFacts:
    """Return the facts of a bag that was read; `serialisation` is the format of its archive, if any."""
    info_name = bag.declaration.info_name
    return BagFacts(
        ".".join(map(str, bag.declaration.version)),
        info_name,
        None if info_name in bag.unread else bag.info,
        [manifest.name for manifest in bag.manifests],
        [manifest.name for manifest in bag.tag_manifests],
        layout.files,
        serialisation,
    )


def check_profile(profile: Profile, facts: BagFacts) -> Iterator[Finding]:
    """Check a bag against every rule of a profile."""
    return (unmet.finding for unmet in find_unmet(profile, facts))


def find_unmet(profile: Profile, facts: BagFacts) -> Iterator[UnmetRule]:
    """Return every rule of a profile that a bag does not meet."""
    accepted = profile.listed("Accept-BagIt-Version")
    if accepted is not None and facts.version not in accepted:
        message = f"the bag has version {facts.version}; the profile accepts: {_listing(accepted)}"
        yield UnmetRule(finding_kinds.PROFILE_VERSION.at(message, "bagit.txt"), facts.version, accepted)
    if facts.is_form_known:
        yield from _check_serialisation(profile, facts.serialisation)
        yield from _check_folder_name(profile, facts)
    if facts.info is not None:
        yield from _check_labels(profile.labels, facts.info, facts.info_name)
    yield from _check_tag_infos(profile, facts)
    yield from _check_manifests(profile, facts.manifests, "Manifests", "manifest")
    yield from _check_manifests(profile, facts.tag_manifests, "Tag-Manifests", "tagmanifest")
    payload = {path: size for path, size in facts.files.items() if path.startswith("data/")}
    yield from _check_fetch(profile, facts, payload)
    yield from _check_files(profile, facts, payload)


def _check_serialisation(profile: Profile, serialisation: str | None) -> Iterator[UnmetRule]:
    rule = profile.rules.get("Serialization")
    accepted = profile.listed("Accept-Serialization")
    which = f"; the profile accepts: {_listing(accepted)}" if accepted else ""
    if serialisation is None:
        if rule == "required":
            message = f"the bag is a folder, not an archive{which}"
            yield UnmetRule(finding_kinds.PROFILE_SERIALISATION.at(message), "folder", accepted or ())
        return
    if rule == "forbidden":
        message = f"the bag is a {serialisation}, but must be a folder"
        yield UnmetRule(finding_kinds.PROFILE_SERIALISATION_FORBIDDEN.at(message), serialisation)
    elif accepted is not None and not any(is_name_of(name, serialisation) for name in accepted):
        finding = finding_kinds.PROFILE_SERIALISATION_FORMAT.at(f"the bag is a {serialisation}{which}")
        yield UnmetRule(finding, serialisation, accepted)


def _listing(allowed: Sequence[object]) -> str:
    """Return the first values that a rule allows, for a message: a profile can list thousands."""
    if not allowed:
        return "none"
    names = ", ".join(shown(str(value)[:MAX_VALUE_CHARS]) for value in allowed[:MAX_LISTED])
    others = len(allowed) - MAX_LISTED
    return f"{names} and {others:,} more" if others > 0 else names


def _check_folder_name(profile: Profile, facts: BagFacts) -> Iterator[UnmetRule]:
    if not profile.names_folder or facts.serialisation is None or facts.folder_name is None:
        return
    if facts.archive_name != f"{facts.folder_name}.{facts.serialisation}":
        message = f"the folder in {shown(facts.archive_name)} is {shown(facts.folder_name or 'missing')}"
        yield UnmetRule(
            finding_kinds.PROFILE_FOLDER_NAME.at(message), facts.folder_name, (facts.serialisation,)
        )


def _check_tag_infos(profile: Profile, facts: BagFacts) -> Iterator[UnmetRule]:
    """Check the labels of other tag files; a missing file has none."""
    listed = profile.listed("Tag-Files-Required") or ()
    for path, labels in profile.tag_labels.items():
        if path in facts.files:
            if path in facts.tag_infos:
                yield from _check_labels(labels, facts.tag_infos[path], path)
        elif any(rule.get("required") for rule in labels.values()):
            if path not in listed:
                yield UnmetRule(finding_kinds.PROFILE_FILE_REQUIRED.at(f"there is no {shown(path)}"), path)
            yield from _check_labels(labels, BagInfo(), path)


def _check_labels(labels: Mapping[str, Mapping[str, Any]], info: BagInfo, name: str) -> Iterator[UnmetRule]:
    where = "" if name in _STANDARD_TAG_FILES else f" in {shown(name)}"
    for label, rule in labels.items():
        values = info.values(label)
        allowed = rule.get("values", [])
        is_given = bool(values) if rule.get("emptyOk", False) else any(values)
        if rule.get("required", False) and not is_given:
            which = f"; the profile allows: {_listing(allowed)}" if allowed else ""
            message = f"`{label}` is required{where}{which}"
            yield UnmetRule(finding_kinds.PROFILE_LABEL_MISSING.at(message, name), label, allowed, name)
        if not rule.get("repeatable", True) and len(values) > 1:
            message = f"`{label}` occurs {len(values)} times{where}"
            yield UnmetRule(finding_kinds.PROFILE_LABEL_REPEATED.at(message, name), label, (), name)
        for value in values:
            if allowed and value not in allowed and not (value == "" and rule.get("emptyOk", False)):
                found = f"`{label}` is {value[:MAX_VALUE_CHARS]!r}{where}"
                message = f"{found}; the profile allows: {_listing(allowed)}"
                yield UnmetRule(finding_kinds.PROFILE_LABEL_VALUE.at(message, name), label, allowed, name)


def _check_manifests(profile: Profile, names: Sequence[str], rule: str, prefix: str) -> Iterator[UnmetRule]:
    required = profile.listed(f"{rule}-Required") or ()
    for algorithm in required:
        if f"{prefix}-{algorithm}.txt" not in names:
            present = _listing(sorted(names))
            message = f"there is no {prefix}-{shown(algorithm)}.txt; the bag has: {present}"
            yield UnmetRule(finding_kinds.PROFILE_MANIFEST_REQUIRED.at(message), algorithm)
    allowed = profile.listed(f"{rule}-Allowed")
    for name in sorted(set(names)):
        algorithm = name.partition("-")[2].removesuffix(".txt")
        if allowed is not None and algorithm not in allowed:
            message = f"{name} is not allowed; the profile allows: {_listing(allowed)}"
            finding = finding_kinds.PROFILE_MANIFEST_NOT_ALLOWED.at(message, name)
            yield UnmetRule(finding, algorithm, allowed, is_required=algorithm in required)


def _check_fetch(profile: Profile, facts: BagFacts, payload: Mapping[str, int]) -> Iterator[UnmetRule]:
    has_fetch = "fetch.txt" in facts.files
    if has_fetch and not profile.flag("Allow-Fetch.txt", default=True):
        finding = finding_kinds.PROFILE_FETCH_NOT_ALLOWED.at("there is a fetch.txt", "fetch.txt")
        yield UnmetRule(finding, "fetch.txt")
    if not has_fetch and profile.flag("Fetch.txt-Required", default=False):
        yield UnmetRule(finding_kinds.PROFILE_FETCH_REQUIRED.at("there is no fetch.txt"), "fetch.txt")
    # one empty file is allowed, to keep the folder
    if profile.flag("Data-Empty", default=False) and (len(payload) > 1 or any(payload.values())):
        message = f"data/ contains {len(payload)} files"
        yield UnmetRule(finding_kinds.PROFILE_PAYLOAD_NOT_EMPTY.at(message, "data"), "data")


def _check_files(profile: Profile, facts: BagFacts, payload: Mapping[str, int]) -> Iterator[UnmetRule]:
    tag_files = {path for path in facts.files if path not in payload}
    for rule, present, candidates in (
        ("Tag-Files", tag_files, {path for path in tag_files if not _is_standard(path)}),
        ("Payload-Files", payload.keys(), payload.keys()),
    ):
        for path in profile.listed(f"{rule}-Required") or ():
            if path not in present:
                yield UnmetRule(finding_kinds.PROFILE_FILE_REQUIRED.at(f"there is no {shown(path)}"), path)
        allowed = profile.listed(f"{rule}-Allowed")
        if allowed is None:
            continue
        for path in sorted(candidates):
            if not any(fnmatch.fnmatchcase(path, pattern) for pattern in allowed):
                message = f"{shown(path)} matches no pattern of {rule}-Allowed: {_listing(allowed)}"
                yield UnmetRule(finding_kinds.PROFILE_FILE_NOT_ALLOWED.at(message, path), path, allowed)


def _is_standard(path: str) -> bool:
    """Return whether BagIt itself defines a tag file: a profile's list of tag files is about the others."""
    return path in _STANDARD_TAG_FILES or read_manifest_name(path) is not None
