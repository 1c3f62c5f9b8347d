"""The forms in which a bibliography is written, by their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archtool.description.citing.model import Entry
from archtool.exports.citations.bibliography import BIBTEX, CSL_JSON, FORMS, PLAIN, RIS, with_transliterations
from archtool.exports.citations.csl_styles.styles import CSL_STYLES

_SUMMARIES = {
    PLAIN: "a line of text in the order of ISO 690",
    CSL_JSON: "CSL-JSON, for Zotero, Pandoc and other programs",
    BIBTEX: "BibTeX and biblatex, in UTF-8",
    RIS: "RIS, for EndNote, Mendeley and library catalogues",
}
STYLES = (*FORMS, *CSL_STYLES)
"""The names of all forms: those that need no other library come first."""
TEXT_STYLES = (PLAIN, *CSL_STYLES)
"""The forms that are read by people, one line for each entry."""


def format_bibliography(entries: Sequence[Entry], style: str, *, is_transliterated: bool = False) -> str:
    """Format entries, which `arrange` returned, in a style.

    `is_transliterated` adds titles in Latin letters to text styles.

    Raises:
        MissingPartError: the libraries for the style are not installed.
        InputError: the library for the style fails on an entry.
    """
    if is_transliterated:
        entries = [with_transliterations(entry) for entry in entries]
    if style in FORMS:
        return FORMS[style](entries)
    from archtool.exports.citations.csl_styles.renderer import format_in_style  # lazy: few styles need it

    return format_in_style(entries, CSL_STYLES[style])


def style_lines() -> Iterator[str]:
    """Yield a line for each style: its name and what it is."""
    summaries = _SUMMARIES | {style.name: style.summary for style in CSL_STYLES.values()}
    width = max(map(len, summaries))
    for name, summary in summaries.items():
        needs = " (needs the extra: cite)" if name in CSL_STYLES else ""
        yield f"{name:{width}}  {summary}{needs}"
