"""Names of character encodings, as bags and descriptions give them."""

from __future__ import annotations

import codecs

DEFAULT_ENCODING = "utf-8"


def is_text_encoding(name: str) -> bool:
    """Whether this names a character encoding (`rot13` is a codec for Python, but none of characters)."""
    try:
        "".encode(name)
        codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return True
