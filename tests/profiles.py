"""BagIt profiles for tests, in the manner of those that repositories publish."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

IDENTIFIER = "https://example.org/profiles/archive-1.json"
INFO = {
    "BagIt-Profile-Identifier": IDENTIFIER,
    "BagIt-Profile-Version": "1.4.0",
    "Source-Organization": "Example archive",
    "External-Description": "A profile for tests",
    "Version": "1",
}
PLAIN: dict[str, Any] = {
    "BagIt-Profile-Info": INFO,
    "Bag-Info": {},
    "Manifests-Required": [],
    "Accept-BagIt-Version": ["0.97", "1.0"],
}
"""A profile that requires nothing, with every part that other validators expect."""
REPOSITORY = PLAIN | {
    "Bag-Info": {
        "Source-Organization": {"required": True, "repeatable": False},
        "Contact-Email": {"required": True},
        "Access": {"required": True, "values": ["Consortia", "Institution"]},
        "Bag-Count": {"required": False, "repeatable": False},
    },
    "Manifests-Required": ["md5"],
    "Manifests-Allowed": ["md5", "sha256"],
    "Tag-Manifests-Allowed": ["md5", "sha256"],
    "Tag-Files-Required": ["aptrust-info.txt"],
    "Tag-Files-Allowed": ["*"],
    "Allow-Fetch.txt": False,
    "Serialization": "required",
    "Accept-Serialization": ["application/tar", "application/x-tar"],
}
"""Rules such as those of APTrust: weak manifests, labels with few values, a tag file, a tar."""


def write_profile(folder: Path, rules: dict[str, Any] | None = None, name: str = "profile.json") -> Path:
    """Write a profile with these rules beside those of `PLAIN`."""
    path = folder / name
    path.write_text(json.dumps(PLAIN | (rules or {})), encoding="utf-8")
    return path


def dart_tag(
    file: str, name: str, *values: str, required: bool = True, empty_ok: bool = False
) -> dict[str, Any]:
    """Return one item of `tags`, with the parts that DART writes and that no validator reads."""
    return {
        "tagFile": file, "tagName": name, "required": required, "values": list(values), "emptyOk": empty_ok,
        "defaultValue": None, "help": "What to write here.",
    }  # fmt: skip


DART: dict[str, Any] = {
    "name": "Example",
    "acceptBagItVersion": ["0.97", "1.0"],
    "acceptSerialization": ["application/tar"],
    "allowFetchTxt": False,
    "bagItProfileInfo": {"bagItProfileIdentifier": IDENTIFIER, "version": "2.2"},
    "manifestsRequired": ["md5"],
    "manifestsAllowed": ["md5", "sha256"],
    "tagManifestsRequired": [],
    "tagManifestsAllowed": ["md5", "sha256"],
    "tagFilesAllowed": ["*", ""],
    "serialization": "required",
    "tarDirMustMatchName": True,
    "tags": [
        dart_tag("bagit.txt", "BagIt-Version", "0.97", "1.0"),
        dart_tag("bag-info.txt", "Source-Organization"),
        dart_tag("bag-info.txt", "Bag-Count", required=False, empty_ok=True),
        dart_tag("aptrust-info.txt", "Title"),
        dart_tag("aptrust-info.txt", "Access", "Consortia", "Institution"),
        dart_tag("aptrust-info.txt", "Description", required=False, empty_ok=True),
        dart_tag("aptrust-info.txt", "Note", empty_ok=True),
    ],
}
"""A profile in the form of DART: it requires labels in a tag file of its own."""
