"""Catalogues and citations have the same persons as the authors of a document."""

from __future__ import annotations

import pytest

from archtool.description.citing.model import AUTHOR_ROLES, ISSUER_ROLES
from archtool.description.model import Agent, Creator
from archtool.exports.catalogue.record import is_creating, kind_of_identifier


@pytest.mark.parametrize("role", sorted(AUTHOR_ROLES | ISSUER_ROLES))
def test_whoever_is_cited_as_author_or_issuer_is_a_creator_in_a_catalogue(role: str) -> None:
    assert is_creating(Creator(Agent("A"), role.title()))


@pytest.mark.parametrize("role", ["editor", "translator", "correspondent", "addressee"])
def test_whoever_did_not_make_the_document_is_no_creator(role: str) -> None:
    assert not is_creating(Creator(Agent("A"), role))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("https://doi.org/10.5072/letter-7", "doi"),
        ("10.5072/letter-7", "doi"),
        ("https://example.org/letters/7", "uri"),
        ("urn:nbn:de:101:1-2024", "uri"),
        ("rakovsky-1932-appel", None),
        ("fonds:17", None),
        ("http://[bad", None),
    ],
)
def test_an_identifier_is_called_what_it_is(text: str, kind: str | None) -> None:
    assert kind_of_identifier(text) == kind
