"""Folders that are declared in one line: their files need no names, and every change is found."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archtool.bagit.tag_files.manifest_writer import format_manifest
from archtool.files.hashing.digests import Algorithm, Digest
from archtool.operations.sources.folders import folder_of
from command_line import archtool
from packages import write_description
from unit.files.folders import make_files

HEAD = "archtool: 1\ntitle: Letter\nsource: Cahiers.\nrights: { original: UND }\ntranscription: letter.txt\n"
SCANS = HEAD + "files:\n  - { file: scans/, role: facsimile, id: scans, method: scanned }\n"
FILES = {
    "letter.txt": b"text\n",
    "scans/2/b.tif": b"II*\0two",
    "scans/a.tif": b"II*\0one",
    "scans/a 100%.tif": b"II*\0three",
}


def sources(folder: Path, text: str = SCANS, files: dict[str, bytes] | None = None) -> Path:
    """Write a folder of sources; return its description."""
    make_files(folder, FILES if files is None else files)
    return write_description(folder, text)


def packed(tmp_path: Path, text: str = SCANS, *options: str) -> Path:
    bag = tmp_path / "bag"
    result = archtool("pack", sources(tmp_path / "sources", text), "-o", bag, *options)
    assert result.code == 0, result.err
    return bag


def test_every_file_below_a_declared_folder_is_packed_and_the_package_is_consistent(tmp_path: Path) -> None:
    bag = packed(tmp_path, SCANS, "--second-opinion", "--algorithm", "sha512", "--algorithm", "md5")
    assert {name: (bag / "data" / name).read_bytes() for name in FILES} == FILES
    verified = archtool("verify", bag)
    assert (verified.code, "content consistent" in verified.out) == (0, True), verified.out
    assert "facsimile     data/scans/" in archtool("show", bag).out


def test_one_digest_covers_the_folder_and_stock_programs_can_compute_it(tmp_path: Path) -> None:
    bag = packed(tmp_path)
    manifest = (bag / "manifest-sha512.txt").read_text().splitlines(keepends=True)
    lines = "".join(line for line in manifest if "  data/scans/" in line)
    expected = f"sha512:{hashlib.sha512(lines.encode()).hexdigest()}"
    entity = json.loads((bag / "metadata/provenance.json").read_text())["entity"]["pkg:scans"]
    assert (entity["arch:manifest-lines"], entity["arch:folder"]) == (expected, "data/scans/")
    assert (entity["arch:file-count"]["$"], entity["arch:total-bytes"]["$"]) == ("3", "23")
    assert expected in (bag / "metadata/premis.xml").read_text()


def test_a_file_with_its_own_description_is_listed_separately(tmp_path: Path) -> None:
    text = SCANS + "  - { file: scans/a.tif, role: facsimile, id: first, note: torn }\n"
    entities = json.loads((packed(tmp_path, text) / "metadata/provenance.json").read_text())["entity"]
    assert entities["pkg:first"]["arch:path"] == "data/scans/a.tif"
    assert entities["pkg:scans"]["arch:file-count"]["$"] == "3"
    assert archtool("verify", tmp_path / "bag").code == 0


def rebuilt(bag: Path, change: Callable[[Path], Any]) -> list[str]:
    """Change a bag, make its manifests again, and return the findings of `verify` about its content."""
    change(bag)
    for prefix, names in (("", "data/**/*"), ("tag", "[!t]*")):
        files = [p for p in bag.glob(names) if p.is_file()]
        files += list(bag.glob("metadata/*")) if prefix else []
        pairs = [
            (
                p.relative_to(bag).as_posix(),
                Digest(Algorithm.SHA512, hashlib.sha512(p.read_bytes()).hexdigest()),
            )
            for p in files
        ]
        (bag / f"{prefix}manifest-sha512.txt").write_text(format_manifest(pairs))
    return [code for code in archtool("verify", bag, "--json").codes if not code.startswith("oxum")]


def test_a_file_put_into_a_folder_together_with_its_line_is_found(tmp_path: Path) -> None:
    found = rebuilt(packed(tmp_path), lambda bag: (bag / "data/scans/new.tif").write_bytes(b"new"))
    # in PROV and PREMIS: the digest of the lines, the number of files and their bytes
    assert sorted(found) == ["provenance.digest-differs"] * 2 + ["provenance.size-differs"] * 4


def test_a_file_of_a_folder_changed_together_with_its_line_is_found(tmp_path: Path) -> None:
    found = rebuilt(packed(tmp_path), lambda bag: (bag / "data/scans/a.tif").write_bytes(b"II*\0One"))
    assert found == ["provenance.digest-differs"] * 2


def test_a_folder_that_lost_all_its_files_is_found(tmp_path: Path) -> None:
    def empty(bag: Path) -> None:
        for name in FILES:
            if name.startswith("scans/"):
                (bag / "data" / name).unlink()

    found = rebuilt(packed(tmp_path), empty)
    assert found.count("content.file-missing") == 1
    assert found.count("provenance.file-missing") == 2


def test_a_file_outside_every_declared_folder_is_not_described(tmp_path: Path) -> None:
    found = rebuilt(packed(tmp_path), lambda bag: (bag / "data/scans.tif").write_bytes(b"new"))
    assert "content.file-not-described" in found
    assert found.count("provenance.file-unknown") == 2


def test_provenance_of_an_undeclared_folder_is_a_contradiction(tmp_path: Path) -> None:
    def claim(bag: Path) -> None:
        for name in ("provenance.json", "premis.xml"):
            path = bag / "metadata" / name
            path.write_text(path.read_text().replace("data/scans/", "data/"))

    assert "provenance.file-missing" in rebuilt(packed(tmp_path), claim)


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (SCANS.replace("scans/", "slides/"), "payload.missing", "slides/ is declared, but contains no file"),
        (SCANS.replace("scans/", "letter.txt/"), "payload.missing", "is a file: write it without `/`"),
        (SCANS.replace("scans/", "../"), "description.file-path", "climbs out of its folder"),
        (SCANS.replace("scans/", "scans"), "payload.not-a-file", "all of them under `files` as `scans/`"),
        (
            SCANS + "  - { file: scans/2/, role: derived }\n",
            "description.folder-nested",
            "the folder `scans/2/` is inside `scans/`",
        ),
    ],
)
def test_an_invalid_declared_folder_is_refused(tmp_path: Path, text: str, code: str, message: str) -> None:
    result = archtool("check", sources(tmp_path, text), "--json")
    assert result.code == 3
    [finding] = [f for f in result.objects[0]["findings"] if f["code"] == code]
    assert message in f"{finding['message']} {finding['hint']}"


def test_an_entry_of_a_declared_folder_that_is_not_a_file_is_refused(tmp_path: Path) -> None:
    description = sources(tmp_path)
    os.mkfifo(tmp_path / "scans/fifo")
    (tmp_path / "scans/link").symlink_to("a.tif")
    result = archtool("check", description, "--json")
    assert (result.code, result.codes) == (3, ["payload.not-a-file"] * 2 + ["payload.name-encoded"])


def test_system_files_and_omitted_files_are_not_packed_with_a_folder(tmp_path: Path) -> None:
    text = SCANS + "left-out: ['scans/*.tmp']\n"
    description = sources(tmp_path / "s", text, FILES | {"scans/Thumbs.db": b"x", "scans/x.tmp": b"x"})
    assert archtool("pack", description, "-o", tmp_path / "bag").code == 0
    assert sorted(p.name for p in (tmp_path / "bag/data/scans").iterdir()) == ["2", "a 100%.tif", "a.tif"]


def test_a_name_in_a_declared_folder_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    description = sources(tmp_path)
    (tmp_path / os.fsdecode(b"scans/\xff.tif")).write_bytes(b"II*\0")
    result = archtool("check", description, "--json")
    assert (result.code, sorted(result.codes)) == (1, ["payload.name-encoded", "payload.name-not-utf8"])


def test_a_folder_of_a_neighbouring_description_is_not_undeclared(tmp_path: Path) -> None:
    description = sources(tmp_path, HEAD)
    (tmp_path / "other.yaml").write_text(SCANS.replace("letter.txt", "other.txt"))
    (tmp_path / "other.txt").write_text("other\n")
    assert archtool("check", description).code == 0


def test_a_folder_is_found_by_its_complete_name_only() -> None:
    assert folder_of("data/scans/a", {"data/scans/"}) == "data/scans/"
    assert folder_of("data/scans2/a", {"data/scans/"}) is None
    assert folder_of("data/a", set()) is None


def test_a_draft_declares_a_folder_of_many_scans_in_one_line(tmp_path: Path) -> None:
    scans = {f"scans/{n}/page.tif": b"x" for n in range(20)}
    make_files(tmp_path, {"letter.txt": b"text\n", "map.png": b"x", **scans})
    assert archtool("new", tmp_path).code == 0
    lines = [
        line for line in (tmp_path / "description.yaml").read_text().splitlines() if "facsimile }" in line
    ]
    assert lines == ["  - { file: map.png, role: facsimile }", "  - { file: scans/, role: facsimile }"]
