"""Decodes a page: by its byte order mark, by the encoding that it names, or as UTF-8.

A page that names no encoding, or a wrong one, is not guessed here: the caller decides. As in browsers,
ISO 8859-1 and ASCII are read as Windows-1252, which differs only in characters that no page has in them.

Source: WHATWG, Encoding (labels of encodings); HTML, "Determining the character encoding".
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from enum import Enum

from archtool.encodings import DEFAULT_ENCODING, find_encoding, mark_of, wide_encoding_of
from archtool.pages.limits import MAX_CHARSET_SEARCH_BYTES

_META = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,1000}?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.I
)
_COMMENT = re.compile(rb"<!--.*?-->", re.S)
_AS_WINDOWS = frozenset(["iso-8859-1", "ascii", "us-ascii", "latin-1", "latin1", "cp1252", "windows-1252"])
_SEVEN_BIT = ("iso2022", "hz")
"""Beginnings of Python's names of encodings whose bytes are all ASCII, with escapes for other letters."""
_SAMPLE_BYTES = 1024 * 1024
WINDOWS_1252 = "windows-1252"


class Certainty(Enum):
    """How the encoding of a page is known."""

    MARKED = "byte order mark"
    NAMED = "named by the page"
    ASCII = "only ASCII"
    VALID_UTF8 = "valid UTF-8"
    CONTRADICTED = "named otherwise"
    """The page names an encoding that its bytes contradict."""
    UNKNOWN = "not named"


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a page, or what is known of its encoding."""

    text: str | None
    """`None` if the encoding is not known."""
    encoding: str
    certainty: Certainty
    named: str = ""
    """What the page calls its encoding."""
    undefined: int = 0
    """Bytes that the encoding does not define; each became U+FFFD."""


def decode_page(data: bytes, encoding: str | None = None) -> Decoded:
    """Decode a page; `encoding` is what a person states, and overrides what the page names."""
    if encoding is not None:
        return _lenient(data, encoding, Certainty.NAMED, encoding)
    wide = _wide_encoding(data)
    if wide:
        return _lenient(data, wide, Certainty.MARKED, wide)
    named = named_encoding(data)
    known = known_encoding(named)
    if data.isascii():
        return _decode_ascii(data, named, known)
    if _is_utf8(data):
        return Decoded(data.decode("utf-8-sig"), DEFAULT_ENCODING, _certainty(known), named)
    if known is None or (known.startswith("utf-") and not _is_nearly_utf8(data)):
        return Decoded(None, "", Certainty.UNKNOWN if known is None else Certainty.CONTRADICTED, named)
    return _lenient(data, known, Certainty.NAMED, named)


def _decode_ascii(data: bytes, named: str, known: str | None) -> Decoded:
    if known is not None and known.startswith(_SEVEN_BIT):
        return _lenient(data, known, Certainty.NAMED, named)
    return Decoded(data.decode("ascii"), DEFAULT_ENCODING, Certainty.ASCII, named)


def _wide_encoding(data: bytes) -> str:
    """Return UTF-16 or UTF-32 if the first bytes show it; an empty text otherwise."""
    mark = mark_of(data[:4])
    if mark is not None:
        return mark if mark != DEFAULT_ENCODING else ""
    if wide_encoding_of(data[:4]) is None:
        return ""
    return "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"


def _certainty(named: str | None) -> Certainty:
    """Return how certain it is that valid UTF-8 is UTF-8, by the encoding that the page names."""
    if named == DEFAULT_ENCODING:
        return Certainty.NAMED
    is_possible = named is None or named.startswith("utf-16")  # a page in UTF-16 that was converted since
    return Certainty.VALID_UTF8 if is_possible else Certainty.CONTRADICTED


def named_encoding(data: bytes) -> str:
    """Return the encoding that a page names in its head; an empty text if it names none."""
    head = _COMMENT.sub(b"", data[:MAX_CHARSET_SEARCH_BYTES])
    found = _META.search(head)
    return found[1].decode("ascii") if found is not None else ""


def known_encoding(named: str) -> str | None:
    """Return the encoding that a page means by a name, as browsers read it; `None` if there is none."""
    return WINDOWS_1252 if named.lower() in _AS_WINDOWS else find_encoding(named) if named else None


def _lenient(data: bytes, encoding: str, certainty: Certainty, named: str) -> Decoded:
    text = data.decode(encoding, "replace").removeprefix("\ufeff")
    undefined = 0 if "\ufffd" not in text else text.count("\ufffd") - _own_replacements(data, encoding)
    return Decoded(text, encoding, certainty, named, max(0, undefined))


def _own_replacements(data: bytes, encoding: str) -> int:
    """Return how many replacement characters the page itself contains."""
    try:
        return data.count("\ufffd".encode(encoding))
    except UnicodeEncodeError:
        return 0


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.decode(data, DEFAULT_ENCODING)
    except UnicodeDecodeError:
        return False
    return True


def _is_nearly_utf8(data: bytes) -> bool:
    """Whether most characters beyond ASCII are UTF-8: single bytes of such a text are damaged."""
    text = data[:_SAMPLE_BYTES].decode(DEFAULT_ENCODING, "replace")
    damaged = text.count("\ufffd")
    return sum(not char.isascii() for char in text) - damaged > damaged
