"""The small parts of a history: ids, terms and the facts of an edition."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archtool.provenance.builder import HistoryBuilder, stated_facts
from archtool.provenance.edition import edition_facts, edition_label, is_publication, issued_edtf
from archtool.provenance.ids import IdRegister, readable_id
from archtool.provenance.vocabulary import event_type_uri, is_licence, package_uri, relator_uri, rights_uri
from unit.provenance.rakovsky_case import CITATION, WORDS


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ("Vědecko vydavatelské centrum", "Vedecko-vydavatelske-centrum"),
        ("178/c", "id-178-c"),
        ("...", ""),
        ("Раковский", ""),
        ("appel-1932.fr.txt", "appel-1932.fr.txt"),
        ("x" * 100, "x" * 64),
    ],
)
def test_an_id_keeps_the_allowed_characters_of_the_text(words: str, made: str) -> None:
    assert readable_id(words) == made


def test_a_text_without_allowed_characters_becomes_the_fallback() -> None:
    assert readable_id("Раковский", "7") == "7"


@given(st.text())
def test_every_id_is_a_valid_name_in_xml_and_prov(words: str) -> None:
    assert re.fullmatch(r"([A-Za-z][A-Za-z0-9._-]*)?", readable_id(words))


def test_an_id_is_returned_once() -> None:
    register = IdRegister()
    assert [register.reserve("a"), register.reserve("a"), register.reserve("a-2")] == ["a", "a-2", "a-2-2"]


def test_the_name_of_the_package_can_contain_any_character() -> None:
    assert package_uri("a b/é\udc80:1") == "urn:archtool:package:a%20b%2F%C3%A9%ED%B2%80%3A1:"


def test_an_own_term_has_no_public_code() -> None:
    assert event_type_uri("seizure") is None
    assert event_type_uri("Transfer") == "http://id.loc.gov/vocabulary/preservation/eventType/tra"
    assert relator_uri("witness to the printing") is None
    assert relator_uri("author") == "http://id.loc.gov/vocabulary/relators/aut"


@pytest.mark.parametrize(
    ("statement", "uri"),
    [
        ("UND", "http://rightsstatements.org/vocab/UND/1.0/"),
        ("CC0-1.0", "https://spdx.org/licenses/CC0-1.0"),
        ("CC-BY-NC-SA-3.0-DE", "https://spdx.org/licenses/CC-BY-NC-SA-3.0-DE"),
        ("https://example.org/terms", "https://example.org/terms"),
        ("free for study", None),
        ("Note: ask first", None),
    ],
)
def test_a_rights_statement_has_a_uri_only_if_it_is_one_or_is_a_known_code(
    statement: str, uri: str | None
) -> None:
    assert rights_uri(statement) == uri


def test_a_rights_statement_is_not_a_licence() -> None:
    assert not is_licence("InC")


def test_facts_without_a_value_are_left_out() -> None:
    assert stated_facts(
        {"a": None, "b": (), "c": False, "d": 6, "e": ["x", "x"], "f": ["x", "y"], "g": ""}
    ) == {
        "c": "false",
        "d": "6",
        "e": "x",
        "f": ("x", "y"),
        "g": "",
    }


def test_the_same_name_is_the_same_agent_unless_other_facts_differ() -> None:
    gathering = HistoryBuilder("x")
    first = gathering.agent("Jo")
    assert gathering.agent("Jo", "person") == first
    assert gathering.agent("Jo", None, "https://example.org/1") == first
    assert gathering.agent("Jo", None, "https://example.org/2") != first
    assert gathering.agent("Jo", "organization") not in (first, "agent-Jo-3")
    assert gathering.agent("Жо") == "agent-3"
    [jo, *_] = gathering.history().agents
    assert (jo.type, jo.identifier) == ("person", "https://example.org/1")


def test_a_citation_becomes_one_fact_per_variable() -> None:
    facts = edition_facts(CITATION)
    assert facts["csl-container-title"] == CITATION["container-title"]
    assert facts["csl-issued"] == "2013"
    assert facts["csl-custom-container-title-translated"].startswith("Le Bureau Politique")


def test_a_citation_as_text_becomes_a_single_fact() -> None:
    assert edition_facts(WORDS) == {"citation": WORDS["note"]}
    assert not is_publication(WORDS)


def test_names_numbers_and_unusual_values_of_a_citation_are_kept() -> None:
    facts = edition_facts(
        {
            "author": [
                {"family": "Staël", "given": "Germaine", "dropping-particle": "de", "suffix": "Jr"},
                {"literal": "Bureau"},
            ],
            "volume": 2,
            "accessed": {"literal": "in spring"},
            "submitted": {"season": 1, "raw": "x"},
            "categories": ["a", 1],
            "custom": "words",
            "Ж": "kept",
        }
    )
    assert facts == {
        "csl-author": "Staël, Germaine de, Jr; Bureau",
        "csl-volume": "2",
        "csl-accessed": "in spring",
        "csl-submitted": '{"season":1,"raw":"x"}',
        "csl-categories": '["a",1]',
        "csl-custom": "words",
        "csl-unnamed": "kept",
    }


@pytest.mark.parametrize(
    ("issued", "edtf"),
    [
        ({"date-parts": [[2013]]}, "2013"),
        ({"date-parts": [["1932", "11", "3"]]}, "1932-11-03"),
        ({"date-parts": [[1931], [1932]], "circa": True}, "1931~/1932~"),
        ({"date-parts": [[1932]], "season": 2}, None),
        ({"date-parts": [[1932, 13, 40]]}, None),
        ({"date-parts": [[-44]]}, None),
        ({"date-parts": [[]]}, None),
        ({"date-parts": [["spring"]]}, None),
        ({"date-parts": ["1932"]}, None),
        ({"date-parts": "1932"}, None),
        ({"date-parts": []}, None),
        ({"literal": "early 1932"}, None),
        ("1932", None),
    ],
)
def test_a_date_of_issue_becomes_edtf_only_if_it_can_be_converted_safely(
    issued: Any, edtf: str | None
) -> None:
    assert issued_edtf({"issued": issued}) == edtf


@pytest.mark.parametrize(
    ("item", "published"),
    [
        ({"type": "book", "issued": {"date-parts": [[1979]]}}, True),
        ({"type": "manuscript", "issued": {"date-parts": [[1932]]}}, False),
        ({"type": "document", "publisher": "Presses"}, True),
        ({"type": "book", "publisher-place": "Paris"}, True),
        ({"type": "book"}, False),
    ],
)
def test_a_publication_is_recorded_only_if_one_is_stated(item: dict[str, Any], published: bool) -> None:
    assert is_publication(item) is published


def test_a_source_without_a_title_is_labelled_by_other_facts() -> None:
    assert edition_label({"archive": "State archive"}) == "State archive"
    assert edition_label({}) == "source"
