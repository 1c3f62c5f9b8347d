"""Mappings are read strictly, and the example in the guide is one."""

from __future__ import annotations

import json
import re

import pytest

from archtool.description.languages import language_tag_of, why_not_language
from archtool.description.suggestions.language_names import _NAMES
from archtool.description.table.date_order import DateOrder
from archtool.findings import has_errors
from archtool.operations.mapping.meanings import _CERTAIN, _POSSIBLE, certain_key, nearest_key, possible_key
from archtool.operations.mapping.model import ColumnRule, Constant
from archtool.operations.mapping.reader import read_mapping
from archtool.operations.mapping.targets import find_target
from archtool.operations.mapping.templates import Template
from archtool.tables.names import normalised_name
from packages import REPOSITORY

OWN, OWN_OF_ANNEXES = ("package", "folder"), ("package", "of")


def test_the_example_of_the_guide_is_a_mapping() -> None:
    page = (REPOSITORY / "docs" / "tables.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    mappings, findings = read_mapping(example.encode(), "mapping.yaml", OWN, OWN_OF_ANNEXES)
    assert list(findings.collector) == []
    assert mappings is not None
    rules = {rule.name: rule for rule in mappings.packages.columns}
    assert rules["Cote"] == ColumnRule("Cote", ("package",))
    assert rules["Date"] == ColumnRule("Date", ("date",), DateOrder.DMY)
    assert rules["Remarques"].keys == ()
    assert rules["Lieu"].keys == ("place", "x-lieu")
    assert rules["Auteurs"].separators == (";", " / ")
    assert Constant("files.N.role", "facsimile") in mappings.packages.constants


def test_a_mapping_in_json_is_read_alike() -> None:
    values = {"archtool": 1, "columns": {"Cote": "package", "Notes": None}, "constants": {"source": "Ours."}}
    mappings, findings = read_mapping(
        json.dumps(values).encode(), "m.json", OWN, OWN_OF_ANNEXES, is_json=True
    )
    assert mappings is not None
    assert not has_errors(findings.collector)
    assert [rule.keys for rule in mappings.packages.columns] == [("package",), ()]


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"a: \x80", b"archtool: 1\ncolumns: *x\n", b"{" * 500, b"a: b: c"]
)
def test_any_bytes_give_findings_instead_of_an_error(data: bytes) -> None:
    mappings, findings = read_mapping(data, "mapping.yaml", OWN, OWN_OF_ANNEXES)
    assert mappings is None
    assert has_errors(findings.collector)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("scans/{package}_*.jpg", "scans/007_*.jpg"),
        ("{{{package}}}", "{007}"),
        ("{ Cote }", "C"),
        ("plain", "plain"),
        ("{empty}, {package}", ""),
    ],
)
def test_a_constant_is_filled_with_the_texts_of_the_row(text: str, filled: str) -> None:
    row = {"package": "007", "Cote": "C", "empty": ""}
    assert Template.parse(text).fill(row.__getitem__) == filled


@pytest.mark.parametrize("text", ["{", "}", "a{}", "{ }", "{a", "a}", "{{a}"])
def test_a_brace_that_names_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="brace without a name"):
        Template.parse(text)


@pytest.mark.parametrize(
    ("key", "one", "second"),
    [
        ("title", "title", None),
        ("creators", "creators.1.name", "creators.2.name"),
        ("creators.N.role", "creators.1.role", "creators.2.role"),
        ("addressees", "addressees", "addressees.2"),
        ("files", "files.1.file", "files.2.file"),
        ("source.author", "source.author", "source.author.2"),
        ("transcription", "transcription", "transcription.2.file"),
        ("folder", "folder", None),
    ],
)
def test_a_key_stands_for_one_column_or_for_the_items_of_a_list(
    key: str, one: str, second: str | None
) -> None:
    target = find_target(key, OWN, None)
    assert target is not None
    assert target.column_for(1 if target.key not in (one,) else None) == one
    assert (target.column_for(2) if target.items is not None else None) == second


@pytest.mark.parametrize("key", ["titel", "creators.name", "N", "creators.N", "a.N.N", "annexes", ""])
def test_a_key_that_no_description_has_is_unknown(key: str) -> None:
    assert find_target(key, OWN, None) is None


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("Français", "fr"), ("RUSSE", "ru"), ("немецкий", "de"), ("Englisch", "en"), ("fre", "fr"),
        ("deu.", "de"),
        ("Klingon", "tlh"), ("fr", "fr"), ("ru-Latn", "ru-Latn"), ("patois", None), ("", None),
    ],
)  # fmt: skip
def test_languages_are_known_by_their_names(name: str, tag: str | None) -> None:
    assert language_tag_of(name) == tag


def test_each_language_has_a_valid_tag_and_no_name_means_two() -> None:
    entries = _NAMES.strip().replace("\n  ", " ").splitlines()
    lines = [line.partition(":") for line in entries]
    assert [tag for tag, _, _ in lines if why_not_language(tag) is not None] == []
    names = [name for _, _, words in lines for name in {normalised_name(word) for word in words.split(",")}]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("table", [_CERTAIN, _POSSIBLE])
def test_each_word_means_one_existing_key(table: dict[str, str]) -> None:
    assert [key for key in table if find_target(key, OWN, None) is None and key != "status"] == []
    words = [word for text in table.values() for word in {normalised_name(one) for one in text.split(";")}]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("name", "certain", "possible", "nearest"),
    [
        ("Titre :", "title", None, "title"),
        ("AUTEUR(S)", "creators", None, "creators"),
        ("Remarques", None, "note", "note"),
        ("titl", None, None, "title"),
        ("creators.1.naem", None, None, "creators.1.name"),
        ("creators.N.rolle", None, None, "creators.N.role"),
        ("xyz", None, None, None),
    ],
)
def test_names_of_columns_have_meanings(
    name: str, certain: str | None, possible: str | None, nearest: str | None
) -> None:
    assert (certain_key(name), possible_key(name), nearest_key(name, OWN, None)) == (
        certain,
        possible,
        nearest,
    )
