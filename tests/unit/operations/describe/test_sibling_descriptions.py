"""Several descriptions in one folder: a file that one declares is not undeclared for another."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from archtool.operations.describe import sibling_descriptions as siblings_module
from archtool.operations.describe.sibling_descriptions import files_of_siblings
from packages import write_description
from unit.operations.sources.source_folders import ONE, surveyed


def files_of_siblings_in(folder: Path) -> set[str]:
    return set(files_of_siblings(folder, sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))))


def test_files_of_sibling_descriptions_are_not_undeclared(tmp_path: Path) -> None:
    for name in ("letter", "b", "c"):
        (tmp_path / f"{name}.txt").write_text(name)
    write_description(tmp_path, ONE.replace("letter.txt", "b.txt"), "b.yaml")
    write_description(tmp_path, ONE.replace("letter.txt", "[{ file: c.txt }]"), "c.yml")
    assert surveyed(tmp_path).findings == ()


def test_a_file_that_no_sibling_declares_is_undeclared(tmp_path: Path) -> None:
    for name in ("letter", "b", "c"):
        (tmp_path / f"{name}.txt").write_text(name)
    write_description(tmp_path, ONE.replace("letter.txt", "b.txt"), "b.yaml")
    assert [f.message for f in surveyed(tmp_path).findings] == ["c.txt is not declared in description.yaml"]


def test_the_paths_of_a_sibling_are_relative_to_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    text = ONE.replace("Cahiers.", "{ cite: a, library: ../library.json }") + (
        "annexes: [{ title: A, status: reproduced, within: { file: a.txt, from-line: 1 } }]\n"
    )
    write_description(tmp_path / "b", text)
    assert files_of_siblings_in(tmp_path) == {"b/description.yaml", "b/letter.txt", "b/a.txt", "library.json"}


def test_a_sibling_can_be_json_and_invalid(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(
        json.dumps({"archtool": 7, "files": [{"file": "a.txt"}, {"file": None}], "fil": 1})
    )
    assert files_of_siblings_in(tmp_path) == {"b.json", "a.txt"}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.yaml", b"title: no description\n"),
        ("a.yaml", b"- archtool\n"),
        ("a.yaml", b"note: archtool\n"),
        ("a.yaml", b"archtool: [\n"),
        ("a.yaml", b"archtool: \x07\n"),
        ("a.yaml", b"archtool: \xff\n"),
        ("a.json", b'{"archtool": '),
        ("a.txt", b"archtool: 1\n"),
    ],
)
def test_a_file_that_is_not_a_description_declares_nothing(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert files_of_siblings_in(tmp_path) == set()


def test_a_sibling_above_the_size_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "archtool: 1\nfiles: [{ file: b.txt }]\n"
    for name, size_bytes in (("one", len(text)), ("two", len(text) - 1)):
        monkeypatch.setattr(siblings_module, "MAX_DESCRIPTION_BYTES", size_bytes)
        (tmp_path / name).mkdir()
        write_description(tmp_path / name, text)
        assert ("b.txt" in files_of_siblings_in(tmp_path / name)) is (name == "one")


def test_a_sibling_that_vanished_declares_nothing(tmp_path: Path) -> None:
    assert files_of_siblings(tmp_path, ["gone.yaml"]) == frozenset()


def test_a_folder_named_like_a_description_declares_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").mkdir()
    assert files_of_siblings_in(tmp_path) == set()


def test_a_sibling_that_was_edited_is_read_again(tmp_path: Path) -> None:
    path = write_description(tmp_path, ONE, "b.yaml")
    assert files_of_siblings_in(tmp_path) == {"b.yaml", "letter.txt"}
    path.write_text(ONE.replace("letter.txt", "other.txt"))
    os.utime(path, (1, 1))
    assert files_of_siblings_in(tmp_path) == {"b.yaml", "other.txt"}
