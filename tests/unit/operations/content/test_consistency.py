"""The metadata of a package compared with its payload, its manifests and its description."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archtool.bagit.layout import build_layout
from archtool.bagit.limits import MAX_METADATA_BYTES
from archtool.bagit.listing import BagListing
from archtool.bagit.reader import read_bag
from archtool.files.tree import Tree
from archtool.findings import Finding
from archtool.operations.content import consistency, metadata
from archtool.operations.content.consistency import ContentReport, ContentVerdict, check_content
from archtool.operations.content.metadata import Metadata, read_metadata
from archtool.provenance import reader
from packages import pack, write_description, write_letter

ANNEXES = """\
annexes:
  - title: Note
    id: note
    status: reproduced
    file: note.txt
    enclosures:
      - { title: Inner, status: reproduced, within: { file: letter.txt, from-line: 1 } }
"""
CheckedContent = tuple[ContentReport, tuple[Finding, ...]]
METADATA = ("description.yaml", "citation.json", "annexes.json", "provenance.json", "premis.xml")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    (folder / "sources").mkdir()
    (folder / "sources" / "note.txt").write_text("Note.\n")
    assert pack(write_letter(folder / "sources", ANNEXES), folder / "package").code == 0
    return folder / "package"


@pytest.fixture
def package(made: Path, tmp_path: Path) -> Path:
    """A package of one letter with a note, to be altered."""
    return Path(shutil.copytree(made, tmp_path / "package"))


def check_package(package: Path) -> CheckedContent:
    with Tree(package) as tree:
        found = list(tree.walk())
        bag, _ = read_bag(tree, found)
        layout, _ = build_layout(bag, BagListing.of(found))
        return check_content(read_metadata(tree, layout.files), bag, layout)


def codes(checked: CheckedContent) -> list[str]:
    return [finding.code for finding in checked[1]]


def change_json(package: Path, name: str, change: Callable[[Any], None]) -> None:
    path = package / "metadata" / name
    value = json.loads(path.read_text(encoding="utf-8"))
    change(value)
    path.write_text(json.dumps(value), encoding="utf-8")


def test_a_new_package_is_consistent_and_reports_its_facts(package: Path) -> None:
    report, findings = check_package(package)
    assert (report.verdict, findings) == (ContentVerdict.CONSISTENT, ())
    assert report.facts == {
        "id": None,
        "title": "Letter of the bureau to the sections",
        "annexes": {"reproduced": 2},
    }


def test_a_bag_without_metadata_is_not_described_and_has_no_findings(package: Path) -> None:
    shutil.rmtree(package / "metadata")
    info = package / "bag-info.txt"
    info.write_text("".join(f"{line}\n" for line in info.read_text().splitlines() if "Profile" not in line))
    assert check_package(package) == (ContentReport(ContentVerdict.NOT_DESCRIBED), ())


@pytest.mark.parametrize("name", METADATA)
def test_each_metadata_file_that_is_missing_is_named(package: Path, name: str) -> None:
    (package / "metadata" / name).unlink()
    report, findings = check_package(package)
    assert report.verdict is ContentVerdict.INCONSISTENT
    assert ("content.metadata-missing", f"metadata/{name}") in [(f.code, str(f.place)) for f in findings]


def test_a_bag_with_the_profile_identifier_must_have_all_metadata_files(package: Path) -> None:
    shutil.rmtree(package / "metadata")
    report, _ = checked = check_package(package)
    assert codes(checked) == ["content.metadata-missing"] * 5
    assert report.facts == {}


def test_a_metadata_file_that_cannot_be_read_counts_as_missing(package: Path) -> None:
    premis = package / "metadata" / "premis.xml"
    with Tree(package) as tree:
        found = list(tree.walk())
        bag, _ = read_bag(tree, found)
        layout, _ = build_layout(bag, BagListing.of(found))
        premis.unlink()
        checked = check_content(read_metadata(tree, layout.files), bag, layout)
    assert codes(checked) == ["content.metadata-missing"]


def test_a_metadata_file_above_the_size_limit_is_not_reported_as_missing(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (metadata, consistency):
        monkeypatch.setattr(module, "MAX_METADATA_BYTES", 1)
    report, findings = check_package(package)
    assert report.verdict is ContentVerdict.INCONSISTENT
    assert {(f.code, str(f.place)) for f in findings} == {
        ("content.metadata-too-large", f"metadata/{name}") for name in METADATA
    }
    assert findings[0].message == "metadata/description.yaml is larger than 1 bytes: not checked"


def test_provenance_is_read_up_to_the_size_limit_of_metadata() -> None:
    assert reader.MAX_MANIFEST_BYTES == MAX_METADATA_BYTES


BROKEN = [b"", b"{", b"\xff\xfe\xff", b'{"a": NaN', b"[" * 100_000, b"[" * 500 + b"1" + b"]" * 500]


@pytest.mark.parametrize("data", BROKEN, ids=range(len(BROKEN)))
@pytest.mark.parametrize("name", ["citation.json", "annexes.json"])
def test_a_metadata_file_that_is_not_json_is_invalid(package: Path, name: str, data: bytes) -> None:
    (package / "metadata" / name).write_bytes(data)
    (finding,) = check_package(package)[1]
    assert (finding.code, str(finding.place)) == ("content.metadata-invalid", f"metadata/{name}")
    assert finding.message.startswith(f"metadata/{name} is not ")


def nested(levels: int) -> str:
    opening = '{"title": "a", "status": "lost", "according-to": "b", "enclosures": ['
    document = '"document": {"id": null, "title": "a"}, "counts": {}'
    annexes = opening * levels + "]}" * levels
    return f'{{"schema": "urn:archtool:schema:annexes:1", {document}, "annexes": [{annexes}]}}'


def test_a_deeply_nested_inventory_is_invalid(package: Path) -> None:
    (package / "metadata" / "annexes.json").write_text(nested(150))
    (finding,) = check_package(package)[1]
    assert finding.code == "content.metadata-invalid"
    assert finding.message == (
        "metadata/annexes.json is not unambiguous JSON: nested more than 128 levels deep"
    )


@pytest.mark.parametrize("name", ["citation.json", "annexes.json", "provenance.json"])
def test_a_metadata_file_with_a_key_twice_is_never_consistent(package: Path, name: str) -> None:
    path = package / "metadata" / name
    text = path.read_text()
    at = text.index("{") + 1
    path.write_text(f'{text[:at]}"key": "one", "key": "two", {text[at:]}')
    report, findings = check_package(package)
    assert report.verdict is ContentVerdict.INCONSISTENT
    assert any("the key 'key' occurs twice in one object" in finding.message for finding in findings)


def test_a_citation_with_too_many_values_is_invalid(package: Path) -> None:
    (package / "metadata" / "citation.json").write_text("[" + "{}," * 120_000 + "{}]")
    (finding,) = check_package(package)[1]
    assert finding.code == "content.metadata-invalid"
    assert "it has more than " in finding.message


@pytest.mark.parametrize("name", ["citation.json", "annexes.json"])
@pytest.mark.parametrize(
    "data", ["null", "[]", "{}", "5", '"a"', "[5]", '[{"id": {}, "author": 5, "issued": 3}]']
)
def test_a_metadata_file_that_does_not_conform_to_its_schema_is_invalid(
    package: Path, name: str, data: str
) -> None:
    (package / "metadata" / name).write_text(data)
    checked = check_package(package)
    assert set(codes(checked)) == {"content.metadata-invalid"}


def test_a_fault_in_the_packaged_description_is_reported_at_its_line(package: Path) -> None:
    path = package / "metadata" / "description.yaml"
    path.write_text(path.read_text().replace("date: 1932-05", "date: 1932-13"))
    (finding,) = check_package(package)[1]
    assert (finding.code, str(finding.place)) == ("content.metadata-invalid", "metadata/description.yaml:3:7")
    assert finding.message == "'1932-13' does not exist in the calendar (description.date)"


def test_warnings_about_the_description_are_not_repeated(tmp_path: Path, letters: Path) -> None:
    text = write_letter(letters).read_text().replace("rights:", "x-rights:")
    assert pack(write_description(letters, text), tmp_path / "package").code == 0
    assert check_package(tmp_path / "package")[1] == ()


def test_a_citation_that_differs_from_the_description_is_found(package: Path) -> None:
    change_json(package, "citation.json", lambda items: items[0].update(note="Other.", title="More"))
    assert [f.message for f in check_package(package)[1] if f.code == "content.citation-differs"] == [
        "`note` differs from the source in the description",
        "`title` differs from the source in the description",
    ]


def test_a_source_from_a_library_is_compared_with_the_fields_of_the_description(
    tmp_path: Path, letters: Path
) -> None:
    (letters / "library.json").write_text('[{"id": "a", "type": "book", "title": "A"}]')
    text = write_letter(letters).read_text()
    text = text.replace(
        '"Cahiers, no 3 (1979), pp. 12-14."', "{ cite: a, library: library.json, pages: 3-16 }"
    )
    assert pack(write_description(letters, text), tmp_path / "package").code == 0
    assert check_package(tmp_path / "package")[1] == ()
    change_json(tmp_path / "package", "citation.json", lambda items: items[0].update(page="5"))
    assert "content.citation-differs" in codes(check_package(tmp_path / "package"))


@pytest.mark.parametrize(
    "change",
    [
        lambda i: i["annexes"][0].update(title="Other"),
        lambda i: i["annexes"][0].update(status="lost"),
        lambda i: i["annexes"][0]["enclosures"][0].update(title="Other"),
        lambda i: i["annexes"][0]["text"].update(
            {"file": "data/letter.txt", "size-bytes": 17, "digests": {"md5": "00"}}
        ),
        lambda i: i["annexes"][0].pop("text"),
        lambda i: i["annexes"].append({"title": "B", "status": "lost", "according-to": "me"}),
        lambda i: i["counts"].update(lost=1),
        lambda i: i["document"].update(title="Other"),
    ],
)
def test_an_inventory_that_differs_from_the_description_is_found(
    package: Path, change: Callable[[Any], None]
) -> None:
    change_json(package, "annexes.json", change)
    assert codes(check_package(package)) == ["content.inventory-differs"]


@pytest.mark.parametrize("where", [lambda i: i["annexes"][0], lambda i: i["annexes"][0]["enclosures"][0]])
def test_a_digest_that_differs_from_the_manifest_is_found_at_any_depth(
    package: Path, where: Callable[[Any], Any]
) -> None:
    change_json(
        package, "annexes.json", lambda i: where(i)["text"]["digests"].update(sha512="00" * 64, other="00")
    )
    (finding,) = check_package(package)[1]
    assert finding.code == "content.digest-differs"
    assert "sha512 is 00000000… here and " in finding.message


def test_a_text_that_no_manifest_lists_is_found(package: Path) -> None:
    change_json(package, "annexes.json", lambda i: i["annexes"][0]["text"].update(file="data/other.txt"))
    assert set(codes(check_package(package))) == {"content.inventory-differs", "content.digest-differs"}


def test_an_undeclared_payload_file_is_named(package: Path) -> None:
    (package / "data" / "more.txt").write_text("x")
    (finding,) = check_package(package)[1]
    assert (finding.code, finding.message) == (
        "content.file-not-described", "data/more.txt is not declared in metadata/description.yaml"
    )  # fmt: skip


def test_a_declared_file_that_is_missing_is_named(package: Path) -> None:
    (package / "data" / "note.txt").unlink()
    assert "content.file-missing" in codes(check_package(package))


@pytest.mark.parametrize(
    "label", ["Title", "Date", "Language", "Source-Citation", "Annexe-Inventory", "Rights"]
)
def test_a_bag_info_that_differs_from_the_description_is_a_warning(package: Path, label: str) -> None:
    info = package / "bag-info.txt"
    lines = info.read_text().splitlines()
    info.write_text(
        "".join(f"{label}: other\n" if line.startswith(f"{label}:") else f"{line}\n" for line in lines)
    )
    report, findings = check_package(package)
    assert [(f.code, f.severity.value) for f in findings] == [("content.bag-info-differs", "warning")]
    assert report.verdict is ContentVerdict.CONSISTENT


def test_a_long_title_folded_over_lines_is_equal(tmp_path: Path, letters: Path) -> None:
    title = "title: |\n  Letter of the bureau\n\n  to  the sections\n"
    text = write_letter(letters).read_text().replace("title: Letter of the bureau to the sections\n", title)
    assert pack(write_description(letters, text), tmp_path / "package").code == 0
    assert check_package(tmp_path / "package")[1] == ()


def test_a_citation_without_a_description_is_only_checked_against_its_schema(package: Path) -> None:
    (package / "metadata" / "description.yaml").unlink()
    change_json(package, "citation.json", lambda items: items[0].update(note="Other."))
    change_json(package, "annexes.json", lambda i: i["annexes"][0].update(title="Other"))
    assert codes(check_package(package)) == ["content.metadata-missing"]


@pytest.mark.parametrize(
    "custom", [5, {}, [], None, {"archtool-verbatim": 5}, {"archtool-verbatim": {"a": []}}]
)
def test_a_hostile_citation_is_inconsistent(package: Path, custom: object) -> None:
    change_json(package, "citation.json", lambda items: items[0].update(custom=custom))
    assert check_package(package)[0].verdict is ContentVerdict.INCONSISTENT


def test_a_manifest_of_an_unknown_algorithm_is_ignored(package: Path) -> None:
    (package / "manifest-crc32.txt").write_text("00000000  data/letter.txt\n")
    assert check_package(package)[0].verdict is ContentVerdict.CONSISTENT


def test_a_missing_metadata_file_has_no_value() -> None:
    assert Metadata({}).json("metadata/citation.json") is None
