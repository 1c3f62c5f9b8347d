"""Names of character encodings, as bags and descriptions give them."""

from __future__ import annotations

import codecs

DEFAULT_ENCODING = "utf-8"
# codecs of Python that no registry of character encodings knows; some cannot even read every file
_NOT_REGISTERED = frozenset(
    ["charmap", "idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-8-sig"]
)


def is_text_encoding(name: str) -> bool:
    """Whether this names a character encoding (`rot13` is a codec for Python, but none of characters)."""
    try:
        "".encode(name)
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return False
    return name.isascii() and known not in _NOT_REGISTERED
