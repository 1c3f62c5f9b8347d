"""Languages, links and instructions of the page: small decisions that hostile values must not change."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from archtool.files.hashing.digests import Algorithm
from archtool.operations.pack.verify_txt import PayloadFacts, SigningFacts, format_instructions
from archtool.printable import show_in_prose
from archtool.report.package_page.hand_check import instruction_blocks
from archtool.report.package_page.languages import direction, language_attributes
from archtool.report.package_page.links import web_link


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("fr", "ltr"), ("he", "rtl"), ("fa", "rtl"), ("yi-Latn", "ltr"), ("az-Arab", "rtl"), ("ar-EG", "rtl"),
        ("ru-Latn", "ltr"), (None, "auto"), ('fr" onload="x', "auto"), ("", "auto"),
    ],
)  # fmt: skip
def test_the_direction_of_a_text_follows_its_language_and_script(tag: str | None, expected: str) -> None:
    assert direction(tag) == expected


def test_a_tag_that_is_none_adds_no_attribute_of_its_own() -> None:
    assert language_attributes('fr" onload="x') == Markup(' dir="auto"')
    assert language_attributes("he") == Markup(' lang="he" dir="rtl"')


@pytest.mark.parametrize(
    "address", ["https://viaf.org/viaf/12345", "http://example.org", "https://a.example:8080/b?c=d&e=f#g"]
)
def test_an_address_of_the_web_becomes_a_link_that_shows_where_it_leads(address: str) -> None:
    link = web_link(address)
    assert str(link).startswith(f'<a href="{Markup.escape(address)}" rel="noreferrer nofollow">')
    assert link.striptags() == address


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " https://example.org",
        "https://example.org/ x",
        "data:text/html,x",
        "https://user@example.org/",
        "https://example.org\\@evil.example/",
        'https://example.org/"><script>',
        "https://example.org/\u202egro",
        "https://ехample.org/",
        "//example.org",
        "file:///etc/passwd",
        "vbscript:x",
        "https://",
        "https://example.org/" + "x" * 3000,
    ],
)
def test_any_other_text_is_no_link(text: str) -> None:
    assert "<a" not in web_link(text)
    assert "<script" not in web_link(text)


def test_characters_that_steer_become_codes_and_joiners_of_words_stay() -> None:
    assert show_in_prose("a\u202eb\x1b[31m\ufeff") == "a\\u202eb\\u001b[31m\\ufeff"
    assert show_in_prose("می\u200cخواهم") == "می\u200cخواهم"
    assert show_in_prose("\u200cx \ud800") == "\\u200cx \\ud800"


def test_the_instructions_have_every_command_and_nothing_about_a_file_that_is_not_there() -> None:
    signing = SigningFacts((("a@example.org", "attestations/0001-packaging/sha512sums.txt.a.sig"),))
    text = format_instructions("", [Algorithm.SHA512], PayloadFacts(3, has_encoded_names=True), signing)
    blocks = list(instruction_blocks(text))
    commands = "\n".join(block.text for block in blocks if block.kind == "commands")
    written = [line.removeprefix("$ ") for line in text.splitlines() if line.startswith("$ ")]
    assert len(written) > 6
    assert [line for line in written if line not in commands] == []
    words = " ".join(block.text for block in blocks if block.kind == "text")
    assert "This file is signed itself" not in words
    assert "the folder that contains this file" not in words
    assert "dollar" not in words
    assert "in a shaded box below is a command" in words
    assert [block.text for block in blocks if block.kind == "heading"][:2] == [
        "1. The documents are unchanged",
        "2. The metadata is unchanged",
    ]
