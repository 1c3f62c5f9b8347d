"""Reads a BagIt profile, an institution's rules for bags in JSON; `profile_check` applies it.

A profile in the form of DART is read as well (`dart_profile`). The user always passes the profile: the one
that a bag names itself is never fetched.

Source: BagIt Profiles specification 1.4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archtool.bagit.dart_profile import FOLDER_RULE, is_dart_profile, labels_of_dart, rules_of_dart
from archtool.bagit.limits import MAX_PROFILE_BYTES
from archtool.errors import InputError
from archtool.strict_json import JsonRules, parse_json

_RULES = JsonRules(MAX_PROFILE_BYTES, max_values=500_000, allows_mark=True)
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
    tag_labels: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    """The rules for the labels of other tag files than bag-info.txt, by file; only DART's form has them."""
    names_folder: bool = False
    """Whether an archive must contain a folder of its own name; only DART's form can say so."""

    def listed(self, name: str) -> Sequence[str] | None:
        """Return a rule that is a list; `None` where the profile does not have it."""
        value: Sequence[str] | None = self.rules.get(name)
        return value

    @property
    def is_named(self) -> bool:
        """Whether the profile has an identifier, which a bag that follows it must name."""
        return "BagIt-Profile-Identifier" in self.rules["BagIt-Profile-Info"]

    @property
    def labels(self) -> Mapping[str, Mapping[str, Any]]:
        """The rules for bag-info.txt, by label."""
        rules: Mapping[str, Mapping[str, Any]] = self.rules.get("Bag-Info", {})
        return rules

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a rule that is true or false."""
        return bool(self.rules.get(name, default))


def parse_profile(data: bytes, where: str) -> Profile:
    """Parse a profile.

    Raises:
        InputError: not JSON, or a rule does not have the form of the specification.
    """
    rules = parse_json(data, f"the profile {where}", _RULES, hint="name a BagIt profile")
    if is_dart_profile(rules):
        return _parse_dart(rules, where)
    problem = _why_malformed(rules)
    if problem is not None:
        raise InputError(f"the profile {where} is not a BagIt profile: {problem}", hint="correct the profile")
    return Profile(str(rules["BagIt-Profile-Info"].get("BagIt-Profile-Identifier", where)), rules)


def _parse_dart(values: Mapping[str, Any], where: str) -> Profile:
    labels = labels_of_dart(values)
    rules = rules_of_dart(values)
    problem = labels if isinstance(labels, str) else _why_malformed(rules)
    if problem is not None or isinstance(labels, str):
        raise InputError(f"the profile {where} is not a DART profile: {problem}", hint="correct the profile")
    rules["Bag-Info"] = labels.pop("bag-info.txt", {})
    identifier = str(rules["BagIt-Profile-Info"].get("BagIt-Profile-Identifier", where))
    return Profile(identifier, rules, labels, values.get(FOLDER_RULE) is True)


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
