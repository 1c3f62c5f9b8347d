"""PROV-N, read by an independent program: the `prov` library."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from prov.model import ProvDocument

from archtool.canonical_json import format_json
from archtool.exports.provenance.prov_n import format_prov_n
from archtool.provenance.model import History
from archtool.provenance.prov_json import prov_document
from unit.provenance.rakovsky_case import appeal_history, smallest_history
from unit.report.provenance.histories import sixty_entities

HISTORIES = {"case of 1932": appeal_history(), "smallest": smallest_history(), "sixty": sixty_entities()}


def assert_says_the_same(document: dict[str, Any]) -> None:
    """Compare all statements of the PROV-JSON with those of the PROV-N, both as `prov` reads them."""
    original = ProvDocument.deserialize(content=format_json(document), format="json")
    converted = ProvDocument.deserialize(content=format_prov_n(document), format="provn")
    assert len(original.get_records()) == len(converted.get_records()) > 4
    assert original == converted


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
def test_prov_n_has_exactly_the_statements_of_prov_json(history: History) -> None:
    assert_says_the_same(prov_document(history))


@pytest.mark.parametrize(
    "text",
    ['say "no"', "back\\slash", "two\nlines", "tab\there", "a\\nb", "'single'", "%% xsd:int", "])", "Ж漢字"],
)
def test_any_text_is_read_again_as_it_was(text: str) -> None:
    document = copy.deepcopy(prov_document(smallest_history()))
    document["entity"]["pkg:document"]["arch:note"] = text
    assert_says_the_same(document)


def test_a_document_that_was_changed_is_not_the_same() -> None:
    document = prov_document(smallest_history())
    converted = ProvDocument.deserialize(
        content=format_prov_n(document).replace("Cahiers", "X"), format="provn"
    )
    assert ProvDocument.deserialize(content=format_json(document), format="json") != converted


def test_predefined_prefixes_are_not_declared() -> None:
    text = format_prov_n(prov_document(smallest_history()))
    assert "prefix prov <" not in text
    assert "prefix xsd <" not in text
    assert "prefix pkg <urn:archtool:package:rakovsky-1932-appel:>" in text
