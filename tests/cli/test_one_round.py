"""`check`, `pack` and `batch` report every fault of a description and of its files in one run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archtool.cli.terminal import output
from command_line import Run, archtool
from packages import write_description, write_letter

FAULTY = """\
archtool: 1
title: Letter: of the bureau
date: 12/05/1932
author: Leon Trotsky
transcription:
  - { file: letter.txt, language: french }
  - { file: missing.txt }
  - { file: old.txt }
annexes:
  - title: Note
    status: reproduced
    within: { file: letter.txt, from-line: 90 }
  - title: List
    status: reprodused
    file: list.txt
addressees: The sections
source: { type: book, title: Cahiers }
files:
  - { file: scan-1.tif, role: Facsimiles }
left-out: ["drafts/*"]
rights: { original: UND }
"""
FAULTS = [
    ("description.syntax", "description.yaml:2:14", "put the value in quotes"),
    ("description.date", "description.yaml:3:7", "`1932-05-12` (day 12 of month 5) or `1932-12-05`"),
    ("description.unknown-key", "description.yaml:4:1", "did you mean `creators`? For instance:"),
    ("description.language", "description.yaml:6:35", "did you mean `fr`?"),
    ("description.wrong-value", "description.yaml:14:13", "did you mean `reproduced`?"),
    ("description.wrong-type", "description.yaml:16:13", "for instance:"),
    ("description.wrong-value", "description.yaml:19:31", "did you mean `facsimile`?"),
    ("payload.missing", "description.yaml:7:13", "put the file there"),
    ("payload.left-out-nothing", "description.yaml:20:12", "or delete the entry"),
    ("payload.undeclared", "scan-2.tif", "declare it"),
    ("annexe.lines-outside", "letter.txt", "correct `from-line`"),
    ("payload.encoding", "old.txt", "declare the encoding"),
]


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    folder = tmp_path / "letters"
    folder.mkdir()
    for name, data in (("letter", b"To the sections.\n"), ("list", b"A\n"), ("old", b"caf\xe9\n")):
        (folder / f"{name}.txt").write_bytes(data)
    for number in (1, 2):
        (folder / f"scan-{number}.tif").write_bytes(b"II*\0")
    return write_description(folder, FAULTY)


@pytest.mark.parametrize("columns", [80, 120])
def test_check_shows_each_fault_with_its_hint(
    faulty: Path, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "width", lambda: columns)
    seen = archtool("check", faulty.name, cwd=faulty.parent)
    assert (seen.code, seen.err) == (3, "")
    *found, summary = seen.out.splitlines()
    assert (
        summary == "description.yaml: cannot be packed yet: 12 errors · 0 warnings · 4 files read · 28 bytes"
    )
    assert max(map(len, found)) <= columns
    shown = " ".join(" ".join(found).split()).split("error ")[1:]
    assert len(shown) == len(FAULTS)
    for (code, place, hint), text in zip(FAULTS, shown, strict=True):
        assert place in text
        assert f"[{code}] hint: " in text
        assert hint in text


@pytest.mark.parametrize("columns", [80, 120])
def test_an_example_is_shown_on_two_lines(
    faulty: Path, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "width", lambda: columns)
    lines = archtool("check", faulty).out.splitlines()
    first = lines.index("                creators:")
    assert lines[first + 1] == "                  - { name: Leon Trotsky, role: author }"
    assert lines[lines.index("                addressees:") + 1] == "                  - The sections"


def test_json_has_the_same_findings_and_each_hint_is_plain_text(faulty: Path) -> None:
    seen = archtool("check", faulty, "--json")
    (result,) = seen.objects
    assert [finding["code"] for finding in result["findings"]] == [code for code, _, _ in FAULTS]
    assert result["findings"][2]["hint"] == (
        "did you mean `creators`? For instance:\ncreators:\n  - { name: Leon Trotsky, role: author }"
    )
    assert result["facts"]["files"] == 4


def test_pack_reports_the_same_faults_and_writes_nothing(faulty: Path, tmp_path: Path) -> None:
    seen = archtool("pack", faulty, "-o", tmp_path / "package", "--json")
    (result,) = seen.objects
    assert seen.code == 3
    assert [finding["code"] for finding in result["findings"]] == [code for code, _, _ in FAULTS]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letters"]


def test_a_batch_reports_the_same_faults(faulty: Path, tmp_path: Path) -> None:
    seen = archtool("batch", faulty.parent.parent, "-o", tmp_path / "out", "--jobs", "1")
    (told,) = seen.objects
    assert [finding["code"] for finding in told["findings"]] == [code for code, _, _ in FAULTS]
    assert told["exit_code"] == 3


def codes_of(run: Run) -> list[str]:
    return run.codes


def test_a_missing_transcription_is_not_reported_as_an_undeclared_file_as_well(tmp_path: Path) -> None:
    write_letter(tmp_path)
    (tmp_path / "scan.tif").write_bytes(b"II*\0")
    text = (tmp_path / "description.yaml").read_text().replace("transcription: letter.txt\n", "")
    seen = archtool("check", write_description(tmp_path, text), "--json")
    assert codes_of(seen) == ["description.missing-key", "payload.undeclared"]
    assert "scan.tif" in seen.objects[0]["findings"][1]["message"]


@pytest.mark.parametrize(
    "more",
    [
        "filez: [{ file: scan.tif, role: facsimile }]\n",
        "files: [{ file: scan.tif, role: facsimile, of: a b }]\n",
        "files: [{ file: scan.tif, role: @facsimile }]\n",
        "left-out: [scan.*, [x]]\n",
    ],
)
def test_a_file_that_a_faulty_part_names_is_not_undeclared(tmp_path: Path, more: str) -> None:
    description = write_letter(tmp_path, more)
    (tmp_path / "scan.tif").write_bytes(b"II*\0")
    assert "payload.undeclared" not in codes_of(archtool("check", description, "--json"))


def test_a_folder_that_is_named_as_a_file_is_one_fault(tmp_path: Path) -> None:
    description = write_letter(tmp_path, "files: [{ file: scans, role: facsimile }]\n")
    (tmp_path / "scans").mkdir()
    for number in range(3):
        (tmp_path / "scans" / f"{number}.tif").write_bytes(b"II*\0")
    assert codes_of(archtool("check", description, "--json")) == ["payload.not-a-file"]


def test_a_faulty_encoding_says_nothing_about_the_text(tmp_path: Path) -> None:
    description = write_letter(tmp_path)
    (tmp_path / "letter.txt").write_bytes(b"caf\xe9\n")
    text = description.read_text().replace(
        "transcription: letter.txt", "transcription: { file: letter.txt, encoding: latin-9000 }"
    )
    write_description(tmp_path, text)
    assert codes_of(archtool("check", description, "--json")) == ["description.encoding"]


def test_a_missing_library_is_reported_beside_the_other_faults(tmp_path: Path) -> None:
    text = 'archtool: 1\ntitle: T\nsource: { cite: k, library: none.json }\ntranscription: "a.txt"\n'
    seen = archtool("check", write_description(tmp_path, text), "--json")
    assert codes_of(seen) == ["rights.missing", "source.library-unusable", "payload.missing"]


def test_a_folder_of_files_that_cannot_be_opened_is_reported_beside_the_faults(tmp_path: Path) -> None:
    description = write_letter(tmp_path, "author: A\n")
    for verb in (["check", description], ["pack", description, "-o", tmp_path / "package"]):
        seen = archtool(*verb, "--files", tmp_path / "nowhere", "--json")
        assert codes_of(seen) == ["description.unknown-key", "payload.folder-unusable"]
        assert seen.code == 3


def test_a_library_that_is_not_cited_is_noted(tmp_path: Path) -> None:
    description = write_letter(tmp_path)
    library = tmp_path.parent / f"{tmp_path.name}.json"
    library.write_text(json.dumps([{"id": "k", "type": "book"}]))
    seen = archtool("check", description, "--library", library, "--json")
    assert (seen.code, codes_of(seen)) == (0, ["source.library-unused"])
    made = archtool("pack", description, "--library", library, "-o", tmp_path.parent / "package", "--json")
    assert made.code == 0
    assert "source.library-unused" in made.codes


def test_a_key_needs_the_name_of_its_owner(tmp_path: Path) -> None:
    seen = archtool("keys", "new", tmp_path / "key", "--name", " ", "--no-passphrase")
    assert seen.code == 2
    assert seen.said() == (
        "archtool: error: --name is empty archtool: hint: name the owner: --name archivist@example.org"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["batch", "letters", "-o", "out", "--existing", "Skipp"], "did you mean `skip`?"),
        (["batch", "letters", "-o", "out", "--existing", "zzz"], "see: archtool batch --help"),
        (["validate", "letters"], "did you mean `verify`?"),
        (["Verfy", "letters"], "did you mean `verify`?"),
        (["explain", "zzz"], "to list all codes, run: archtool explain"),
        (["explain", "payload.mising"], "did you mean `payload.missing`?"),
    ],
)
def test_the_nearest_command_and_choice_are_suggested(arguments: list[str], hint: str) -> None:
    seen = archtool(*arguments)
    assert seen.code == 2
    assert seen.err.splitlines()[-1] == f"archtool: hint: {hint}"
