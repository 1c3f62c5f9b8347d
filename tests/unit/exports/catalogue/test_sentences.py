"""Rights are readable without a table of their codes."""

from __future__ import annotations

import pytest

from archtool.description.model import RightsLayer
from archtool.exports.catalogue.sentences import rights_with_uri


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("UND", "original: UND (http://rightsstatements.org/vocab/UND/1.0/)"),
        ("CC0-1.0", "original: CC0-1.0 (https://spdx.org/licenses/CC0-1.0)"),
        ("https://example.org/terms", "original: https://example.org/terms"),
        ("All rights reserved", "original: All rights reserved"),
    ],
)
def test_a_code_of_rights_is_followed_by_the_address_of_its_meaning(statement: str, line: str) -> None:
    assert rights_with_uri(RightsLayer("original", statement)) == line
