"""A description in JSON that is sound is read in a quicker way, which tells the same of it or nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archtool.description.jsontext import read_json
from archtool.description.loading import SCHEMA_NAME, load_description
from archtool.description.nodes import Complaints, TextRefused
from archtool.description.shaping import shape
from archtool.description.sound_json import MarksOnDemand, read_sound_json
from archtool.schemas import load_schema, schema_faults
from property.strategies import BOUNDED

LETTER: dict[str, Any] = {
    "archtool": 1,
    "title": "Letter to the Politburo",
    "date": "1932-05",
    "language": "en",
    "transcription": {"file": "letter.txt", "language": "ru", "encoding": "koi8-r"},
    "source": {"type": "chapter", "title": "Politburo i Lev Trotskiy", "date": "2013", "pages": "3-16"},
    "annexes": [
        {"title": "List", "status": "reproduced", "within": {"file": "letter.txt", "from-line": 3}},
        {"title": "Map", "number": "2", "status": "lost", "enclosures": [{"title": "Key", "status": "lost"}]},
    ],
    "files": [{"file": "scan.tif", "role": "facsimile"}],
    "rights": {"original": "UND", "package": "CC0-1.0"},
}


def slowly(text: str) -> tuple[Any, bool]:
    """The values by the reader that knows places, and whether anything is wrong with them."""
    complaints = Complaints("", [])
    try:
        shaped = shape(read_json(text, complaints), SCHEMA_NAME, complaints)
    except TextRefused:
        return None, True
    return shaped.data, bool(complaints.findings or schema_faults(SCHEMA_NAME, shaped.data))


def told(value: Any) -> str:
    """With the types of all that is in it: 1 is not true."""
    return repr(value)


def test_a_sound_description_is_read_in_the_quick_way() -> None:
    values = read_sound_json(json.dumps(LETTER, indent=2), SCHEMA_NAME)
    assert told(values) == told(LETTER)


@pytest.mark.parametrize(
    ("sound", "unsound"),
    [
        ('"title": "Letter', '"title": "a", "title": "Letter'),
        ('"title": "Letter', '"title": "\\u0085Letter'),
        ('"title": "Letter', '"title": "\x7fLetter'),
        ('"from-line": 3', '"from-line": 12345678901'),
        ('"from-line": 3', '"from-line": 3.0'),
        ('"from-line": 3', '"from-line": NaN'),
        ('"date": "1932-05"', '"date": "1932-13"'),
        ('"rights"', '"x-own": 1, "rights"'),
        ('"rights"', '"rights": ' + "[" * 100_000),
        ('"rights"', '"x-own": ' + "[" * 100 + "]" * 100 + ', "rights"'),
        ('{"archtool"', '[{"archtool"'),
        ('{"archtool": 1', '"archtool"'),
    ],
)
def test_of_what_may_be_unsound_nothing_is_said(sound: str, unsound: str) -> None:
    text = json.dumps(LETTER)
    assert read_sound_json(text, SCHEMA_NAME) is not None
    assert read_sound_json(text.replace(sound, unsound, 1), SCHEMA_NAME) is None


def test_what_lies_too_deep_for_the_slow_way_is_not_sound_for_the_quick_one() -> None:
    annexe: dict[str, Any] = {"title": "Key", "status": "lost"}
    for _ in range(28):
        annexe = {"title": "Map", "status": "lost", "enclosures": [annexe]}
    assert read_sound_json(json.dumps(LETTER | {"annexes": [annexe]}), SCHEMA_NAME) is not None
    for _ in range(12):
        annexe = {"title": "Map", "status": "lost", "enclosures": [annexe]}
    text = json.dumps(LETTER | {"annexes": [annexe]})
    assert read_sound_json(text, SCHEMA_NAME) is None
    assert [f.code for f in load_description(text.encode(), "a.json", is_json=True).findings] != []


_TEXTS = st.sampled_from(
    ["", "a", "1932", "1932-13", "en", "english", "letter.txt", "../x", "utf-8", "koi9", "\x85", '"', "x"]
)
_LEAVES = st.none() | st.booleans() | st.integers(-2, 10**10) | st.floats(allow_nan=False) | _TEXTS
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_TEXTS, inner, max_size=2)
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        inner = [_places(part, (*path, key)) for key, part in value.items()]
    elif isinstance(value, list):
        inner = [_places(part, (*path, number)) for number, part in enumerate(value)]
    else:
        inner = []
    return [path, *(place for places in inner for place in places)]


_KEYS = sorted(
    {name for part in load_schema(SCHEMA_NAME)["$defs"].values() for name in part.get("properties", ())}
)


@settings(BOUNDED, max_examples=1000)
@given(st.data(), st.booleans())
def test_whatever_is_changed_in_a_description_both_ways_tell_the_same(
    data: st.DataObject, escaped: bool
) -> None:
    values = json.loads(json.dumps(LETTER))
    place = data.draw(st.sampled_from(_places(values)[1:]))
    above = values
    for part in place[:-1]:
        above = above[part]
    key = place[-1]
    if isinstance(above, dict) and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(_KEYS) | st.just("x-own"))
    above[key] = data.draw(_VALUES)
    text = json.dumps(values, ensure_ascii=escaped)
    quickly = read_sound_json(text, SCHEMA_NAME)
    if quickly is not None:
        assert (told(quickly), False) == (told(slowly(text)[0]), slowly(text)[1])


@settings(BOUNDED, max_examples=500)
@given(st.sampled_from(range(len(json.dumps(LETTER)))), st.sampled_from('"{}[],:\\ \n\x00a1-.'))
def test_whatever_character_is_changed_both_ways_tell_the_same(place: int, character: str) -> None:
    text = json.dumps(LETTER)
    text = text[:place] + character + text[place + 1 :]
    quickly = read_sound_json(text, SCHEMA_NAME)
    if quickly is not None:
        assert (told(quickly), False) == (told(slowly(text)[0]), slowly(text)[1])


def test_every_key_of_the_schema_is_typed_or_the_quick_way_would_not_know_a_number_from_a_text() -> None:
    parts = [load_schema(SCHEMA_NAME), *load_schema(SCHEMA_NAME)["$defs"].values()]
    objects = [part for part in parts if "properties" in part]
    assert len(objects) > 5
    assert all(part.get("additionalProperties") is False for part in objects)


def test_a_finding_about_a_sound_text_stands_where_its_value_does() -> None:
    text = json.dumps(LETTER | {"rights": {"original": "PD"}}, indent=2)
    assert read_sound_json(text, SCHEMA_NAME) is not None
    (finding,) = load_description(text.encode(), "letter.json", is_json=True).findings
    line = next(n for n, line in enumerate(text.splitlines(), 1) if '"PD"' in line)
    assert finding.place is not None
    assert (finding.place.line, finding.place.column) == (line, 17)


def test_places_are_found_out_for_all_values() -> None:
    text = json.dumps(LETTER)
    complaints = Complaints("", [])
    shaped = shape(read_json(text, complaints), SCHEMA_NAME, complaints)
    marks = MarksOnDemand(text, SCHEMA_NAME)
    assert dict(marks) == dict(shaped.values)
    assert len(marks) == len(shaped.values)
