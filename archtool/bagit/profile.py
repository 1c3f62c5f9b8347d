"""Reads a BagIt profile, an institution's rules for bags in JSON, and checks a bag against it.

The user always passes the profile. The profile that a bag names itself is never fetched.

Source: BagIt Profiles specification 1.4.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archtool.bagit import finding_kinds
from archtool.bagit.layout import BagLayout
from archtool.bagit.limits import MAX_LISTED, MAX_PROFILE_BYTES, MAX_VALUE_CHARS
from archtool.bagit.media_types import is_name_of
from archtool.bagit.model import Bag, Manifest
from archtool.bagit.tag_files.manifest_writer import read_manifest_name
from archtool.errors import InputError
from archtool.files.paths import shown
from archtool.findings import Finding
from archtool.strict_json import JsonRules, parse_json

_RULES = JsonRules(MAX_PROFILE_BYTES, max_values=500_000, allows_mark=True)
_STANDARD_TAG_FILES = frozenset(["bagit.txt", "bag-info.txt", "package-info.txt", "fetch.txt"])
_LISTS = (
    "Manifests-Required", "Manifests-Allowed", "Tag-Manifests-Required", "Tag-Manifests-Allowed",
    "Accept-BagIt-Version", "Accept-Serialization", "Tag-Files-Required", "Tag-Files-Allowed",
    "Payload-Files-Required", "Payload-Files-Allowed",
)  # fmt: skip
_FLAGS = ("Allow-Fetch.txt", "Fetch.txt-Required", "Data-Empty")


@dataclass(frozen=True, slots=True)
class Profile:
    """The rules, by their names in the specification; a profile can omit any of them."""

    identifier: str
    rules: Mapping[str, Any]

    def listed(self, name: str) -> Sequence[str] | None:
        """Return a rule that is a list; `None` where the profile does not have it."""
        value: Sequence[str] | None = self.rules.get(name)
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a rule that is true or false."""
        return bool(self.rules.get(name, default))


def parse_profile(data: bytes, where: str) -> Profile:
    """Parse a profile.

    Raises:
        InputError: not JSON, or a rule does not have the form of the specification.
    """
    rules = parse_json(data, f"the profile {where}", _RULES, hint="name a BagIt profile")
    problem = _why_malformed(rules)
    if problem is not None:
        raise InputError(f"the profile {where} is not a BagIt profile: {problem}", hint="correct the profile")
    return Profile(str(rules["BagIt-Profile-Info"].get("BagIt-Profile-Identifier", where)), rules)


def _why_malformed(rules: Any) -> str | None:
    if not isinstance(rules, dict) or not isinstance(rules.get("BagIt-Profile-Info"), dict):
        return "`BagIt-Profile-Info` is missing"
    for name in _LISTS:
        value = rules.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            return f"`{name}` is not a list of words"
    for name in _FLAGS:
        if not isinstance(rules.get(name, False), bool):
            return f"`{name}` is neither true nor false"
    return _why_labels_malformed(rules.get("Bag-Info", {}))


def _why_labels_malformed(labels: Any) -> str | None:
    if not isinstance(labels, dict):
        return "`Bag-Info` is not an object"
    for label, rule in labels.items():
        if not isinstance(rule, dict) or not isinstance(rule.get("values", []), list):
            return f"the rule for `{label}` is not an object with a list of values"
    return None


def check_profile(
    profile: Profile, bag: Bag, layout: BagLayout, serialisation: str | None = None
) -> Iterator[Finding]:
    """Check a bag against every rule of a profile; `serialisation` is the format of its archive, if any."""
    accepted = profile.listed("Accept-BagIt-Version")
    version = ".".join(map(str, bag.declaration.version))
    if accepted is not None and version not in accepted:
        message = f"the bag has version {version}; the profile accepts: {_listing(accepted)}"
        yield finding_kinds.PROFILE_VERSION.at(message, "bagit.txt")
    yield from _check_serialisation(profile, serialisation)
    yield from _check_labels(profile, bag)
    yield from _check_manifests(profile, bag.manifests, "Manifests", "manifest")
    yield from _check_manifests(profile, bag.tag_manifests, "Tag-Manifests", "tagmanifest")
    yield from _check_fetch(profile, layout)
    yield from _check_files(profile, layout)


def _check_serialisation(profile: Profile, serialisation: str | None) -> Iterator[Finding]:
    rule = profile.rules.get("Serialization")
    accepted = profile.listed("Accept-Serialization")
    which = f"; the profile accepts: {_listing(accepted)}" if accepted else ""
    if serialisation is None:
        if rule == "required":
            yield finding_kinds.PROFILE_SERIALISATION.at(f"the bag is a folder, not an archive{which}")
        return
    if rule == "forbidden":
        yield finding_kinds.PROFILE_SERIALISATION_FORBIDDEN.at(
            f"the bag is a {serialisation}, but must be a folder"
        )
    elif accepted is not None and not any(is_name_of(name, serialisation) for name in accepted):
        yield finding_kinds.PROFILE_SERIALISATION_FORMAT.at(f"the bag is a {serialisation}{which}")


def _listing(allowed: Sequence[object]) -> str:
    """Return the first values that a rule allows, for a message: a profile can list thousands."""
    if not allowed:
        return "none"
    names = ", ".join(shown(str(value)[:MAX_VALUE_CHARS]) for value in allowed[:MAX_LISTED])
    others = len(allowed) - MAX_LISTED
    return f"{names} and {others:,} more" if others > 0 else names


def _check_labels(profile: Profile, bag: Bag) -> Iterator[Finding]:
    name = bag.declaration.info_name
    if name in bag.unread:  # it could not be read: its labels are unknown
        return
    for label, rule in profile.rules.get("Bag-Info", {}).items():
        values = bag.info.values(label)
        allowed = rule.get("values", [])
        if rule.get("required", False) and not any(values):
            which = f"; the profile allows: {_listing(allowed)}" if allowed else ""
            yield finding_kinds.PROFILE_LABEL_MISSING.at(f"`{label}` is required{which}", name)
        if not rule.get("repeatable", True) and len(values) > 1:
            yield finding_kinds.PROFILE_LABEL_REPEATED.at(f"`{label}` occurs {len(values)} times", name)
        for value in values:
            if allowed and value not in allowed:
                message = f"`{label}` is {value[:MAX_VALUE_CHARS]!r}; the profile allows: {_listing(allowed)}"
                yield finding_kinds.PROFILE_LABEL_VALUE.at(message, name)


def _check_manifests(
    profile: Profile, manifests: Sequence[Manifest], rule: str, prefix: str
) -> Iterator[Finding]:
    names = {manifest.name for manifest in manifests}
    required = profile.listed(f"{rule}-Required") or ()
    for algorithm in required:
        if f"{prefix}-{algorithm}.txt" not in names:
            present = _listing(sorted(names))
            message = f"there is no {prefix}-{shown(algorithm)}.txt; the bag has: {present}"
            yield finding_kinds.PROFILE_MANIFEST_REQUIRED.at(message)
    allowed = profile.listed(f"{rule}-Allowed")
    for name in sorted(names):
        algorithm = name.partition("-")[2].removesuffix(".txt")
        if allowed is not None and algorithm not in allowed:
            message = f"{name} is not allowed; the profile allows: {_listing(allowed)}"
            yield finding_kinds.PROFILE_MANIFEST_NOT_ALLOWED.at(message, name)


def _check_fetch(profile: Profile, layout: BagLayout) -> Iterator[Finding]:
    has_fetch = "fetch.txt" in layout.files
    if has_fetch and not profile.flag("Allow-Fetch.txt", default=True):
        yield finding_kinds.PROFILE_FETCH_NOT_ALLOWED.at("there is a fetch.txt", "fetch.txt")
    if not has_fetch and profile.flag("Fetch.txt-Required", default=False):
        yield finding_kinds.PROFILE_FETCH_REQUIRED.at("there is no fetch.txt")
    payload = layout.payload
    # one empty file is allowed, to keep the folder
    if profile.flag("Data-Empty", default=False) and (len(payload) > 1 or any(payload.values())):
        yield finding_kinds.PROFILE_PAYLOAD_NOT_EMPTY.at(f"data/ contains {len(payload)} files", "data")


def _check_files(profile: Profile, layout: BagLayout) -> Iterator[Finding]:
    payload = set(layout.payload)
    tag_files = {path for path in layout.files if path not in payload and not _is_standard(path)}
    for rule, present, candidates in (
        ("Tag-Files", set(layout.files) - payload, tag_files),
        ("Payload-Files", payload, payload),
    ):
        for path in profile.listed(f"{rule}-Required") or ():
            if path not in present:
                yield finding_kinds.PROFILE_FILE_REQUIRED.at(f"there is no {shown(path)}")
        allowed = profile.listed(f"{rule}-Allowed")
        if allowed is None:
            continue
        for path in sorted(candidates):
            if not any(fnmatch.fnmatchcase(path, pattern) for pattern in allowed):
                message = f"{shown(path)} matches no pattern of {rule}-Allowed: {_listing(allowed)}"
                yield finding_kinds.PROFILE_FILE_NOT_ALLOWED.at(message, path)


def _is_standard(path: str) -> bool:
    """Return whether BagIt itself defines a tag file: a profile's list of tag files is about the others."""
    return path in _STANDARD_TAG_FILES or read_manifest_name(path) is not None
