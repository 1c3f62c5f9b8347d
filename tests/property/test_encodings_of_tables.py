"""A table in any encoding is read as it was written, or a person is asked: it is never read wrongly."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from archtool.tables.single_byte import ENCODINGS, WordCollector
from archtool.tables.words import is_possible
from budgets import examples

ALPHABETS = (
    "àâæçèéêëîïôœùûü", "äöüß", "áéíñóúü", "áâãàçéêíóôõú", "àèéìòù", "åäö", "åæø", "áæéíðóöúýþ", "ąćęłńóśźż",
    "áčďéěíňóřšťúůýž", "áéíóöőúüű", "ăâîşţ", "čćđšž", "ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž", "çğıöşü",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "αβγδεζηθικλμνξοπρστυφχψωάέήίόύώ",
)  # fmt: skip
SIGNS = ("«", "»", "“", "”", "’", "–", "°", "…")


@st.composite
def words(draw: st.DrawFn, alphabet: str) -> str:
    letters = alphabet if ord(alphabet[0]) > 0x370 else alphabet + "abcdefghijklmnoprstuvz"
    word = draw(st.text(letters, min_size=1, max_size=9))
    form = draw(st.sampled_from([str, str, str.title, str.upper]))
    return form(word)


@st.composite
def texts(draw: st.DrawFn) -> list[str]:
    alphabet = draw(st.sampled_from(ALPHABETS))
    parts = draw(st.lists(words(alphabet) | st.sampled_from(SIGNS), min_size=1, max_size=12))
    return [part for part in parts if is_possible(part)]


@settings(max_examples=examples(3_000), deadline=None)
@given(texts(), st.sampled_from(ENCODINGS))
def test_a_text_is_read_as_it_was_written_or_not_at_all(written: list[str], encoding: str) -> None:
    try:
        lines = [part.encode(encoding) for part in written]
        is_reversible = [line.decode(encoding) for line in lines] == written
    except UnicodeEncodeError:
        return
    if not is_reversible or not any(not line.isascii() for line in lines):
        return
    collector = WordCollector()
    for number, line in enumerate(lines, 1):
        collector.add(line, number)
    decision = collector.decide()
    if decision.certain_name is not None:
        (reading,) = decision.readings
        assert [line.decode(reading.encoding) for line in lines] == written
