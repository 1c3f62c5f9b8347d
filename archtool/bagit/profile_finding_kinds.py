"""Kinds of findings that only a profile can give: what a bag is like against somebody's rules for bags."""

from __future__ import annotations

from archtool.findings import Kind, Severity

_SOURCE = "BagIt Profiles 1.4"
_ADVICE = "ask for a bag that follows the profile, or verify against another profile"


def _kind(code: str, summary: str) -> Kind:
    return Kind(f"profile.{code}", Severity.ERROR, summary, _ADVICE, _SOURCE)


VERSION = _kind("version-not-accepted", "The profile does not accept bags of this version of BagIt.")
LABEL_MISSING = _kind("label-missing", "bag-info.txt lacks a label that the profile requires.")
LABEL_VALUE = _kind("label-value", "A label of bag-info.txt has a value that the profile does not allow.")
LABEL_REPEATED = _kind("label-repeated", "A label is repeated that the profile allows once.")
MANIFEST_REQUIRED = _kind("manifest-required", "A manifest is missing that the profile requires.")
MANIFEST_NOT_ALLOWED = _kind("manifest-not-allowed", "The profile does not allow this manifest.")
FETCH_NOT_ALLOWED = _kind("fetch-not-allowed", "The profile does not allow fetch.txt.")
FETCH_REQUIRED = _kind("fetch-required", "The profile requires fetch.txt.")
PAYLOAD_NOT_EMPTY = _kind("payload-not-empty", "The profile asks for an empty payload.")
SERIALISATION = _kind("serialization-required", "The profile asks for a serialised bag; this is a folder.")
SERIALISATION_FORBIDDEN = _kind("serialization-forbidden", "The profile asks for a folder, not an archive.")
SERIALISATION_FORMAT = _kind("serialization-format", "The profile does not accept this kind of archive.")
FILE_REQUIRED = _kind("file-required", "A file is missing that the profile requires.")
FILE_NOT_ALLOWED = _kind("file-not-allowed", "A file is there that the profile does not allow.")
