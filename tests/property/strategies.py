"""What the property tests draw from: names that a disk can hold, encodings that a bag may declare."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import settings
from hypothesis import strategies as st

from archtool.files.paths import normal_form

# the same examples in each run; how many is said where they are used
BOUNDED = settings(derandomize=True, deadline=None, database=None)

ENCODINGS = [
    "UTF-8", "UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "ISO-8859-1", "ISO-8859-15", "windows-1251",
    "KOI8-R", "Shift_JIS", "EUC-JP", "GB18030", "US-ASCII", "IBM037",
]  # fmt: skip
# bytes of a name that are not UTF-8 reach us as these
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
    # what is UTF-8 after all when its bytes come together is not kept as escapes
    .map(lambda name: name.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape"))
    .filter(_is_name)
)


def fits(text: str, encoding: str) -> bool:
    """Whether an encoding can write this text and read it back: some have two characters for one code."""
    try:
        return text.encode(encoding).decode(encoding) == text
    except ValueError:
        return False


def are_no_twins(names: Iterable[str]) -> bool:
    """Whether no two of these names are one name on some system."""
    forms = [normal_form(normal_form(name).casefold()) for name in names]
    return len(set(forms)) == len(forms)
