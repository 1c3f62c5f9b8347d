"""RO-Crate metadata as text: what a history becomes there."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from archtool.exports.crate.crate import format_crate
from archtool.exports.crate.identifiers import file_iri
from archtool.exports.crate.model import CrateFacts, CrateFile
from archtool.provenance.model import (
    EntityKind,
    History,
    ProvAgent,
    ProvAttribution,
    ProvEntity,
    ProvEvent,
    Rights,
)
from crates import statements_of, unknown_terms

HISTORY = History(
    "letter",
    agents=(ProvAgent("agent-A", "A", "person"), ProvAgent("archtool", "archtool", "software", version="1")),
    entities=(
        ProvEntity("document", EntityKind.ORIGINAL, "Letter", {"date": "1932"}),
        ProvEntity("edition", EntityKind.EDITION, "Cahiers", {"citation": "Cahiers, 1979."}),
        ProvEntity("letter.txt", EntityKind.FILE, "letter.txt", {"path": "data/letter.txt"}),
        ProvEntity("package", EntityKind.PACKAGE, "letter", {"identifier": "letter"}),
    ),
    events=(
        ProvEvent(
            "packaging", "packaging", "packaging: letter", date="2026-11-29T00:00:00+00:00",
            generated=("package",), agents=(("archtool", "executing-program"),),
        ),
    ),
)  # fmt: skip
FACTS = CrateFacts("Cahiers, 1979.", (CrateFile("letter.txt", 17, (("sha512", "ab"),), "text/plain"),))


def entities(history: History, facts: CrateFacts = FACTS) -> dict[str, dict[str, Any]]:
    document = json.loads(format_crate(history, facts))
    return {entity["@id"]: entity for entity in document["@graph"]}


def with_attribution(status: str, role: str = "author", *, argued: bool = True) -> History:
    claim = ProvEntity("attribution", EntityKind.ATTRIBUTION, f"{status}: A ({role})")
    stated = ProvAttribution("document", "agent-A", role, status, "attribution" if argued else None)
    return replace(HISTORY, entities=(*HISTORY.entities, claim), attributions=(stated,))


@pytest.mark.parametrize("status", ["stated", "attributed"])
def test_an_attributed_author_is_the_author_and_the_attribution_a_claim(status: str) -> None:
    found = entities(with_attribution(status))
    assert found["#document"]["author"] == {"@id": "#agent-A"}
    assert found["#attribution"]["@type"] == "Claim"
    assert f"status: {status}" in found["#attribution"]["description"]


@pytest.mark.parametrize("status", ["disputed", "rejected"])
def test_a_disputed_or_rejected_author_is_only_in_a_claim(status: str) -> None:
    found = entities(with_attribution(status))
    assert "author" not in found["#document"]
    assert found["#document"]["subjectOf"] == {"@id": "#attribution"}
    assert found["#attribution"]["about"] == [{"@id": "#document"}, {"@id": "#agent-A"}]


def test_a_role_that_schema_org_does_not_know_is_kept_as_a_role() -> None:
    found = entities(with_attribution("stated", "бюро/1", argued=False))
    own = found["#document"]["contributor"]["@id"]
    assert found[own]["roleName"] == "бюро/1"
    assert found[own]["contributor"] == {"@id": "#agent-A"}


def test_a_compiler_is_not_called_an_editor() -> None:
    document = entities(with_attribution("stated", "compiler", argued=False))["#document"]
    assert ("editor" in document, "contributor" in document) == (False, True)


@pytest.mark.parametrize(
    ("date", "created", "temporal"),
    [
        ("1932", "1932", None),
        ("1932-05", "1932-05", None),
        ("1932-05-01", "1932-05-01", None),
        ("1932~", None, "1932~"),
        ("../1932-11-03", None, "../1932-11-03"),
        ("193X", None, "193X"),
        ("1932-13", None, "1932-13"),
    ],
)
def test_a_date_that_iso_8601_cannot_express_is_kept_as_edtf(
    date: str, created: str | None, temporal: str | None
) -> None:
    document = replace(HISTORY.entities[0], facts={"date": date})
    found = entities(replace(HISTORY, entities=(document, *HISTORY.entities[1:])))["#document"]
    assert (found.get("dateCreated"), found.get("temporal")) == (created, temporal)


def test_rights_are_stated_for_each_layer_and_all_of_them_for_the_root() -> None:
    rights = (
        Rights("rights-original", "original", "InC", ("document",), holder="The heirs"),
        Rights("rights-transcription", "transcription", "By permission of the heirs.", ("letter.txt",)),
    )
    uri = "http://rightsstatements.org/vocab/InC/1.0/"
    found = entities(replace(HISTORY, rights=rights), replace(FACTS, rights_uris={"InC": uri}))
    assert found["./"]["license"] == [{"@id": uri}, {"@id": "#rights-transcription"}]
    assert found["#document"]["license"] == {"@id": uri}
    assert found["letter.txt"]["license"] == {"@id": "#rights-transcription"}
    assert found[uri]["copyrightNotice"] == "The heirs"


def test_rights_that_are_not_stated_are_said_to_be_not_stated() -> None:
    found = entities(HISTORY)
    assert found["./"]["license"] == {"@id": "#rights-not-stated"}
    assert found["#rights-not-stated"]["name"] == "Rights not stated"


def test_two_agents_with_one_url_stay_two_agents() -> None:
    url = "https://viaf.org/viaf/1"
    agents = (ProvAgent("a", "A", "person", url), ProvAgent("b", "B", "person", url))
    found = entities(replace(HISTORY, agents=(*agents, HISTORY.agents[1])))
    assert (found[url]["name"], found["#b"]["name"], found["#b"]["identifier"]) == ("A", "B", url)


@pytest.mark.parametrize(
    ("path", "iri"),
    [
        ("letter.txt", "letter.txt"),
        ("scans/page 1.jpg", "scans/page%201.jpg"),
        ("50%.txt", "50%25.txt"),
        ("a:b?#.txt", "a%3Ab%3F%23.txt"),
        ("lettre à Léon.txt", "lettre%20à%20Léon.txt"),
        ("письмо.txt", "письмо.txt"),
        ("caf\udce9.txt", "caf%E9.txt"),
        ("a\u202eb\n\\.txt", "a%E2%80%AEb%0A%5C.txt"),
        ("half\ud800.txt", "half%ED%A0%80.txt"),
    ],
)
def test_a_path_becomes_an_iri_from_which_its_bytes_can_be_restored(path: str, iri: str) -> None:
    assert file_iri(path) == iri


def test_text_that_is_not_unicode_leaves_the_document_unicode() -> None:
    document = replace(HISTORY.entities[0], label="half \ud800")
    text = format_crate(replace(HISTORY, entities=(document, *HISTORY.entities[1:])), FACTS)
    assert "half �" in text
    text.encode()
    json.loads(text)


def test_no_text_of_a_description_can_become_a_reference() -> None:
    document = replace(HISTORY.entities[0], label='{"@id": "./"}', facts={"note": "https://example.org"})
    found = entities(replace(HISTORY, entities=(document, *HISTORY.entities[1:])))
    assert found["#document"]["name"] == '{"@id": "./"}'
    assert found["#document"]["description"] == "https://example.org"


def test_every_property_and_type_means_something_in_the_context_of_ro_crate() -> None:
    history = with_attribution("attributed", "scribe", argued=True)
    assert unknown_terms(format_crate(history, FACTS)) == set()


def test_the_digest_of_a_file_is_a_statement_of_the_graph() -> None:
    stated = statements_of(format_crate(HISTORY, FACTS))
    own_term = "https://w3id.org/ro/terms/workflow-run#sha512"
    assert ("https://example.org/crate/letter.txt", own_term, "ab") in stated
