"""Values are held against our schemas in a shorter way than jsonschema's own, with the same outcome."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from archtool.description.nodes import Complaints
from archtool.description.shaping import shape
from archtool.description.yamltext import read_yaml
from archtool.schema_glance import Glances
from archtool.schemas import MAX_FAULTS, MORE_FAULTS, _held, load_schema, schema_faults
from budgets import examples
from packages import EXAMPLES, REPOSITORY, pack, write_key

SCHEMAS = sorted(path.name for path in (REPOSITORY / "schemas").glob("*.schema.json"))
_PLACES_OF_PARTS = ("$defs", "properties", "patternProperties")
_POLICY = {
    "archtool-policy": 1,
    "claims": [
        {
            "event": "fixity-check",
            "required": True,
            "signers": ["archivist@example.org", "*@example.net"],
            "at-least": 2,
            "timestamp": True,
            "not-older-than-days": 365,
        },
        {"event": "packaging"},
    ],
}
_OTHER_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 3) | st.sampled_from(["", "a", "reproduced", "pkg:a", "\n"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=4,
)


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A value that fits each schema and has many of its parts."""
    folder = tmp_path_factory.mktemp("schemas")
    package = folder / "package"
    description = EXAMPLES / "rakovsky-1932" / "description.yaml"
    assert pack(description, package, "--sign", write_key(folder)).code == 0
    paths = [*package.glob("metadata/*.json"), *package.glob("attestations/*/statement.json")]
    read = {f"{path.stem}.schema.json": json.loads(path.read_text(encoding="utf-8")) for path in paths}
    described = yaml.load(description.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - texts only
    return {**read, "description.schema.json": described | {"archtool": 1}, "policy.schema.json": _POLICY}


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Everything inside a value, as what holds it and under which key."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, key
        if isinstance(inner, dict | list):
            yield from places(inner)


def told(error: Any) -> tuple[Any, ...]:
    """All that an error says."""
    # ours does not quote the value of a list with doubles: it may have millions of members
    message = "" if error.validator == "uniqueItems" else error.message
    stated = (str(error.validator), repr(error.validator_value), message, repr(error.instance))
    paths = (tuple(error.absolute_path), tuple(error.absolute_schema_path))
    return (*map(repr, paths), *stated, repr(error.schema), *map(told, error.context))


def assert_same_errors(name: str, value: Any) -> None:
    theirs = sorted(map(told, Draft202012Validator(load_schema(name)).iter_errors(value)))
    assert sorted(map(told, _held(name).errors(value))) == theirs
    assert not (theirs and _held(name).is_right_at_a_glance(value))


@pytest.mark.parametrize("name", SCHEMAS)
@settings(deadline=None, max_examples=examples(150))
@given(data=st.data())
def test_a_damaged_value_has_the_errors_that_jsonschema_finds(
    documents: dict[str, Any], name: str, data: st.DataObject
) -> None:
    damaged = [copy.deepcopy(documents[name])]
    for _ in range(data.draw(st.integers(0, 3))):
        holder, key = data.draw(st.sampled_from(list(places(damaged))))
        if data.draw(st.booleans()) and holder is not damaged:
            del holder[key]
        else:
            holder[key] = data.draw(_OTHER_VALUES)
    assert_same_errors(name, damaged[0])


def parts_of(schema: Any) -> Iterator[Any]:
    """Every part of a schema that values are held against."""
    yield schema
    for name in _PLACES_OF_PARTS:
        for part in schema.get(name, {}).values():
            yield from parts_of(part)
    for name in ("items", "additionalProperties", "propertyNames", "if", "then", "else", "not"):
        if name in schema and (name != "additionalProperties" or schema[name] is not False):
            yield from parts_of(schema[name])
    for name in ("oneOf", "anyOf", "allOf"):
        for part in schema.get(name, ()):
            yield from parts_of(part)


@pytest.mark.parametrize("name", SCHEMAS)
def test_our_schemas_are_as_plain_as_the_short_way_takes_them_to_be(name: str) -> None:
    root = load_schema(name)
    for part in parts_of(root):
        assert isinstance(part, dict)
        assert "$dynamicRef" not in part
        assert not [keyword for keyword in part if keyword.startswith("unevaluated")]
        assert part is root or "$id" not in part
        if "$ref" in part:
            assert part["$ref"].removeprefix("#/$defs/") in root["$defs"]


def test_what_is_as_it_must_be_is_seen_at_a_glance(documents: dict[str, Any]) -> None:
    complaints = Complaints("description.yaml", [])
    text = (EXAMPLES / "rakovsky-1932" / "description.yaml").read_text(encoding="utf-8")
    described = shape(read_yaml(text, complaints), "description.schema.json", complaints).data
    assert _held("description.schema.json").is_right_at_a_glance(described)
    for name in ("statement.schema.json", "policy.schema.json"):
        assert _held(name).is_right_at_a_glance(documents[name])


@pytest.mark.parametrize("keyword", ["not", "contains", "exclusiveMinimum", "dependentSchemas"])
def test_of_a_keyword_that_is_not_known_a_glance_is_never_sure(keyword: str) -> None:
    look = Glances({"properties": {"a": {keyword: {}}}}, lambda _schema, _value: True).look
    root = {"properties": {"a": {keyword: {}}}}
    assert (look(root)({"b": 1}), look(root)({"a": 1})) == (True, False)


def test_a_value_with_a_fault_in_each_part_has_a_bounded_number_of_faults() -> None:
    faults = schema_faults("citation.schema.json", [{} for _ in range(50_000)])
    assert len(faults) <= MAX_FAULTS + 1
    inventory = {
        "schema": "urn:archtool:schema:annexes:1",
        "document": {"id": None, "title": "x"},
        "counts": {},
        "annexes": [{} for _ in range(50_000)],
    }
    *faults_of_inventory, last = schema_faults("annexes.schema.json", inventory)
    assert len(faults_of_inventory) == MAX_FAULTS
    assert (last.keyword, last.message) == (MORE_FAULTS, "more faults than 1,000: the others are not listed")


def test_a_fault_does_not_repeat_a_value_of_any_length() -> None:
    faults = schema_faults("citation.schema.json", [{"id": "a", "type": "x" * 1_000_000}])
    assert faults
    assert all(len(fault.message) <= 1_000 for fault in faults)


def test_values_that_must_differ_are_compared_in_one_walk() -> None:
    role = [{"$": f"rel:{number}", "type": "xsd:QName"} for number in range(20_000)]
    document = {"entity": {"pkg:a": {"prov:label": "a", "arch:kind": "file", "prov:type": [*role, 1]}}}
    began = time.perf_counter()
    assert schema_faults("provenance.schema.json", document)
    assert time.perf_counter() - began < 20
