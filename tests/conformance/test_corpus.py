"""The corpus: archtool and bagit 1.9.0 give every bag its recorded verdict."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archtool.bagit import finding_kinds
from archtool.findings import Kind
from command_line import archtool
from corpus.case import Case
from corpus.cases import CASES, FAMILIES
from corpus.loc import validate_with_loc

LIMIT_SECONDS = 30  # a bag that is recorded to hang gets one second
# kinds of findings that no bag made of files can cause, and why
NOT_IN_CORPUS = {
    "bag.unreadable": "there is no bag: the folder is missing or closed to the reader",
    "bag.tag-file-unreadable": "needs a read error or missing permissions",
    "bag.folder-unreadable": "needs missing permissions, or folders deeper than a path can name",
    "bag.too-many-errors": "needs a quarter of a million wrong lines; tests/faults has it",
    "fixity.file-unreadable": "needs a read error or missing permissions",
    "fixity.read-unstable": "needs a disk that returns different bytes for one file",
    "fixity.changed-while-read": "needs a program that writes while the file is read",
}
NOT_ABOUT_THE_BAG = ("second-opinion.", "profile.")  # reported only if one of these is requested


def build(case: Case, tmp_path: Path) -> Path:
    bag = tmp_path / case.name / "bag"
    bag.parent.mkdir()
    case.build(bag)
    return bag


@pytest.mark.parametrize("name", CASES)
def test_a_bag_of_the_corpus_has_its_verdict_and_exactly_its_findings(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    bag = build(case, tmp_path)
    run = archtool("verify", bag, "--json")
    (result,) = run.objects
    assert (result["verdict"]["bag"], frozenset(run.codes)) == (case.verdict, case.codes)
    default_code = 0 if case.verdict == "valid" else 1
    exit_code = default_code if case.exit_code is None else case.exit_code
    strictly = archtool("verify", bag, "--strict", "--json").code
    assert (run.code, strictly) == (exit_code, 1 if case.is_refused_strictly else exit_code)
    assert "Traceback" not in run.err


def test_the_library_of_congress_library_gives_the_recorded_answers(tmp_path: Path) -> None:
    bags = [(build(case, tmp_path), 1 if case.loc == "hangs" else LIMIT_SECONDS) for case in CASES.values()]
    answers = dict(zip(CASES, validate_with_loc(bags), strict=True))
    assert answers == {case.name: case.loc for case in CASES.values()}


def test_every_bag_of_the_corpus_has_a_unique_name_and_a_rule() -> None:
    assert len(CASES) == sum(len(family) for family in FAMILIES.values())
    for case in CASES.values():
        assert re.fullmatch(r"[a-z0-9]+([.-][a-z0-9]+)*", case.name.lower())
        assert case.rule.endswith(".")
        assert "|" not in case.rule


def test_every_kind_of_finding_has_a_bag_or_a_reason_why_not() -> None:
    known = {kind.code for kind in vars(finding_kinds).values() if isinstance(kind, Kind)}
    provoked = {code for case in CASES.values() for code in case.codes}
    about_bags = {code for code in known if not code.startswith(NOT_ABOUT_THE_BAG)}
    assert provoked | NOT_IN_CORPUS.keys() == about_bags
    assert not provoked & NOT_IN_CORPUS.keys()
