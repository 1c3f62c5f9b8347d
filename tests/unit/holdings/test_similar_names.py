"""Misspelt names: the suggestion comes from the index, however many names there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from archtool.holdings.lookup.similar_names import names_beginning_with, similar_name
from unit.holdings.registers import make_register


@pytest.mark.parametrize(
    "wrong",
    [
        "letters11",
        "leters-11",
        "lettters-11",
        "lettrs-11",
        "letetrs-11",
        "Letters-11",
        "letters_11",
        "LETTERS-11",
    ],
)
def test_a_name_with_one_fault_is_found(tmp_path: Path, wrong: str) -> None:
    with make_register(tmp_path, holdings=12) as register:
        assert similar_name(register.connection, wrong) == "letters-11"


def test_a_name_that_resembles_none_gets_no_suggestion(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=12) as register:
        assert similar_name(register.connection, "photographs of the harbour") is None
        assert similar_name(register.connection, "x" * 1000) is None


def test_the_names_with_a_beginning_are_found_in_alphabetical_order(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=12) as register:
        assert names_beginning_with(register.connection, "letters-1") == [
            "letters-1",
            "letters-10",
            "letters-11",
        ]
