"""How a path is written in a manifest's line.

Source: RFC 8493 §2.1.3: CR, LF and % are written %0D, %0A and %25, and nothing else is encoded.
"""

from __future__ import annotations

import re

from archtool.bagit.model import Version
from archtool.files.paths import shown

_SHOWN_CHARS = 300  # a path in a message; a hostile one can be a hundred thousand characters long
_TO_ENCODE = re.compile("[%\n\r]")
_ENCODED = re.compile(r"%(0[AaDd]|25)")
_MEANING = {"0a": "\n", "0d": "\r", "25": "%"}


def encode_name(path: str) -> str:
    """Write a path for a manifest of a 1.0 bag."""
    if _TO_ENCODE.search(path) is None:  # nearly always
        return path
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def decode_name(written: str, version: Version) -> str:
    """Read a path from a manifest, by the rules of the bag's own version.

    One pass over the text, so that `%250A` is the name `%0A` and not a line end. Before 1.0 a % stood
    for itself and only line ends were encoded.
    """
    if "%" not in written:
        return written

    def meaning(match: re.Match[str]) -> str:
        code = match[1].lower()
        return match[0] if code == "25" and version < (1, 0) else _MEANING[code]

    return _ENCODED.sub(meaning, written)


def is_encoded(written: str) -> bool:
    """Whether every % of a name is part of a code, as 1.0 asks."""
    return written.count("%") == len(_ENCODED.findall(written))


def brief(path: str) -> str:
    """The path for a message: made visible, and cut where it is too long."""
    return shown(path if len(path) <= _SHOWN_CHARS else path[:_SHOWN_CHARS] + "…")
