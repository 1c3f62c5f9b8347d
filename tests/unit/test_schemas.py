"""The fast schema check finds the same faults as jsonschema."""

from __future__ import annotations

import copy
import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema_rs import Draft202012Validator as QuickValidator
from jsonschema_rs import RegexOptions

from archtool.description.document.nodes import FindingCollector
from archtool.description.document.typing import type_values
from archtool.description.document.yaml_reader import read_yaml
from archtool.findings import clip
from archtool.schemas import (
    MAX_FAULTS,
    MORE_FAULTS,
    SchemaFault,
    _is_surely_valid,
    load_schema,
    schema_faults,
)
from command_line import archtool
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
_MAPPING = {
    "archtool": 1,
    "columns": {
        "Cote": "package",
        "Titre": ["title", "x-title"],
        "Date": {"to": "date", "date-order": "dmy", "values": {"s.d.": "", "?": None}},
        "Auteurs": {"to": ["creators"], "split": [";", " / "]},
        "Remarques": None,
    },
    "constants": {"folder": "{package}", "source": None},
    "annexes": {"columns": {"Titre": {"to": "title", "split": ";"}}, "constants": {"status": "lost"}},
}
_OTHER_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 3) | st.sampled_from(["", "a", "reproduced", "pkg:a", "\n"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=4,
)
# regular expression dialects differ in `$`, `\s` and `.`
_ODD_CHARACTERS = st.sampled_from("\n\r\x1c\x85\xa0\u2028\ufeff\u180e\u0663\ud800é𝄞")
_SURROGATES = re.compile("[\ud800-\udfff]")


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return for each schema a valid value that uses many of its parts."""
    folder = tmp_path_factory.mktemp("schemas")
    package = folder / "package"
    description = EXAMPLES / "rakovsky-1932" / "description.yaml"
    assert pack(description, package, "--sign", write_key(folder)).code == 0
    paths = [*package.glob("metadata/*.json"), *package.glob("attestations/*/statement.json")]
    read = {f"{path.stem}.schema.json": json.loads(path.read_text(encoding="utf-8")) for path in paths}
    complaints = FindingCollector("description.yaml", [])
    node = read_yaml(description.read_text(encoding="utf-8"), complaints)
    described = type_values(node, "description.schema.json", complaints).data
    return {
        **read,
        "description.schema.json": described,
        "policy.schema.json": _POLICY,
        "mapping.schema.json": _MAPPING,
        "doctor.schema.json": archtool("doctor", "--json").objects[0],
    }


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each part of a value as its container and key."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, key
        if isinstance(inner, dict | list):
            yield from places(inner)


def parts_of(schema: Any) -> Iterator[Any]:
    """Yield every part of a schema that values are checked against."""
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


def described(error: Any) -> Iterator[tuple[Any, ...]]:
    """Yield comparable facts of a fault; of several branches, the one that matches the value counts."""
    if error.validator in ("oneOf", "anyOf") and error.context:
        shapes: dict[Any, list[Any]] = {}
        for inner in error.context:
            shapes.setdefault(inner.schema_path[0], []).append(inner)
        fitting = [
            errors
            for errors in shapes.values()
            if not any(e.validator == "type" and e.instance is error.instance for e in errors)
        ]
        if len(fitting) == 1:
            for inner in fitting[0]:
                yield from described(inner)
            return
    # ours does not quote the value of a list with doubles: it may have millions of members
    message = "" if error.validator == "uniqueItems" else clip(error.message)
    stated = (error.validator, repr(error.validator_value), repr(error.instance), message, repr(error.schema))
    yield tuple(error.absolute_path), *stated


def fault_facts(fault: SchemaFault) -> tuple[Any, ...]:
    message = "" if fault.keyword == "uniqueItems" else fault.message
    stated = (fault.keyword, repr(fault.expected), repr(fault.value), message, repr(fault.schema))
    return fault.path, *stated


def assert_same_faults(name: str, value: Any) -> None:
    errors = [*Draft202012Validator(load_schema(name)).iter_errors(value)]
    theirs = sorted((d for error in errors for d in described(error)), key=repr)
    assert sorted(map(fault_facts, schema_faults(name, value)), key=repr) == theirs
    assert not (_is_surely_valid(name, value) and errors)


@pytest.mark.parametrize("name", SCHEMAS)
@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_a_damaged_value_has_the_faults_that_jsonschema_finds(
    documents: dict[str, Any], name: str, data: st.DataObject
) -> None:
    damaged = [copy.deepcopy(documents[name])]
    for _ in range(data.draw(st.integers(0, 3))):
        holder, key = data.draw(st.sampled_from(list(places(damaged))))
        if data.draw(st.booleans()) and holder is not damaged:
            del holder[key]
        elif isinstance(holder[key], str) and data.draw(st.booleans()):
            at = data.draw(st.integers(0, len(holder[key])))
            holder[key] = holder[key][:at] + data.draw(_ODD_CHARACTERS) + holder[key][at:]
        else:
            holder[key] = data.draw(_OTHER_VALUES)
    assert_same_faults(name, damaged[0])


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_valid_value_is_found_valid_without_jsonschema(documents: dict[str, Any], name: str) -> None:
    assert _is_surely_valid(name, documents[name])
    assert schema_faults(name, documents[name]) == ()


PATTERNS = sorted(
    {
        part["pattern"]
        for name in SCHEMAS
        for part in parts_of(load_schema(name))
        if isinstance(part, dict) and "pattern" in part
    }
    | {
        pattern
        for name in SCHEMAS
        for part in parts_of(load_schema(name))
        if isinstance(part, dict)
        for pattern in part.get("patternProperties", ())
    }
)


@pytest.mark.parametrize("pattern", PATTERNS)
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_a_text_that_matches_a_pattern_in_rust_matches_it_in_python(
    pattern: str, data: st.DataObject
) -> None:
    text = data.draw(st.from_regex(pattern))
    at = data.draw(st.integers(0, len(text)))
    changed = text[:at] + data.draw(_ODD_CHARACTERS | st.characters()) + text[at:]
    quick = QuickValidator({"pattern": pattern}, validate_formats=False, pattern_options=RegexOptions())
    for one in (text, changed):
        assume(not _SURROGATES.search(one))
        assert re.search(pattern, one) or not quick.is_valid(one)


@pytest.mark.parametrize("pattern", [p for p in PATTERNS if "u3000" in p])
def test_every_pattern_has_the_same_whitespace_characters(pattern: str) -> None:
    quick = QuickValidator({"pattern": pattern}, validate_formats=False, pattern_options=RegexOptions())
    blanks = [chr(number) for number in range(0x110000) if chr(number).isspace()]
    assert len(blanks) > 20
    assert not [
        blank for blank in blanks if quick.is_valid(f"a:{blank}b") or re.search(pattern, f"a:{blank}b")
    ]


def parts_are_plain(schema: Any) -> bool:
    return isinstance(schema, dict) and not any(key.startswith(("$dynamic", "unevaluated")) for key in schema)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_refers_to_nothing_outside_itself(name: str) -> None:
    root = load_schema(name)
    for part in parts_of(root):
        assert parts_are_plain(part)
        assert part is root or "$id" not in part
        if "$ref" in part:
            assert part["$ref"].removeprefix("#/$defs/") in root["$defs"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("citation.schema.json", [{"id": "\ud800", "type": "book"}]),
        ("citation.schema.json", [{"id": "a", "type": "book", "\udcff": "a"}]),
        ("citation.schema.json", [{"id": 10**400, "type": "book"}]),
        ("citation.schema.json", [{"id": float("nan"), "type": "book"}]),
        ("citation.schema.json", [{"id": float("inf"), "type": "book"}]),
        ("annexes.schema.json", {"counts": {"lost": 10**30, "listed": -(10**30), "unknown": 2.0}}),
        ("annexes.schema.json", {"counts": {"lost": True}}),
    ],
)
def test_values_outside_common_json_ranges_have_the_faults_that_jsonschema_finds(
    name: str, value: Any
) -> None:
    assert_same_faults(name, value)


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
    assert (last.keyword, last.message) == (MORE_FAULTS, "more faults than 1,000: the rest is not listed")


def test_a_fault_clips_a_long_value() -> None:
    faults = schema_faults("citation.schema.json", [{"id": "a", "type": "x" * 1_000_000}])
    assert faults
    assert all(len(fault.message) <= 1_000 for fault in faults)


def test_unique_items_are_checked_in_linear_time() -> None:
    role = [{"$": f"rel:{number}", "type": "xsd:QName"} for number in range(20_000)]
    document = {"entity": {"pkg:a": {"prov:label": "a", "arch:kind": "file", "prov:type": [*role, 1]}}}
    began = time.perf_counter()
    assert schema_faults("provenance.schema.json", document)
    assert time.perf_counter() - began < 20
