"""The text of a TEI document becomes plain text that has each of its letters."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from archtool.records.tei import read_tei
from archtool.records.tei_text import format_tei_text
from archtool.records.xml_tree import parse_xml

NAMES = st.sampled_from(
    [
        "p",
        "head",
        "lb",
        "l",
        "lg",
        "note",
        "del",
        "supplied",
        "choice",
        "sic",
        "corr",
        "list",
        "item",
        "table",
        "row",
        "cell",
        "pb",
        "gap",
        "ref",
        "hi",
        "q",
        "quote",
        "div",
        "sp",
        "speaker",
        "figure",
        "figDesc",
        "fw",
        "add",
        "unclear",
        "abbr",
        "expan",
        "foreign",
        "name",
    ]
)
WORDS = st.sampled_from(["alpha", " beta ", "\n", "é", "12", ""])


def element(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(NAMES, st.lists(inside, max_size=4), WORDS).map(
        lambda made: f"<{made[0]} n='1' target='x'>{''.join(made[1])}</{made[0]}>{made[2]}"
    )


@given(st.lists(st.recursive(WORDS, element, max_leaves=20), max_size=6).map("".join))
def test_no_letter_of_a_tei_text_is_lost_whatever_its_elements_are(inside: str) -> None:
    text = parse_xml(f"<text><body>{inside}</body></text>".encode(), "text.xml")
    wanted = Counter(filter(str.isalnum, "".join(text.itertext())))
    assert not wanted - Counter(filter(str.isalnum, format_tei_text(text)))


def test_what_is_neither_header_nor_text_is_left_over() -> None:
    xml = b"<TEI><teiHeader/>\n<text><p>one</p></text>\n<standOff><p>two</p></standOff></TEI>"
    found = read_tei(parse_xml(xml, "text.xml"))
    assert found is not None
    (record,) = found.records
    assert record.text == "one\n"
    assert [(one.label, one.value, one.line) for one in record.leftovers] == [("standOff", "two", 3)]
