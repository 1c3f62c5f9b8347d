"""What `did you mean` suggests is never refused next: each suggestion is applied, and the result checked."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from archtool.description.dates import why_not_edtf
from archtool.description.document.examples import example_value, resolved
from archtool.description.document.key_suggestions import suggest_value
from archtool.description.loading import LoadedDescription, load_description
from archtool.description.suggestions.date_suggestions import suggest_dates
from archtool.description.suggestions.meanings import words_for_keys
from archtool.description.suggestions.value_meanings import words_for_values
from archtool.description.table.column_suggestions import suggest_column
from archtool.description.table.columns import find_column
from archtool.findings import Severity
from archtool.schemas import load_schema

SCHEMA = load_schema("description.schema.json")
BASE: dict[str, Any] = {
    "archtool": 1,
    "title": "Letter",
    "source": {"type": "book", "title": "Cahiers"},
    "transcription": [{"file": "letter.txt"}],
    "rights": {"original": "UND"},
}
ANNEXE = {"title": "Note", "status": "reproduced", "within": {"file": "letter.txt", "from-line": 2}}
LISTED = {"title": "Note", "status": "listed"}
CREATOR = {"name": "A", "role": "author", "attribution": {"status": "stated"}}
# for each place in the schema: keys that are added to BASE, and the path of the object
PLACES: dict[str, tuple[dict[str, Any], tuple[str | int, ...]]] = {
    "description": ({}, ()),
    "agent": ({"packager": {"name": "A"}}, ("packager",)),
    "creator": ({"creators": [{"name": "A", "role": "author"}]}, ("creators", 0)),
    "attribution": ({"creators": [CREATOR]}, ("creators", 0, "attribution")),
    "original": ({"original": {"note": "N"}}, ("original",)),
    "translation": ({"translation": {"to": "fr"}}, ("translation",)),
    "transcription-file": ({}, ("transcription", 0)),
    "within": ({"annexes": [ANNEXE]}, ("annexes", 0, "within")),
    "annexe": ({"annexes": [LISTED]}, ("annexes", 0)),
    "other-file": ({"files": [{"file": "a.tif", "role": "facsimile"}]}, ("files", 0)),
    "custody-event": ({"custody": [{"event": "transfer", "label": "Given"}]}, ("custody", 0)),
    "rights": ({"rights": {"original": {"statement": "UND"}}}, ("rights", "original")),
    "rights-by-layer": ({}, ("rights",)),
    "source": ({}, ("source",)),
}
_MEANT = re.compile(r"did you mean `([^`]+)`\?(.*)", re.DOTALL)


def at(values: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        values = values[part]
    return values


def schema_of(place: str) -> dict[str, Any]:
    if place in SCHEMA["$defs"]:
        return SCHEMA["$defs"][place]  # type: ignore[no-any-return]
    inline = {"rights-by-layer": "rights"}.get(place, place)
    return SCHEMA if place == "description" else SCHEMA["properties"][inline]


def misspellings(key: str) -> Iterator[str]:
    yield from (key.upper(), f"{key}s", key.replace("-", "_"), key.replace("-", " "), key.capitalize())
    if len(key) > 5:
        yield key[:3] + key[4:]


def words_of(place: str) -> list[str]:
    known = schema_of(place)["properties"]
    words = [*words_for_keys(place), *(word for key in known for word in misspellings(key))]
    return [word for word in dict.fromkeys(words) if word not in known]


def load(values: Any) -> LoadedDescription:
    return load_description(json.dumps(values).encode(), "letter.json", is_json=True)


def errors_of(values: Any) -> list[tuple[str, str]]:
    # ids and inventories are not what a key is called
    found = (f for f in load(values).findings if f.severity is Severity.ERROR)
    return [(f.code, f.message) for f in found if f.code.startswith("description.") and "id" not in f.code]


def hint_for(values: Any, word: str) -> str:
    (hint,) = (f.hint or "" for f in load(values).findings if f.message.startswith(f"unknown key `{word}`"))
    return hint


def value_for(place: str, target: list[str]) -> Any:
    schema: Any = schema_of(place)
    for key in target:
        branches = [resolved(one) for one in resolved(schema).get("oneOf", (resolved(schema),))]
        schema = next(one for one in branches if "properties" in one)["properties"][key]
    return example_value(schema)


@pytest.mark.parametrize("place", PLACES)
def test_no_suggested_key_is_refused(place: str) -> None:
    extra, path = PLACES[place]
    refused: list[object] = []
    suggested = 0
    for word in words_of(place):
        values = copy.deepcopy(BASE | extra)
        at(values, path)[word] = "x"
        meant = _MEANT.match(hint_for(values, word))
        if meant is None:
            continue
        suggested += 1
        is_of_top = "of the description itself" in meant[2]
        target = meant[1].split(".")
        value = value_for("description" if is_of_top else place, target)
        del at(values, path)[word]
        outer = values if is_of_top else at(values, path)
        for key in target[:-1]:
            new = {"to": "fr"} if key == "translation" else {"status": "stated"}
            new = {"file": "letter.txt", "from-line": 1} if key == "within" else new
            new = {"original": "arrived.txt", "changes": "changes.tsv"} if key == "repair" else new
            is_new = key in ("translation", "attribution", "within", "repair")
            outer = outer.setdefault(key, new if is_new else {})
        outer[target[-1]] = value
        refused += [(word, meant[1], errors_of(values))] if errors_of(values) else []
    assert refused == []
    assert suggested > 3


@pytest.mark.parametrize("place", PLACES)
def test_the_example_of_a_suggested_key_can_be_copied(place: str) -> None:
    refused: list[object] = []
    extra, path = PLACES[place]
    for word in words_of(place):
        values = copy.deepcopy(BASE | extra)
        at(values, path)[word] = "x"
        meant = _MEANT.match(hint_for(values, word))
        if meant is None or "\n" not in meant[2]:
            continue
        copied = json.loads("{" + meant[2].partition("\n")[2] + "}")
        del at(values, path)[word]
        for key, value in copied.items():
            old = at(values, path).get(key)
            at(values, path)[key] = {**old, **value} if isinstance(old, dict) else value
        refused += [(word, copied, errors_of(values))] if errors_of(values) else []
    assert refused == []


WRONG = (
    "",
    "x",
    "\x7f",
    "1",
    0,
    1,
    True,
    None,
    [],
    {},
    [[]],
    [{}],
    ["x"],
    [[1], "x"],
    {"x": "y"},
    {"name": [1]},
)


@pytest.mark.parametrize("place", PLACES)
def test_every_wrong_value_has_findings_with_hints_and_hides_no_other(place: str) -> None:
    extra, path = PLACES[place]
    for key in schema_of(place)["properties"]:
        for wrong in WRONG:
            values = copy.deepcopy(BASE | extra)
            at(values, path)[key] = wrong
            values["x-own"] = "kept"
            loaded = load(values | {"abstract": []})
            assert all(finding.hint for finding in loaded.findings), (key, wrong)
            assert loaded.sound is not None, (key, wrong)
            assert any(finding.message.startswith("`abstract` must be text") for finding in loaded.findings)


def enumerations(schema: Any) -> Iterator[list[str]]:
    if isinstance(schema, dict):
        if "enum" in schema:
            yield [str(value) for value in schema["enum"]]
        for inner in schema.values():
            yield from enumerations(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from enumerations(inner)


def test_a_suggested_value_is_one_of_the_allowed_values() -> None:
    for allowed in enumerations(SCHEMA):
        for word in (*words_for_values(), *(m for value in allowed for m in misspellings(value))):
            assert suggest_value(word, allowed) in (*allowed, None)
        for value in allowed:
            assert suggest_value(value.upper(), allowed) == value


@pytest.mark.parametrize("of", [None, "annexes"])
def test_a_suggested_column_exists(of: str | None) -> None:
    own = ("package", "folder") if of is None else ("package", "of")
    words = words_for_keys("annexe" if of else "description")
    columns = {word: column for word in words if (column := suggest_column(word, own, of)) is not None}
    assert len(columns) > len(words) * 0.8  # enclosures have no columns
    unknown = {w: c for w, c in columns.items() if c not in own and find_column(c, of) is None}
    assert unknown == {}


@pytest.mark.parametrize("day", ["1", "12", "31", "XX"])
@pytest.mark.parametrize("month", ["5", "05", "13", "May", "mai", "мая", "Sept.", "février"])
@pytest.mark.parametrize(
    "form",
    [
        "{d}/{m}/{y}", "{d}.{m}.{y}", "{y}-{m}-{d}", "{d} {m} {y}", "c. {m} {y}", "[{y}]",
        "before {d} {m} {y}",        "{m} {y} - {d} {m} 1933", "{y}?", "{m} {d}, {y}",
    ],
)  # fmt: skip
def test_a_suggested_date_is_accepted(form: str, month: str, day: str) -> None:
    found = suggest_dates(form.format(d=day, m=month, y="1932"))
    assert len(found) <= 2
    assert [why_not_edtf(date) for date in found] == [None] * len(found)
