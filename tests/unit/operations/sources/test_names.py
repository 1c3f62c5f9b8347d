"""Declared names that have another Unicode form on the disk."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from archtool.description.loading import load_description
from archtool.description.model import Description
from archtool.files.tree import Tree
from archtool.operations.sources.names import names_on_disk
from unit.files.folders import make_files

NFC = unicodedata.normalize("NFC", "écrit.txt")
NFD = unicodedata.normalize("NFD", NFC)
TEXT = """
archtool: 1
title: A letter
date: 1932-05
transcription: {name}
language: fr
source: "Nowhere, p. 1."
rights: {{ original: UND, package: CC0-1.0 }}
{more}
"""


def described(name: str, more: str = "") -> Description:
    loaded = load_description(TEXT.format(name=name, more=more).encode(), "description.yaml", is_json=False)
    assert loaded.description is not None, loaded.findings
    return loaded.description


@pytest.mark.parametrize(("declared", "on_disk"), [(NFC, NFD), (NFD, NFC)])
@pytest.mark.parametrize("is_listed", [True, False])
def test_a_name_in_another_unicode_form_is_found_with_and_without_a_listing(
    declared: str, on_disk: str, is_listed: bool, tmp_path: Path
) -> None:
    make_files(tmp_path, {on_disk: b"text"})
    with Tree(tmp_path) as tree:
        found = list(tree.walk()) if is_listed else []
        assert names_on_disk(described(declared), found, None if is_listed else tree) == {declared: on_disk}


def test_an_existing_or_missing_name_has_no_other_name_on_the_disk(tmp_path: Path) -> None:
    make_files(tmp_path, {NFC: b"text"})
    with Tree(tmp_path) as tree:
        assert names_on_disk(described(NFC), [], tree) == {}
        assert names_on_disk(described("absent-é.txt"), [], tree) == {}


def test_files_of_a_declared_folder_get_the_declared_name_of_the_folder(tmp_path: Path) -> None:
    folder = unicodedata.normalize("NFC", "pièces/")
    on_disk = unicodedata.normalize("NFD", folder)
    make_files(tmp_path, {"letter.txt": b"text", f"{on_disk}a.png": b"a", f"{on_disk}deep/b.png": b"b"})
    more = f"files: [{{ file: {folder}, role: facsimile }}]"
    with Tree(tmp_path) as tree:
        names = names_on_disk(described("letter.txt", more), list(tree.walk()), None)
    assert names == {f"{folder}{name}": f"{on_disk}{name}" for name in ("a.png", "deep/b.png")}


def test_of_two_declared_folders_only_the_one_in_another_form_gets_its_declared_name(tmp_path: Path) -> None:
    same, other = (unicodedata.normalize("NFC", name) for name in ("à/", "é/"))
    on_disk = unicodedata.normalize("NFD", other)
    make_files(tmp_path, {f"{same}1.jpg": b"1", f"{on_disk}2.jpg": b"2", "letter.txt": b"text"})
    more = f"files: [{{ file: {same}, role: facsimile }}, {{ file: {other}, role: facsimile }}]"
    with Tree(tmp_path) as tree:
        names = names_on_disk(described("letter.txt", more), list(tree.walk()), None)
    assert names == {f"{other}2.jpg": f"{on_disk}2.jpg"}
