"""Collects the text of one line of a page: links, notes and raised letters become readable text.

A link to another page is followed by its address, `letters <letters.htm>`; the mark of a note is put in
brackets, `[1]`. NUL cannot come from a page (the parser replaces it), so it stands for the tab between cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archtool.pages.labels import find_label
from archtool.pages.model import LinkUse

CELL = "\0"
_BLANKS = re.compile("[ \t\r\n\f]+")
_NOTE_MARK = re.compile(r"\(?\[?(?:\d{1,4}[a-z]?|[*†‡§]{1,4}|[ivx]{1,6})\]?\)?")
_NUMBER = re.compile(r"\d{1,4}")
_LAST_WORD = re.compile(r"\w+\Z")
_MAX_LABEL_CHARACTERS = 200
_MAX_NUMBER_CHARACTERS = 12  # with the blanks around it
_MAX_SYMBOL_LETTERS = 2  # x², km²: the number is an exponent; behind a longer word it marks a note
_MAX_ADDRESS_CHARACTERS = 2_000  # a longer one has its data in itself


@dataclass(slots=True)
class _Open:
    """A link or raised text that is not closed yet."""

    start: int
    address: str = ""
    is_outside: bool = False
    has_text: bool = False
    """Whether something but blanks is in it."""


class LineBuffer:
    """The text of the line that is being read."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._links: list[_Open] = []
        self._raised: list[int] = []
        self._label_starts: list[int] = []
        """For each open element that can be a label, how many parts of the line precede it."""
        self._is_blank = True
        self.label = ""
        self.number: int | None = None
        self._open_outside_links = 0
        self._outside_links = 0
        self._letters = 0
        self._letters_in_links = 0

    def add(self, text: str, number: int | None) -> None:
        """Add a text as it is on the page; blanks are joined when the line is taken."""
        self._append(text, number)
        letters = sum(map(str.isalnum, text))
        self._letters += letters
        if self._links:
            self._letters_in_links += letters
            self._outside_links += letters if self._open_outside_links else 0

    def _append(self, text: str, number: int | None) -> None:
        if not text:
            return
        if self._is_blank and text.strip(" \t\r\n\f" + CELL):
            before = text[: len(text) - len(text.lstrip())]
            self.number = None if number is None else number + before.count("\n")
            self._is_blank = False
        self._parts.append(text)
        if self._links and not text.isspace():
            self._links[-1].has_text = True

    def take(self, *, is_verbatim: bool = False) -> tuple[str, str]:
        """Return the text of the line and what can be its label, and begin the next line."""
        text = "".join(self._parts)
        if not is_verbatim:
            text = _joined(text).strip(" ")
        label = self.label
        self._parts, self.label, self._is_blank = [], "", True
        self._raised = [0] * len(self._raised)
        self._label_starts = [0] * len(self._label_starts)
        for link in self._links:
            link.start, link.has_text = 0, False
        return text.replace(CELL, "\t"), label

    def take_links(self) -> LinkUse:
        """Return what of the line is a link, and count again from 0."""
        is_all = self._letters == self._letters_in_links > 0
        use = (
            LinkUse.OTHER_PAGES if is_all and self._outside_links else LinkUse.ALL if is_all else LinkUse.PART
        )
        self._letters = self._letters_in_links = self._outside_links = 0
        return use

    @property
    def is_blank(self) -> bool:
        """Whether the line has no text yet."""
        return self._is_blank

    def _short_text(self, start: int, limit: int) -> str:
        """Return the text from a part on; empty if it is long: nested elements must not multiply the work."""
        parts = self._parts[start : start + limit + 1]
        is_short = len(parts) <= limit and sum(map(len, parts)) <= limit
        return _joined("".join(parts)).strip(" ") if is_short else ""

    def open_label(self) -> None:
        """Begin an element that can contain the label of the line."""
        self._label_starts.append(0 if self._is_blank else len(self._parts))

    def close_label(self) -> str:
        """End it: if nothing precedes it on the line, its text can be the label.

        Returns the text if it is the next label on a line that begins with one; that text is then no longer
        part of the line: it begins a line of its own.
        """
        start = self._label_starts.pop() if self._label_starts else 0
        if self._is_blank:
            return ""
        text = self._short_text(start, _MAX_LABEL_CHARACTERS)
        if start == 0:
            self.label = text.replace(CELL, " ")
        elif text.endswith(":") and find_label(text) is not None and find_label(self.label) is not None:
            del self._parts[start:]
            return text
        return ""

    def open_link(self, address: str | None) -> None:
        """Begin a link."""
        bare = _joined(address or "").strip()
        is_script = bare.lower().startswith(("javascript:", "data:"))
        self._links.append(_Open(len(self._parts), "" if is_script else bare, _is_outside(bare)))
        self._open_outside_links += self._links[-1].is_outside

    def close_link(self, number: int | None) -> None:
        """End a link: add its address, or the brackets of a note."""
        if not self._links:
            return
        link = self._links.pop()
        self._open_outside_links -= link.is_outside
        if link.has_text and self._links:
            self._links[-1].has_text = True
        if not link.address:
            return
        inside = self._short_text(link.start, _MAX_ADDRESS_CHARACTERS)
        if not link.is_outside and not link.address.startswith("mailto:"):
            if _NOTE_MARK.fullmatch(inside) and not inside.startswith(("[", "(")):
                self._parts[link.start :] = [f"[{inside}]"]
            return
        address = link.address.removeprefix("mailto:")[:_MAX_ADDRESS_CHARACTERS]
        if address != inside:
            self._append(f" <{address}>" if link.has_text else f"<{address}>", number)

    def open_raised(self) -> None:
        """Begin raised letters."""
        self._raised.append(len(self._parts))

    def close_raised(self) -> None:
        """End them: a number behind a word is the mark of a note, behind a number an exponent."""
        if not self._raised:
            return
        start = self._raised.pop()
        inside = self._short_text(start, _MAX_NUMBER_CHARACTERS)
        if not _NUMBER.fullmatch(inside):
            return
        word = _LAST_WORD.search("".join(self._parts[max(0, start - 8) : start]))
        is_power = word is not None and (word[0].isdecimal() or len(word[0]) <= _MAX_SYMBOL_LETTERS)
        self._parts[start:] = [f"^{inside}" if is_power else f"[{inside}]"]


def _joined(text: str) -> str:
    return re.sub(f" *{CELL} *", CELL, _BLANKS.sub(" ", text))


def _is_outside(address: str) -> bool:
    return (
        bool(address)
        and not address.startswith("#")
        and not address.lower().startswith(("javascript:", "data:", "mailto:"))
    )
