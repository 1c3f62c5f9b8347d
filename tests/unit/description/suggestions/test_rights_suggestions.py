"""An identifier of rights that is not quite right is corrected; what is suggested is accepted."""

from __future__ import annotations

import re

import pytest

from archtool.description.suggestions.rights_suggestions import is_known_rights, suggest_rights


@pytest.mark.parametrize(
    ("statement", "hint"),
    [
        ("CC0", "did you mean `CC0-1.0`?"),
        ("cc0", "did you mean `CC0-1.0`?"),
        ("CC-Zero", "did you mean `CC0-1.0`?"),
        ("cc-by-4.0", "did you mean `CC-BY-4.0`?"),
        ("CC-BY-SA-NC-3", "did you mean `CC-BY-NC-SA-3.0`?"),
        ("CC-BY", "write the version as well, such as `CC-BY-4.0`"),
        ("CC_BY_SA", "write the version as well, such as `CC-BY-SA-4.0`"),
        ("inc", "did you mean `InC`?"),
        ("noc_us", "did you mean `NoC-US`?"),
    ],
)
def test_the_identifier_that_is_meant_is_suggested(statement: str, hint: str) -> None:
    assert suggest_rights(statement) == hint
    assert all(map(is_known_rights, re.findall("`(.*?)`", hint)))


@pytest.mark.parametrize("statement", ["CC-BY-ND-SA-4.0", "free", "CC", "CC-BY-9.0"])
def test_nothing_is_suggested_for_a_text_that_means_no_identifier(statement: str) -> None:
    assert suggest_rights(statement) is None
