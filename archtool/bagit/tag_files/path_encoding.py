"""Encodes and decodes paths in the lines of a manifest.

Source: RFC 8493 §2.1.3: CR, LF and % are written %0D, %0A and %25, and nothing else is encoded.
"""

from __future__ import annotations

import re

from archtool.bagit.model import Version
from archtool.files.paths import shown

_SHOWN_CHARS = 300  # of a path in a message; a hostile path can have a hundred thousand characters
_TO_ENCODE = re.compile("[%\n\r]")
_ENCODED = re.compile(r"%(0[AaDd]|25)")
_DECODED = {"0a": "\n", "0d": "\r", "25": "%"}


def encode_name(path: str) -> str:
    """Encode a path for a manifest of a 1.0 bag."""
    if _TO_ENCODE.search(path) is None:  # the usual case
        return path
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def decode_name(written: str, version: Version) -> str:
    """Decode a path from a manifest by the rules of the bag's version.

    One pass over the text, so that `%250A` is the name `%0A` and not a line end. Before 1.0 only line ends
    were encoded, and not the %.
    """
    if "%" not in written:
        return written

    def decode(match: re.Match[str]) -> str:
        code = match[1].lower()
        return match[0] if code == "25" and version < (1, 0) else _DECODED[code]

    return _ENCODED.sub(decode, written)


def is_encoded(written: str) -> bool:
    """Return whether every % of a name is part of a code, as 1.0 requires."""
    return written.count("%") == len(_ENCODED.findall(written))


def brief(path: str) -> str:
    """Return a path for a message: made printable, and shortened where it is too long."""
    return shown(path if len(path) <= _SHOWN_CHARS else path[:_SHOWN_CHARS] + "…")
