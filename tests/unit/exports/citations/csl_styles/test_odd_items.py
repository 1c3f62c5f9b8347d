"""Whatever an item of CSL-JSON has, each style makes one line of it, with its title and without marks."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from archtool.description.citing.model import Entry
from archtool.exports.citations.csl_styles.styles import CSL_STYLES
from archtool.exports.citations.styles import format_bibliography
from archtool.schemas import load_schema
from budgets import examples

_TYPES = load_schema("citation.schema.json")["$defs"]["item"]["properties"]["type"]["enum"]
_ODD = (
    "3-16", "-5", "5-", "1,2&3", "12r-13v", "IV", "<i>x</i>", "&amp;", "{", "\\", "\n", "”", "“", ".", "?",
    "1. x", "http://x", "–", "\u2012", "\ufdd0", "\ufdd1", "\ufdd4", "\ufdd8", "\u202e", "Ж", "א", "ǆ", "ﬁ",
    "0", "",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(_ODD), max_size=4).map("".join)
NAMES = st.lists(
    st.dictionaries(
        st.sampled_from(("family", "given", "suffix", "literal", "dropping-particle")), TEXTS, max_size=3
    ),
    max_size=3,
)
DAYS = st.lists(st.sampled_from((1932, 5, 12)), min_size=1, max_size=2).map(lambda day: sorted(day)[::-1])
DATES = st.one_of(
    st.builds(lambda days: {"date-parts": days, "circa": True}, st.lists(DAYS, min_size=1, max_size=2)),
    st.builds(lambda text: {"literal": text}, TEXTS),
    st.builds(lambda year: {"date-parts": [[year]]}, st.sampled_from((-399, 0, 50, 1932))),
)
_TEXT_VARIABLES = (
    "container-title", "publisher", "publisher-place", "volume", "issue", "page", "edition", "number", "URL",
    "archive", "archive_location", "call-number", "collection-title", "number-of-pages", "DOI", "note",
    "language",
)  # fmt: skip
ITEMS = st.builds(
    lambda kind, texts, names, dates: {
        "id": "odd",
        "type": kind,
        "title": "A title that is kept",
        **texts,
        **names,
        **dates,
    },
    st.sampled_from(_TYPES),
    st.dictionaries(st.sampled_from(_TEXT_VARIABLES), TEXTS, max_size=8),
    st.dictionaries(
        st.sampled_from(("author", "editor", "translator", "container-author")), NAMES, max_size=3
    ),
    st.dictionaries(st.sampled_from(("issued", "accessed", "original-date")), DATES, max_size=3),
)


@settings(max_examples=examples(25), deadline=None)
@given(ITEMS, st.booleans())
def test_each_style_makes_one_line_of_any_item(item: dict[str, Any], of_source: bool) -> None:
    entry = Entry(item) if of_source else Entry(item, {}, ("attributed", "disputed"), "Issuer", "Credit")
    for style in CSL_STYLES:
        text = format_bibliography([entry], style)
        assert (text.count("\n"), text[-1]) == (1, "\n")
        assert "title that is kept" in text.casefold()
        assert not any("\ufdd0" <= character <= "\ufdef" for character in text)
