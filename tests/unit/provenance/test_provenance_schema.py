"""The schema accepts what archtool writes and refuses damaged manifests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from archtool.provenance.model import History
from archtool.provenance.prov_json import format_prov_json
from archtool.schemas import load_schema, schema_faults
from unit.provenance.premis.test_writer import everything
from unit.provenance.rakovsky_case import TEXT, appeal, appeal_history, history_of, smallest_history

SCHEMA = "provenance.schema.json"
Damage = Callable[[dict[str, Any]], object]


def real_case() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(format_prov_json(appeal_history()))
    return loaded


def test_the_schema_is_itself_valid() -> None:
    Draft202012Validator.check_schema(load_schema(SCHEMA))


def parts_of(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(schema, dict):
        for name, part in schema.get("properties", {}).items():
            # a branch of `if` repeats properties that are described elsewhere
            if "/if" not in path:
                yield f"{path}/{name}", part
        for key, value in schema.items():
            yield from parts_of(value, f"{path}/{key}")
    elif isinstance(schema, list):
        for value in schema:
            yield from parts_of(value, path)


def test_every_property_of_the_schema_is_described() -> None:
    bare = [path for path, part in parts_of(load_schema(SCHEMA)) if "description" not in part]
    assert bare == []


@pytest.mark.parametrize(
    "history", [appeal_history(), smallest_history(), everything(), history_of(appeal(), {"id": "x"})]
)
def test_the_output_is_valid_under_the_schema(history: History) -> None:
    assert schema_faults(SCHEMA, json.loads(format_prov_json(history))) == ()


DAMAGES: dict[str, Damage] = {
    "an unknown kind of record": lambda d: d.update(wasInformedBy={}),
    "no prefixes": lambda d: d.pop("prefix"),
    "a prefix bent to another vocabulary": lambda d: d["prefix"].update(prov="http://example.org/"),
    "a prefix that is not ours": lambda d: d["prefix"].update(foaf="http://xmlns.com/foaf/0.1/"),
    "no package prefix": lambda d: d["prefix"].pop("pkg"),
    "no entities": lambda d: d.update(entity={}),
    "an id that is no name": lambda d: d["entity"].update({"pkg:1 2": d["entity"]["pkg:document"]}),
    "an id of another namespace": lambda d: d["entity"].update({"foaf:x": d["entity"]["pkg:document"]}),
    "an unknown kind of entity": lambda d: d["entity"]["pkg:document"].update({"arch:kind": "thing"}),
    "an entity without a label": lambda d: d["entity"]["pkg:document"].pop("prov:label"),
    "an original without a title": lambda d: d["entity"]["pkg:document"].pop("dcterms:title"),
    "a property that nobody knows": lambda d: d["entity"]["pkg:document"].update({"arch:colour": "red"}),
    "a date that is plain text": lambda d: d["entity"]["pkg:document"].update({"arch:date": "1932"}),
    "signed in words": lambda d: d["entity"]["pkg:document"].update({"arch:signed": "no"}),
    "a file without a path": lambda d: d["entity"]["pkg:text"].pop("arch:path"),
    "a file without a digest": lambda d: d["entity"]["pkg:text"].pop("arch:digest"),
    "a file without a size": lambda d: d["entity"]["pkg:text"].pop("arch:size-bytes"),
    "a file outside the payload": lambda d: d["entity"]["pkg:text"].update({"arch:path": "../x"}),
    "a digest that is too short": lambda d: d["entity"]["pkg:text"].update({"arch:digest": "sha256:ab"}),
    "a digest in capitals": lambda d: d["entity"]["pkg:text"].update({"arch:digest": f"md5:{'A' * 32}"}),
    "a negative size": lambda d: d["entity"]["pkg:text"]["arch:size-bytes"].update({"$": "-1"}),
    "a document with a path": lambda d: d["entity"]["pkg:document"].update({"arch:path": f"data/{TEXT}"}),
    "a claim without a status": lambda d: d["entity"]["pkg:attribution"].pop("arch:status"),
    "a claim about nothing": lambda d: d["entity"]["pkg:attribution"].pop("arch:of"),
    "a claim with an annexe's status": lambda d: d["entity"]["pkg:attribution"].update(
        {"arch:status": "lost"}
    ),
    "an annexe with a claim's status": lambda d: d["entity"]["pkg:balitsky-letter"].update(
        {"arch:status": "rejected"}
    ),
    "an annexe without a state": lambda d: d["entity"]["pkg:balitsky-letter"].pop("arch:status"),
    "an address that is plain text": lambda d: d["entity"]["pkg:document"].update(
        {"arch:rights-original-uri": "http://example.org/"}
    ),
    "a package that is no collection": lambda d: d["entity"]["pkg:package"].pop("prov:type"),
    "a packaging without its time": lambda d: d["activity"]["pkg:packaging"].pop("prov:startTime"),
    "a time that is only a date": lambda d: d["activity"]["pkg:packaging"].update(
        {"prov:startTime": "2026-11-22"}
    ),
    "an agent without a name": lambda d: d["agent"]["pkg:agent-OGPU"].pop("prov:label"),
    "a use of nothing": lambda d: d["used"]["_:u1"].pop("prov:entity"),
    "a relation with a name of its own": lambda d: d["used"].update({"pkg:u": d["used"]["_:u1"]}),
    "a part without a role": lambda d: d["wasAssociatedWith"]["_:a1"].pop("prov:role"),
    "a rejected claim as an attribution": lambda d: d["wasAttributedTo"]["_:t1"].update(
        {"arch:status": "rejected"}
    ),
    "a role where PROV allows none": lambda d: d["wasAttributedTo"]["_:t1"].update({"prov:role": "author"}),
    "an unknown way of derivation": lambda d: d["wasDerivedFrom"]["_:d1"].update({"arch:kind": "magic"}),
    "a line that is no number": lambda d: d["wasDerivedFrom"]["_:d5"].update({"arch:from-line": "ten"}),
    "a member of nothing": lambda d: d["hadMember"]["_:m1"].pop("prov:collection"),
    "a form of nothing": lambda d: d["specializationOf"]["_:s1"].pop("prov:generalEntity"),
    "made by nothing": lambda d: d["wasGeneratedBy"]["_:g1"].pop("prov:activity"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_manifest_violates_the_schema(damage: Damage) -> None:
    damaged = real_case()
    damage(damaged)
    assert schema_faults(SCHEMA, damaged) != ()
