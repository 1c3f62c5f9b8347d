"""Misspelt names: the suggestion comes from the index, however many names there are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archtool.holdings.event_types import EventType
from archtool.holdings.lookup.similar_names import (
    names_beginning_with,
    names_ending_with,
    similar_name,
)
from unit.holdings.registers import SOURCE, day, ingestion, make_register


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


def test_a_withdrawn_holding_is_not_suggested(tmp_path: Path) -> None:
    with make_register(tmp_path, holdings=12) as register:
        register.append(SOURCE.event(EventType.WITHDRAWAL, day(1), "letters-11", {"reason": "given back"}))
        assert similar_name(register.connection, "letters11") != "letters-11"
        assert "letters-11" not in names_beginning_with(register.connection, "letters-1")


@pytest.mark.parametrize("given", ["letters-3", "/letters-3", "disk/box/letters-3"])
def test_a_name_whose_last_parts_are_given_is_found(tmp_path: Path, given: str) -> None:
    with make_register(tmp_path, holdings=2) as register:
        name = "letters-3" if given.startswith("disk") else "box/letters-3"
        register.append(replace(ingestion(3), holding=name))
        assert names_ending_with(register.connection, given) == [name]


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
