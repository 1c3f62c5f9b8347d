"""Provenance of any structure becomes statements that can be compared."""

from __future__ import annotations

import pytest

from archtool.errors import InputError
from archtool.provenance.limits import MAX_XML_DEPTH
from archtool.provenance.statements import statements_of_premis, statements_of_prov


def test_a_section_that_has_no_records_is_one_statement() -> None:
    (statement,) = statements_of_prov({"entity": [1, 2]})
    assert (statement.attribute, statement.value) == ("value", "[1,2]")


def test_premis_that_nests_without_end_is_refused() -> None:
    depth = MAX_XML_DEPTH + 1
    with pytest.raises(InputError, match="nests deeper than"):
        list(statements_of_premis(b"<a>" * depth + b"</a>" * depth))
