"""PROV and PREMIS state what follows from the description, in every version of archtool, and nothing else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archtool.bagit.layout import build_layout
from archtool.bagit.listing import BagListing
from archtool.bagit.reader import read_bag
from archtool.files.tree import Tree
from archtool.findings import Finding, has_errors
from archtool.operations.content.consistency import ContentVerdict, check_content
from archtool.operations.content.metadata import read_metadata
from packages import pack, write_description

DESCRIPTION = """\
archtool: 1
id: letter-1932
title: Letter of the bureau to the sections
date: 1932-05
language: en
creators:
  - { name: Leon Trotsky, role: author, type: person }
  - { name: Lev Sedov, role: author, attribution: { status: disputed, note: "the hand; not his" } }
addressees: [{ name: The sections, type: organization }]
custody: [{ event: transfer, label: moved to Paris, date: 1933, to: { name: An archive } }]
transcription: [{ file: letter.txt, transcribers: [{ name: Honest Ann }], method: keyed }]
translation: { from: ru, to: en, translators: [{ name: Real Translator }], date: 1933 }
annexes:
  - { title: First, status: reproduced, within: { file: letter.txt, from-line: 1, to-line: 1 } }
  - { title: Second, status: lost, enclosures: [{ title: Inner, status: lost }] }
files: [{ file: scans/, role: facsimile, title: Scans, of: letter-1932 }]
source: { type: book, title: A letter, container-title: Cahiers, issued: "1979", publisher: Institute }
rights: { original: UND, package: CC0-1.0, translation: { statement: InC, holder: Somebody } }
packager: { name: A packager }
"""
PROV, PREMIS = "metadata/provenance.json", "metadata/premis.xml"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "sources"
    (folder / "scans").mkdir(parents=True)
    (folder / "letter.txt").write_text("To the sections.\nMore.\n")
    for number in range(3):
        (folder / "scans" / f"{number}.txt").write_text("." * number)
    target = folder.with_name("package")
    run = pack(write_description(folder, DESCRIPTION), target)
    assert run.code == 0, run.err
    return target


@pytest.fixture
def package(made: Path, tmp_path: Path) -> Path:
    """A package with every kind of metadata, to be changed."""
    return Path(shutil.copytree(made, tmp_path / "package"))


def findings_of(package: Path) -> tuple[Finding, ...]:
    with Tree(package) as tree:
        found = list(tree.walk())
        bag, _ = read_bag(tree, found)
        layout, _ = build_layout(bag, BagListing.of(found))
        report, findings = check_content(read_metadata(tree, layout.files), bag, layout)
    assert (report.verdict is ContentVerdict.CONSISTENT) is not has_errors(findings)
    return findings


def codes(package: Path) -> set[str]:
    return {finding.code for finding in findings_of(package)}


def change_text(package: Path, path: str, old: str, new: str) -> None:
    text = (package / path).read_text(encoding="utf-8")
    assert old in text
    (package / path).write_text(text.replace(old, new), encoding="utf-8")


def change_prov(package: Path, change: Callable[[dict[str, Any]], object]) -> None:
    document = json.loads((package / PROV).read_text(encoding="utf-8"))
    change(document)
    (package / PROV).write_text(json.dumps(document), encoding="utf-8")


def test_an_unchanged_package_is_consistent(package: Path) -> None:
    assert findings_of(package) == ()


@pytest.mark.parametrize("path", [PROV, PREMIS])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Leon Trotsky", "Somebody else"),
        ("Real Translator", "Mallory"),
        ("Honest Ann", "Bob"),
        ("An archive", "Another archive"),
        ("A packager", "B packager"),
        ("Letter of the bureau", "Confession"),
        ("1932-05", "1999-01"),
        ("disputed", "attributed"),
        ("the hand; not his", "the hand; his"),
        ("moved to Paris", "moved to Rome"),
        ("InC", "CC0-1.0"),
        ("Somebody", "Nobody"),
        ("Institute", "Office"),
        ("keyed", "guessed"),
        ("lost", "listed"),
        ("Inner", "Outer"),
        ("Cahiers", "Notebooks"),
    ],
)
def test_a_name_date_title_or_word_that_differs_from_the_description_is_found(
    package: Path, path: str, old: str, new: str
) -> None:
    change_text(package, path, old, new)
    findings = findings_of(package)
    assert any(f.code == "provenance.fact-differs" and new in f.message for f in findings), findings
    assert {f.place.file for f in findings if f.place} == {path}


def test_the_finding_names_the_stated_and_the_expected_value(package: Path) -> None:
    change_text(package, PREMIS, "<agentName>Real Translator", "<agentName>Mallory")
    (finding,) = findings_of(package)
    assert finding.message.endswith(": agentName is 'Mallory', and should be 'Real Translator'")


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (PREMIS, "<size>23</size>", "<size>24</size>"),
        (PROV, '"$": "23"', '"$": "24"'),
        (PROV, '"arch:file-count": {\n        "$": "3"', '"arch:file-count": {\n        "$": "4"'),
        (PREMIS, ">total-bytes</significantPropertiesType>\n      <significantPropertiesValue>3<",
         ">total-bytes</significantPropertiesType>\n      <significantPropertiesValue>4<"),
    ],
)  # fmt: skip
def test_a_different_size_or_number_of_files_is_found(package: Path, path: str, old: str, new: str) -> None:
    change_text(package, path, old, new)
    assert codes(package) == {"provenance.size-differs"}


def test_an_added_author_is_found(package: Path) -> None:
    def add(document: dict[str, Any]) -> None:
        document["agent"]["pkg:agent-x"] = {"prov:label": "X"}
        author = {"prov:entity": "pkg:document", "prov:agent": "pkg:agent-x", "arch:role": "author"}
        document["wasAttributedTo"]["_:t99"] = {**author, "arch:status": "stated"}

    change_prov(package, add)
    assert "provenance.fact-added" in codes(package)


def test_a_removed_author_is_found(package: Path) -> None:
    change_prov(package, lambda document: document["wasAttributedTo"].popitem())
    assert codes(package) <= {"provenance.fact-missing", "provenance.fact-differs"} != set()


def test_a_relation_to_another_source_is_found(package: Path) -> None:
    def turn(document: dict[str, Any]) -> None:
        relation = next(iter(document["wasDerivedFrom"].values()))
        relation["prov:usedEntity"] = "pkg:package"

    change_prov(package, turn)
    assert "provenance.fact-differs" in codes(package)


def test_a_duplicate_object_in_premis_is_found(package: Path) -> None:
    text = (package / PREMIS).read_text(encoding="utf-8")
    start, end = text.index("  <agent>"), text.index("</agent>\n") + len("</agent>\n")
    (package / PREMIS).write_text(text[:end] + text[start:end] + text[end:], encoding="utf-8")
    assert codes(package) == {"provenance.fact-added"}


def test_text_that_imitates_two_parts_is_not_parsed_as_two_parts(package: Path) -> None:
    text = (package / PREMIS).read_text(encoding="utf-8")
    whole = "<agentName>A packager</agentName>"
    assert whole in text
    changed = text.replace(whole, "<agentName>A packager; agentNote = x</agentName>")
    (package / PREMIS).write_text(changed, encoding="utf-8")
    assert codes(package) == {"provenance.fact-differs"}


def test_order_blanks_and_numbering_are_not_compared(package: Path) -> None:
    def turn_round(document: dict[str, Any]) -> None:
        for section, records in list(document.items()):
            if section not in ("prefix", "entity"):
                document[section] = dict(reversed(records.items()))
        parts = document["hadMember"]
        document["hadMember"] = {f"_:m{n}": part for n, part in enumerate(parts.values(), 50)}

    change_prov(package, turn_round)
    text = (package / PREMIS).read_text(encoding="utf-8")
    (package / PREMIS).write_text("".join(line.strip() for line in text.splitlines()), encoding="utf-8")
    assert findings_of(package) == ()


def test_a_package_named_after_its_folder_is_consistent(package: Path) -> None:
    """The first version of archtool named a package after its folder, not after its id."""
    for path in (PROV, PREMIS):
        change_text(package, path, "packaging: letter-1932", "packaging: box-7")
    change_text(package, PROV, '"prov:label": "letter-1932"', '"prov:label": "box-7"')
    old = ">label</significantPropertiesType>\n      <significantPropertiesValue>"
    change_text(package, PREMIS, f"{old}letter-1932<", f"{old}box-7<")
    assert findings_of(package) == ()


@pytest.mark.parametrize("path", [PROV, PREMIS])
def test_different_packaging_times_in_prov_and_premis_are_found(package: Path, path: str) -> None:
    text = (package / PREMIS).read_text(encoding="utf-8")
    at = text.rindex("<eventDateTime>") + len("<eventDateTime>")
    date = text[at : at + 25]
    change_text(package, path, date, "1999-01-01T00:00:00+00:00")
    assert codes(package) == {"provenance.fact-differs"}


def test_an_additional_payload_manifest_is_not_a_contradiction(package: Path) -> None:
    import hashlib

    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(package).as_posix()}\n"
        for path in sorted((package / "data").rglob("*"))
        if path.is_file()
    ]
    (package / "manifest-sha256.txt").write_text("".join(lines))
    assert codes(package) == {"content.tag-manifest-missing"}


def test_sizes_are_not_compared_while_a_file_is_missing(package: Path) -> None:
    (package / "data" / "scans" / "1.txt").unlink()
    assert codes(package) == set()


def test_a_completely_different_provenance_has_few_findings(package: Path) -> None:
    def fill(document: dict[str, Any]) -> None:
        for number in range(5_000):
            document["agent"][f"pkg:agent-{number}"] = {"prov:label": "x" * 500}

    change_prov(package, fill)
    findings = findings_of(package)
    assert len(findings) < 120
    assert all(len(finding.message) <= 1_000 for finding in findings)
    assert any(finding.message.startswith("and ") for finding in findings)


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("entity", "pkg:package", {"prov:label": ["a"], "arch:kind": "package"}),
        ("entity", "pkg:x", {"prov:label": "x", "arch:kind": "predecessor", "arch:manifest-digest": "x"}),
        ("entity", "pkg:x", {"prov:label": "x", "arch:kind": "adopted-bag", "arch:note": 1}),
        (
            "activity",
            "pkg:packaging",
            {"prov:label": "x", "arch:kind": "packaging", "prov:startTime": "never"},
        ),
        ("agent", "pkg:agent-archtool", {"prov:label": "archtool", "arch:version": 1}),
    ],
)
def test_a_packaging_in_another_form_is_a_finding_and_not_an_exception(
    package: Path, section: str, name: str, value: dict[str, Any]
) -> None:
    change_prov(package, lambda document: document[section].__setitem__(name, value))
    assert codes(package) != set()


@pytest.mark.parametrize("stated", ["2026-11-31T12:00:00Z", "2026-11-22T12:00:00"])
def test_a_time_of_packaging_that_does_not_exist_never_stops_the_check(package: Path, stated: str) -> None:
    document = json.loads((package / PROV).read_text(encoding="utf-8"))
    for event in document["activity"].values():
        if event.get("arch:kind") == "packaging":
            event["prov:startTime"] = stated
    (package / PROV).write_text(json.dumps(document), encoding="utf-8")
    assert any(stated in finding.message for finding in findings_of(package)), findings_of(package)


def test_a_second_record_under_one_name_is_found_as_well(package: Path) -> None:
    document = json.loads((package / PROV).read_text(encoding="utf-8"))
    name = next(iter(document["entity"]))
    document["entity"][name] = [document["entity"][name]]
    (package / PROV).write_text(json.dumps(document), encoding="utf-8")
    assert has_errors(findings_of(package))


def test_another_profile_is_found_even_if_the_provenance_cannot_be_read(package: Path) -> None:
    (package / PROV).write_text("{", encoding="utf-8")
    change_text(package, "bag-info.txt", "BagIt-Profile-Identifier: ", "BagIt-Profile-Identifier: x")
    assert any("BagIt-Profile-Identifier" in finding.message for finding in findings_of(package))
