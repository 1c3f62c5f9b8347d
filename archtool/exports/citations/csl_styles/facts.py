"""Prepares an entry for citeproc-py: only facts that it formats rightly, as plain texts with marks.

What was seen in citeproc-py 0.11.1 with these styles, and what is done:

- Markup of reference managers is printed as it is: it is removed before.
- Dates other than one day, month or year (ranges, `circa`, seasons, years before Christ) are printed wrongly
  or end in an exception: they are given as words. So is a numbered edition in some languages (`2nd éd.`).
- Page ranges are shortened wrongly (`3-16` becomes `3–6`): another dash takes the place of the hyphen.
- Unknown variables cause warnings, `number-of-pages` an exception: only known ones are given.
- For a text without an author, the editor or the web site is named as the author, the title is printed twice,
  or nothing is printed: an author is given that consists of a mark, and is removed afterwards.
- The label of an edition is printed by Chicago where there is none: `finishing` removes it.
- Rare types print nothing, or words that the entry does not have (`Unpublished manuscript`):
  a few types stand for all.
- An author of the book that contains a text is never printed: the name is put before the book's title.
- Translators are printed as those of the book, `original-date` twice or never, and parts of an archive in
  some styles only: `finishing` puts them in their places.
"""

from __future__ import annotations

import re
from typing import Any

from archtool.description.citing.model import PERIODICALS, TRANSLATED_KEY, Entry, Item, custom_of
from archtool.exports.citations.archive_place import archive_place, is_kept
from archtool.exports.citations.csl import (
    CslDate,
    address_of,
    date_of,
    name_in_order,
    names_of,
    one_line,
    plain_text,
)
from archtool.exports.citations.csl_styles.marks import (
    DATE_BEGIN,
    DATE_END,
    NO_AUTHOR,
    PAGES,
    TITLE_BEGIN,
    TITLE_END,
    author_mark,
    without_marks,
)
from archtool.exports.citations.csl_styles.styles import Style
from archtool.exports.citations.markup import without_markup
from archtool.exports.citations.words import date_in_words

KEPT_DASH = "\u2012"
"""Stands for a dash that citeproc-py must not read as a range; such a dash in the text is printed as `–`."""
_TEXTS = (
    "collection-number", "collection-title", "container-title", "edition", "event-place", "ISBN", "ISSN",
    "issue", "number", "publisher", "publisher-place", "section", "version", "volume",
)  # fmt: skip
_TYPES = {
    **dict.fromkeys(
        ("chapter", "paper-conference", "entry", "entry-dictionary", "entry-encyclopedia"), "chapter"
    ),
    **dict.fromkeys(("article-journal", "review", "review-book"), "article-journal"),
    **dict.fromkeys(("article", "article-magazine", "article-newspaper"), "article-magazine"),
    **dict.fromkeys(("book", "classic", "collection", "pamphlet", "report", "thesis"), "book"),
    **dict.fromkeys(("webpage", "post", "post-weblog"), "webpage"),
}
_NEEDS_CONTAINER = frozenset(("chapter", "article-journal", "article-magazine"))
_NAME_PARTS = ("family", "given", "suffix", "dropping-particle", "non-dropping-particle")
DASHES = re.compile(r"\s*[-–—]+\s*")


def csl_facts(entry: Entry, style: Style) -> dict[str, Any]:
    """Return the item that citeproc-py formats."""
    item = entry.item
    title = f"{TITLE_BEGIN}{title_of(item)}{TITLE_END}"
    facts: dict[str, Any] = {"id": "entry", "type": _type_of(item, style), "title": title}
    facts |= {variable: plain(item[variable]) for variable in _TEXTS if item.get(variable) not in (None, "")}
    if editors := [_whole(name, style) for name in clean_names(item, "editor")]:
        facts["editor"] = editors
    if not (entry.is_of_source and editors and facts["type"] == "book" and style.prints_editor_only_first):
        facts["author"] = [{"literal": _instead_of_author(facts, style)}]
    if authors := _authors(item, style):
        facts["author"] = authors
    if not item.get("title"):
        facts.pop("container-title", None)
    facts |= _container(item, facts) | _edition(facts, style)
    facts |= _dates(item, style) | _pages(item) | _addresses(item)
    facts["language"] = _language(entry, facts)
    if is_kept(item):
        # `finishing` sets them in their order
        facts = {name: value for name, value in facts.items() if name not in ("page", "URL", "accessed")}
    return _as_kept(item, facts, style) if style.archive_is_container else facts


def _language(entry: Entry, facts: dict[str, Any]) -> str:
    """Return the language that decides whether titles get capital letters, as English styles have them.

    There is one for all titles: a book in another language keeps its title, and so does the document in it.
    """
    own = str(entry.item.get("language") or "und")
    around = str((entry.source or {}).get("language") or own)
    return around if "container-title" in facts else own


def _instead_of_author(facts: dict[str, Any], style: Style) -> str:
    if not style.has_year_after_author:
        return NO_AUTHOR
    return str(facts["title"]) if facts["type"] == "book" else f"“{facts['title']}”"


def _type_of(item: Item, style: Style) -> str:
    kind = _TYPES.get(str(item.get("type")), style.generic_type)
    if not item.get("title") and item.get("container-title"):
        return "book"
    if kind in _NEEDS_CONTAINER and not item.get("container-title"):
        return "book" if item.get("publisher") else style.generic_type
    return kind


def _container(item: Item, facts: dict[str, Any]) -> dict[str, str]:
    """Return the title of the container with its translation, and its author before it."""
    if "container-title" not in facts:
        return {}
    authors = ", ".join(name_in_order(name) for name in clean_names(item, "container-author"))
    title = with_translation(item, facts["container-title"])
    return {"container-title": f"{authors}, {title}" if authors else title}


def with_translation(item: Item, container: str) -> str:
    """Return the title of a container with its translation in brackets."""
    translated = custom_of(item).get(TRANSLATED_KEY)
    return f"{container} [{plain(translated)}]" if translated else container


def _edition(facts: dict[str, Any], style: Style) -> dict[str, str]:
    number = facts.get("edition", "")
    is_faulty = style.edition is not None and number.isdecimal()
    return {"edition": style.edition.format(number)} if style.edition and is_faulty else {}


def _as_kept(item: Item, facts: dict[str, Any], style: Style) -> dict[str, Any]:
    """Return the facts with the archive as the container, and the date to be set after the title."""
    place = one_line(without_marks(archive_place(item, style.words))) if is_kept(item) else ""
    if place:
        facts |= {"type": "chapter", "container-title": place}
    if is_dated_after_title(item, style):
        facts.pop("issued", None)
    return facts


def is_dated_after_title(item: Item, style: Style) -> bool:
    """Return whether the date in full is set after the title, because the style would print only a year."""
    return style.archive_is_container and (is_kept(item) or _type_of(item, style) == style.generic_type)


def title_of(item: Item) -> str:
    """Return the title; of a source without one, the title of the book that it is."""
    if item.get("title"):
        return plain(item["title"])
    return with_translation(item, plain(item.get("container-title") or item.get("id", "")))


def has_title(item: Item) -> bool:
    """Return whether there is a title to cite the item by."""
    return bool(item.get("title") or item.get("container-title"))


def plain(value: Any) -> str:
    """Return a value as text on one line, without markup and marks."""
    return one_line(without_marks(plain_text(value)))


def _whole(name: dict[str, str], style: Style) -> dict[str, str]:
    """Return a name as one text if the style wants initials, and its script has no capitals."""
    if not style.has_initials or "family" not in name or any(c.isupper() for c in name.get("given", "A")):
        return name
    return {"literal": " ".join(filter(None, (name["family"], name.get("given"), name.get("suffix"))))}


def _authors(item: Item, style: Style) -> list[dict[str, str]]:
    names = (_whole(clean_name(name), style) for name in names_of(item, "author"))
    return [_marked(name, author_mark(number)) for number, name in enumerate(names) if name]


def _marked(name: dict[str, str], mark: str) -> dict[str, str]:
    part = "literal" if "literal" in name else "family"
    return {**name, part: name[part] + mark}


def clean_names(item: Item, variable: str) -> list[dict[str, str]]:
    """Return the names of a variable as plain texts."""
    return [name for stated in names_of(item, variable) if (name := clean_name(stated))]


def clean_name(stated: Item) -> dict[str, str]:
    """Return the parts of a name as plain text; a name without a family name is one text."""
    parts = {part: _name_text(stated[part]) for part in _NAME_PARTS if stated.get(part)}
    if stated.get("literal") or not parts.get("family"):
        literal = _name_text(stated.get("literal") or " ".join(parts.values()))
        return {"literal": literal} if literal else {}
    return {part: text for part, text in parts.items() if text}


def _name_text(value: Any) -> str:
    return one_line(without_marks(without_markup(str(value))))


def _dates(item: Item, style: Style) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for variable in ("issued", "accessed") if prints_access(item, style) else ("issued",):
        date = date_of(item, variable)
        is_year_enough = variable != "issued" or not _is_found_by_day(item, style) or date.is_plain_year
        if is_plain_day(date) and is_year_enough:
            facts[variable] = {"date-parts": [list(date.days[0])]}
        elif words := without_marks(date_in_words(date, style.words)):
            facts[variable] = {"literal": f"{DATE_BEGIN}{one_line(words)}{DATE_END}"}
    return facts


def prints_access(item: Item, style: Style) -> bool:
    """Return whether the style prints the date of access; `finishing` adds it to all others, once."""
    return bool(item.get("URL")) and style.prints_access and not is_kept(item)


def _is_found_by_day(item: Item, style: Style) -> bool:
    """Return whether a newspaper or journal would be dated by its year, and has no number to find it by."""
    if item.get("type") not in PERIODICALS:
        return False
    is_by_year = style.archive_is_container or not item.get("title")
    return is_by_year and not (item.get("volume") or item.get("issue"))


def is_plain_day(date: CslDate) -> bool:
    """Return whether a date is one year, month or day of our era without any doubt."""
    return len(date.days) == 1 and date.days[0][0] >= 1000 and not (date.is_circa or date.season)


def _pages(item: Item) -> dict[str, str]:
    return (
        {"page": DASHES.sub(KEPT_DASH, plain(item["page"])) + PAGES} if item.get("page") is not None else {}
    )


def _addresses(item: Item) -> dict[str, str]:
    return {v: one_line(without_marks(address_of(item[v]))) for v in ("URL", "DOI") if item.get(v)}
