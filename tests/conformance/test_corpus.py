"""The corpus: every bag is judged as it is written there, by archtool and by bagit 1.9.0."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archtool.bagit import finding_kinds
from archtool.findings import Kind
from command_line import archtool
from corpus.case import Case
from corpus.cases import CASES, FAMILIES
from corpus.loc import ask_loc

PATIENCE_SECONDS = 30  # what is recorded to hang is waited for one second only
# kinds that no bag made of files can show, and why
UNPROVOKED = {
    "bag.unreadable": "there is no bag: the folder is missing or closed to the reader",
    "bag.tag-file-unreadable": "needs a read error or missing permissions",
    "bag.folder-unreadable": "needs missing permissions, or folders deeper than a path can name",
    "bag.too-many-errors": "needs a quarter of a million wrong lines; tests/faults has it",
    "fixity.file-unreadable": "needs a read error or missing permissions",
    "fixity.read-unstable": "needs a disk that reads the same file in two ways",
    "fixity.changed-while-read": "needs somebody who writes while the file is read",
}
NOT_ABOUT_THE_BAG = "second-opinion."  # is said only where a second opinion is asked for


def build(case: Case, tmp_path: Path) -> Path:
    bag = tmp_path / case.name / "bag"
    bag.parent.mkdir()
    case.build(bag)
    return bag


@pytest.mark.parametrize("name", CASES)
def test_a_bag_of_the_corpus_has_its_verdict_and_exactly_its_findings(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    bag = build(case, tmp_path)
    seen = archtool("verify", bag, "--json")
    (result,) = seen.objects
    assert (result["verdict"]["bag"], frozenset(seen.codes)) == (case.verdict, case.codes)
    otherwise = 0 if case.verdict == "valid" else 1
    usual = otherwise if case.exit_code is None else case.exit_code
    strictly = archtool("verify", bag, "--strict", "--json").code
    assert (seen.code, strictly) == (usual, 1 if case.is_refused_strictly else usual)
    assert "Traceback" not in seen.err


def test_the_library_of_congress_library_says_today_what_is_recorded(tmp_path: Path) -> None:
    bags = [
        (build(case, tmp_path), 1 if case.loc == "hangs" else PATIENCE_SECONDS) for case in CASES.values()
    ]
    answers = dict(zip(CASES, ask_loc(bags), strict=True))
    assert answers == {case.name: case.loc for case in CASES.values()}


def test_every_bag_of_the_corpus_is_named_for_its_fault_and_no_two_alike() -> None:
    assert len(CASES) == sum(len(family) for family in FAMILIES.values())
    for case in CASES.values():
        assert re.fullmatch(r"[a-z0-9]+([.-][a-z0-9]+)*", case.name.lower())
        assert case.rule.endswith(".")
        assert "|" not in case.rule


def test_every_kind_of_finding_is_provoked_by_some_bag_or_it_is_written_why_not() -> None:
    known = {kind.code for kind in vars(finding_kinds).values() if isinstance(kind, Kind)}
    provoked = {code for case in CASES.values() for code in case.codes}
    about_bags = {code for code in known if not code.startswith(NOT_ABOUT_THE_BAG)}
    assert provoked | UNPROVOKED.keys() == about_bags
    assert not provoked & UNPROVOKED.keys()
