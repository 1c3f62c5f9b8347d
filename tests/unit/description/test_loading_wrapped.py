"""A line of a batch in JSON has the description under one key; without it there is nothing to pack."""

from __future__ import annotations

from archtool.description.loading import LoadedDescription, load_wrapped
from archtool.description.table.cells import CellPlaces
from archtool.findings import Place
from unit.description.description_texts import codes, only

PLACES = CellPlaces(Place("letters.jsonl", row=1), {}, {}, {})


def wrapped(data: bytes) -> LoadedDescription:
    return load_wrapped(data, "letters.jsonl", places=PLACES)


def test_an_object_without_a_description_is_refused_by_the_name_of_the_key() -> None:
    for data in (b'{"folder": "b1"}', b"[1]"):
        loaded = wrapped(data)
        assert loaded.description is None
        assert only(loaded).message == "`description` is missing"
        assert only(loaded).place == Place("letters.jsonl", row=1)


def test_a_line_that_is_no_text_is_refused() -> None:
    loaded = wrapped(b'{"description": "\xff"}')
    assert (loaded.description, codes(loaded)) == (None, ["description.not-utf8"])
