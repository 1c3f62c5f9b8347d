"""The provenance manifest is W3C PROV-JSON, and the reference library reads it back."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prov.model import ProvDocument

from archtool.description.model import Agent, Attribution, Creator, OtherFile, RightsLayer
from archtool.provenance.model import History, ProvEvent
from archtool.provenance.prov_json import format_prov_json, is_prov_of
from budgets import examples
from unit.provenance.rakovsky_case import (
    TEXT,
    appeal,
    appeal_history,
    file_record,
    history_of,
    letter_of_the_bureau,
    smallest_history,
)


def document(history: History) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(format_prov_json(history))
    return loaded


def read_back(text: str) -> ProvDocument:
    return ProvDocument.deserialize(content=text, format="json")


def in_any_order(value: Any) -> Any:
    """Normalise a document: PROV attributes are sets, and relations have no names."""
    if isinstance(value, dict):
        if all(key.startswith("_:") for key in value) and value:
            return sorted((in_any_order(v) for v in value.values()), key=json.dumps)
        return {key: in_any_order(v) for key, v in sorted(value.items())}
    if isinstance(value, list):
        return sorted((in_any_order(v) for v in value), key=json.dumps)
    return value


def records(prov: ProvDocument) -> Counter[str]:
    return Counter(type(record).__name__ for record in prov.get_records())


@pytest.mark.parametrize("history", [appeal_history(), smallest_history()])
def test_the_reference_library_loses_nothing(history: History) -> None:
    text = format_prov_json(history)
    first = read_back(text)
    again = first.serialize(format="json")
    assert read_back(again) == first
    assert records(read_back(again)) == records(first)
    ours, theirs = json.loads(text), json.loads(again)
    # the library declares prov and xsd by itself
    ours["prefix"].pop("prov"), ours["prefix"].pop("xsd")
    assert in_any_order(theirs) == in_any_order(ours)
    written = sum(len(part) for name, part in ours.items() if name != "prefix")
    assert sum(records(first).values()) == written


def test_the_real_case_has_every_record_of_its_chain() -> None:
    found = records(read_back(format_prov_json(appeal_history())))
    assert found == {
        "ProvEntity": 14,
        "ProvActivity": 7,
        "ProvAgent": 7,
        "ProvUsage": 4,
        "ProvGeneration": 6,
        "ProvAssociation": 3,
        "ProvAttribution": 3,
        "ProvDerivation": 5,
        "ProvSpecialization": 1,
        "ProvMembership": 8,
    }


def test_the_chain_is_readable_in_prov_n() -> None:
    text = read_back(format_prov_json(appeal_history())).get_provn()
    assert "wasDerivedFrom(pkg:edition, pkg:document, pkg:publication, -, -" in text
    assert "wasDerivedFrom(pkg:translation, pkg:edition, pkg:translating, -, -" in text
    assert "wasDerivedFrom(pkg:text, pkg:translation, pkg:making-of-text, -, -" in text
    assert "hadMember(pkg:package, pkg:text)" in text


def test_the_same_history_becomes_the_same_bytes() -> None:
    assert format_prov_json(appeal_history()) == format_prov_json(appeal_history())


def test_an_instant_is_a_start_time_and_a_date_is_never_converted_to_one() -> None:
    activities = document(appeal_history())["activity"]
    assert activities["pkg:packaging"]["prov:startTime"] == "2026-11-22T18:30:00+00:00"
    assert activities["pkg:creation"]["arch:date"] == {"$": "1932-04", "type": "edtf:EDTF"}
    assert "prov:startTime" not in activities["pkg:creation"]
    assert "arch:date" not in activities["pkg:translating"]


@pytest.mark.parametrize("date", ["2020-01-01T10:00:00", "T", "1932-11-03", "2020-01-01Tx"])
def test_an_incomplete_instant_stays_a_date(date: str) -> None:
    history = History("x", events=(ProvEvent("e", "transfer", "handed over", date=date),))
    assert document(history)["activity"]["pkg:e"]["arch:date"]["$"] == date


def test_a_rejected_attribution_is_recorded_as_a_claim_only() -> None:
    rejected = Creator(Agent("X"), "author", Attribution("rejected", "internal", note="another hand"))
    written = document(appeal_history(creators=(rejected,)))
    claim = written["entity"]["pkg:attribution"]
    assert claim["arch:status"] == "rejected"
    assert claim["arch:note"] == "another hand"
    assert all(r["prov:agent"] != "pkg:agent-X" for r in written["wasAttributedTo"].values())


def test_a_role_is_written_only_where_prov_allows_it() -> None:
    written = document(appeal_history())
    allowed = {"used", "wasAssociatedWith", "wasGeneratedBy"}
    with_roles = {name for name, part in written.items() if "prov:role" in json.dumps(part)}
    assert set() < with_roles <= allowed


def test_no_text_gets_a_language_that_was_not_stated() -> None:
    assert '"lang"' not in format_prov_json(appeal_history())


def test_rights_are_written_with_their_layer() -> None:
    layer = RightsLayer("translation", "All of it free", "MIA", "credit MIA", "asked in 2020")
    entities = document(appeal_history(rights=(layer, RightsLayer("edition", "InC"))))["entity"]
    translation, edition = entities["pkg:translation"], entities["pkg:edition"]
    assert translation["arch:rights-translation"] == "All of it free"
    assert translation["arch:rights-translation-holder"] == "MIA"
    assert translation["arch:rights-translation-credit"] == "credit MIA"
    assert translation["arch:rights-translation-note"] == "asked in 2020"
    assert "arch:rights-translation-uri" not in translation
    assert edition["arch:rights-edition-uri"]["$"] == "http://rightsstatements.org/vocab/InC/1.0/"


def test_an_agent_keeps_all_stated_facts() -> None:
    agent = Agent("Jo", "person", "https://example.org/jo", "a note")
    other = Agent("Jo", None, None, "another note")
    odd = Agent("Bot", "family")
    written = document(appeal_history(addressees=(agent, other, odd)))
    assert written["agent"]["pkg:agent-Jo"] == {
        "prov:label": "Jo",
        "prov:type": {"$": "prov:Person", "type": "xsd:QName"},
        "arch:identifier": {"$": "https://example.org/jo", "type": "xsd:anyURI"},
        "arch:note": ["a note", "another note"],
    }
    assert written["agent"]["pkg:agent-Bot"]["arch:type"] == "family"


def test_a_use_can_have_a_role() -> None:
    event = ProvEvent("e", "reading", "read", used=(("a", "evidence"),))
    assert document(History("x", events=(event,)))["used"]["_:u1"]["prov:role"] == "evidence"


def test_a_facsimile_is_derived_from_what_it_shows() -> None:
    scan = OtherFile("scan.png", "facsimile", of="balitsky-letter")
    files = (file_record(TEXT), file_record("scan.png"))
    written = document(history_of(replace(appeal(), files=(scan,)), files=files))
    assert {
        "prov:generatedEntity": "pkg:file-scan.png",
        "prov:usedEntity": "pkg:balitsky-letter",
        "arch:kind": "facsimile",
    } in written["wasDerivedFrom"].values()


@settings(deadline=None, max_examples=examples(60))
@given(package=st.text(min_size=1), title=st.text(), name=st.text(min_size=1))
def test_any_name_and_title_survive_the_reference_library(package: str, title: str, name: str) -> None:
    description = replace(letter_of_the_bureau(), id=package, title=title)
    text = format_prov_json(history_of(description, files=(file_record(name),)))
    ours, theirs = json.loads(text), json.loads(read_back(text).serialize(format="json"))
    assert in_any_order(theirs["entity"]) == in_any_order(ours["entity"])
    assert theirs["prefix"]["pkg"] == ours["prefix"]["pkg"]


def test_a_document_with_a_changed_value_does_not_match_the_history() -> None:
    history = appeal_history()
    written = document(history)
    assert is_prov_of(history, written)
    changes = 0
    for section, records in written.items():
        assert not is_prov_of(history, {name: part for name, part in written.items() if name != section})
        assert not is_prov_of(history, {**written, section: {**records, "pkg:more": {"prov:label": "more"}}})
        for name, record in records.items():
            without = {other: part for other, part in records.items() if other != name}
            assert not is_prov_of(history, {**written, section: without})
            changed = (
                [{k: v for k, v in record.items() if k != key} for key in record]
                if section != "prefix"
                else []
            )
            for one in [*changed, {"prov:label": "another"}]:
                assert not is_prov_of(history, {**written, section: {**records, name: one}})
                changes += 1
    assert changes > 100
    assert not is_prov_of(history, {**written, "more": {"pkg:more": {}}})
