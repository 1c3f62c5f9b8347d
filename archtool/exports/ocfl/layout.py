"""The layout of the OCFL storage roots that archtool makes: where an object is.

The layout is the community extension 0003. The name of an object's folder is its identifier, so a person
finds a package without a program, and the digest above it keeps folders small. `ocfl-py`, which checks the
layout in the tests, knows 0002 and 0003 of the registered layouts; 0002 allows no identifier with a slash.

Source: OCFL 1.1 §4 (storage root), OCFL community extension 0003-hash-and-id-n-tuple-storage-layout.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from archtool.canonical_json import format_json
from archtool.files.hashing.digests import Algorithm, digest_bytes

ROOT_DECLARATION = ("0=ocfl_1.1", "ocfl_1.1\n")
"""The name and the text of the file that marks a storage root."""
LAYOUT_NAME = "ocfl_layout.json"
EXTENSION = "0003-hash-and-id-n-tuple-storage-layout"
CONFIG_NAME = f"extensions/{EXTENSION}/config.json"
CONFIG = {"extensionName": EXTENSION, "digestAlgorithm": "sha256", "tupleSize": 3, "numberOfTuples": 3}
_MAX_CHARACTERS = 100  # of an identifier in a path; the digest follows where it is longer
_ESCAPE = re.compile("%[0-9A-F]{2}")


def root_files() -> dict[str, str]:
    """Return the files of a new storage root, by path."""
    described = "Hashed Truncated N-tuple Trees with Object ID Encapsulating Directory"
    return {
        ROOT_DECLARATION[0]: ROOT_DECLARATION[1],
        LAYOUT_NAME: format_json({"extension": EXTENSION, "description": described}),
        CONFIG_NAME: format_json(CONFIG),
    }


def object_path(identifier: str) -> str:
    """Return the path of an object below the storage root."""
    digest = digest_bytes(Algorithm.SHA256, identifier.encode()).hex
    return "/".join([digest[0:3], digest[3:6], digest[6:9], _folder_name(identifier, digest)])


def _folder_name(identifier: str, digest: str) -> str:
    # `quote` keeps `.` and `~`, and writes capitals; the extension escapes all but letters, digits, - and _
    escaped = quote(identifier, safe="").replace(".", "%2E").replace("~", "%7E")
    name = _ESCAPE.sub(lambda found: found[0].lower(), escaped)
    return name if len(name) <= _MAX_CHARACTERS else f"{name[:_MAX_CHARACTERS]}-{digest}"
