"""Plain word lists: one word in each line.

A set of the 4.3 million forms of Polish takes 580 MB of memory. Here the forms stay bytes: they are sorted by
parts of 8 MB, and looked up by bisection in each part: 70 MB.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from archtool.text.repairing.word_lists.capitals import plain_form, spellings
from archtool.text.repairing.word_lists.limits import MAX_WORD_CHARS

_PART_BYTES = 8 * 1024 * 1024
_WORDS_PER_BLOCK = 32


@dataclass(frozen=True, slots=True)
class _SortedPart:
    """Sorted forms in UTF-8, each between line ends."""

    forms: bytes
    starts: list[int]
    """Where each block of forms begins."""
    firsts: list[bytes]
    """The first form of each block."""

    def __contains__(self, form: bytes) -> bool:
        block = bisect_right(self.firsts, form) - 1
        if block < 0:
            return False
        end = self.starts[block + 1] if block + 1 < len(self.starts) else len(self.forms)
        return self.forms.find(b"\n%b\n" % form, self.starts[block], end + 1) >= 0


@dataclass(frozen=True, slots=True)
class PlainWords:
    """The words of a plain list."""

    count: int
    """How many lines have a word."""
    parts: tuple[_SortedPart, ...]

    def __contains__(self, word: object, /) -> bool:
        """Return whether a word is known, also at the beginning of a sentence or in capitals."""
        if not isinstance(word, str) or not 0 < len(word) <= MAX_WORD_CHARS:
            return False
        forms = (spelling.encode("utf-8", "replace") for spelling in spellings(plain_form(word)))
        return any(form in part for form in forms for part in self.parts)


def parse_plain_list(data: bytes, encoding: str) -> PlainWords:
    """Read a plain list. Lines that begin with `#`, blanks, and columns after the first are ignored.

    Raises:
        UnicodeDecodeError: it is not in this encoding.
    """
    parts = []
    count = 0
    for text in _decoded_parts(data, encoding):
        part, words = _sorted_part(text)
        parts.append(part)
        count += words
    return PlainWords(count, tuple(part for part in parts if part.firsts))


def _decoded_parts(data: bytes, encoding: str) -> Iterator[str]:
    if not encoding.startswith(("utf-16", "utf-32")):
        start = 0
        while start < len(data):
            end = data.find(b"\n", min(start + _PART_BYTES, len(data))) + 1 or len(data)
            yield data[start:end].decode(encoding)
            start = end
    else:
        yield data.decode(encoding)


def _sorted_part(text: str) -> tuple[_SortedPart, int]:
    text = plain_form(text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", ""))
    if any(sign in text for sign in "# \t"):
        text = "\n".join(map(_word_of, text.split("\n")))
    forms = sorted(filter(None, text.encode("utf-8").split(b"\n")))
    firsts = forms[::_WORDS_PER_BLOCK]
    starts = [0]
    for at in range(0, len(forms), _WORDS_PER_BLOCK):
        block = forms[at : at + _WORDS_PER_BLOCK]
        starts.append(starts[-1] + sum(map(len, block)) + len(block))
    del starts[-1]
    return _SortedPart(b"\n%b\n" % b"\n".join(forms), starts, firsts), len(forms)


def _word_of(line: str) -> str:
    if line.startswith("#"):
        return ""
    line = line.partition("\t")[0].strip()
    word, _, number = line.rpartition(" ")
    return word.rstrip() if number.isdecimal() else line  # a list of frequencies
