"""Converts a profile in the form of DART (APTrust's packaging program) to the rules of a BagIt profile.

DART's form can also require labels in tag files other than bag-info.txt, and that an archive contains a
folder of its own name. Its help texts and default values are for DART's windows, and are not read.

Source: DART's documentation, "BagIt Profiles"; the profiles that APTrust publishes in this form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MARK = "bagItProfileInfo"
"""The key that only this form has."""
FOLDER_RULE = "tarDirMustMatchName"
_NAMES = {
    "acceptBagItVersion": "Accept-BagIt-Version",
    "acceptSerialization": "Accept-Serialization",
    "allowFetchTxt": "Allow-Fetch.txt",
    "manifestsAllowed": "Manifests-Allowed",
    "manifestsRequired": "Manifests-Required",
    "serialization": "Serialization",
    "tagFilesAllowed": "Tag-Files-Allowed",
    "tagFilesRequired": "Tag-Files-Required",
    "tagManifestsAllowed": "Tag-Manifests-Allowed",
    "tagManifestsRequired": "Tag-Manifests-Required",
}
_DECLARATION = "bagit.txt"  # its labels follow from the accepted versions
_INFO = "bag-info.txt"


def is_dart_profile(values: Any) -> bool:
    """Return whether parsed JSON has DART's form of a profile."""
    return isinstance(values, dict) and isinstance(values.get(MARK), dict)


def rules_of_dart(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rules under the names of the specification; lists that allow nothing allow everything."""
    info = values[MARK]
    identifier = info.get("bagItProfileIdentifier")
    rules: dict[str, Any] = {
        "BagIt-Profile-Info": {"BagIt-Profile-Identifier": identifier} if identifier else {}
    }
    for name, value in values.items():
        known = _NAMES.get(name)
        if known is None or value is None:
            continue
        if value or not known.endswith(("-Allowed", "Accept-Serialization")):
            rules[known] = value
    rules["Bag-Info"] = {}
    return rules


def labels_of_dart(values: Mapping[str, Any]) -> dict[str, dict[str, Any]] | str:
    """Return the rules for labels by tag file; or the reason why they cannot be read."""
    tags = values.get("tags", [])
    if not isinstance(tags, list):
        return "`tags` is not a list"
    labels: dict[str, dict[str, Any]] = {}
    for tag in tags:
        if not isinstance(tag, dict) or not _is_text(tag.get("tagFile")) or not _is_text(tag.get("tagName")):
            return "an item of `tags` has no `tagFile` or no `tagName`"
        if tag["tagFile"] != _DECLARATION:
            allowed = tag.get("values") or []
            if not isinstance(allowed, list):
                return f"the `values` of `{tag['tagName']}` are not a list"
            rule = {
                "required": bool(tag.get("required")),
                "values": allowed,
                "emptyOk": bool(tag.get("emptyOk")),
            }
            labels.setdefault(tag["tagFile"], {})[tag["tagName"]] = rule
    return labels


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)
