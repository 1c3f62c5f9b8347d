"""The formats of payload files: in PREMIS and in the provenance, with their keys in PRONOM."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from command_line import DATE, archtool, assert_loc_agrees
from packages import write_letter
from unit.bagit.bag_builders import bag_files, write_bag

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(8) + b"\0\0\0\0IEND\xae\x42\x60\x82"
FILES = """\
files:
  - { file: scans/, role: facsimile }
  - { file: cover.png, role: facsimile }
"""


@pytest.fixture
def description(letters: Path) -> Path:
    (letters / "scans").mkdir()
    for name in ("scans/1.png", "scans/2.png", "cover.png"):
        (letters / name).write_bytes(PNG)
    return write_letter(letters, FILES)


def pack(description: Path, package: Path, *options: str | Path) -> str:
    """Make a package, which must be valid and consistent; return its PREMIS."""
    run = archtool("pack", description, "-o", package, "--date", DATE, *options)
    assert run.code == 0, run.err
    assert archtool("verify", "--strict", package).code == 0
    if package.is_dir():
        assert_loc_agrees(package)
    return (package / "metadata" / "premis.xml").read_text()


def formats(premis: str) -> list[list[str]]:
    """Return the texts of each format in PREMIS."""
    return [
        re.findall(r">([^<>\n]+)</", part) for part in re.findall(r"<format>.*?</format>", premis, re.DOTALL)
    ]


def entities(package: Path) -> dict[str, dict[str, str]]:
    document = json.loads((package / "metadata" / "provenance.json").read_text())
    return {entity["prov:label"]: entity for entity in document["entity"].values()}


def siegfried(tmp_path: Path, *files: tuple[str, int]) -> Path:
    match = {
        "ns": "pronom", "id": "fmt/11", "format": "Portable Network Graphics", "version": "1.0",
        "mime": "image/png", "basis": "byte match at 0, 16", "warning": "",
    }  # fmt: skip
    listed = [{"filename": name, "filesize": size, "matches": [match]} for name, size in files]
    identifiers = [{"name": "pronom", "details": "DROID_SignatureFile_V118.xml"}]
    path = tmp_path / "sf.json"
    path.write_text(json.dumps({"siegfried": "1.11.1", "identifiers": identifiers, "files": listed}))
    return path


def test_media_types_come_from_names_and_first_bytes_and_say_so(description: Path, tmp_path: Path) -> None:
    package = tmp_path / "package"
    assert sorted(formats(pack(description, package))) == [
        ["image/png", "identified by: name and first bytes"],
        ["text/plain", "taken from the file's name only; the file was not opened to find out"],
    ]
    assert entities(package)["cover.png"]["arch:media-type"] == "image/png"
    assert entities(package)["scans/"]["arch:formats"] == "2 × image/png"


def test_a_scan_that_is_no_image_is_a_warning_of_check_and_pack(description: Path, tmp_path: Path) -> None:
    (description.parent / "cover.png").write_bytes(b"%PDF-1.7\n")
    checked = archtool("check", description, "--json")
    packed = archtool("pack", description, "-o", tmp_path / "package", "--json")
    assert (checked.code, checked.codes) == (packed.code, packed.codes) == (0, ["format.name-differs"])
    assert archtool("check", "--strict", description).code == 1
    assert "cover.png: the name suggests image/png, the first bytes are those of a PDF" in packed.out
    assert archtool("verify", "--strict", tmp_path / "package").code == 0


def test_the_report_of_siegfried_gives_keys_to_files_and_folders(description: Path, tmp_path: Path) -> None:
    root = description.parent
    report = siegfried(
        tmp_path, ("scans/1.png", len(PNG)), ("/elsewhere/scans/2.png", len(PNG)),
        (f"{root}/cover.png", len(PNG)), (f"{root}/letter.txt", 17), ("unrelated.png", 1),
    )  # fmt: skip
    premis = pack(description, tmp_path / "package", "--formats", report)
    tool = "siegfried 1.11.1, DROID_SignatureFile_V118.xml"
    assert formats(premis)[-1] == [
        "Portable Network Graphics", "1.0", "PRONOM", "fmt/11", "media type: image/png",
        f"identified by: {tool}: byte match at 0, 16",
    ]  # fmt: skip
    label = "2 × Portable Network Graphics 1.0 (PRONOM fmt/11)"
    assert entities(tmp_path / "package")["scans/"]["arch:formats"] == label


def test_a_file_that_changed_since_the_report_is_identified_here(description: Path, tmp_path: Path) -> None:
    report = siegfried(tmp_path, ("cover.png", 1))
    run = archtool("pack", description, "-o", tmp_path / "package", "--formats", report, "--json")
    assert run.code == 0
    assert sorted(run.codes) == ["format.not-reported"] * 3 + ["format.report-outdated"]
    assert entities(tmp_path / "package")["cover.png"]["arch:format-basis"] == "name and first bytes"


def test_fido_identifies_the_files_if_it_is_named(description: Path, tmp_path: Path) -> None:
    premis = pack(description, tmp_path / "package", "--formats", "fido")
    assert "fmt/" in premis
    assert "identified by: fido 1." in premis


def test_packages_with_the_same_report_have_the_same_bytes(description: Path, tmp_path: Path) -> None:
    report = siegfried(tmp_path, ("cover.png", len(PNG)))
    first, second = (
        pack(description, tmp_path / name, "--formats", report, "--jobs", jobs)
        for name, jobs in (("a", "1"), ("b", "2"))
    )
    assert first == second


def test_a_report_that_cannot_be_read_makes_no_package(description: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    report.write_text("a;b\n")
    run = archtool("pack", description, "-o", tmp_path / "package", "--formats", report)
    assert run.code == 3
    assert "is not an export of DROID: it has no column FILE_PATH" in run.said()
    assert not (tmp_path / "package").exists()
    missing = archtool("pack", description, "-o", tmp_path / "package", "--formats", tmp_path / "none.json")
    assert missing.code == 3


def test_fido_is_refused_for_the_files_of_a_bag(description: Path, tmp_path: Path) -> None:
    run = archtool(
        "pack", description, "-o", tmp_path / "package", "--formats", "fido", "--from-bag", tmp_path / "bag"
    )
    assert run.code == 2
    assert "--formats fido and --from-bag contradict each other" in run.err


def test_show_and_list_count_the_files_of_each_format(description: Path, tmp_path: Path) -> None:
    package = tmp_path / "packages" / "letter"
    package.parent.mkdir()
    pack(description, package)
    expected = [{"format": "image/png", "files": 3}, {"format": "text/plain", "files": 1}]
    (shown,) = archtool("show", package, "--json").objects
    assert shown["facts"]["formats"] == expected
    assert "3 × image/png" in archtool("show", package).out
    (listed,) = archtool("list", package.parent, "--formats", "--json").objects
    assert listed["facts"]["formats"] == expected
    table = archtool("list", package.parent, "--formats").out
    assert "3 × image/png, 1 × text/plain" in table
    assert "FORMATS (recorded)" in table
    assert "FORMATS" not in archtool("list", package.parent).out


def test_a_bag_of_another_tool_records_no_formats(tmp_path: Path) -> None:
    bag = write_bag(tmp_path / "bags" / "bag", bag_files({"data/a.png": PNG}))
    (listed,) = archtool("list", bag.parent, "--formats", "--json").objects
    assert (listed["exit_code"], listed["facts"]["formats"]) == (0, [])


def test_a_batch_takes_formats_from_one_report_and_notices_when_it_changes(
    description: Path, tmp_path: Path
) -> None:
    def made() -> tuple[int, list[str], str]:
        run = archtool("batch", description.parent, "-o", tmp_path / "out", "--formats", tmp_path / "sf.json")
        (package,) = [path.parent for path in (tmp_path / "out").rglob("bagit.txt")]
        endings = [job["ending"] for job in run.objects]
        return run.code, endings, entities(package)["cover.png"].get("arch:format-key", "none")

    siegfried(tmp_path, ("unrelated.png", 1))
    assert made() == (0, ["done"], "none")
    siegfried(tmp_path, ("cover.png", len(PNG)))
    assert made() == (0, ["done"], "PRONOM fmt/11")
    assert made() == (0, ["left"], "PRONOM fmt/11")
