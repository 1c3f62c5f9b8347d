"""The kinds of findings about a bag that violates a BagIt profile."""

from __future__ import annotations

from archtool.findings import Kind, Severity

_SOURCE = "BagIt Profiles 1.4"
_ADVICE = "ask for a bag that follows the profile, or verify against another profile"


def _kind(code: str, summary: str) -> Kind:
    return Kind(f"profile.{code}", Severity.ERROR, summary, _ADVICE, _SOURCE)


VERSION = _kind("version-not-accepted", "The profile does not accept bags of this version of BagIt.")
LABEL_MISSING = _kind("label-missing", "bag-info.txt lacks a label that the profile requires.")
LABEL_VALUE = _kind("label-value", "A label of bag-info.txt has a value that the profile does not allow.")
LABEL_REPEATED = _kind("label-repeated", "bag-info.txt repeats a label that the profile allows once.")
MANIFEST_REQUIRED = _kind("manifest-required", "A manifest that the profile requires is missing.")
MANIFEST_NOT_ALLOWED = _kind("manifest-not-allowed", "The profile does not allow this manifest.")
FETCH_NOT_ALLOWED = _kind("fetch-not-allowed", "The profile does not allow fetch.txt.")
FETCH_REQUIRED = _kind("fetch-required", "The profile requires fetch.txt.")
PAYLOAD_NOT_EMPTY = _kind("payload-not-empty", "The profile requires an empty payload.")
SERIALISATION = _kind("serialization-required", "The profile requires a serialised bag; this is a folder.")
SERIALISATION_FORBIDDEN = _kind("serialization-forbidden", "The profile requires a folder, not an archive.")
SERIALISATION_FORMAT = _kind("serialization-format", "The profile does not accept this format of archive.")
FILE_REQUIRED = _kind("file-required", "A file that the profile requires is missing.")
FILE_NOT_ALLOWED = _kind("file-not-allowed", "The profile does not allow this file.")
