"""The pages of `docs/` agree with the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from archtool.cli.options.configuration.config_keys import KEYS
from archtool.description.table.columns import find_column
from archtool.exit_codes import ExitCode
from archtool.operations.catalogue import all_kinds
from archtool.report.exit_code_words import EXIT_CODE_WORDS
from archtool.schemas import load_schema
from command_line import archtool
from corpus.page import rules_page
from docs.pages import commands_page, description_page, findings_page, tables_page
from golden_files import assert_golden
from packages import REPOSITORY

DOCS = REPOSITORY / "docs"
_CODE = re.compile(r"`([a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z0-9]+)+)`")


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("findings.md", findings_page),
        ("commands.md", commands_page),
        ("description.md", description_page),
        ("rules.md", rules_page),
        ("tables.md", tables_page),
    ],
)
def test_a_generated_page_is_up_to_date(name: str, make: object, request: pytest.FixtureRequest) -> None:
    assert callable(make)
    assert_golden(DOCS / name, make(), request)


def test_every_exit_code_is_documented() -> None:
    page = (DOCS / "exit-codes.md").read_text(encoding="utf-8")
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)}
    assert documented == {int(code) for code in ExitCode}


def test_every_exit_code_is_explained_on_the_screen() -> None:
    assert set(EXIT_CODE_WORDS) == set(ExitCode)
    for code in ExitCode:
        explained = archtool("explain", str(int(code)))
        assert (explained.code, f"exit code {int(code)}\n" in explained.out) == (0, True)
        assert "What to do: " in explained.out
    assert "SIGKILL" in archtool("explain", "137").err
    assert "the exit codes are 0, 1" in archtool("explain", "99").err


def test_every_key_of_the_configuration_is_in_the_page_about_it() -> None:
    page = (DOCS / "prompt.md").read_text(encoding="utf-8")
    table = page.partition("| key |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`([a-z-]+)`", table)) == {*KEYS}


def test_every_finding_code_in_the_pages_exists() -> None:
    pages = [*DOCS.glob("*.md"), REPOSITORY / "README.md", REPOSITORY / "schemas" / "README.md"]
    families = {code.partition(".")[0] for code in all_kinds()}
    named = {
        (code, page.name)
        for page in pages
        for code in _CODE.findall(page.read_text(encoding="utf-8"))
        if code.partition(".")[0] in families and find_column(code) is None
    }
    assert {code for code, _ in named} & all_kinds().keys() != set()
    assert [(code, page) for code, page in sorted(named) if code not in all_kinds()] == []


def test_every_link_between_the_pages_has_a_target() -> None:
    links = [
        (page, target)
        for page in [*DOCS.glob("*.md"), *REPOSITORY.glob("*.md"), *REPOSITORY.glob("*/README.md")]
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    ]
    assert links != []
    assert [(page.name, target) for page, target in links if not (page.parent / target).exists()] == []


def objects_of(schema: Any) -> Iterator[list[str]]:
    """Yield the keys of each object in a schema."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield [*schema["properties"]]
        for inner in schema.values():
            yield from objects_of(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from objects_of(inner)


def test_each_key_of_a_description_has_a_line_in_the_table_of_its_object() -> None:
    tables = [
        re.findall(r"^\| `([^`]+)` \|", part, re.MULTILINE) for part in description_page().split("\n## ")
    ]
    missing = [keys for keys in objects_of(load_schema("description.schema.json")) if keys not in tables]
    assert missing == []
