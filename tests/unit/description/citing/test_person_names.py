"""The name of a person is split into the parts that bibliographies sort by."""

from __future__ import annotations

import pytest

from archtool.description.citing.person_names import csl_name
from archtool.description.model import Agent


@pytest.mark.parametrize(
    ("name", "family", "given"),
    [
        ("Christian Rakovsky", "Rakovsky", "Christian"),
        ("V. Balitsky", "Balitsky", "V."),
        ("Христиан Раковский", "Раковский", "Христиан"),
        ("Jean-Paul Marie Dupont", "Dupont", "Jean-Paul Marie"),
        ("Mao, Zedong", "Mao", "Zedong"),
        ("Anne  Dupont ", "Dupont", "Anne"),
    ],
)
def test_a_person_is_sorted_by_the_family_name(name: str, family: str, given: str) -> None:
    assert csl_name(Agent(name, "person")) == {"family": family, "given": given}


@pytest.mark.parametrize(
    ("name", "particle"),
    [("Germaine de Staël", "de"), ("Ludwig van der Berg", "van der"), ("Otto von Bern", "von")],
)
def test_particles_stay_with_the_family_name(name: str, particle: str) -> None:
    assert csl_name(Agent(name, "person"))["non-dropping-particle"] == particle


def test_a_third_part_is_a_suffix() -> None:
    parts = {"family": "Dupont", "given": "Jean", "suffix": "fils"}
    assert csl_name(Agent("Dupont, Jean, fils", "person")) == parts


@pytest.mark.parametrize(
    "name",
    [
        "Nicholas II", "Anne of Austria", "Spartacus", "דוד לוי", "毛 泽东", "V. Balitsky (OGPU)", "a worker",
        "O'Neill & Sons", "Christian R.", "One, two, three, four", "Dupont,", "the editor", "Agent 007",
    ],
)  # fmt: skip
def test_a_name_of_another_form_is_kept_as_it_is_written(name: str) -> None:
    assert csl_name(Agent(name, "person")) == {"literal": name}


@pytest.mark.parametrize("kind", ["organization", None])
def test_a_name_is_not_split_unless_it_is_stated_to_be_of_a_person(kind: str | None) -> None:
    assert csl_name(Agent("Bureau Central", kind)) == {"literal": "Bureau Central"}
    assert csl_name(Agent("Bureau, Central", kind)) == {"literal": "Bureau, Central"}
