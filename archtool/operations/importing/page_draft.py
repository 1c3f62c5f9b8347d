"""Drafts the description of a page: each statement is offered for a key, or kept as a comment with its line.

The page's meta elements are about the page: its author is often who transcribed it. They are comments.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from archtool import __version__
from archtool.description.languages import language_tag_of
from archtool.findings import Finding, clip
from archtool.nearest_names import fold
from archtool.operations.describe.offers import marked
from archtool.operations.importing.draft_format import DraftValues
from archtool.operations.importing.limits import MAX_OFFERED_CHARACTERS
from archtool.operations.importing.page_remarks import add_remarks, line_name
from archtool.operations.importing.statements import (
    find_date,
    find_languages,
    find_names,
    is_date,
    is_name,
)
from archtool.operations.importing.unplaced import unplaced_comment, unplaced_finding
from archtool.pages.header import HeaderField
from archtool.pages.labels import Meaning
from archtool.pages.model import Line
from archtool.pages.page import Page, verbatim_lines
from archtool.printable import without_steering

METHOD = f"text extracted from {{name}} by archtool {__version__} (import)"
TEXT_ID = "text"
_PUBLICATIONS = (Meaning.FIRST_PUBLISHED, Meaning.PUBLISHED, Meaning.ONLINE)
_TITLE_SEPARATORS = re.compile(r"\s*(?::|—|–|\s-\s|\||\s(?:by|par|von|por)\s)\s*")


@dataclass(frozen=True, slots=True)
class PageFiles:
    """The names of the files that a draft declares."""

    page: str
    text: str
    source: str
    """The page as it was named, for messages."""
    stem: str
    """The name of the page without its ending, for a page without a title."""
    encoding: str = "utf-8"
    doubt: str = ""
    """What a person must confirm about the encoding."""


class PageDraft:
    """Builds the draft of one page, and the findings about it."""

    def __init__(self, page: Page, files: PageFiles) -> None:
        self.draft = DraftValues()
        self.findings: list[Finding] = []
        self._page = page
        self._files = files
        self._fields: dict[Meaning | None, list[HeaderField]] = {}
        for field in page.header:
            self._fields.setdefault(field.meaning, []).append(field)
        self._language = self._find_language()

    def build(self) -> tuple[DraftValues, list[Finding]]:
        """Return the values and the findings."""
        self._add_title()
        self._add_date()
        self._add_language()
        self._add_creators()
        self._add_source()
        self._add_translation()
        self._add_files()
        self._add_publications()
        self._add_rights()
        for field in self._stated(Meaning.UPDATED):
            self.draft.about_file.append(self._origin(field))
        for field in self._page.header:
            if field.meaning is None or not field.value:
                self._not_placed(field.label, field.value or "(nothing behind the label)", field.number)
        self.findings += add_remarks(self.draft, self._page, self._files.source, self._files.text)
        return self.draft, self.findings

    # helpers

    def _stated(self, *meanings: Meaning) -> list[HeaderField]:
        return [field for meaning in meanings for field in self._fields.get(meaning, ()) if field.value]

    def _origin(self, field: HeaderField) -> str:
        return f"{line_name(field.number)}: {clip(_whole(self._page, field), MAX_OFFERED_CHARACTERS)}"

    def _not_placed(self, what: str, text: str, number: int | None) -> None:
        self.draft.not_placed.append(unplaced_comment(what, text, line_name(number)))
        self.findings.append(unplaced_finding(what, text, self._files.source, number))

    def _usable(self, fields: Sequence[HeaderField]) -> list[HeaderField]:
        """Return the statements that can be values; the others are not placed."""
        kept = []
        for field in fields:
            if fits(field.value):
                kept.append(field)
            else:
                self._not_placed(field.label, field.value, field.number)
        return kept

    # values

    def _add_title(self) -> None:
        stated = self._usable(self._stated(Meaning.TITLE))
        heading = _main_heading(self._page)
        head = self._page.parsed.head
        if stated:
            self.draft.add("title", marked(stated[0].value), self._origin(stated[0]))
            for field in stated[1:]:
                self._not_placed(field.label, field.value, field.number)
        elif heading is not None and fits(heading.text):
            self.draft.add("title", marked(heading.text), f"{line_name(heading.number)}: the heading")
        elif fits(head.title):
            self.draft.add(
                "title", marked(head.title), f"{line_name(head.title_number)}: the title of the page"
            )
        else:
            self.draft.add("title", marked(self._files.stem), "the name of the file: the page has no title")
        if head.title and marked(head.title) != self.draft.values["title"]:
            self.draft.about_file.append(f"{line_name(head.title_number)}: title: {clip(head.title, 400)}")

    def _add_date(self) -> None:
        written = self._usable(self._stated(Meaning.WRITTEN))
        for field in written:
            self._offer_date(field.value, self._origin(field), field)
        if "date" in self.draft.values or written:
            return
        dated = next((heading for heading in self._page.headings if is_date(heading.text)), None)
        if dated is not None:
            self._offer_date(dated.text, f"{line_name(dated.number)}: {dated.text}", None)

    def _offer_date(self, text: str, origin: str, field: HeaderField | None) -> None:
        found = find_date(text)
        if "date" in self.draft.values or found is None:
            if field is not None:
                self._not_placed(field.label, field.value, field.number)
            return
        date, others = found
        also = f"; it can also be {' or '.join(others)}" if others else ""
        self.draft.add("date", marked(date), f"{origin}{also}")
        if field is not None and len(text.strip(" .")) > 24 and not others:
            self.draft.note(
                "date", "only the date is taken: if a place or more is stated, write it where it belongs"
            )

    def _find_language(self) -> tuple[str, str] | None:
        for field in self._stated(Meaning.LANGUAGE):
            if (tag := language_tag_of(field.value)) is not None:
                return tag, self._origin(field)
        named = self._page.parsed.head.language
        if named and (tag := language_tag_of(named)) is not None:
            return tag, "the language that the page names as its own"
        counts = Counter(language for field in self._page.header for language in field.languages)
        most = counts.most_common(2)
        if most and (len(most) == 1 or most[0][1] > most[1][1]):
            return most[0][0], "the language of the labels; the page names none"
        return None

    def _add_language(self) -> None:
        if self._language is not None:
            self.draft.add("language", marked(self._language[0]), self._language[1])
        for field in self._stated(Meaning.LANGUAGE):
            if language_tag_of(field.value) is None:
                self._not_placed(field.label, field.value, field.number)
        for field in self._stated(Meaning.ORIGINAL_LANGUAGE):
            tag = language_tag_of(field.value)
            if tag is not None and "original" not in self.draft.values:
                self.draft.add("original", {"language": marked(tag)}, self._origin(field))
            else:
                self._not_placed(field.label, field.value, field.number)

    def _add_creators(self) -> None:
        creators = []
        for field in self._usable(self._stated(Meaning.AUTHOR)):
            names = find_names(field.value) or [field.value]
            creators += [{"name": marked(name), "role": "author"} for name in names]
            self.draft.note("creators", self._origin(field))
        if not creators:
            name, origin = self._author_in_title()
            if name:
                creators = [{"name": marked(name), "role": "author"}]
                self.draft.note("creators", origin)
        if creators:
            self.draft.add("creators", creators)

    def _author_in_title(self) -> tuple[str, str]:
        """Return a name that the page's title joins to the heading, as in `A. Name: The Heading`."""
        heading = _main_heading(self._page)
        head = self._page.parsed.head
        if heading is None or not head.title:
            return "", ""
        parts = _TITLE_SEPARATORS.split(head.title)
        others = [part for part in parts if not fold(part).startswith(fold(heading.text))]
        named = {fold(line.text) for line in self._page.headings if line is not heading}
        for part in others:
            is_joined = len(others) < len(parts) or fold(part) in named
            if is_joined and " " in part and is_name(part):
                return (
                    part,
                    f"{line_name(head.title_number)}: the title of the page: {clip(head.title, 300)}",
                )
        return "", ""

    def _add_source(self) -> None:
        stated = self._usable(self._stated(Meaning.SOURCE))
        if stated:
            self.draft.add("source", marked("; ".join(field.value for field in stated)))
            for field in stated:
                self.draft.note("source", self._origin(field))
            return
        head = self._page.parsed.head
        title = head.title if fits(head.title) else self._files.stem
        address = f", {head.address}" if fits(head.address) else ""
        self.draft.add(
            "source",
            marked(f"“{title}”, HTML page {self._files.page}{address}."),
            "the page names no source: this is the page itself. Replace it by the book or archive, if known",
        )

    def _add_translation(self) -> None:
        stated = self._usable(self._stated(Meaning.TRANSLATED))
        if not stated:
            return
        if self._language is None:
            for field in stated:
                self._not_placed(field.label, field.value, field.number)
            return
        translation: dict[str, Any] = {}
        languages = [tag for field in stated for tag in find_languages(f"{field.label} {field.value}")]
        if languages:
            translation["from"] = marked(languages[0])
            if "original" not in self.draft.values:
                original = {"language": marked(languages[0])}
                self.draft.add("original", original, "as the line on the translation says")
        translation["to"] = marked(self._language[0])
        translation["credit"] = marked("; ".join(_whole(self._page, field) for field in stated))
        names = [name for field in stated for name in find_names(field.value)]
        if names:
            translation["translators"] = [{"name": marked(name)} for name in names]
        self.draft.add("translation", translation)
        for field in stated:
            self.draft.note("translation", self._origin(field))

    def _add_files(self) -> None:
        page = self._files.page
        credited = self._usable(self._stated(Meaning.TRANSCRIBED, Meaning.CREDIT))
        credited.sort(key=lambda field: field.lines)
        names = [
            name
            for field in credited
            if field.meaning is Meaning.TRANSCRIBED
            for name in find_names(field.value)
        ]
        text: dict[str, Any] = {"file": self._files.text, "id": TEXT_ID}
        if self._language is not None:
            text["language"] = marked(self._language[0])
        if credited:
            text["credit"] = marked("; ".join(_whole(self._page, field) for field in credited))
        text["method"] = METHOD.format(name=page)
        if names:
            text["transcribers"] = [{"name": marked(name)} for name in names]
        self.draft.add("transcription", [text])
        for field in credited:
            self.draft.note("transcription", self._origin(field))
        kept = {"file": page, "role": "other", "of": TEXT_ID, "title": "The HTML page, as it was found"}
        note = f"encoding: {self._files.encoding}"
        kept["note"] = marked(f"{self._files.doubt}") if self._files.doubt else note
        self.draft.add("files", [kept], "The page itself, byte for byte: the text file was made from it.")

    def _add_publications(self) -> None:
        events = []
        for field in self._usable(self._stated(*_PUBLICATIONS)):
            event: dict[str, Any] = {"event": "publication", "label": marked(_whole(self._page, field))}
            found = find_date(field.value)
            if found is not None:
                event["date"] = marked(found[0])
            events.append(event)
            self.draft.note("custody", f"{line_name(field.number)}: {field.label}")
        if events:
            self.draft.add("custody", events)

    def _add_rights(self) -> None:
        stated = self._usable(self._stated(Meaning.RIGHTS))
        if stated:
            words = "; ".join(_whole(self._page, field) for field in stated)
            self.draft.add("rights", {"transcription": {"statement": marked(words)}})
            self.draft.note(
                "rights", "The page does not say whether this is about the text, or about its transcription."
            )
            for field in stated:
                self.draft.note("rights", self._origin(field))


def _whole(page: Page, field: HeaderField) -> str:
    """Return a statement with its label, as it is on the page."""
    lines = " ".join(verbatim_lines(page, field))
    has_colon = re.search(rf"{re.escape(field.label)}\s*[:：\t]", lines) is not None
    separator = ": " if has_colon or field.meaning is None else " "
    return f"{field.label}{separator}{field.value}".strip()


def _main_heading(page: Page) -> Line | None:
    """Return the heading that is the title: the first of the highest.

    If that is a name, and the page's title also has another heading, the name is the author's.
    """
    highest = min(page.headings, key=lambda line: line.heading_level, default=None)
    if highest is None or not is_name(highest.text):
        return highest
    title = fold(page.parsed.head.title)
    others = (line for line in page.headings if line is not highest and not is_date(line.text))
    return next((line for line in others if fold(line.text) and fold(line.text) in title), highest)


def fits(value: str) -> bool:
    """Whether a value can be offered: it is short enough, and has no invisible characters."""
    return (
        bool(value.strip()) and len(value) <= MAX_OFFERED_CHARACTERS and without_steering(value)[0] == value
    )
