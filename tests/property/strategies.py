"""Strategies of the property tests: names that a disk can store, encodings that a bag can declare."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import settings
from hypothesis import strategies as st

from archtool.files.paths import normal_form

# the same examples in each run; each test sets their number
BOUNDED = settings(derandomize=True, deadline=None, database=None)

ENCODINGS = [
    "UTF-8", "UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "ISO-8859-1", "ISO-8859-15", "windows-1251",
    "KOI8-R", "Shift_JIS", "EUC-JP", "GB18030", "US-ASCII", "IBM037",
]  # fmt: skip
# Python decodes bytes of a name that are not UTF-8 as these
ESCAPED_BYTES = [chr(code) for code in range(0xDC80, 0xDD00)]
_AWKWARD = [
    "%",
    "\r",
    "\n",
    "\t",
    " ",
    "\\",
    "*",
    "~",
    ".",
    "\u2028",
    "\x85",
    "\x0c",
    "\x1c",
    "\ufeff",
    "%0A",
    "%25",
]
_ANY = st.characters(exclude_categories=["Cs"], exclude_characters="\0/")


def _is_name(name: str) -> bool:
    return name not in ("", ".", "..") and len(name.encode("utf-8", "surrogateescape")) <= 255


def _joined(parts: Iterable[str]) -> str:
    return "".join(parts)


UNICODE_NAMES = (
    st.lists(_ANY | st.sampled_from(_AWKWARD), min_size=1, max_size=12).map(_joined).filter(_is_name)
)
BYTE_NAMES = (
    st.lists(_ANY | st.sampled_from(_AWKWARD + ESCAPED_BYTES), min_size=1, max_size=12)
    .map(_joined)
    # escapes whose joined bytes are valid UTF-8 are decoded
    .map(lambda name: name.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape"))
    .filter(_is_name)
)


def fits(text: str, encoding: str) -> bool:
    """Report whether an encoding round-trips this text: some have two characters for one code."""
    try:
        return text.encode(encoding).decode(encoding) == text
    except ValueError:
        return False


def are_no_twins(names: Iterable[str]) -> bool:
    """Report whether all these names stay distinct on every system."""
    forms = [normal_form(normal_form(name).casefold()) for name in names]
    return len(set(forms)) == len(forms)
