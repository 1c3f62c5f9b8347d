"""Reading a provenance manifest back into a history."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from archtool.description.model import Agent, Annexe, AnnexeStatus, Attribution, Creator
from archtool.provenance.history_reader import history_of_prov
from archtool.provenance.model import History
from archtool.provenance.prov_json import format_prov_json, prov_document
from archtool.schemas import schema_faults
from unit.provenance.rakovsky_case import appeal, appeal_history, history_of, smallest_history
from unit.report.provenance.histories import sixty_entities

HISTORIES = {"case of 1932": appeal_history(), "smallest": smallest_history(), "sixty": sixty_entities()}


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
def test_a_manifest_that_was_read_is_written_again_byte_for_byte(history: History) -> None:
    text = format_prov_json(history)
    assert not list(schema_faults("provenance.schema.json", json.loads(text)))
    assert format_prov_json(history_of_prov(json.loads(text))) == text


def test_agents_entities_and_events_are_read_as_they_were() -> None:
    history = appeal_history()
    read = history_of_prov(prov_document(history))
    assert read.package_id == history.package_id
    assert (read.agents, read.entities, read.events) == (history.agents, history.entities, history.events)
    assert (read.derivations, read.memberships) == (history.derivations, history.memberships)


def test_an_attribution_is_read_with_its_evidence_and_certainty() -> None:
    (claim, *_) = history_of_prov(prov_document(appeal_history())).attributions
    assert (claim.status, claim.evidence, claim.certainty) == ("attributed", "external", "high")
    assert claim.basis == ("balitsky-letter",)
    assert claim.note == "The text is unsigned; the OGPU letter names its author."


def test_a_rejected_attribution_is_read_although_it_is_only_a_claim() -> None:
    refuted = Attribution("rejected", "internal", "high", by=Agent("Marie Durand"), note="Another style.")
    annexe = Annexe(
        "Note", AnnexeStatus.LISTED, creators=(Creator(Agent("Leon Trotsky"), "author", refuted),)
    )
    read = history_of_prov(prov_document(history_of(replace(appeal(), annexes=(annexe,), custody=()))))
    (claim,) = [one for one in read.attributions if one.is_rejected]
    names = read.labels()
    assert (names[claim.entity], names[claim.agent], claim.role) == ("Note", "Leon Trotsky", "author")
    assert claim.by is not None
    assert names[claim.by] == "Marie Durand"
    assert claim.note == "Another style."


def test_the_rights_of_several_files_are_read_as_one_layer() -> None:
    read = history_of_prov(prov_document(appeal_history()))
    assert {(one.layer, one.statement) for one in read.rights} == {
        ("original", "UND"),
        ("package", "CC0-1.0"),
    }
