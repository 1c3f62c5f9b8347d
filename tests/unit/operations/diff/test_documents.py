"""Documents are compared field by field, or as a whole where they cannot be parsed."""

from __future__ import annotations

import json

import pytest

from archtool.description.limits import MAX_DESCRIPTION_BYTES
from archtool.operations.diff.documents import Change, compare_trees, parse_document
from archtool.operations.open_package.package_paths import PROVENANCE_PATH


def test_a_description_that_is_too_large_or_no_text_is_compared_as_a_whole() -> None:
    path = "metadata/description.yaml"
    assert parse_document(path, b"# " + bytes([120]) * MAX_DESCRIPTION_BYTES) is None
    assert parse_document(path, b"title: \xff\n") is None


@pytest.mark.parametrize("document", [[], {"entity": []}])
def test_a_provenance_of_another_structure_is_compared_as_a_whole(document: object) -> None:
    assert parse_document(PROVENANCE_PATH, json.dumps(document).encode()) is None


def test_items_without_an_identifying_value_are_compared_by_their_position() -> None:
    one, other = [{"lines": [1, 2]}, {"lines": [3]}], [{"lines": [1, 2]}, {"lines": [4]}]
    (found,) = compare_trees(one, other, "annexes")
    assert (found.path, found.change) == ("annexes[1].lines[0]", Change.CHANGED)
