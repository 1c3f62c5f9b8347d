"""Finishes what citeproc-py formatted: attributions, dates, translations, archives, and its small faults."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from archtool.description.citing.model import Entry, Item
from archtool.exports.citations.archive_place import archive_place, folio_or_page, is_kept
from archtool.exports.citations.csl import date_of, name_in_order, names_of
from archtool.exports.citations.csl_styles.facts import (
    DASHES,
    KEPT_DASH,
    clean_name,
    clean_names,
    has_title,
    is_dated_after_title,
    plain,
    prints_access,
)
from archtool.exports.citations.csl_styles.marks import (
    DATE_BEGIN,
    DATE_END,
    PAGES,
    TITLE_BEGIN,
    TITLE_END,
    insert_after_author,
    insert_after_title,
    keep_first,
    without_author,
    without_marks,
)
from archtool.exports.citations.csl_styles.styles import Style
from archtool.exports.citations.document_plain import format_entry
from archtool.exports.citations.words import date_in_words

_NUMBER = re.compile(r"^1\. ?")
_EMPTY_PART = re.compile(r"(?<=\.) \.(?= |$)")
_EDITION = re.compile(r"(?<=\.) Edition\.(?= |$)")  # a title has marks around it
_DOUBLE_STOP = re.compile(r"([?!…])\.(?= |$)")
_ENDS_IN_ADDRESS = re.compile(r"://\S*[^\s.]$")
_ENDS = re.compile(r"[.!?…][”\"»]?$|://\S+$")


def finish(text: str, entry: Entry, style: Style) -> str:
    """Return the citation as sentences on one line; `text` is the result of citeproc-py, with marks."""
    if not has_title(entry.item):
        return _without_title(entry, style)
    text = " ".join((_NUMBER.sub("", text) if style.is_numbered else text).split())
    text = keep_first(without_author(text), TITLE_BEGIN, TITLE_END)
    text = keep_first(text, DATE_BEGIN, DATE_END)
    text = text if entry.item.get("edition") else _EDITION.sub("", text)
    text = _with_first_days(text, entry.item, style)
    text = _with_attributions(text, entry, style)
    text = insert_after_title(text, _after_title(entry, style))
    left_out = ", ".join(part for part in _left_out(text, entry.item, style) if part)
    text = without_marks(text).replace(KEPT_DASH, "–")
    text = _DOUBLE_STOP.sub(r"\1", _EMPTY_PART.sub("", text))
    parts = (text.strip(), *map(without_marks, _at_the_end(text, left_out, entry, style)))
    text = _joined([part for part in parts if part])
    return _american(text) if style.has_american_quotes else text


def _without_title(entry: Entry, style: Style) -> str:
    """Return a source without a title as `plain` does; the date of access is in the words of the style."""
    item = {variable: value for variable, value in entry.item.items() if variable != "accessed"}
    text = plain(format_entry(replace(entry, item=item)))
    accessed = date_in_words(date_of(entry.item, "accessed"), style.words)
    return f"{_sentence(text)} {style.words.accessed} {accessed}." if accessed else text


def _with_first_days(text: str, item: Item, style: Style) -> str:
    """Write the first day of a month as the language does: `1er mai`. Titles are not changed."""
    for variable in ("issued", "accessed"):
        right = date_in_words(date_of(item, variable), style.words)
        if style.words.first_day == "1" or not right.startswith(f"{style.words.first_day} "):
            continue
        wrong = f"1{right.removeprefix(style.words.first_day)}"
        if not any(wrong in value for value in item.values() if isinstance(value, str)):
            text = re.sub(rf"(?<!\d){re.escape(wrong)}", right, text)
    return text


def _with_attributions(text: str, entry: Entry, style: Style) -> str:
    names = [clean_name(name) for name in names_of(entry.item, "author")]
    for number, name in enumerate(names):
        if status := entry.attribution(number):
            bracket = f" [{style.words.attributions.get(status, status)}]"
            text = insert_after_author(text, number, name, bracket)
    return text


def _after_title(entry: Entry, style: Style) -> str:
    issuer = plain(entry.issuer or "")
    issued = ", ".join(part for part in (issuer, _own_date(entry, style)) if part)
    translation = _translation(entry, style)
    part = "" if _is_placed_at_the_end(entry.item, style) else plain(entry.part_title or "")
    return "".join(
        (
            f", {issued}" if issued else "",
            f"{style.before_credit}{translation}" if translation else "",
            f"{style.words.within} {part}" if part else "",
        )
    )


def _own_date(entry: Entry, style: Style) -> str:
    """Return the date of the document itself where the style does not print it."""
    item = entry.item
    if item.get("original-date"):
        return date_in_words(date_of(item, "original-date"), style.words)
    is_after = is_dated_after_title(item, style)
    return date_in_words(date_of(item, "issued"), style.words) if is_after else ""


def _translation(entry: Entry, style: Style) -> str:
    if entry.credit:
        return plain(entry.credit).rstrip(".")
    shown = ", ".join(name_in_order(name) for name in clean_names(entry.item, "translator"))
    return f"{style.words.translated_by} {shown}" if shown else ""


def _at_the_end(text: str, left_out: str, entry: Entry, style: Style) -> Iterator[str]:
    """Yield what the style has no place for."""
    item = entry.item
    if _is_placed_at_the_end(item, style):
        yield f"{style.words.within.lstrip('. ')} {plain(entry.part_title)}" if entry.part_title else ""
        yield plain(archive_place(item, style.words, from_the_file=style.begins_with_the_file))
    yield left_out
    if entry.source_text is not None:
        yield f"{style.words.source} {plain(entry.source_text)}"
    elif item.get("note") and item.get("title"):
        yield plain((entry.source or item).get("note") or "")
    accessed = date_in_words(date_of(item, "accessed"), style.words)
    is_printed = prints_access(item, style) and style.words.accessed.lower() in text.lower()
    if accessed and not is_printed:
        yield f"{style.words.accessed} {accessed}"


def _is_placed_at_the_end(item: Item, style: Style) -> bool:
    """Return whether the place in an archive follows the date."""
    return is_kept(item) and not style.archive_is_container


def _left_out(text: str, item: Item, style: Style) -> Iterator[str]:
    """Yield numbers, pages, archives and addresses that citeproc-py did not print."""
    for variable, label in (("volume", style.words.volume), ("issue", style.words.issue)):
        value = plain(item.get(variable) or "")
        if value and not re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text):
            yield f"{label} {value}" if value[0].isdigit() else value
    if not is_kept(item):
        if item.get("page") is not None and PAGES not in text:
            yield folio_or_page(DASHES.sub("–", plain(item["page"])), style.words)
        yield plain(archive_place({**item, "page": None}, style.words))
    for variable, before in (("DOI", "doi:"), ("URL", "")):
        address = plain(item.get(variable) or "")
        if address and address not in text:
            yield f"{before}{address}"


def _joined(parts: Sequence[str]) -> str:
    """Join the parts as sentences; after an address a dash, which is not read as a part of it."""
    text = ""
    for part in parts:
        between = "" if not text else " – " if _ENDS_IN_ADDRESS.search(text) else " "
        text += between + _sentence(part)
    return text


def _sentence(part: str) -> str:
    return part if _ENDS.search(part) else f"{part}."


def _american(text: str) -> str:
    """Set full stops and commas before a closing quotation mark."""
    return re.sub(r"”([.,])", r"\1”", text).replace("..”", ".”").replace("?.”", "?”").replace("!.”", "!”")
